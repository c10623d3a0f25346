// @ts-check
// The ends of a colour scale.

/** The lowest and the highest finite number; Infinity and -Infinity where there is none.
 * @param {ArrayLike<number>} values @param {number} [from] @param {number} [to] @returns {[number, number]} */
export function ends(values, from = 0, to = values.length) {
  let low = Infinity, high = -Infinity;
  for (let i = from; i < to; i++) {
    const value = values[i];
    if (value < low && value > -Infinity) low = value;
    if (value > high && value < Infinity) high = value;
  }
  return [low, high];
}
