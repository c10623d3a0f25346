// The window of a convolution against the whole convolution, written as a sum over what each input pixel gives.

import assert from "node:assert/strict";
import { test } from "node:test";

import { brief, windowAt } from "../../explorer/ui/components/canvas/window.js";
import { chance, floats } from "./draw.mjs";

const CASES = [[1, 1, 0, 1], [3, 1, 1, 1], [3, 2, 1, 1], [3, 1, 2, 2], [5, 3, 0, 1], [2, 2, 3, 3]];

for (const [size, stride, padding, dilation] of CASES) {
  test(`kernel ${size}, stride ${stride}, padding ${padding}, dilation ${dilation}`, () => {
    const [channels, height, width] = [2, 11, 9], draw = chance(size), bias = 0.5;
    const input = { shape: [channels, height, width], values: floats(channels * height * width, draw) };
    const kernel = { shape: [channels, size, size], values: floats(channels * size * size, draw) };
    const rows = Math.floor((height + 2 * padding - dilation * (size - 1) - 1) / stride) + 1;
    const columns = Math.floor((width + 2 * padding - dilation * (size - 1) - 1) / stride) + 1;
    const map = new Float64Array(rows * columns).fill(bias);
    for (let c = 0; c < channels; c++) {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          for (let u = 0; u < size; u++) {
            for (let v = 0; v < size; v++) {
              const down = y + padding - u * dilation, across = x + padding - v * dilation;
              if (down % stride || across % stride) continue;
              const row = down / stride, column = across / stride;
              if (row < 0 || column < 0 || row >= rows || column >= columns) continue;
              map[row * columns + column] += input.values[(c * height + y) * width + x] *
                kernel.values[(c * size + u) * size + v];
            }
          }
        }
      }
    }
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const told = windowAt({ input, kernel, facts: { stride, padding, dilation, bias } }, row, column);
        assert.ok(Math.abs(told.value - map[row * columns + column]) < 1e-9);
        assert.equal(told.seen.length, channels * size * size);
        const sum = told.products.reduce((a, b) => a + b, 0);
        assert.ok(Math.abs(sum + bias - told.value) < 1e-9);
      }
    }
  });
}

test("whole numbers are written as they are", () => {
  assert.deepEqual([-3, 0, 999].map((value) => brief(value)), ["−3", "0", "999"]);
});
