// The scheme of the player against the law written out, with an index of its own for every neighbour.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Grid } from "../../explorer/ui/components/player/scheme.js";
import { chance, floats } from "./draw.mjs";

const BEYOND = {
  insulated: (place, size) => Math.max(0, Math.min(place, size - 1)),
  periodic: (place, size) => (place + size) % size,
  zero: (place, size) => (place < 0 || place >= size ? null : place),
};

function once(u, [channels, height, width], { centre, r_x, r_y, boundary }) {
  const within = BEYOND[boundary];
  const value = (c, y, x) => {
    const row = within(y, height), column = within(x, width);
    return row === null || column === null ? 0 : u[(c * height + row) * width + column];
  };
  const next = [];
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        next.push(centre * value(c, y, x) + r_x * (value(c, y, x - 1) + value(c, y, x + 1)) +
          r_y * (value(c, y - 1, x) + value(c, y + 1, x)));
      }
    }
  }
  return next;
}

const law = (tau, r_x, r_y, boundary) => ({ centre: 1 - tau - 2 * r_x - 2 * r_y, r_x, r_y, boundary, tau });

for (const boundary of Object.keys(BEYOND)) {
  for (const shape of [[1, 5, 7], [3, 4, 4], [2, 1, 6], [1, 1, 1]]) {
    test(`a step with ${boundary} edges on ${shape.join(" x ")} is the law`, () => {
      const grid = new Grid(...shape), field = floats(shape[0] * shape[1] * shape[2], chance(shape[2]));
      const params = law(0.1, 0.2, 0.05, boundary);
      grid.write(field);
      let wanted = Array.from(field);
      for (let n = 0; n < 4; n++) {
        grid.step(params);
        wanted = once(wanted, shape, params);
      }
      grid.read().forEach((value, i) => assert.ok(Math.abs(value - wanted[i]) < 2e-6, `${value} for ${wanted[i]}`));
    });
  }
}

for (const boundary of Object.keys(BEYOND)) {
  for (const [tau, r_x, r_y] of [[0.1, 0.2, 0.05], [0.01, 2.5, 2.5], [0.5, 40, 0], [2, 0, 0]]) {
    test(`an implicit step with ${boundary} edges at r = ${r_x}, ${r_y} solves its equation`, () => {
      const shape = [2, 7, 6], grid = new Grid(...shape), field = floats(84, chance(5));
      const params = law(tau, r_x, r_y, boundary);
      grid.write(field);
      grid.step({ ...params, implicit: true });
      // u = a·u' - the neighbours' share: the explicit law with the signs of r turned round
      const back = once(Array.from(grid.read()), shape, { centre: 2 - params.centre, r_x: -r_x, r_y: -r_y, boundary });
      const size = 1 + 4 * (r_x + r_y);
      back.forEach((value, i) => assert.ok(Math.abs(value - field[i]) < 5e-7 * size, `${value} for ${field[i]}`));
    });
  }
}

test("an implicit step divides a checkerboard on a ring by 1 + tau + 4 (r_x + r_y)", () => {
  const grid = new Grid(1, 6, 6), board = Float32Array.from({ length: 36 }, (_, i) => ((i + Math.floor(i / 6)) % 2 ? -1 : 1));
  grid.write(board);
  grid.step({ ...law(0.02, 3, 1.5, "periodic"), implicit: true });
  grid.read().forEach((value, i) => assert.ok(Math.abs(value - board[i] / (1 + 0.02 + 4 * 4.5)) < 1e-7));
});

test("a checkerboard on a ring is multiplied by 1 - tau - 4 (r_x + r_y)", () => {
  const grid = new Grid(1, 6, 6), params = law(0.02, 0.1, 0.15, "periodic");
  grid.write(Float32Array.from({ length: 36 }, (_, i) => ((i + Math.floor(i / 6)) % 2 ? -1 : 1)));
  grid.step(params);
  grid.read().forEach((value) => assert.ok(Math.abs(Math.abs(value) - Math.abs(1 - 0.02 - 4 * 0.25)) < 1e-6));
});

test("measured are the lowest, the highest and the mean, and an overflow is said", () => {
  const grid = new Grid(2, 3, 2), field = Float32Array.from([1, 2, 3, 4, 5, 6, -7, 8, 9, 10, 11, 12]);
  grid.write(field);
  assert.equal(grid.measure(), true);
  assert.deepEqual([grid.low, grid.high, grid.mean], [-7, 12, 64 / 12]);
  grid.write(field.fill(Infinity));
  assert.equal(grid.measure(), false);
});

test("a disc is what lies within its radius, cut at the edges", () => {
  const grid = new Grid(1, 5, 6);
  grid.disc(0, 5, 1.5, 2);
  const painted = [...grid.read().entries()].filter(([, value]) => value === 2).map(([i]) => [Math.floor(i / 6), i % 6]);
  assert.deepEqual(painted, [[0, 4], [0, 5], [1, 4], [1, 5]]);
});
