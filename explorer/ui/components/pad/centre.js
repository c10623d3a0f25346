// @ts-check
// explorer.data.ink.centred in the browser, to the last bit: ink alone, made as large as a dataset's, its middle in the
// middle.

import { Resize } from "../live/resize.js";
import { opaque } from "./drawing.js";

const INK = 128; // of 255: what is fainter is an edge, or was rubbed out

/** The first and the last row and column that hold ink, or null.
 * @param {Uint8Array} grey @param {number} side */
function extent(grey, side) {
  let left = side, right = -1, top = side, bottom = -1;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      if (grey[y * side + x] < INK) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  return right < 0 ? null : { left, right, top, bottom };
}

/** The square around the ink, as RGB.
 * @param {Uint8Array} grey @param {number} side @param {{ left: number, right: number, top: number, bottom: number }} ink */
function around(grey, side, { left, right, top, bottom }) {
  const wide = right - left + 1, high = bottom - top + 1, length = Math.max(wide, high);
  const rgb = new Uint8Array(3 * length * length), x0 = (length - wide) >> 1, y0 = (length - high) >> 1;
  for (let y = 0; y < high; y++) {
    for (let x = 0; x < wide; x++) {
      rgb.fill(grey[(top + y) * side + left + x], 3 * ((y0 + y) * length + x0 + x), 3 * ((y0 + y) * length + x0 + x + 1));
    }
  }
  return { rgb, length };
}

/** How far the box is moved along one side: its centre of mass to pixel size / 2, as near as it has room.
 * @param {number} moment @param {number} mass @param {number} size @param {number} box */
function shift(moment, mass, size, box) {
  return Math.min(size - box, Math.max(0, Math.floor(((size + 1) * mass - 2 * moment) / (2 * mass))));
}

/** Grey bytes of a square, light ink on black -> the picture of a dataset whose ink fills a box, or null for no ink.
 * @param {Uint8Array} grey @param {number} side @param {number} size @param {number} box
 * @returns {import("../live/picture.js").Picture | null} */
export function centred(grey, side, size, box) {
  const ink = extent(grey, side);
  if (!ink) return null;
  const { rgb, length } = around(grey, side, ink);
  const small = new Resize(length, length, box, "stretch").run(opaque(rgb, length).rgba);
  let mass = 0, across = 0, down = 0;
  for (let i = 0; i < box * box; i++) {
    mass += small[3 * i];
    across += small[3 * i] * (i % box);
    down += small[3 * i] * Math.floor(i / box);
  }
  if (!mass) return null; // so little ink that no pixel of the small picture shows
  const left = shift(across, mass, size, box), top = shift(down, mass, size, box);
  const out = new Uint8Array(3 * size * size);
  for (let y = 0; y < box; y++) {
    out.set(small.subarray(3 * y * box, 3 * (y + 1) * box), 3 * ((y + top) * size + left));
  }
  return opaque(out, size);
}
