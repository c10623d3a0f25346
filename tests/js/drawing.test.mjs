// The pad's drawing: what a stroke covers, and that undoing leaves nothing behind.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Drawing, opaque } from "../../explorer/ui/components/pad/drawing.js";
import { chance } from "./draw.mjs";

const SIDE = 64, BLACK = [0, 0, 0], WHITE = [255, 255, 255], RED = [200, 30, 10];
const area = (drawing) => drawing.pixels.filter((_, i) => i % 3 === 0).reduce((sum, level) => sum + level / 255, 0);

function scribble(drawing, seed, count) {
  const draw = chance(seed);
  for (let i = 0; i < count; i++) {
    drawing.begin(draw(), draw(), 0.02 + 0.05 * draw(), i % 3 ? [255 * draw(), 99, 7].map(Math.round) : drawing.ground);
    for (let k = 0; k < 4; k++) drawing.go(draw(), draw());
  }
  return drawing;
}

test("a dot covers π r², a line 2 r more for each unit of its length", () => {
  const drawing = new Drawing(SIDE, BLACK), r = 0.1 * SIDE;
  drawing.begin(0.5, 0.5, 0.1, WHITE);
  assert.ok(Math.abs(area(drawing) / (Math.PI * r * r) - 1) < 0.01);
  drawing.go(0.7, 0.6);
  const length = SIDE * Math.hypot(0.2, 0.1);
  assert.ok(Math.abs(area(drawing) / (Math.PI * r * r + 2 * r * length) - 1) < 0.01);
});

test("a stroke that comes back over itself does not thicken, whichever way it went", () => {
  const there = new Drawing(SIDE, WHITE), back = new Drawing(SIDE, WHITE);
  there.begin(0.2, 0.3, 0.06, RED);
  there.go(0.8, 0.7);
  back.begin(0.8, 0.7, 0.06, RED);
  back.go(0.2, 0.3);
  back.go(0.8, 0.7);
  assert.deepEqual(back.pixels, there.pixels);
});

test("beyond the edges is nothing", () => {
  const drawing = new Drawing(SIDE, BLACK);
  drawing.begin(-3, -2, 0.1, WHITE);
  drawing.go(-1, 4);
  assert.ok(drawing.blank());
  drawing.begin(0, 0, 0.1, WHITE);
  assert.ok(!drawing.blank());
});

test("undo leaves the bytes of before, also of a clearing", () => {
  const drawing = scribble(new Drawing(SIDE, WHITE), 1, 5), before = drawing.pixels.slice();
  drawing.clear();
  assert.ok(drawing.blank());
  drawing.clear(); // of nothing: nothing to undo
  drawing.undo();
  assert.deepEqual(drawing.pixels, before);
  drawing.begin(0.5, 0.5, 0.2, RED);
  drawing.undo();
  assert.deepEqual(drawing.pixels, before);
  for (let i = 0; i < 9; i++) drawing.undo();
  assert.ok(drawing.blank() && drawing.strokes.length === 0);
});

test("the two hundred latest strokes can be undone, the older ones stay", () => {
  const drawing = scribble(new Drawing(SIDE, WHITE), 2, 3), old = drawing.pixels.slice();
  for (let i = 0; i < 200; i++) drawing.begin((i % 10) / 10, i / 200, 0.03, RED);
  assert.equal(drawing.strokes.length, 200);
  for (let i = 0; i < 300; i++) drawing.undo();
  assert.deepEqual(drawing.pixels, old);
});

test("what is rubbed out in full is blank", () => {
  const drawing = new Drawing(SIDE, WHITE);
  drawing.begin(0.4, 0.4, 0.05, RED);
  assert.ok(!drawing.blank());
  drawing.begin(0.4, 0.4, 0.1, WHITE);
  assert.ok(drawing.blank());
});

test("a picture is opaque and of the same bytes", () => {
  const { width, height, rgba } = opaque(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), 2);
  assert.deepEqual([width, height, ...rgba], [2, 2, 1, 2, 3, 255, 4, 5, 6, 255, 7, 8, 9, 255, 10, 11, 12, 255]);
});
