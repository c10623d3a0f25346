// Fitting a picture: what stays, what is cut, what is added beside it. Pillow itself is the oracle in tests/live.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Resize } from "../../explorer/ui/components/live/resize.js";

const plain = (width, height, [r, g, b]) =>
  Uint8Array.from({ length: 4 * width * height }, (_, i) => [r, g, b, 255][i % 4]);
const pixel = (rgb, size, x, y) => [...rgb.subarray(3 * (y * size + x), 3 * (y * size + x) + 3)];

test("one colour stays one colour, up and down, along and across", () => {
  for (const [width, height] of [[7, 7], [3, 50], [64, 5], [1, 1], [32, 32]]) {
    for (const mode of ["crop", "stretch"]) {
      const rgb = new Resize(width, height, 16, mode).run(plain(width, height, [200, 3, 77]));
      for (let i = 0; i < 256; i++) assert.deepEqual(pixel(rgb, 16, i % 16, i >> 4), [200, 3, 77]);
    }
  }
});

test("a picture of the right size is passed on as it is", () => {
  const rgba = Uint8Array.from({ length: 4 * 64 }, (_, i) => (i * 37) % 256);
  assert.deepEqual(new Resize(8, 8, 8, "crop").run(rgba), rgba.filter((_, i) => i % 4 < 3));
});

test("pad shows the whole picture between grey", () => {
  const rgb = new Resize(20, 10, 8, "pad").run(plain(20, 10, [255, 0, 0]));
  const rows = Array.from({ length: 8 }, (_, y) => pixel(rgb, 8, 3, y).join());
  const grey = "128,128,128", red = "255,0,0";
  assert.deepEqual(rows, [grey, grey, red, red, red, red, grey, grey]);
});

test("crop keeps the middle", () => {
  const rgba = plain(6, 2, [0, 0, 0]);
  for (const y of [0, 1]) for (const x of [2, 3]) rgba.set([255, 255, 255], 4 * (6 * y + x));
  assert.deepEqual([...new Resize(6, 2, 2, "crop").run(rgba)], Array(12).fill(255));
  const upright = plain(2, 6, [0, 0, 0]);
  upright.fill(255, 4 * 4, 4 * 8);
  assert.deepEqual([...new Resize(2, 6, 2, "crop").run(upright)], Array(12).fill(255));
});
