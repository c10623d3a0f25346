// @ts-check
// A picture as a network sees it: explorer.images.network_input on RGBA bytes.

import { Resize } from "./resize.js";

/** What a network wants: size, channels, and the mean and standard deviation that it was trained with.
 * @typedef {{ size: number, channels: number, mean: number[], std: number[] }} Wanted */
/** @typedef {{ width: number, height: number, rgba: Uint8Array | Uint8ClampedArray }} Picture */

const MOST_TABLES = 8;
/** @type {Map<string, Resize>} the tables of the sizes of late, the latest last */
const tables = new Map();

/** @param {Picture} picture @param {number} size @param {string} fit crop, pad or stretch */
export function square({ width, height, rgba }, size, fit) {
  const key = `${width} ${height} ${size} ${fit}`, resize = tables.get(key) ?? new Resize(width, height, size, fit);
  tables.delete(key);
  tables.set(key, resize);
  for (const old of tables.keys()) {
    if (tables.size <= MOST_TABLES) break;
    tables.delete(old);
  }
  return resize.run(rgba);
}

/** @param {Picture} picture @param {Wanted} wanted @param {string} fit @param {Float32Array} input filled with channels of size x size */
export function see(picture, { size, channels, mean, std }, fit, input) {
  const rgb = square(picture, size, fit), count = size * size;
  for (let c = 0, to = 0; c < channels; c++) {
    const middle = Math.fround(mean[c]), spread = Math.fround(std[c]);
    for (let i = 0; i < count; i++) {
      const level = channels === 3 ? rgb[3 * i + c] : grey(rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2]);
      input[to++] = Math.fround(Math.fround(level / 255) - middle) / spread;
    }
  }
  return input;
}

/** Pillow's convert("L").
 * @param {number} r @param {number} g @param {number} b */
const grey = (r, g, b) => (r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16;
