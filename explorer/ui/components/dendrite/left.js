// @ts-check
// What is left of a potential some way along a dendrite.

// The value at `place` among cells of equal width that fill `length`, between neighbours by their distance.
export function at(values, length, place) {
  const cell = (place / length) * values.length - 0.5;
  const before = Math.max(0, Math.min(values.length - 1, Math.floor(cell)));
  const after = Math.min(values.length - 1, before + 1), share = Math.max(0, Math.min(1, cell - before));
  return values[before] * (1 - share) + values[after] * share;
}

// The share of the potential at `place` that is left `distance` away, to the side that has room; null where there is none.
export function left(values, length, place, distance) {
  const beside = place + distance <= length ? place + distance : place - distance, here = at(values, length, place);
  return beside < 0 || !(here > 0) ? null : at(values, length, beside) / here;
}
