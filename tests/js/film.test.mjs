// The player's film: every earlier step comes back as it was, through brush strokes and changed parameters.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Film } from "../../explorer/ui/components/player/film.js";
import { chance, floats } from "./draw.mjs";

const SHAPE = [1, 9, 8], FOREVER = Infinity;
const law = (tau, r, boundary = "insulated") => ({ centre: 1 - tau - 4 * r, r_x: r, r_y: r, tau, boundary, stable: true });
const made = (params = law(0.01, 0.1)) => new Film(floats(72, chance(3)), SHAPE, params);
const state = (film) => Array.from(film.grid.read());

test("any step comes back as it was, in whatever order it is asked for", () => {
  const film = made(), seen = new Map([[0, state(film)]]);
  const happenings = { 7: { dab: [4, 4, 2, 1] }, 20: { params: law(0.05, 0.2, "periodic") }, 33: { dab: [1, 6, 1, -1] } };
  for (let n = 1; n <= 60; n++) {
    film.advance();
    if (happenings[n]) assert.ok(film.add(happenings[n]));
    film.keep();
    seen.set(n, state(film));
  }
  const draw = chance(9);
  for (let i = 0; i < 200; i++) {
    const n = Math.floor(61 * draw());
    assert.ok(film.approach(n, FOREVER));
    assert.equal(film.n, n);
    assert.deepEqual(state(film), seen.get(n), `step ${n}`);
  }
});

test("keys are bounded, the first one stays, and nothing is lost by it", () => {
  const film = made(), alone = made();
  film.keysAtMost = 8;
  for (let n = 0; n < 500; n++) { film.advance(); film.keep(); }
  assert.ok(film.keys.length <= 8 && film.keys[0].step === 0);
  film.approach(123, FOREVER);
  alone.approach(123, FOREVER);
  assert.deepEqual(state(film), state(alone));
});

test("what was recorded after a change of the past did not happen", () => {
  const film = made();
  film.approach(50, FOREVER);
  film.setProbe([2, 2]);
  film.approach(20, FOREVER);
  film.add({ dab: [4, 4, 3, 1] });
  assert.equal(film.furthest, 20);
  assert.ok(film.series.steps.every((step) => step <= 20));
  film.approach(10, FOREVER);
  film.approach(20, FOREVER);
  assert.equal(film.grid.read()[4 * 8 + 4], 1); // the stroke is there again
});

test("a field that grows past the limit is stopped, and goes on by another law", () => {
  const film = made({ ...law(0.01, 0.6), stable: false });
  film.approach(10_000, FOREVER);
  const stopped = film.n;
  assert.ok(film.halted && stopped < 10_000 && state(film).every(Number.isFinite));
  assert.equal(film.advance(), false);
  film.add({ params: law(0.01, 0.1) });
  assert.ok(film.advance() && film.n === stopped + 1);
});

test("the law of the mean begins anew at a stroke", () => {
  const film = made();
  film.approach(5, FOREVER);
  film.add({ dab: [4, 4, 2, 1] });
  film.approach(9, FOREVER);
  film.grid.measure();
  assert.equal(film.law.since, 5);
  assert.ok(Math.abs(film.law.mean * film.law.factor - film.grid.mean) < 1e-6);
});
