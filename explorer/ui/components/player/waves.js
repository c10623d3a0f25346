// @ts-check
// Many steps at once, as explorer.diffusion.waves takes them: the edges allow certain waves, a step multiplies each by
// its own g, and n steps multiply it by gⁿ. What is long is a generator, so that a frame may end in the middle of it.

/** @typedef {{ centre: number, r_x: number, r_y: number, tau: number, boundary: string, implicit?: boolean }} Params */

const NOISE = 64 * Number.EPSILON; // of the largest wave: what the field does not hold shows up as rounding

/** The waves along a side, one a row and each of length 1, and sin²(k/2) of each. Where the sides are joined, cosine and
 * sine of a wave have one g, so their sum is a wave of its own.
 * @param {number} size @param {string} boundary */
function along(size, boundary) {
  const rows = new Float64Array(size * size), bends = new Float64Array(size);
  for (let m = 0, at = 0; m < size; m++) {
    const k = boundary === "insulated" ? (Math.PI * m) / size
      : boundary === "periodic" ? (2 * Math.PI * m) / size : (Math.PI * (m + 1)) / (size + 1);
    bends[m] = Math.sin(k / 2) ** 2;
    for (let x = 0; x < size; x++, at++) {
      rows[at] = boundary === "insulated" ? Math.cos(k * (x + 0.5)) * Math.sqrt((m ? 2 : 1) / size)
        : boundary === "periodic" ? (Math.cos(k * x) + Math.sin(k * x)) / Math.sqrt(size)
          : Math.sin(k * (x + 1)) * Math.sqrt(2 / (size + 1));
    }
  }
  return { rows, columns: turned(rows, size), bends };
}

/** @param {Float64Array} rows @param {number} size */
function turned(rows, size) {
  const columns = new Float64Array(rows.length);
  for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) columns[x * size + y] = rows[y * size + x];
  return columns;
}

/** a (rows, inner) times b (inner, columns), a row at a time.
 * @param {Float64Array} a @param {Float64Array} b @param {number} rows @param {number} inner @param {number} columns
 * @returns {Generator<undefined, Float64Array, undefined>} */
function* product(a, b, rows, inner, columns) {
  const out = new Float64Array(rows * columns);
  for (let y = 0; y < rows; y++) {
    row(a.subarray(y * inner, (y + 1) * inner), b, out.subarray(y * columns, (y + 1) * columns));
    yield;
  }
  return out;
}

/** Four rows of b at once: each number of the sum is fetched and kept a quarter as often.
 * @param {Float64Array} weights @param {Float64Array} b @param {Float64Array} sum */
function row(weights, b, sum) {
  const columns = sum.length, inner = weights.length;
  let k = 0;
  for (; k + 3 < inner; k += 4) {
    const one = weights[k], two = weights[k + 1], three = weights[k + 2], four = weights[k + 3];
    let i = k * columns, j = i + columns, l = j + columns, m = l + columns;
    for (let x = 0; x < columns; x++) sum[x] += one * b[i++] + two * b[j++] + three * b[l++] + four * b[m++];
  }
  for (; k < inner; k++) for (let x = 0, i = k * columns; x < columns; x++) sum[x] += weights[k] * b[i++];
}

export class Waves {
  /** @param {ArrayLike<number>} field (channels, height, width) @param {[number, number, number]} shape @param {Params} params */
  constructor(field, [channels, height, width], { tau, r_x, r_y, boundary, implicit }) {
    this.field = Float64Array.from(field);
    this.sides = { channels, height, width };
    this.x = along(width, boundary);
    this.y = height === width ? this.x : along(height, boundary);
    this.gains = new Float64Array(height * width);
    for (let m = 0, at = 0; m < height; m++) {
      for (let k = 0; k < width; k++, at++) {
        const g = 1 - tau - 4 * r_x * this.x.bends[k] - 4 * r_y * this.y.bends[m];
        this.gains[at] = implicit ? 1 / (2 - g) : g;
      }
    }
    /** @type {Float64Array[] | null} how much of every wave a channel holds */
    this.held = null;
  }

  /** What a channel holds of every wave.
   * @returns {Generator<undefined, Float64Array[], undefined>} */
  *take() {
    const { field, x, y, sides: { channels, height, width } } = this, held = [], size = height * width;
    for (let c = 0; c < channels; c++) {
      const across = yield* product(field.subarray(c * size, (c + 1) * size), x.columns, height, width, width);
      const found = yield* product(y.rows, across, height, height, width);
      const floor = NOISE * found.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
      held.push(found.map((one) => (Math.abs(one) > floor ? one : 0)));
    }
    return held;
  }

  /** The field after n steps; what overflows is not finite.
   * @param {number} n @returns {Generator<undefined, Float64Array, undefined>} */
  *after(n) {
    const { x, y, sides: { channels, height, width } } = this, size = height * width;
    const field = new Float64Array(channels * size), held = (this.held ??= yield* this.take());
    const powers = this.gains.map((g) => g ** n);
    for (let c = 0; c < channels; c++) {
      const grown = held[c].map((one, i) => (one ? one * powers[i] : 0));
      const down = yield* product(y.columns, grown, height, height, width);
      field.set(yield* product(down, x.rows, height, width, width), c * size);
    }
    return field;
  }

  /** One pixel of every channel after n steps, once the waves are known.
   * @param {number} n @param {number} row @param {number} column */
  at(n, row, column) {
    const { gains, x, y, sides: { channels, height, width } } = this;
    const values = new Array(channels).fill(0);
    for (let m = 0, i = 0; m < height; m++) {
      for (let k = 0; k < width; k++, i++) {
        const share = gains[i] ** n * y.rows[m * height + row] * x.rows[k * width + column];
        for (let c = 0; c < channels; c++) if (this.held?.[c][i]) values[c] += this.held[c][i] * share;
      }
    }
    return values;
  }
}
