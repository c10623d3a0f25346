// @ts-check
// Convolutions, dense layers and ReLUs, of which a network has most: how their numbers lie in memory, and the same in plain
// JavaScript where there is no WebAssembly (kernel.ts has them four by four).

/** @typedef {import("./simple.js").Layer} Layer */
/** @typedef {import("./simple.js").Field} Field */
/** Memory that the kernel sees. @typedef {{ claim: (count: number) => number, floats: (at: number, count: number) => Float32Array<ArrayBuffer>,
 *   words: (at: number, count: number) => Int32Array, kernel: Kernel | null }} Room */
/** What kernel.wasm exports. @typedef {{ convolve: (...numbers: number[]) => void, dense: (...numbers: number[]) => void,
 *   rectify: (...numbers: number[]) => void }} Kernel */

/** @param {number} n */
const upToFour = (n) => (n + 3) & ~3;

/** Where a padded picture lies so that neighbouring outputs read neighbouring numbers whatever the stride: every row is
 * split into `stride` phases, the columns 0, s, 2s ... first, then 1, s + 1 ...
 * @param {Layer} layer @param {Field} x @param {Field} y */
function laidOut(layer, x, y) {
  const [high, wide] = /** @type {number[]} */ (layer.kernel), [down, right] = /** @type {number[]} */ (layer.stride);
  const [apart, beside] = /** @type {number[]} */ (layer.dilation), [top, left] = /** @type {number[]} */ (layer.padding);
  const groups = /** @type {number} */ (layer.groups), width = upToFour(y.width);
  const phase = width + Math.floor(((wide - 1) * beside) / right), row = phase * right;
  const rows = (y.height - 1) * down + (high - 1) * apart + 1;
  const taps = new Int32Array(high * wide);
  for (let i = 0, tap = 0; i < high; i++) {
    for (let j = 0; j < wide; j++, tap++) {
      taps[tap] = i * apart * row + ((j * beside) % right) * phase + Math.floor((j * beside) / right);
    }
  }
  return { width, phase, row, rows, taps, plane: rows * row, down, right, top, left,
    channels: x.channels / groups, outputs: y.channels / groups, groups };
}

/** @param {Layer} layer @param {Field} x @param {Field} y @param {(name: string) => Float32Array} numbers @param {Room} room
 * @param {number} at where y lies
 * @returns {{ fill: () => void, run: () => void }} */
export function convolution(layer, x, y, numbers, room, at) {
  const lay = laidOut(layer, x, y), { taps, channels, outputs, groups, width } = lay;
  const wide = upToFour(outputs), each = wide * channels * taps.length;
  const places = { input: room.claim(x.channels * lay.plane), taps: room.claim(taps.length),
    weights: room.claim(groups * each), bias: room.claim(groups * wide) };
  const straight = width === y.width && wide === outputs;
  const out = straight ? at : room.claim(wide * y.height * width);
  let padded = new Float32Array(0), sums = padded, weights = padded, biases = padded;
  return {
    fill() {
      padded = room.floats(places.input, x.channels * lay.plane);
      sums = room.floats(out, wide * y.height * width * (straight ? groups : 1));
      weights = room.floats(places.weights, groups * each);
      biases = room.floats(places.bias, groups * wide);
      room.words(places.taps, taps.length).set(taps.map((place) => 4 * place));
      const weight = numbers("weight"), bias = layer.bias ? numbers("bias") : null;
      const size = channels * taps.length;
      for (let o = 0; o < y.channels; o++) {
        const group = Math.floor(o / outputs), k = o % outputs;
        if (bias) biases[group * wide + k] = bias[o];
        const begin = group * each + (k >> 2) * size * 4 + (k & 3);
        for (let i = 0; i < size; i++) weights[begin + 4 * i] = weight[o * size + i];
      }
    },
    run() {
      spread(x, padded, lay);
      for (let group = 0; group < groups; group++) {
        const from = group * channels * lay.plane, w = group * each, b = group * wide;
        const to = straight ? group * outputs * y.height * width : 0;
        if (room.kernel) {
          room.kernel.convolve(places.input + 4 * from, places.taps, taps.length, places.weights + 4 * w,
            places.bias + 4 * b, out + 4 * to, channels, 4 * lay.plane, 4 * lay.down * lay.row, wide, y.height, width);
        } else {
          convolve(padded.subarray(from), taps, weights.subarray(w), biases.subarray(b), sums.subarray(to), channels,
            lay.plane, lay.down * lay.row, wide, y.height, width);
        }
        if (!straight) gather(sums, y, group * outputs, outputs, width);
      }
    },
  };
}

