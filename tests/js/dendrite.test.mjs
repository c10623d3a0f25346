// What is left along a dendrite: exact on the exponential that the equation has, on both sides, and at its ends.

import assert from "node:assert/strict";
import { test } from "node:test";

import { at, left } from "../../explorer/ui/components/dendrite/left.js";

const cells = 2000, length = 10;
const profile = (place, lambda) =>
  Float64Array.from({ length: cells }, (_, n) => Math.exp(-Math.abs(((n + 0.5) * length) / cells - place) / lambda));

test("one and two space constants away a steady potential has fallen by e and by its square", () => {
  for (const lambda of [0.5, 1, 2]) {
    for (const place of [2.5025, 5.0025, 9.0025]) { // the middles of cells: between them the tip is cut off
      for (const far of [1, 2]) {
        const share = left(profile(place, lambda), length, place, far * lambda);
        assert.ok(Math.abs(share - Math.exp(-far)) < 1e-4, `${lambda} ${place} ${far}: ${share}`);
      }
    }
  }
});

test("where no side has room, or nothing is there yet, nothing is said", () => {
  assert.equal(left(profile(5, 1), length, 5, 6), null);
  assert.equal(left(new Float64Array(cells), length, 5, 1), null);
  assert.notEqual(left(profile(9, 1), length, 9, 2), null);
});

test("between cells the value lies between theirs, and beyond the outermost middles it stays", () => {
  assert.equal(at([1, 3], 2, 1), 2);
  assert.equal(at([1, 3], 2, 0), 1);
  assert.equal(at([1, 3], 2, 2), 3);
});
