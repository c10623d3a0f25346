// @ts-check
// One forward pass of a packed network (explorer/live/packing.py), every layer's output kept until the next.

import { ends } from "./ends.js";
import { simple } from "./simple.js";
import { convolution, dense, rectified } from "./sums.js";

/** @typedef {import("./simple.js").Layer} Layer */
/** @typedef {import("./simple.js").Field} Field */
/** @typedef {{ shape: number[], nodes: Layer[] }} Graph */

const PAGE = 65536; // bytes that WebAssembly memory grows by
const SLACK = 16; // floats behind every array: four and eight are read at once, and zeros are what must be found there

const HALVES = Float32Array.from({ length: 65536 }, (_, bits) => {
  const sign = bits & 0x8000 ? -1 : 1, exponent = (bits >> 10) & 31, rest = bits & 1023;
  if (exponent === 31) return rest ? NaN : sign * Infinity;
  return sign * (exponent ? (1 + rest / 1024) * 2 ** (exponent - 15) : rest * 2 ** -24);
});

/** An array of the block of numbers: [offset, how many, bytes of one], little-endian.
 * @param {ArrayBuffer} block @param {number[]} place */
export function read(block, [offset, count, bytes]) {
  if (bytes === 4) return new Float32Array(block, offset, count);
  return Float32Array.from(new Uint16Array(block, offset, count), (bits) => HALVES[bits]);
}

export class Net {
  /** @param {Graph} graph @param {ArrayBuffer} block @param {WebAssembly.Module | null} kernel kernel.wasm, or null for
   * plain JavaScript */
  constructor({ shape, nodes }, block, kernel) {
    let top = 64, buffer = new ArrayBuffer(0);
    /** @type {import("./sums.js").Room} */
    const room = {
      claim(count) {
        const at = top;
        top = (top + 4 * (count + SLACK) + 15) & ~15;
        return at;
      },
      floats: (at, count) => new Float32Array(buffer, at, count),
      words: (at, count) => new Int32Array(buffer, at, count),
      kernel: null,
    };
    this.nodes = nodes;
    /** @type {Record<string, Field & { at: number }>} */
    this.fields = {};
    for (const { name, shape: [channels, height = 1, width = 1] } of [{ name: "input", shape }, ...nodes]) {
      this.fields[name] = { values: new Float32Array(0), at: room.claim(channels * height * width), channels, height, width };
    }
    const sums = nodes.map((layer) => this.sum(layer, block, room));
    if (kernel) {
      const memory = new WebAssembly.Memory({ initial: Math.ceil(top / PAGE) });
      buffer = memory.buffer;
      room.kernel = /** @type {any} */ (new WebAssembly.Instance(kernel, { env: { memory } }).exports);
    } else buffer = new ArrayBuffer(top);
    for (const field of Object.values(this.fields)) {
      field.values = room.floats(field.at, field.channels * field.height * field.width);
    }
    for (const sum of sums) sum?.fill();
    this.steps = nodes.map((layer, i) => sums[i]?.run ?? simple(layer, layer.from.map((name) => this.fields[name]),
      this.fields[layer.name], (name) => read(block, layer[name])));
  }

  /** @param {Layer} layer @param {ArrayBuffer} block @param {import("./sums.js").Room} room */
  sum(layer, block, room) {
    const x = this.fields[layer.from[0]], y = this.fields[layer.name];
    const numbers = (/** @type {string} */ name) => read(block, layer[name]);
    if (layer.op === "conv") return convolution(layer, x, y, numbers, room, y.at);
    if (layer.op === "relu" || layer.op === "relu6") return rectified(layer, x, y, room, x.at, y.at);
    return layer.op === "dense" ? dense(layer, x, y, numbers, room, x.at, y.at) : null;
  }

  /** The last layer's output for this input; it is overwritten by the next call.
   * @param {Float32Array} input @returns {Float32Array} */
  run(input) {
    this.fields.input.values.set(input);
    for (const step of this.steps) step();
    return this.fields[this.nodes[this.nodes.length - 1].name].values;
  }

  /** The lowest and the highest finite number of all maps of the last run.
   * @returns {[number, number]} */
  range() {
    let low = Infinity, high = -Infinity;
    const maps = this.nodes.filter(({ shape }) => shape.length === 3).map(({ name }) => name);
    for (const name of maps.length ? maps : ["input"]) {
      const [least, most] = ends(this.fields[name].values);
      low = Math.min(low, least);
      high = Math.max(high, most);
    }
    return low <= high ? [low, high] : [0, 0];
  }
}
