// @ts-check
// The layers that are not sums over a whole window of channels, each as a function that fills its output from its inputs.
// Torch's formulas, computed in double precision and kept in single.

/** A tensor of one picture: its numbers, and its shape as channels, height and width (a vector has height and width 1).
 * @typedef {{ values: Float32Array, channels: number, height: number, width: number }} Field */
/** A layer of the packed graph. @typedef {{ name: string, op: string, from: string[], shape: number[], kernel?: number[],
 *   stride?: number[] & number, padding?: number[], dilation?: number[], groups?: number, [option: string]: any }} Layer */

const SELU_ALPHA = 1.6732632423543772, SELU_SCALE = 1.0507009873554805;

/** @param {number} x */
const sigmoid = (x) => 1 / (1 + Math.exp(-x));

/** The share of a standard normal distribution below x; its series has no terms that cancel.
 * @param {number} x */
export function normal(x) {
  if (Math.abs(x) > 8) return x > 0 ? 1 : tail(-x);
  if (x < -3) return tail(-x);
  let term = x, sum = x;
  for (let n = 3; Math.abs(term) > 1e-17 * Math.abs(sum); n += 2) {
    term *= (x * x) / n;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}
/** The share above x, for x of 3 and more: a continued fraction.
 * @param {number} x */
function tail(x) {
  let below = x;
  for (let n = 60; n > 0; n--) below = x + n / below;
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI) / below;
}

/** @type {Record<string, (layer: Layer) => (x: number) => number>} */
const ACTIVATIONS = {
  sigmoid: () => sigmoid,
  tanh: () => Math.tanh,
  elu: ({ alpha }) => (x) => (x > 0 ? x : alpha * Math.expm1(x)),
  selu: () => (x) => SELU_SCALE * (x > 0 ? x : SELU_ALPHA * Math.expm1(x)),
  leaky: ({ slope }) => (x) => (x > 0 ? x : slope * x),
  softsign: () => (x) => x / (1 + Math.abs(x)),
  silu: () => (x) => x * sigmoid(x),
  gelu: () => (x) => x * normal(x),
  softplus: ({ beta, threshold }) => (x) => (beta * x > threshold ? x : Math.log1p(Math.exp(beta * x)) / beta),
};

/** @type {Record<string, (layer: Layer, x: Field, y: Field, numbers: (name: string) => Float32Array, second?: Field) => () => void>} */
const LAYERS = {
  same: copy,
  flatten: copy, // the numbers lie in torch's order already
  add: (layer, x, y, numbers, second) => {
    const a = x.values, b = /** @type {Field} */ (second).values, to = y.values;
    return () => { for (let i = 0; i < to.length; i++) to[i] = a[i] + b[i]; };
  },
  norm: (layer, x, y, numbers) => {
    const from = x.values, to = y.values, scale = numbers("weight"), shift = numbers("bias"), size = x.height * x.width;
    return () => {
      for (let c = 0, i = 0; c < x.channels; c++) {
        const a = scale[c], b = shift[c];
        for (const end = i + size; i < end; i++) to[i] = a * from[i] + b;
      }
    };
  },
  prelu: (layer, x, y, numbers) => {
    const from = x.values, to = y.values, slopes = numbers("slope"), size = x.height * x.width;
    return () => {
      for (let c = 0, i = 0; c < x.channels; c++) {
        const slope = slopes[slopes.length > 1 ? c : 0];
        for (const end = i + size; i < end; i++) to[i] = from[i] > 0 ? from[i] : slope * from[i];
      }
    };
  },
  thin: ({ stride, more }, x, y) => () => {
    const from = x.values, to = y.values, step = Number(stride);
    to.fill(0, (y.channels - more) * y.height * y.width);
    for (let c = 0, i = 0; c < x.channels; c++) {
      for (let row = 0; row < y.height; row++) {
        let at = (c * x.height + row * step) * x.width;
        for (let column = 0; column < y.width; column++, at += step) to[i++] = from[at];
      }
    }
  },
  mean: (layer, x, y) => () => {
    const size = x.height * x.width;
    for (let c = 0, i = 0; c < x.channels; c++) {
      let sum = 0;
      for (const end = i + size; i < end; i++) sum += x.values[i];
      y.values[c] = sum / size;
    }
  },
  max: (layer, x, y) => windows(layer, x, y, (from, begin, end, rows, width) => {
    let most = -Infinity;
    for (let row = 0; row < rows; row++, begin += width, end += width) {
      for (let i = begin; i < end; i++) if (from[i] > most) most = from[i];
    }
    return most;
  }),
  average: (layer, x, y) => {
    const [rows, columns] = /** @type {number[]} */ (layer.kernel), share = rows * columns;
    return windows(layer, x, y, (from, begin, end, height, width) => {
      let sum = 0;
      for (let row = 0; row < height; row++, begin += width, end += width) {
        for (let i = begin; i < end; i++) sum += from[i];
      }
      return sum / share; // what lies in the padding counts as zeros
    });
  },
  softmax: (layer, x, y) => shares(x, (at, step, end, top, sum) => {
    for (let i = at; i < end; i += step) y.values[i] = Math.exp(x.values[i] - top) / sum;
  }),
  logsoftmax: (layer, x, y) => shares(x, (at, step, end, top, sum) => {
    const log = top + Math.log(sum);
    for (let i = at; i < end; i += step) y.values[i] = x.values[i] - log;
  }),
};

