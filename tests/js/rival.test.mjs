// The rival of a film: at every step it is what its own scheme makes of the same image under the same strokes.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Film } from "../../explorer/ui/components/player/film.js";
import { Rival } from "../../explorer/ui/components/player/rival.js";
import { chance, floats } from "./draw.mjs";

globalThis.ImageData = class { constructor(width, height) { this.data = new Uint8ClampedArray(4 * width * height); } };

const SHAPE = [1, 9, 8], FIRST = floats(72, chance(3)), FOREVER = Infinity;
const law = (tau, r, boundary = "insulated", stable = true) =>
  ({ centre: 1 - tau - 4 * r, r_x: r, r_y: r, tau, boundary, stable });
const state = (film) => Array.from(film.grid.read());
const facts = (params, name = "one") => ({ name, words: "", titles: ["left", "right"], params });

function pair(params, other) {
  const film = new Film(FIRST, SHAPE, params), rival = new Rival({ rival: { getContext: () => ({}) } });
  assert.equal(rival.set(facts(other)), true);
  rival.begin(film);
  const go = (n) => {
    film.approach(n, FOREVER);
    rival.follow(film.n);
    film.keep();
    rival.keep();
  };
  const act = (event) => {
    film.add(event);
    rival.record(event, film);
  };
  return { film, rival, go, act };
}

// What a film of this scheme alone comes to, by steps and acts in turn.
function alone(params, way) {
  const film = new Film(FIRST, SHAPE, params);
  for (const one of way) typeof one === "number" ? film.approach(one, FOREVER) : film.add(one);
  return state(film);
}

test("strokes go to both, and both go back and forth together", () => {
  const other = law(0.01, 0.1, "zero"), stroke = { dab: [4, 4, 2, 1] };
  const { film, rival, go, act } = pair(law(0.01, 0.1), other);
  go(7);
  act(stroke);
  go(20);
  act({ dab: [7, 1, 1, 0.5] });
  go(31);
  act({ dab: [0, 7, 1, -2] });
  go(40);
  const way = [7, stroke, 20, { dab: [7, 1, 1, 0.5] }, 31, { dab: [0, 7, 1, -2] }, 40];
  const there = alone(other, way);
  assert.deepEqual(state(rival.film), there);
  assert.notDeepEqual(state(film), there);
  for (const n of [12, 33, 0, 21, 40]) {
    go(n);
    assert.equal(rival.film.n, n);
  }
  assert.deepEqual(state(rival.film), there);
});

test("a comparison that begins later has been there from the image on, with the strokes", () => {
  const params = law(0.01, 0.1), other = law(0.01, 0.2), film = new Film(FIRST, SHAPE, params);
  film.add({ dab: [1, 1, 1, 2] });
  film.approach(9, FOREVER);
  film.add({ dab: [4, 4, 2, 1] });
  film.approach(15, FOREVER);
  const rival = new Rival({ rival: { getContext: () => ({}) } });
  rival.set(facts(other));
  rival.begin(film);
  rival.follow(film.n);
  assert.deepEqual(state(rival.film), alone(other, [{ dab: [1, 1, 1, 2] }, 9, { dab: [4, 4, 2, 1] }, 15]));
  film.replay(other, film.events); // and the first one by another scheme is the same
  film.approach(15, FOREVER);
  assert.deepEqual(state(film), state(rival.film));
});

test("a rival that explodes stands where it stopped, and a stroke in the past lets it stop again there or elsewhere", () => {
  const { film, rival, go, act } = pair(law(0.01, 0.1), law(0.01, 0.6, "insulated", false));
  go(400);
  const stopped = rival.film.n;
  assert.ok(rival.film.halted && stopped < 400 && film.n === 400);
  act({ dab: [2, 2, 1, 1] }); // where the rival never came
  assert.equal(rival.film.n, stopped);
  go(stopped - 5);
  assert.equal(rival.film.n, film.n);
  act({ dab: [2, 2, 4, 0] });
  go(420);
  const way = [stopped - 5, { dab: [2, 2, 4, 0] }, 420];
  assert.deepEqual(state(rival.film), alone(law(0.01, 0.6, "insulated", false), way));
});

test("another comparison begins, the same one does not, and none leaves", () => {
  const { rival } = pair(law(0.01, 0.1), law(0.01, 0.2));
  assert.equal(rival.set(facts(law(0.02, 0.2))), false);
  assert.equal(rival.set(facts(law(0.02, 0.2), "two")), true);
  assert.equal(rival.set(null), false);
  assert.equal(rival.film, null);
  assert.equal(rival.follow(12), true);
});