/** x into its padded, phase by phase place; the padding is never written and stays zero.
 * @param {Field} x @param {Float32Array} padded @param {ReturnType<typeof laidOut>} lay */
function spread(x, padded, { rows, row, phase, plane, right, top, left }) {
  const last = Math.min(x.height, rows - top), columns = Math.min(x.width, row - left);
  for (let c = 0; c < x.channels; c++) {
    for (let y = 0; y < last; y++) {
      const from = (c * x.height + y) * x.width, to = c * plane + (y + top) * row;
      if (right === 1) padded.set(x.values.subarray(from, from + columns), to + left);
      else {
        for (let i = 0; i < columns; i++) {
          const column = i + left, step = Math.floor(column / right);
          padded[to + (column - step * right) * phase + step] = x.values[from + i];
        }
      }
    }
  }
}

/** @param {Float32Array} sums @param {Field} y @param {number} first @param {number} count @param {number} width */
function gather(sums, y, first, count, width) {
  for (let o = 0; o < count; o++) {
    for (let row = 0; row < y.height; row++) {
      const from = (o * y.height + row) * width;
      y.values.set(sums.subarray(from, from + y.width), ((first + o) * y.height + row) * y.width);
    }
  }
}

/** @param {Float32Array} input @param {Int32Array} taps @param {Float32Array} weights @param {Float32Array} bias
 * @param {Float32Array} out @param {number} channels @param {number} plane @param {number} rowStep @param {number} outputs
 * @param {number} height @param {number} width */
function convolve(input, taps, weights, bias, out, channels, plane, rowStep, outputs, height, width) {
  const outPlane = height * width, size = 4 * channels * taps.length;
  for (let o = 0; o < outputs; o += 4) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let a = bias[o], b = bias[o + 1], c = bias[o + 2], d = bias[o + 3], w = (o >> 2) * size;
        for (let channel = 0, at = y * rowStep + x; channel < channels; channel++, at += plane) {
          for (let tap = 0; tap < taps.length; tap++, w += 4) {
            const value = input[at + taps[tap]];
            a += value * weights[w];
            b += value * weights[w + 1];
            c += value * weights[w + 2];
            d += value * weights[w + 3];
          }
        }
        const to = o * outPlane + y * width + x;
        out[to] = a;
        out[to + outPlane] = b;
        out[to + 2 * outPlane] = c;
        out[to + 3 * outPlane] = d;
      }
    }
  }
}

/** @param {Layer} layer @param {Field} x @param {Field} y @param {(name: string) => Float32Array} numbers @param {Room} room
 * @param {number} from where x lies @param {number} to where y lies
 * @returns {{ fill: () => void, run: () => void }} */
export function dense(layer, x, y, numbers, room, from, to) {
  const inputs = x.channels * x.height * x.width, outputs = y.channels, row = upToFour(inputs);
  const places = { weights: room.claim(row * outputs), bias: room.claim(outputs) };
  let weights = new Float32Array(0), bias = weights;
  return {
    fill() {
      const weight = numbers("weight");
      weights = room.floats(places.weights, row * outputs);
      bias = room.floats(places.bias, outputs);
      for (let o = 0; o < outputs; o++) weights.set(weight.subarray(o * inputs, (o + 1) * inputs), o * row);
      if (layer.bias) bias.set(numbers("bias"));
    },
    run() {
      if (room.kernel) return room.kernel.dense(from, places.weights, places.bias, to, row, outputs);
      for (let o = 0, w = 0; o < outputs; o++, w += row - inputs) {
        let sum = bias[o];
        for (let i = 0; i < inputs; i++, w++) sum += weights[w] * x.values[i];
        y.values[o] = sum;
      }
    },
  };
}

/** @param {Layer} layer relu, or relu6, which ends at 6 @param {Field} x @param {Field} y @param {Room} room
 * @param {number} from where x lies @param {number} to where y lies
 * @returns {{ fill: () => void, run: () => void }} */
export function rectified({ op }, x, y, room, from, to) {
  const most = op === "relu6" ? 6 : Infinity;
  return {
    fill() {},
    run() {
      const { length } = y.values;
      if (room.kernel) return room.kernel.rectify(from, to, upToFour(length), most);
      for (let i = 0; i < length; i++) y.values[i] = x.values[i] > 0 ? Math.min(x.values[i], most) : 0;
    },
  };
}
