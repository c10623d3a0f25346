// @ts-check
// A simulation that can be run backwards: what was done to it is kept as events (a brush stroke, a changed parameter),
// and some of its states as keys. Any earlier step is the key before it, stepped forward through the same events.

import { Grid } from "./scheme.js";

const LIMIT = 1e6; // a field that passes it is stopped
const KEY_BYTES = 96e6; // bounds of the history
const KEYS_AT_MOST = 64;
const EVENTS_AT_MOST = 5_000; // as many strokes as a page keeps

export class Film {
  constructor(field, [channels, height, width], params) {
    this.first = field;
    this.grid = new Grid(channels, height, width);
    this.keysAtMost = Math.max(8, Math.min(KEYS_AT_MOST, Math.floor(KEY_BYTES / this.grid.u.byteLength)));
    this.pool = [];
    this.keys = [];
    this.n = 0;
    this.edits = 0; // how often what was recorded was changed: with the step it names a state
    this.probe = null;
    this.series = { steps: [], values: [] };
    this.reset(params);
  }

  reset(params) {
    this.pool.push(...this.keys.map((key) => key.u));
    this.keys = [];
    this.events = [];
    this.grid.write(this.first);
    this.grid.measure();
    this.edits++;
    Object.assign(this, { n: 0, furthest: 0, next: 0, params, halted: false, bound: this.largest() });
    this.startLaw();
    this.keep();
    this.restartSeries();
  }

  // [step, row, column, radius, value] each, as Python writes them.
  strokes() {
    return this.events.filter(({ dab }) => dab).map(({ step, dab }) => [step, ...dab]);
  }

  // The same strokes by another scheme, from the first step on.
  replay(params, events) {
    const strokes = events.filter(({ dab }) => dab);
    this.reset(params);
    this.events = strokes;
    this.restore(this.keys[0]);
  }

  largest() {
    return Math.max(Math.abs(this.grid.low), Math.abs(this.grid.high));
  }

  // The law of the mean, (1-τ)^n times the first one, counts from the step at which it last began to hold: a brush
  // stroke or another τ starts it anew, once for all strokes of a step.
  startLaw() {
    this.law = { since: this.n, mean: this.grid.mean, factor: 1 };
    this.lawBroken = false;
  }
  settle() {
    if (!this.lawBroken) return;
    this.grid.measure();
    this.startLaw();
  }

  // One step; false where the field has grown past the limit and may not go on.
  advance() {
    if (this.halted) return false;
    this.settle();
    const { grid, params } = this;
    grid.step(params);
    const bound = this.bound * (Math.abs(params.centre) + 2 * params.r_x + 2 * params.r_y);
    if (bound <= LIMIT) this.bound = bound; // no value can be larger: nothing to look at
    else if (grid.measure()) {
      this.bound = this.largest();
      this.halted = this.bound > LIMIT && !params.stable;
    } else { // overflowed: the state before is the last that can be shown
      grid.swap();
      this.halted = true;
      return false;
    }
    this.n += 1;
    this.law.factor *= params.implicit ? 1 / (1 + params.tau) : 1 - params.tau;
    while (this.next < this.events.length && this.events[this.next].step <= this.n) this.apply(this.events[this.next++]);
    this.furthest = Math.max(this.furthest, this.n);
    this.record();
    return !this.halted;
  }

  apply({ params, dab }) {
    if (params) {
      this.lawBroken ||= params.tau !== this.params.tau || params.boundary !== this.params.boundary;
      this.params = params;
      this.halted = false;
    } else {
      this.grid.disc(...dab);
      this.bound = Math.max(this.bound, Math.abs(dab[3]));
      this.lawBroken = true;
    }
  }

  // Something happens now: what was recorded after this step did not.
  add(event) {
    if (event.dab && this.next >= EVENTS_AT_MOST) return false;
    this.events.length = this.next;
    const last = this.events.at(-1);
    if (event.params && last?.params && last.step === this.n) this.events.pop();
    while (this.keys.length && (this.keys.at(-1).step > this.n || this.keys.at(-1).next > this.events.length)) {
      this.pool.push(this.keys.pop().u);
    }
    this.furthest = this.n;
    this.edits++;
    this.trimSeries();
    this.events.push({ step: this.n, ...event });
    this.next = this.events.length;
    this.apply(event);
    this.record();
    return true;
  }

  // Move towards `target` until `deadline`; true when there, or when the field may not go on.
  approach(target, deadline) {
    const key = this.keys.findLast((one) => one.step <= target) ?? this.keys[0];
    if (target < this.n || key.step > this.n) this.restore(key);
    while (this.n < target) {
      if (!this.advance()) return true;
      if (performance.now() > deadline) return this.n >= target;
    }
    return true;
  }

  keep() {
    const last = this.keys.at(-1);
    if (last && last.step >= this.n) return;
    this.settle();
    if (this.keys.length >= this.keysAtMost) this.dropKey();
    const u = this.pool.pop() ?? new Float32Array(this.grid.u.length);
    u.set(this.grid.u);
    const { n, next, params, law, bound, halted } = this;
    this.keys.push({ u, step: n, next, params, law: { ...law }, bound, halted });
  }

  // The key that is missed least: gaps may grow with the root of the distance from now. The first one stays.
  dropKey() {
    let least = 1, score = Infinity;
    for (let i = 1; i < this.keys.length - 1; i++) {
      const gap = this.keys[i + 1].step - this.keys[i - 1].step;
      const here = gap / Math.sqrt(this.n - this.keys[i].step + 16);
      if (here < score) [least, score] = [i, here];
    }
    this.pool.push(...this.keys.splice(least, 1).map((key) => key.u));
  }

  restore(key) {
    this.grid.u.set(key.u);
    Object.assign(this, { n: key.step, next: key.next, params: key.params, law: { ...key.law }, bound: key.bound,
      halted: key.halted, lawBroken: false });
    this.grid.measure();
    while (this.next < this.events.length && this.events[this.next].step <= this.n) this.apply(this.events[this.next++]);
  }

  // The probe's time series: what the keys remember at once, every further step as it comes.
  setProbe(probe) {
    this.probe = probe;
    this.restartSeries();
  }
  restartSeries() {
    this.series = { steps: [], values: [] };
    if (!this.probe) return;
    for (const key of this.keys) if (key.step < this.n) this.record(key.step, key.u);
    this.record();
  }
  record(step = this.n, u = this.grid.u) {
    if (!this.probe) return;
    const { steps, values } = this.series;
    if (steps.length && steps.at(-1) >= step) return;
    steps.push(step);
    for (let c = 0; c < this.grid.channels; c++) values.push(u[this.grid.at(c, ...this.probe)]);
    if (steps.length > 8192) this.thinSeries();
  }
  trimSeries() {
    const { steps, values } = this.series;
    while (steps.length && steps.at(-1) >= this.n) steps.pop();
    values.length = steps.length * this.grid.channels;
  }
  thinSeries() {
    const { steps, values } = this.series, size = this.grid.channels;
    const kept = steps.map((_, i) => i).filter((i) => i % 2 === 0);
    this.series = {
      steps: kept.map((i) => steps[i]),
      values: kept.flatMap((i) => values.slice(i * size, (i + 1) * size)),
    };
  }
}
