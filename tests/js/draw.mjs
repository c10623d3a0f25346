// Numbers by chance that are the same in every run.

export function chance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export const floats = (count, draw) => Float32Array.from({ length: count }, () => 2 * draw() - 1);
