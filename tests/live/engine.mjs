// The engine outside a browser: reads one task a line, answers one line. Bytes travel as base64.
//
// { "do": "layers", "graph", "numbers", "input": float32s, "plain": bool }      -> { "layers": { name: float32s } }
// { "do": "resize", "width", "height", "rgba", "size", "fit" }                   -> { "rgb" }
// { "do": "see", "width", "height", "rgba", "wanted", "fit" }                    -> { "input": float32s }

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { Net } from "../../explorer/ui/components/live/net.js";
import { see } from "../../explorer/ui/components/live/picture.js";
import { Resize } from "../../explorer/ui/components/live/resize.js";

const kernel = new WebAssembly.Module(readFileSync(new URL("../../explorer/ui/components/live/kernel.wasm", import.meta.url)));
const bytes = (text) => Uint8Array.from(Buffer.from(text, "base64"));
const floats = (text) => new Float32Array(bytes(text).buffer);
const text = (array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64");

const tasks = {
  layers({ graph, numbers, input, plain }) {
    const net = new Net(graph, bytes(numbers).buffer, plain ? null : kernel);
    net.run(floats(input)); // twice: what the first pass left behind must not matter
    net.run(floats(input));
    return { layers: Object.fromEntries(graph.nodes.map(({ name }) => [name, text(net.fields[name].values)])) };
  },
  resize: ({ width, height, rgba, size, fit }) => {
    const resize = new Resize(width, height, size, fit);
    resize.run(bytes(rgba).fill(77));
    return { rgb: text(resize.run(bytes(rgba))) };
  },
  see: ({ width, height, rgba, wanted, fit }) => {
    const input = new Float32Array(wanted.channels * wanted.size ** 2);
    return { input: text(see({ width, height, rgba: bytes(rgba) }, wanted, fit, input)) };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const task = JSON.parse(line);
  let answer;
  try {
    answer = tasks[task.do](task);
  } catch (error) {
    answer = { error: String(error.stack) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
