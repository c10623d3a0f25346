// @ts-check
// The arithmetic of explorer/diffusion/nerve.py in Float32, for the browser.

export const STEP = 0.1, EXCITED = 0.5;
const LEVELS = 255;

/** @typedef {{ threshold: number, recovery: number, coupling: number }} Law */

export class Excitable {
  /** @param {number} height @param {number} width */
  constructor(height, width) {
    this.height = height;
    this.width = width;
    this.stride = width + 2; // a frame of one cell, which repeats its neighbour: no current leaves
    this.v = new Float32Array((height + 2) * this.stride);
    this.next = new Float32Array(this.v.length);
    this.w = new Float32Array(this.v.length);
    this.passive = new Uint8Array(this.v.length);
    this.time = 0;
  }
  /** @param {ArrayLike<number>} v @param {ArrayLike<number>} w @param {ArrayLike<number>} passive bytes */
  load(v, w, passive) {
    for (let y = 0, from = 0; y < this.height; y++) {
      for (let i = this.at(y, 0), end = i + this.width; i < end; i++, from++) {
        this.v[i] = v[from] / LEVELS;
        this.w[i] = w[from] / LEVELS;
        this.passive[i] = passive[from];
      }
    }
    this.time = 0;
  }
  /** @param {number} row @param {number} column */
  at(row, column) {
    return (row + 1) * this.stride + column + 1;
  }
  edges() {
    const { v, stride, height, width } = this, last = (height + 1) * stride;
    v.copyWithin(0, stride, 2 * stride);
    v.copyWithin(last, last - stride, last);
    for (let row = stride; row < last; row += stride) {
      v[row] = v[row + 1];
      v[row + width + 1] = v[row + width];
    }
  }
  /** @param {Law} law */
  step({ threshold, recovery, coupling }) {
    const { v, next, w, passive, stride, height, width } = this, slow = STEP * recovery;
    this.edges();
    for (let y = 0; y < height; y++) {
      for (let i = this.at(y, 0), end = i + width; i < end; i++) {
        const here = v[i], around = v[i - 1] + v[i + 1] + v[i - stride] + v[i + stride] - 4 * here;
        if (passive[i]) {
          next[i] = here + STEP * (coupling * around - threshold * here);
          w[i] = 0;
        } else {
          next[i] = here + STEP * (coupling * around + here * (1 - here) * (here - threshold) - w[i]);
          w[i] += slow * (here - w[i]);
        }
      }
    }
    this.v = next;
    this.next = v;
    this.time += STEP;
  }
  /** Every cell of a disc; act gets the index. @param {number} row @param {number} column @param {number} radius
   * @param {(i: number) => void} act */
  disc(row, column, radius, act) {
    for (let y = Math.max(0, row - radius); y <= Math.min(this.height - 1, row + radius); y++) {
      for (let x = Math.max(0, column - radius); x <= Math.min(this.width - 1, column + radius); x++) {
        if ((y - row) ** 2 + (x - column) ** 2 <= radius ** 2) act(this.at(y, x));
      }
    }
  }
  /** The share of cells that are excited. */
  excited() {
    let count = 0;
    for (let y = 0; y < this.height; y++) {
      for (let i = this.at(y, 0), end = i + this.width; i < end; i++) count += +(this.v[i] > EXCITED);
    }
    return count / (this.height * this.width);
  }
  /** Where the one pulse on a fibre has its front, which runs to the right; null where there is none, or another. */
  front() {
    let found = null;
    for (let x = 0; x + 1 < this.width; x++) {
      const here = this.v[this.at(0, x)], then = this.v[this.at(0, x + 1)];
      if (here <= EXCITED || then > EXCITED) continue;
      if (found !== null) return null;
      found = x + (here - EXCITED) / (here - then);
    }
    return found;
  }
}

// The speed of a front by what was seen of it: places over a stretch of time, forgotten when it is lost or jumps.
export class Pace {
  constructor() {
    /** @type {[number, number][]} */
    this.seen = [];
  }
  /** @param {number} time @param {number | null} place @returns {number | null} */
  of(time, place) {
    const last = this.seen.at(-1);
    if (place === null || (last && (place < last[1] - 0.5 || place > last[1] + 20 || time < last[0]))) this.seen = [];
    if (place === null) return null;
    this.seen.push([time, place]);
    while (this.seen.length && this.seen[0][0] < time - 40) this.seen.shift();
    const [[since, from]] = this.seen;
    return time - since < 20 ? null : (place - from) / (time - since);
  }
}
