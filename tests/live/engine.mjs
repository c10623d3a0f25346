// The engine outside a browser: reads one task a line, answers one line. Bytes travel as base64.
//
// { "do": "layers", "graph", "numbers", "input": float32s, "plain": bool }      -> { "layers": { name: float32s } }
// { "do": "resize", "width", "height", "rgba", "size", "fit" }                   -> { "rgb" }
// { "do": "see", "width", "height", "rgba", "wanted", "fit" }                    -> { "input": float32s }
// { "do": "draw", "side", "ground", "strokes": [{ points, radius, ink }] }       -> { "rgb" }
// { "do": "centre", "grey", "side", "size", "box" }                              -> { "rgba" }, null for no ink

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { Net } from "../../explorer/ui/components/live/net.js";
import { see } from "../../explorer/ui/components/live/picture.js";
import { centred } from "../../explorer/ui/components/pad/centre.js";
import { Drawing } from "../../explorer/ui/components/pad/drawing.js";
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
  draw({ side, ground, strokes }) {
    const drawing = new Drawing(side, ground);
    for (const { points: [[x, y], ...others], radius, ink } of strokes) {
      drawing.begin(x, y, radius, ink);
      for (const [x, y] of others) drawing.go(x, y);
    }
    return { rgb: text(drawing.pixels) };
  },
  centre({ grey, side, size, box }) {
    const picture = centred(bytes(grey), side, size, box);
    return { rgba: picture && text(picture.rgba) };
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
