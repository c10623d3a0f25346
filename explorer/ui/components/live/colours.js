// @ts-check
// Values as colours, as explorer.render has them: which values a scale holds, and its colour for each.

import { ends } from "./ends.js";

/** Which values stand at the ends of the colours, and which of the two tables they are.
 * @typedef {{ low: number, high: number, signed: boolean }} Scale */

const NOT_FINITE = 0xffd500d5; // magenta, of no scale: nobody reads it as data

/** Colours (256, 3) of explorer.render as little-endian RGBA.
 * @param {ArrayLike<number>} rgb */
export function tableOf(rgb) {
  return Uint32Array.from({ length: 256 }, (_, i) =>
    (0xff000000 | (rgb[3 * i + 2] << 16) | (rgb[3 * i + 1] << 8) | rgb[3 * i]) >>> 0);
}

/** @param {HTMLCanvasElement} canvas 256 pixels wide @param {Uint32Array} table */
export function drawBar(canvas, table) {
  const image = new ImageData(table.length, 1);
  new Uint32Array(image.data.buffer).set(table);
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}

/** The scale that just holds two ends: centred on 0 where they are signed, which the signs decide if nobody does.
 * @param {[number, number]} ends @param {boolean} [signed] @returns {Scale} */
export function scaleOf([low, high], signed) {
  if (!(low <= high)) low = high = 0; // there was no finite number
  signed ??= low < 0;
  const reach = Math.max(Math.abs(low), Math.abs(high));
  return signed ? { low: -reach, high: reach, signed } : { low, high, signed };
}

/** The scales of maps as the page names them: "Map" each its own, "Layer" one for all, "Model" the range of all maps.
 * @param {Float32Array} values @param {number} size of a map @param {string} which
 * @param {[number, number]} [range] @returns {(map: number) => Scale} */
export function scalesOf(values, size, which, range) {
  if (which === "Map") return (map) => scaleOf(ends(values, map * size, (map + 1) * size));
  const shared = scaleOf(which === "Model" && range ? range : ends(values));
  return () => shared;
}

/** A map of `height` rows, every `step`th row and column of it, as pixels; what lies outside takes the end's colour.
 * @param {Float32Array} values @param {number} from where the map begins
 * @param {{ height: number, width: number, step: number }} size @param {Scale} scale
 * @param {{ signed: Uint32Array, magnitude: Uint32Array }} tables @param {Uint32Array} pixels */
export function tint(values, from, { height, width, step }, { low, high, signed }, tables, pixels) {
  const table = signed ? tables.signed : tables.magnitude, factor = high > low ? 255 / (high - low) : 0;
  const start = factor ? 0.5 : signed ? 127 : 0;
  for (let row = 0, to = 0; row < height; row += step) {
    for (let i = from + row * width, end = i + width; i < end; i += step, to++) {
      const value = values[i], level = factor ? (value - low) * factor + start : start;
      if (value - value !== 0) pixels[to] = NOT_FINITE;
      else pixels[to] = table[level < 0 ? 0 : level > 255 ? 255 : level | 0];
    }
  }
}
