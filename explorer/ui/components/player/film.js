// @ts-check
// A simulation that can be run backwards: brush strokes are kept as events, and some of its states as keys. Any earlier
// step is the key before it, brought forward through the same events: step by step, or far away in closed form.

import { Grid } from "./scheme.js";
import { Waves } from "./waves.js";

const LIMIT = 1e6; // a field that passes it is stopped
const MOST_STEPS = 1e9; // as many as the page goes to
const SEEN = 12; // values of the probe on the way of a leap
const KEY_BYTES = 96e6; // bounds of the history
const KEYS_AT_MOST = 64;
const EVENTS_AT_MOST = 5_000; // as many strokes as a page keeps

export class Film {
  constructor(field, [channels, height, width], params) {
    this.first = field;
    this.params = params;
    this.grid = new Grid(channels, height, width);
    this.keysAtMost = Math.max(8, Math.min(KEYS_AT_MOST, Math.floor(KEY_BYTES / this.grid.u.byteLength)));
    this.pool = [];
    this.keys = [];
    this.n = 0;
    this.edits = 0; // how often what was recorded was changed: with the step it names a state
    this.far = height + width; // steps that cost more than a leap
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
    this.changed();
    Object.assign(this, { n: 0, furthest: 0, next: 0, params, halted: false, bound: this.largest() });
    this.startLaw();
    this.keep();
    this.restartSeries();
  }

  changed() {
    this.edits++;
    this.waves = this.leaping = null;
    this.tooFar = Infinity; // a step at which the field has passed the limit
  }

  // [step, row, column, radius, value] each, as Python writes them.
  strokes() {
    return this.events.map(({ step, dab }) => [step, ...dab]);
  }

  // The same strokes by another scheme, from the first step on.
  replay(params, events) {
    this.reset(params);
    this.events = [...events];
    this.restore(this.keys[0]);
  }

  largest() {
    return Math.max(Math.abs(this.grid.low), Math.abs(this.grid.high));
  }

  // The law of the mean, (1-τ)^n times the first one, counts from the step at which it last began to hold: a brush
  // stroke starts it anew, once for all strokes of a step.
  startLaw() {
    this.law = { since: this.n, mean: this.grid.mean, factor: 1 };
    this.lawBroken = false;
  }
  settle() {
    if (!this.lawBroken) return;
    this.grid.measure();
    this.startLaw();
  }

  // Nothing goes on from here: the field has grown past the limit, or the last step is reached.
  get ended() {
    return this.halted || this.n >= MOST_STEPS;
  }
  // One step; false where none may follow.
  advance() {
    if (this.ended) return false;
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
    this.arrive(this.n + 1);
    return !this.halted;
  }
  // The grid holds the field of step n.
  arrive(n) {
    const { tau, implicit } = this.params;
    this.law.factor *= (implicit ? 1 / (1 + tau) : 1 - tau) ** (n - this.n);
    this.n = n;
    this.paint();
    this.furthest = Math.max(this.furthest, n);
    this.record();
  }
  paint() {
    while (this.next < this.events.length && this.events[this.next].step <= this.n) this.apply(this.events[this.next++]);
  }
  apply({ dab }) {
    this.grid.disc(...dab);
    this.bound = Math.max(this.bound, Math.abs(dab[3]));
    this.lawBroken = true;
  }

  // A stroke is painted now: what was recorded after this step did not happen.
  add(event) {
    if (this.next >= EVENTS_AT_MOST) return false;
    this.events.length = this.next;
    while (this.keys.length && (this.keys.at(-1).step > this.n || this.keys.at(-1).next > this.events.length)) {
      this.pool.push(this.keys.pop().u);
    }
    this.furthest = this.n;
    this.changed();
    this.trimSeries();
    this.events.push({ step: this.n, ...event });
    this.next = this.events.length;
    this.apply(event);
    this.record();
    return true;
  }

  // Move towards `target` until `deadline`; true when there, or where nothing goes on.
  approach(target, deadline) {
    const key = this.keys.findLast((one) => one.step <= target) ?? this.keys[0];
    if (target < this.n || key.step > this.n) this.restore(key);
    while (this.n < target) {
      const end = Math.min(target, MOST_STEPS, this.events[this.next]?.step ?? Infinity);
      const to = this.tooFar <= end ? Math.floor((this.n + this.tooFar) / 2) : end;
      if (to - this.n > this.far) this.leap(to, deadline);
      else if (!this.advance()) return true;
      if (performance.now() > deadline) return this.n >= target;
    }
    return true;
  }

  // Towards step `to` in closed form; where the field would pass the limit, that is known from then on.
  leap(to, deadline) {
    this.settle();
    const { grid } = this;
    if (!this.waves || this.waves.next !== this.next || this.waves.from > this.n) {
      const waves = new Waves(grid.read(), [grid.channels, grid.height, grid.width], this.params);
      this.waves = { from: this.n, next: this.next, waves };
      this.leaping = null;
    }
    const { from, waves } = this.waves;
    if (this.leaping?.to !== to) this.leaping = { to, way: waves.after(to - from) };
    let came;
    do {
      came = this.leaping.way.next();
      if (!came.done && performance.now() > deadline) return;
    } while (!came.done);
    this.leaping = null;
    const most = came.value.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
    if (!(most <= (this.params.stable ? Infinity : LIMIT))) return void (this.tooFar = to);
    this.recordWay(this.n, to);
    grid.write(came.value);
    this.bound = most;
    this.arrive(to);
  }

  keep() {
    const last = this.keys.at(-1);
    if (last && last.step >= this.n) return;
    this.settle();
    if (this.keys.length >= this.keysAtMost) this.dropKey();
    const u = this.pool.pop() ?? new Float32Array(this.grid.u.length);
    u.set(this.grid.u);
    const { n, next, law, bound, halted } = this;
    this.keys.push({ u, step: n, next, law: { ...law }, bound, halted });
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
    Object.assign(this, { n: key.step, next: key.next, law: { ...key.law }, bound: key.bound, halted: key.halted,
      lawBroken: false });
    this.grid.measure();
    this.paint();
  }

  // The probe's time series: what the keys remember at once and what lies between two far ones, every further step as
  // it comes.
  setProbe(probe) {
    this.probe = probe;
    this.restartSeries();
  }
  restartSeries() {
    this.series = { steps: [], values: [] };
    if (!this.probe) return;
    const known = [...this.keys.filter(({ step }) => step < this.n), { step: this.n, u: this.grid.u }];
    known.forEach(({ step, u }, i) => {
      if (i && step - known[i - 1].step > this.far) this.recordWay(known[i - 1].step, step);
      this.record(step, u);
    });
  }
  record(step = this.n, u = this.grid.u) {
    if (!this.probe) return;
    this.see(step, Array.from({ length: this.grid.channels }, (_, c) => u[this.grid.at(c, ...this.probe)]));
  }
  // Closer together where the way begins, since most happens there.
  recordWay(begin, end) {
    if (!this.probe || !this.waves?.waves.held || this.waves.from > begin) return;
    for (let i = 1; i < SEEN; i++) {
      const step = begin + Math.round((end - begin) * (i / SEEN) ** 2);
      this.see(step, this.waves.waves.at(step - this.waves.from, ...this.probe));
    }
  }
  see(step, seen) {
    const { steps, values } = this.series;
    if (steps.length && steps.at(-1) >= step) return;
    steps.push(step);
    values.push(...seen);
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
