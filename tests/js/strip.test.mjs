// The points of the strip of probabilities stay in order, bounded, and forget what a change of the past undid.

import assert from "node:assert/strict";
import { test } from "node:test";

import { pieces, Series } from "../../explorer/ui/components/live/strip.js";
import { chance } from "./draw.mjs";

const steps = (series) => series.points.map((point) => point.step);

test("points stand in the order of their steps, each step once, the last that was said of it", () => {
  const series = new Series(), draw = chance(1), last = new Map();
  for (let i = 0; i < 400; i++) {
    const step = Math.floor(50 * draw()), shares = [Float64Array.of(i)];
    series.add(step, shares);
    last.set(step, i);
  }
  assert.deepEqual(steps(series), [...last.keys()].sort((a, b) => a - b));
  for (const { step, shares } of series.points) assert.equal(shares[0][0], last.get(step));
});

test("a change of the past forgets what came after it", () => {
  const series = new Series();
  for (let step = 0; step < 10; step++) series.add(step, []);
  series.cut(4);
  assert.deepEqual(steps(series), [0, 1, 2, 3]);
});

test("there are never many points, and the newest is among them", () => {
  const series = new Series();
  for (let step = 0; step < 20_000; step++) series.add(step, []);
  assert.ok(series.points.length <= 1500 && steps(series).at(-1) === 19_999 && steps(series)[0] === 0);
});

const laid = (...steps) => pieces(steps.map((step) => ({ step, shares: [] }))).map((piece) => piece.map(({ step }) => step));

test("a leap is no line", () => {
  assert.deepEqual(laid(0, 1, 2, 3, 1000, 1001, 1002), [[0, 1, 2, 3], [1000, 1001, 1002]]);
  assert.deepEqual(laid(0, 8, 16, 23, 32, 5000), [[0, 8, 16, 23, 32], [5000]]);
});

test("two points far apart stand alone, two that follow each other do not", () => {
  assert.deepEqual(laid(0, 100), [[0], [100]]);
  assert.deepEqual(laid(0, 1), [[0, 1]]);
  assert.deepEqual(laid(), []);
});

test("a run that skips some steps is one line", () => {
  const run = Array.from({ length: 40 }, (_, i) => 3 * i + (i % 3));
  assert.deepEqual(laid(...run), [run]);
});
