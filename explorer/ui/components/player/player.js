// @ts-check
// The live player: what it does. The simulation is in scheme.js, its history in film.js, pixels and curves in view.js,
// the elements in panel.js, mouse and keys in gestures.js.

import { component, element, icon, paint, number, reporter } from "../parts.js";
import { ICONS } from "../canvas/controls.js";
import { Calm, turnsOver } from "./calm.js";
import { Film } from "./film.js";
import { listen } from "./gestures.js";
import { buildPanel, caption, lawOfTheMean, outside } from "./panel.js";
import { Grid } from "./scheme.js";
import { Picture, snapshot, drawSeries } from "./view.js";
import { Views } from "./views.js";
import { AnswersView } from "../live/answers.js";
import { drawBar, tableOf } from "../live/colours.js";
import { MapsView } from "../live/maps.js";

const HORIZON = 200; // steps on the time line at first; it grows with the simulation
const PLAY_BUDGET = 13, SEEK_BUDGET = 24; // milliseconds of steps a frame, so that the page stays alive
const TEXT_EVERY = 100; // milliseconds between numbers while they change: nobody reads faster
const PAINTED_AT_MOST = 100;
const FADED = 0.1; // of the fixed scale: below it a picture is too dark to see anything

class Player {
  constructor(parent, send) {
    this.playing = false;
    this.target = null; // the step that scrubbing is on its way to
    this.credit = 0; // steps owed, where a frame is less than a step
    this.split = 0.5;
    this.horizon = HORIZON;
    this.handle = this.last = this.fps = this.said = 0;
    this.facts = {};
    this.panel = buildPanel(parent, this);
    this.answers = new AnswersView((step) => this.seek(step));
    this.maps = new MapsView((map) => send("map", map));
    this.views = new Views(this);
    this.probed = reporter((pixel) => send("probe", pixel), 300);
    this.clock = reporter((step) => send("step", step), 300);
    this.told = 0; // the step that the page knows of
    this.calm = new Calm();
    this.skips = false; // every second step while playing
    this.watcher = new ResizeObserver(() => {
      this.views.place();
      this.request(); // the chart has the width of the page
    });
    this.watcher.observe(this.panel.card);
    this.panel.now.player = this; // for tests and measurements
    listen(this.panel, this);
  }

  // ---- what Python sends: only another image starts afresh
  update({ facts, arrays }) {
    const old = this.facts, { panel } = this;
    this.facts = facts;
    this.table = tableOf(arrays.table.values);
    if (old.image !== facts.image) this.start(arrays.field);
    else if (!sameParams(old.params, facts.params)) this.change(facts.params);
    this.answers.set(facts.networks);
    this.maps.set(facts.maps, arrays);
    if (old.scale !== facts.scale) panel.scale.mark(facts.scale); // what someone chose stays while the verdict does
    panel.before.setAttribute("aria-label", `${facts.label} before the first step`);
    panel.stage.setAttribute("aria-label", `${facts.label}, live. Space plays and pauses, left and right arrows step, ` +
      "up and down by ten, R resets, shift with arrows moves the probe.");
    panel.scale.firstChild.lastChild.textContent = `Fixed ${end(facts.low)}–${end(facts.high)}`;
    panel.bar.hidden = this.film.grid.channels === 3;
    drawBar(panel.bar, this.table);
    this.follow(facts.step);
    if (this.probed.accepts(facts.probe)) this.setProbe(facts.probe, false);
    this.views.set();
    this.setSplit(this.split);
    this.setTool(panel.tool.value);
    this.drawBefore();
  }

  start({ values, shape }) {
    this.clock.cancel(); // what was to be told of the picture before is out of date
    const field = values instanceof Float32Array ? values : Float32Array.from(values, (level) => level / 255);
    this.film = new Film(field, shape, this.facts.params);
    this.first = new Grid(...shape);
    this.first.write(field);
    this.first.measure();
    this.pictures = { before: new Picture(this.panel.before, this.first), now: new Picture(this.panel.now, this.first) };
    this.reset();
    this.setProbe(null);
  }

  read() {
    return this.film.grid.read();
  }

  dispose() {
    cancelAnimationFrame(this.handle);
    this.watcher.disconnect();
    this.probed.cancel();
    this.clock.cancel();
    this.views.dispose();
    this.panel.root.remove();
  }

