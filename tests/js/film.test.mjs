// The player's film: every earlier step comes back as it was, through brush strokes, and a far one at once.

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
  const happenings = { 7: { dab: [4, 4, 2, 1] }, 20: { dab: [7, 2, 1, 0.5] }, 33: { dab: [1, 6, 1, -1] } };
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

test("a field that grows past the limit is stopped, and by another law it is not", () => {
  const film = made({ ...law(0.01, 0.6), stable: false });
  film.approach(10_000, FOREVER);
  const stopped = film.n;
  assert.ok(film.halted && stopped < 10_000 && state(film).every(Number.isFinite));
  assert.equal(film.advance(), false);
  film.replay(law(0.01, 0.1), film.events);
  film.approach(stopped, FOREVER);
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

const apart = (one, other) => Math.max(...one.map((value, i) => Math.abs(value - other[i])));
const LAWS = ["insulated", "periodic", "zero"].flatMap((edges) => [
  law(0.01, 0.1, edges), { ...law(0.003, 0.11, edges), r_y: 0.02, centre: 1 - 0.003 - 0.22 - 0.04 },
  { ...law(0.02, 0.3, edges), implicit: true }, law(0.02, 0.24, edges)]);

test("a leap comes where the steps come, whatever the edges, the directions and the way of stepping", () => {
  for (const [i, params] of LAWS.entries()) {
    for (const shape of [[1, 9, 8], [3, 6, 11], [1, 1, 1]]) {
      const field = floats(shape.reduce((a, b) => a * b), chance(i)), [walks, leaps] = [0, 0].map(() => new Film(field, shape, params));
      walks.far = Infinity;
      for (const film of [walks, leaps]) film.setProbe([0, 0]);
      for (const n of [3, 61, 200]) {
        for (const film of [walks, leaps]) film.approach(n, FOREVER);
        assert.ok(apart(state(walks), state(leaps)) < 2e-6, `${JSON.stringify(params)} ${shape} ${n}`);
        assert.ok(Math.abs(walks.law.factor - leaps.law.factor) < 1e-12);
      }
      const { steps, values } = leaps.series, seen = walks.series.values, { channels } = leaps.grid;
      assert.ok(shape[1] === 1 || steps.length < 150);
      steps.forEach((step, at) => {
        for (let c = 0; c < channels; c++) assert.ok(Math.abs(values[at * channels + c] - seen[step * channels + c]) < 2e-6);
      });
    }
  }
});

test("a leap may end in the middle of a frame, goes on in the next, and is begun anew by a stroke", () => {
  const film = made(), at = made();
  let frames = 1;
  while (!film.approach(100_000, -Infinity)) frames++;
  at.approach(100_000, FOREVER);
  assert.ok(frames > 10 && film.n === 100_000);
  assert.deepEqual(state(film), state(at));
  assert.ok(!film.approach(300_000, -Infinity));
  film.add({ dab: [4, 4, 2, 1] });
  film.approach(300_000, FOREVER);
  at.add({ dab: [4, 4, 2, 1] });
  at.approach(300_000, FOREVER);
  assert.deepEqual(state(film), state(at));
});

test("strokes far away are painted on the way, and a step before them is as it was", () => {
  const [walks, leaps] = [made(law(0.0001, 0.1)), made(law(0.0001, 0.1))];
  walks.far = Infinity;
  for (const film of [walks, leaps]) {
    for (const [n, dab] of [[1500, [4, 4, 2, 1]], [4000, [1, 6, 1, -1]], [4003, [0, 0, 1, 1]]]) {
      film.approach(n, FOREVER);
      film.add({ dab });
    }
    film.setProbe([4, 4]);
  }
  for (const n of [9000, 1499, 1500, 3999, 4002, 4003, 1, 6500]) {
    for (const film of [walks, leaps]) {
      film.approach(n, FOREVER);
      film.keep();
    }
    assert.ok(apart(state(walks), state(leaps)) < 2e-5, `step ${n}`);
  }
});

test("what explodes stops where its steps stop, however far away", () => {
  for (const r of [0.26, 0.27, 0.6]) {
    const params = { ...law(0.0001, r), stable: false }, [walks, leaps] = [made(params), made(params)];
    walks.far = Infinity;
    for (const film of [walks, leaps]) film.approach(10 ** 9, FOREVER);
    assert.ok(walks.halted && leaps.halted && leaps.n > 1);
    assert.ok(Math.abs(leaps.n - walks.n) <= 1 + 1e-4 * walks.n, `${walks.n} ${leaps.n}`);
    assert.equal(leaps.advance(), false);
    const stopped = leaps.n;
    leaps.approach(0, FOREVER);
    leaps.approach(stopped + 5, FOREVER);
    assert.ok(leaps.halted && Math.abs(leaps.n - stopped) <= 1 + 1e-4 * stopped);
  }
});
