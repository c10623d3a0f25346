// @ts-check
// A drawing: strokes on a square of one colour, and the pixels that they make. Nothing here asks the browser for pixels,
// so the same strokes are the same bytes everywhere.

/** @typedef {number[]} Colour red, green and blue from 0 to 255 */
/** A polyline in shares of the side, with a radius that is one too; without points it is a clearing.
 * @typedef {{ points: number[][], radius: number, ink: Colour }} Stroke */

const KEPT = 200; // strokes that can be undone; older ones are part of the ground
const NEAR = 0.001; // of the side: a point nearer to the last one adds nothing

export class Drawing {
  /** @param {number} side in pixels @param {Colour} ground */
  constructor(side, ground) {
    this.side = side;
    this.ground = ground;
    this.pixels = new Uint8Array(3 * side * side);
    this.oldest = this.empty(); // what the strokes that can be undone are drawn on
    this.before = new Uint8Array(this.pixels.length); // the picture when the last stroke began
    this.cover = new Uint8Array(side * side); // of the last stroke, so that it does not thicken where it crosses itself
    /** @type {Stroke[]} */
    this.strokes = [];
    this.pixels.set(this.oldest);
  }

  empty() {
    return Uint8Array.from({ length: 3 * this.side * this.side }, (_, i) => this.ground[i % 3]);
  }

  /** @param {number} x @param {number} y @param {number} radius @param {Colour} ink */
  begin(x, y, radius, ink) {
    this.keep({ points: [[x, y]], radius, ink });
  }
  /** @param {number} x @param {number} y */
  go(x, y) {
    const stroke = this.strokes[this.strokes.length - 1], from = stroke.points[stroke.points.length - 1];
    if (Math.hypot(x - from[0], y - from[1]) < NEAR) return;
    stroke.points.push([x, y]);
    this.line(from, [x, y], stroke);
  }
  clear() {
    if (!this.blank()) this.keep({ points: [], radius: 0, ink: this.ground });
  }
  undo() {
    if (!this.strokes.pop()) return;
    this.pixels.set(this.oldest);
    for (const stroke of this.strokes) this.put(stroke);
  }

  /** @param {Stroke} stroke */
  keep(stroke) {
    this.strokes.push(stroke);
    if (this.strokes.length > KEPT) {
      const now = this.pixels.slice();
      this.pixels.set(this.oldest);
      this.put(/** @type {Stroke} */ (this.strokes.shift()));
      this.oldest.set(this.pixels);
      this.pixels.set(now);
    }
    this.put(stroke);
  }
  /** @param {Stroke} stroke */
  put(stroke) {
    const { points } = stroke;
    if (!points.length) return void this.pixels.set(this.empty());
    this.before.set(this.pixels);
    this.cover.fill(0);
    points.forEach((point, i) => this.line(points[Math.max(0, i - 1)], point, stroke));
  }

  /** One straight piece with round ends, its edge one pixel wide.
   * @param {number[]} from @param {number[]} to @param {Stroke} stroke */
  line(from, to, { radius, ink }) {
    const { side, pixels, before, cover } = this;
    const [x0, y0, x1, y1] = [...from, ...to].map((share) => share * side), reach = radius * side + 0.5;
    const dx = x1 - x0, dy = y1 - y0, length = dx * dx + dy * dy;
    const first = (/** @type {number} */ least) => Math.max(0, Math.floor(least - reach));
    const last = (/** @type {number} */ most) => Math.min(side, Math.ceil(most + reach));
    for (let y = first(Math.min(y0, y1)); y < last(Math.max(y0, y1)); y++) {
      for (let x = first(Math.min(x0, x1)); x < last(Math.max(x0, x1)); x++) {
        const px = x + 0.5 - x0, py = y + 0.5 - y0;
        const along = length ? Math.max(0, Math.min(1, (px * dx + py * dy) / length)) : 0;
        const share = reach - Math.hypot(px - along * dx, py - along * dy), i = y * side + x;
        const level = Math.round(255 * Math.max(0, Math.min(1, share)));
        if (level <= cover[i]) continue;
        cover[i] = level;
        for (let c = 0, at = 3 * i; c < 3; c++, at++) {
          pixels[at] = Math.round(before[at] + ((ink[c] - before[at]) * level) / 255);
        }
      }
    }
  }

  /** Whether there is nothing to see: no stroke, or all of it cleared or rubbed out. */
  blank() {
    const { pixels, ground: [r, g, b] } = this;
    for (let i = 0; i < pixels.length; i += 3) {
      if (pixels[i] !== r || pixels[i + 1] !== g || pixels[i + 2] !== b) return false;
    }
    return true;
  }

  /** @returns {import("../live/picture.js").Picture} */
  picture() {
    return opaque(this.pixels, this.side);
  }
}

/** RGB bytes of a square as RGBA.
 * @param {Uint8Array} rgb @param {number} side @returns {import("../live/picture.js").Picture} */
export function opaque(rgb, side) {
  const rgba = new Uint8ClampedArray(4 * side * side).fill(255);
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) {
    rgba[to] = rgb[from];
    rgba[to + 1] = rgb[from + 1];
    rgba[to + 2] = rgb[from + 2];
  }
  return { width: side, height: side, rgba };
}
