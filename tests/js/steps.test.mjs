// What the browser's Back undoes: what a person did, with all that followed, and a row of ticks of one control as one.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Steps } from "../../explorer/ui/components/manners/steps.js";

test("what nobody pressed is no step, and what follows from a press is none either", () => {
  const steps = new Steps();
  assert.equal(steps.step(false), false); // the page as it opens
  steps.pressed(null);
  assert.deepEqual([steps.step(false), steps.step(false), steps.step(false)], [true, false, false]);
  steps.pressed(null);
  assert.equal(steps.step(false), true);
});

test("ticks of one control are one step, and another control between them makes two", () => {
  const steps = new Steps(), tick = (name) => (steps.pressed(name), steps.step(false));
  assert.deepEqual(["alpha", "alpha", "alpha", "tau", "alpha"].map(tick), [true, false, false, true, true]);
  assert.equal(tick(null), true);
  assert.equal(tick("alpha"), true);
});

test("another page is a step of its own", () => {
  const steps = new Steps();
  steps.pressed("alpha");
  assert.equal(steps.step(false), true);
  assert.equal(steps.step(true), true);
  steps.pressed("alpha");
  assert.equal(steps.step(false), true); // of the page that one has come to
});

test("what follows from going back is none", () => {
  const steps = new Steps();
  steps.pressed("alpha"); // the keys of a browser's Back are pressed as well
  steps.turned();
  assert.equal(steps.step(false), false);
  steps.pressed("alpha");
  assert.equal(steps.step(false), true);
});