/** @param {Layer} layer @param {Field} x @param {Field} y */
function copy(layer, x, y) {
  return () => y.values.set(x.values);
}

/** Every window of a pool, without what it has in the padding.
 * @param {Layer} layer @param {Field} x @param {Field} y
 * @param {(from: Float32Array, begin: number, end: number, rows: number, width: number) => number} value */
function windows({ kernel, stride, padding }, x, y, value) {
  const [high, wide] = /** @type {number[]} */ (kernel), [above, beside] = /** @type {number[]} */ (padding);
  const [down, right] = /** @type {number[]} */ (stride);
  return () => {
    for (let c = 0, i = 0; c < y.channels; c++) {
      for (let row = 0; row < y.height; row++) {
        const top = Math.max(0, row * down - above), bottom = Math.min(x.height, row * down - above + high);
        const line = (c * x.height + top) * x.width;
        for (let column = 0; column < y.width; column++, i++) {
          const left = Math.max(0, column * right - beside), end = Math.min(x.width, column * right - beside + wide);
          y.values[i] = value(x.values, line + left, line + end, bottom - top, x.width);
        }
      }
    }
  };
}

/** Over the channels of every pixel: the largest value, and the sum of the exponentials of what is left above it.
 * @param {Field} x @param {(at: number, step: number, end: number, top: number, sum: number) => void} fill */
function shares(x, fill) {
  const step = x.height * x.width, { values } = x;
  return () => {
    for (let at = 0; at < step; at++) {
      let top = -Infinity, sum = 0;
      for (let i = at; i < values.length; i += step) if (values[i] > top) top = values[i];
      for (let i = at; i < values.length; i += step) sum += Math.exp(values[i] - top);
      fill(at, step, values.length, top, sum);
    }
  };
}

/** What the layer does, as a function to call once a pass.
 * @param {Layer} layer @param {Field[]} inputs @param {Field} y @param {(name: string) => Float32Array} numbers
 * @returns {() => void} */
export function simple(layer, inputs, y, numbers) {
  const [x, second] = inputs;
  if (layer.op in LAYERS) return LAYERS[layer.op](layer, x, y, numbers, second);
  if (!(layer.op in ACTIVATIONS)) throw new Error(`The layer ${layer.name} is unknown here: reload the page`);
  const f = ACTIVATIONS[layer.op](layer), from = x.values, to = y.values;
  return () => { for (let i = 0; i < to.length; i++) to[i] = f(from[i]); };
}
