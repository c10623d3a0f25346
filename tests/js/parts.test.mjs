// What all components share: numbers as they are printed, the block of bytes, what a late answer may change.

import assert from "node:assert/strict";
import { test } from "node:test";

import { component, number, reporter } from "../../explorer/ui/components/parts.js";

test("numbers have three significant digits, also at ties and at the ends", () => {
  const printed = [[0, "0"], [-0, "0"], [8.125, "8.13"], [-1.5, "−1.50"], [123456, "123456"], [1e6, "1.00·10⁶"],
    [1e-4, "0.000100"], [9.99e-5, "9.99·10⁻⁵"], [NaN, "not a number"], [Infinity, "∞"], [-Infinity, "−∞"]];
  for (const [value, text] of printed) assert.equal(number(value), text);
  assert.equal(number(2 / 3, 5), "0.66667");
});

// The block as explorer/ui/components/parts.py describes it.
function block(facts, arrays) {
  const table = {}, bodies = [];
  let offset = 0;
  for (const [name, [type, shape, values]] of Object.entries(arrays)) {
    table[name] = [type, shape, offset];
    bodies.push(Buffer.from(values.buffer));
    offset += values.byteLength;
  }
  let text = Buffer.from(JSON.stringify({ facts, arrays: table }));
  text = Buffer.concat([text, Buffer.alloc((4 - (text.length % 4)) % 4, " ")]);
  const head = Buffer.alloc(12);
  [text.length, bodies.length, 12 + text.length + offset].forEach((size, i) => head.writeUInt32LE(size, 4 * i));
  return new Uint8Array(Buffer.concat([head, text, ...bodies]));
}

// What a component is given of a block.
function unpack(data) {
  let given = null;
  const render = component(() => ({ update: (what) => { given = what; }, dispose() {} }));
  render({ data, parentElement: { isConnected: true }, setTriggerValue() {} });
  return given;
}

test("a block is read as it was packed, wherever its arrays begin", () => {
  const bytes = Uint8Array.of(1, 2, 3), floats = Float32Array.of(0.5, -2), doubles = Float64Array.of(Math.PI);
  const packed = block({ name: "τ" }, { a: ["u1", [3], bytes], b: ["f4", [1, 2], floats], c: ["f8", [1], doubles],
    empty: ["f4", [0, 4], new Float32Array(0)] });
  const { facts, arrays } = unpack(packed);
  assert.deepEqual(facts, { name: "τ" });
  assert.deepEqual(arrays.a, { shape: [3], values: bytes });
  assert.deepEqual(arrays.b, { shape: [1, 2], values: floats });
  assert.deepEqual(arrays.c, { shape: [1], values: doubles });
  assert.equal(arrays.empty.values.length, 0);
  assert.throws(() => unpack(packed.subarray(0, packed.length - 1)), /incomplete/);
});

test("only the last of quick choices is sent, and older answers do not throw it back", (context) => {
  const sent = [], choice = reporter((value) => sent.push(value));
  let now = 0, due = null; // a clock of our own, so that no machine is too slow for this
  context.mock.method(performance, "now", () => now);
  context.mock.method(globalThis, "setTimeout", (act) => { due = act; return 1; });
  context.mock.method(globalThis, "clearTimeout", () => { due = null; });
  assert.equal(choice.accepts([9, 9]), true);
  choice.report([0, 1]);
  choice.report([0, 2]);
  assert.equal(choice.accepts([0, 1]), false);
  due();
  assert.deepEqual(sent, [[0, 2]]);
  assert.equal(choice.accepts([0, 1]), false);
  assert.equal(choice.accepts([0, 2]), true);
  assert.equal(choice.accepts([0, 1]), true);
  choice.report([0, 3]);
  due();
  assert.equal(choice.accepts([0, 2]), false);
  now = 3000; // no answer in three seconds: what Python holds is shown
  assert.equal(choice.accepts([0, 2]), true);
  choice.report([0, 4]);
  choice.cancel();
  assert.equal(due, null);
  assert.deepEqual(sent, [[0, 2], [0, 3]]);
});
