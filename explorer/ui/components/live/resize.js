// @ts-check
// Pillow's resize with Resampling.BICUBIC on bytes, bit for bit, and explorer.images.fit on it: antialiased (the kernel
// grows with the reduction, a = -0.5), along rows and then along columns, each rounded to bytes by whole numbers of 22 bits.
// As in Pillow since 13 the columns come first where the height shrinks more than twice as much as the width.

const BITS = 22, HALF = 1 << (BITS - 1);
const GREY = 128; // beside a picture that is shown whole

/** The first input that counts for an output, and the weights of it and of those behind it.
 * @typedef {{ first: number, weights: Int32Array }} Taps */
/** @typedef {Uint8Array | Uint8ClampedArray} Bytes */

/** @param {number} x */
function cubic(x) {
  const a = -0.5;
  x = Math.abs(x);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

/** @param {number} size @param {number} from @param {number} to @param {number} out @returns {Taps[]} */
function coefficients(size, from, to, out) {
  const scale = (to - from) / out, wide = Math.max(scale, 1), support = 2 * wide, inverse = 1 / wide;
  return Array.from({ length: out }, (_, i) => {
    const centre = from + (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5)), end = Math.min(size, Math.trunc(centre + support + 0.5));
    const shares = [];
    let sum = 0;
    for (let x = 0; x < end - first; x++) {
      const share = cubic((x + first - centre + 0.5) * inverse);
      shares.push(share);
      sum += share;
    }
    return { first, weights: Int32Array.from(shares, (share) => {
      const whole = (sum === 0 ? share : share / sum) * (1 << BITS);
      return Math.trunc(whole < 0 ? whole - 0.5 : whole + 0.5);
    }) };
  });
}

/** @param {number} sum */
function clip(sum) {
  sum >>= BITS;
  return sum < 0 ? 0 : sum > 255 ? 255 : sum;
}

/** The box of the input that is used, and where its resized pixels go in the square: Pillow's ImageOps.fit and pad.
 * @param {number} width @param {number} height @param {number} size @param {string} mode
 * @returns {{ box: number[], wide: number, high: number, left: number, top: number }} */
function placed(width, height, size, mode) {
  const whole = { box: [0, 0, width, height], wide: size, high: size, left: 0, top: 0 };
  if (mode === "stretch" || width === height) return whole;
  if (mode === "pad") {
    const wide = width > height ? size : roundHalfEven((width / height) * size);
    const high = width > height ? roundHalfEven((height / width) * size) : size;
    return { ...whole, wide, high, left: roundHalfEven((size - wide) * 0.5),
      top: roundHalfEven((size - high) * 0.5) };
  }
  const side = Math.min(width, height), left = (width - side) * 0.5, top = (height - side) * 0.5;
  return { ...whole, box: [left, top, left + side, top + side] };
}

/** Python's round().
 * @param {number} x */
function roundHalfEven(x) {
  const low = Math.floor(x);
  return x - low === 0.5 ? low + (low % 2) : Math.round(x);
}

/** One pass along rows: every row of `count` from `first` on becomes `out.length / 3 / count` pixels of three bytes.
 * @param {Bytes} from @param {number} step bytes of one of its pixels @param {number} width @param {Taps[]} taps
 * @param {number} first @param {number} end @param {Uint8Array} to */
function along(from, step, width, taps, first, end, to) {
  for (let y = first; y < end; y++) {
    for (let x = 0, at = y * taps.length * 3; x < taps.length; x++, at += 3) {
      const { first: begin, weights } = taps[x];
      let r = HALF, g = HALF, b = HALF;
      for (let k = 0, i = (y * width + begin) * step; k < weights.length; k++, i += step) {
        const weight = weights[k];
        r += from[i] * weight;
        g += from[i + 1] * weight;
        b += from[i + 2] * weight;
      }
      to[at] = clip(r);
      to[at + 1] = clip(g);
      to[at + 2] = clip(b);
    }
  }
}

/** One pass along columns.
 * @param {Bytes} from @param {number} step @param {number} width @param {Taps[]} taps @param {Uint8Array} to */
function downwards(from, step, width, taps, to) {
  for (let y = 0, at = 0; y < taps.length; y++) {
    const { first, weights } = taps[y], line = width * step;
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) {
        let sum = HALF;
        for (let k = 0, i = first * line + x * step + c; k < weights.length; k++, i += line) sum += from[i] * weights[k];
        to[at++] = clip(sum);
      }
    }
  }
}

/** RGBA bytes of width x height to RGB bytes of size x size; the tables are made once and the output is reused. */
export class Resize {
  /** @param {number} width @param {number} height @param {number} size @param {string} mode crop, pad or stretch */
  constructor(width, height, size, mode) {
    const { box: [left, top, right, bottom], ...place } = placed(width, height, size, mode), { wide, high } = place;
    this.size = size;
    this.width = width;
    this.height = height;
    this.place = place;
    // Pillow leaves out a pass that changes nothing
    const kept = { first: 0, weights: Int32Array.of(1 << BITS) };
    const same = (/** @type {number} */ count) => Array.from({ length: count }, (_, i) => ({ ...kept, first: i }));
    this.across = wide === width && left === 0 && right === width ? same(wide) : coefficients(width, left, right, wide);
    this.down = high === height && top === 0 && bottom === height ? same(high) : coefficients(height, top, bottom, high);
    this.columnsFirst = height > high && height - high > 2 * (width - wide);
    this.middle = new Uint8Array(3 * (this.columnsFirst ? width * high : wide * height));
    this.fitted = new Uint8Array(3 * wide * high);
    this.out = new Uint8Array(3 * size * size).fill(GREY);
  }

  /** @param {Bytes} rgba */
  run(rgba) {
    const { across, down, middle, fitted, place: { wide, high, left, top } } = this;
    if (this.columnsFirst) {
      downwards(rgba, 4, this.width, down, middle);
      along(middle, 3, this.width, across, 0, high, fitted);
    } else if (high) {
      const last = down[high - 1];
      along(rgba, 4, this.width, across, down[0].first, last.first + last.weights.length, middle);
      downwards(middle, 3, wide, down, fitted);
    }
    for (let y = 0; y < high; y++) {
      this.out.set(fitted.subarray(3 * y * wide, 3 * (y + 1) * wide), 3 * ((y + top) * this.size + left));
    }
    return this.out;
  }
}
