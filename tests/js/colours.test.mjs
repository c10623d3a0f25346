// Scales and colours of the live maps: what explorer.render does at their edges. Whole maps are held against it in a browser.

import assert from "node:assert/strict";
import { test } from "node:test";

import { scaleOf, scalesOf, tint } from "../../explorer/ui/components/live/colours.js";
import { ends } from "../../explorer/ui/components/live/ends.js";

const MAGENTA = 0xffd500d5;
const tables = { signed: Uint32Array.from({ length: 256 }, (_, i) => 1000 + i), magnitude: Uint32Array.from({ length: 256 }, (_, i) => i) };

function painted(values, size, scale) {
  const step = size.step ?? 1, pixels = new Uint32Array(Math.ceil(size.height / step) * Math.ceil(size.width / step));
  tint(Float32Array.from(values), 0, { step, ...size }, scale, tables, pixels);
  return [...pixels];
}

test("the ends are those of the finite numbers", () => {
  assert.deepEqual(ends([3, NaN, -Infinity, -1, Infinity]), [-1, 3]);
  assert.deepEqual(ends([9, 1, 2, 9], 1, 3), [1, 2]);
  assert.deepEqual(ends([NaN]), [Infinity, -Infinity]);
});

test("a scale is centred on 0 where a number is below it, and is 0 where there is none", () => {
  assert.deepEqual(scaleOf([-1, 3]), { low: -3, high: 3, signed: true });
  assert.deepEqual(scaleOf([1, 3]), { low: 1, high: 3, signed: false });
  assert.deepEqual(scaleOf([1, 3], true), { low: -3, high: 3, signed: true });
  assert.deepEqual(scaleOf([Infinity, -Infinity]), { low: 0, high: 0, signed: false });
});

test("the ends of a scale are the ends of its table, what is outside too, and what is not finite is of no scale", () => {
  const scale = scaleOf([0, 2]);
  assert.deepEqual(painted([0, 2, -5, 5, 1, NaN, Infinity, -Infinity], { height: 2, width: 4 }, scale),
    [0, 255, 0, 255, 128, MAGENTA, MAGENTA, MAGENTA]);
  assert.deepEqual(painted([-2, 0, 2], { height: 1, width: 3 }, scaleOf([-2, 1])), [1000, 1128, 1255]);
});

test("a flat map is the middle of the signed colours or the low end of the others", () => {
  assert.deepEqual(painted([4, 4], { height: 1, width: 2 }, scaleOf([4, 4])), [0, 0]);
  assert.deepEqual(painted([0, 0], { height: 1, width: 2 }, scaleOf([0, 0], true)), [1127, 1127]);
});

test("a large map is thinned to every nth row and column", () => {
  const values = Float32Array.from({ length: 15 }, (_, i) => i);
  assert.deepEqual(painted(values, { height: 3, width: 5, step: 2 }, { low: 0, high: 255, signed: false }), [0, 2, 4, 10, 12, 14]);
});

test("maps share a scale, or have each its own", () => {
  const values = Float32Array.of(0, 1, 2, 6), of = (which, range) => [0, 1].map((map) => scalesOf(values, 2, which, range)(map).high);
  assert.deepEqual(of("Map"), [1, 6]);
  assert.deepEqual(of("Layer"), [6, 6]);
  assert.deepEqual(of("Model", [-9, 2]), [9, 9]);
});