  // ---- what one can do
  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }
  play() {
    if (!this.mayGoOn()) return;
    Object.assign(this, { playing: true, target: null, credit: 0, last: 0 });
    this.panel.play.show(true);
    this.request();
  }
  pause() {
    this.playing = false;
    this.panel.play.show(false);
    this.request();
  }
  seek(step) {
    this.pause();
    this.say("");
    this.target = Math.max(0, step);
  }
  goOn(steps) {
    this.pause();
    if (this.mayGoOn()) this.seek(this.film.n + steps);
  }
  reset() {
    this.seek(0);
    this.target = null;
    this.horizon = HORIZON;
    this.film.reset(this.facts.params);
    this.views.cut(0);
  }
  // One clock for the page: it is told where the player comes to rest, and a step that it chooses is gone to.
  follow(step) {
    if (step === null || this.playing || !this.clock.accepts(step) || step === this.told) return;
    this.told = step;
    if (step !== this.film.n) this.seek(step);
  }
  tell() {
    const { n } = this.film;
    if (!this.facts.clock || this.playing || this.target !== null || n === this.told) return;
    this.told = n;
    this.clock.report(n);
  }
  change(params) {
    this.film.add({ params });
    this.views.cut(this.film.n + 1);
  }
  // Scrubbing replays what was recorded; from wherever it led, going on is done with the page's parameters.
  mayGoOn() {
    if (!sameParams(this.film.params, this.facts.params)) this.change(this.facts.params);
    this.say("");
    if (this.film.halted) this.explain();
    return !this.film.halted;
  }
  dab(y, x) {
    const { radius, value, heat } = this.panel, amount = Math.min(PAINTED_AT_MOST, Math.abs(Number(value.value)) || 0);
    this.target = null;
    const done = this.film.add({ dab: [y, x, Number(radius.value), heat.value === "cold" ? -amount : amount] });
    this.views.cut(this.film.n);
    this.say(done ? "" : "The history is full of brush strokes: reset to paint on.", true);
    this.request();
  }
  setSplit(share) {
    this.split = Math.max(0, Math.min(1, share));
    this.panel.divider.style.left = `${100 * this.split}%`;
    this.panel.divider.setAttribute("aria-valuenow", String(Math.round(100 * this.split)));
    this.request();
  }
  setTool(tool) {
    this.panel.card.dataset.tool = tool;
    this.panel.brush.hidden = tool !== "brush";
    this.panel.ring.hidden = true;
    this.hint();
  }
  setProbe(pixel, report = true) {
    const { film, panel } = this, { height, width } = film.grid;
    const held = pixel && [Math.max(0, Math.min(pixel[0], height - 1)), Math.max(0, Math.min(pixel[1], width - 1))];
    panel.cross.hidden = panel.chart.hidden = panel.reading.hidden = !held;
    if (JSON.stringify(held) === JSON.stringify(film.probe)) return;
    film.setProbe(held);
    if (held) {
      panel.cross.style.top = `${(100 * (held[0] + 0.5)) / height}%`;
      panel.cross.style.left = `${(100 * (held[1] + 0.5)) / width}%`;
      if (report) this.probed.report(held);
    }
    this.hint();
    this.request();
  }

  // ---- what it says
  hint() {
    const { grid, probe } = this.film, { low, high } = this.facts;
    const faded = this.panel.scale.value === "fixed" && grid.high - low < FADED * (high - low);
    this.panel.hint.textContent = this.skips ? "Every step turns the picture over; every second one is shown, so that " +
      "nothing flashes. At 1/12 or by hand you see each." : faded ? "Faded: Auto stretches the colours over what is left."
      : this.panel.tool.value === "brush" ? "Paint on the picture, also while it plays."
        : probe ? "" : "Click the picture to place a probe.";
  }
  explain() {
    this.say(`Stopped at step ${this.film.n}: a value passed 10⁶, the scheme is divergent. Lower α or τ, or raise ` +
      "h, then reset.", true);
  }
  say(text, bad = false) {
    this.panel.message.classList.toggle("bad", bad);
    this.panel.message.replaceChildren(...(text ? [...(bad ? [icon(ICONS.warning)] : []), text] : []));
  }

  // ---- frames
  request() {
    if (!this.handle && this.film) this.handle = requestAnimationFrame((time) => this.frame(time));
  }
  frame(time) {
    this.handle = 0;
    if (!this.panel.root.isConnected) return void (this.playing = false);
    if (this.target !== null) this.moveToTarget();
    else if (this.playing) this.moveOn(time);
    this.film.keep();
    const drawn = this.calm.shows(this.film.n, turnsOver(this.film.params), time);
    this.skips = this.playing && (this.skips || !drawn);
    if (drawn) this.draw(time);
    this.tell();
    if (this.playing || this.target !== null || !drawn) this.request();
  }
  moveToTarget() {
    if (!this.film.approach(this.target, performance.now() + SEEK_BUDGET)) return;
    this.target = null;
    if (this.film.halted) this.explain();
  }
  moveOn(time) {
    const deadline = performance.now() + PLAY_BUDGET;
    this.credit += Number(this.panel.speed.value);
    const wanted = Math.floor(this.credit);
    this.credit -= wanted;
    let done = 0;
    while (done < wanted && this.film.advance() && ++done && performance.now() < deadline);
    this.limited = done < wanted;
    if (this.last) {
      const fps = 1000 / (time - this.last);
      this.fps = this.fps ? 0.92 * this.fps + 0.08 * fps : fps;
    }
    this.last = time;
    if (this.film.halted) {
      this.pause();
      this.explain();
    }
  }

  scaleOf(grid) {
    return this.panel.scale.value === "auto" ? grid : this.facts;
  }
  drawBefore() {
    this.pictures.before.fill(this.first, this.scaleOf(this.first), this.table);
    this.pictures.before.show();
    this.request();
  }
  draw(time) {
    const { film, panel, pictures: { before, now } } = this;
    film.grid.measure();
    film.settle();
    now.fill(film.grid, this.scaleOf(film.grid), this.table);
    if (this.views.now === "split") now.overlay(before, this.split);
    now.show();
    this.views.consult();
    while (film.n > this.horizon) this.horizon *= 2;
    panel.line.max = this.horizon;
    if (this.target === null) panel.line.value = film.n;
    panel.line.style.setProperty("--at", `${(100 * panel.line.value) / this.horizon}%`);
    panel.line.style.setProperty("--known", `${(100 * film.furthest) / this.horizon}%`);
    if (film.probe) drawSeries(panel.chart, film, this.colours());
    if ((this.playing || this.target !== null) && time - this.said < TEXT_EVERY) return;
    this.said = time;
    this.print();
  }
  snapshot() {
    return snapshot(this.film.grid);
  }
  print() {
    const { film, panel, first, facts, pictures: { before, now } } = this, { grid, n, probe } = film;
    panel.captionBefore.replaceChildren(...caption(0, first));
    panel.captionNow.replaceChildren(...caption(n, grid, lawOfTheMean(film)));
    panel.outsideBefore.replaceChildren(...outside(before));
    panel.outsideNow.replaceChildren(...outside(now));
    panel.now.setAttribute("aria-label", `${facts.label} after ${n} steps`);
    panel.counter.textContent = `${n} / ${this.horizon}`;
    panel.line.setAttribute("aria-valuetext", `step ${n}`);
    const { low, high } = this.scaleOf(grid);
    panel.legend.hidden = panel.bar.hidden && panel.scale.value === "fixed"; // the button itself says it
    panel.lowest.textContent = end(low);
    panel.highest.textContent = `${panel.bar.hidden ? "to " : ""}${end(high)}`;
    panel.frames.textContent = this.playing
      ? `${Math.round(this.fps)} frames/s${this.limited ? ", fewer steps than asked" : ""}` : "";
    this.hint();
    if (!probe) return;
    const read = Array.from({ length: grid.channels }, (_, c) => number(grid.u[grid.at(c, ...probe)])).join(", ");
    panel.reading.replaceChildren(element("b", {}, "Probe"),
      ` row ${probe[0]}, column ${probe[1]} · step ${n} · u = ${read}`);
    panel.chart.setAttribute("aria-label", `Time series of the probe; ${panel.reading.textContent}`);
  }
  colours() {
    const style = getComputedStyle(this.panel.card), get = (name) => style.getPropertyValue(name).trim();
    return { font: style.fontFamily, muted: getComputedStyle(this.panel.hint).color, line: get("--line"),
      channels: ["--st-red-color", "--st-green-color", "--st-blue-color", "--blue"].map(get) };
  }
}

const sameParams = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const end = (value) => number(value).replace(/\.0+$/, ""); // of a scale: 1 rather than 1.00

export default component((parent, send) => new Player(parent, send));
