// The points of the strip of probabilities stay in order, bounded, and forget what a change of the past undid.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Series } from "../../explorer/ui/components/live/strip.js";
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
