// @ts-check
// The live player: what one can do with it. A step is in scheme.js, many at once in waves.js, the history in film.js, when
// what is computed and drawn in frames.js; pixels and curves are in view.js, the elements in panel.js, what they say in
// words.js, mouse and keys in gestures.js; a second film that runs beside the first is in rival.js.

import { component, reporter } from "../parts.js";
import { Clock, same } from "./clock.js";
import { Film } from "./film.js";
import { Frames } from "./frames.js";
import { listen } from "./gestures.js";
import { buildPanel } from "./panel.js";
import { Rival } from "./rival.js";
import { Grid } from "./scheme.js";
import { Picture, snapshot, drawSeries } from "./view.js";
import { Views } from "./views.js";
import { end, explain, hint, print, say } from "./words.js";
import { AnswersView } from "../live/answers.js";
import { drawBar, tableOf } from "../live/colours.js";
import { MapsView } from "../live/maps.js";

const HORIZON = 200; // steps on the time line at first; it grows with the simulation
const TEXT_EVERY = 100; // milliseconds between numbers while they change: nobody reads faster
const PAINTED_AT_MOST = 100;

class Player {
  constructor(parent, send) {
    this.playing = false;
    this.target = null; // the step that it is on its way to
    this.split = 0.5;
    this.horizon = HORIZON;
    this.said = 0;
    this.facts = {};
    this.frames = new Frames(this);
    this.panel = buildPanel(parent, this);
    this.answers = new AnswersView((step) => this.seek(step));
    this.maps = new MapsView((map) => send("map", map));
    this.views = new Views(this);
    this.rival = new Rival(this.panel);
    this.probed = reporter((pixel) => send("probe", pixel), 300);
    this.clock = new Clock(this, (moment) => send("moment", moment));
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
    const another = this.rival.set(facts.rival), laws = [this.film.params, this.rival.film?.params];
    if (another) this.views.chosen = null;
    if (another || !same(laws, [facts.params, facts.rival?.params])) this.takeAnew();
    this.answers.set(facts.networks);
    this.maps.set(facts.maps, arrays);
    if (old.scale !== facts.scale) panel.scale.mark(facts.scale); // what someone chose stays while the verdict does
    panel.before.setAttribute("aria-label", `${facts.label} before the first step`);
    panel.stage.setAttribute("aria-label", `${facts.label}, live. Space plays and pauses, left and right arrows step, ` +
      "up and down by ten, R resets, shift with arrows moves the probe.");
    panel.scale.firstChild.lastChild.textContent = `Fixed ${end(facts.low)}–${end(facts.high)}`;
    panel.bar.hidden = this.film.grid.channels === 3;
    drawBar(panel.bar, this.table);
    this.clock.follow(facts.moment);
    if (this.probed.accepts(facts.probe)) this.setProbe(facts.probe, false);
    this.views.set();
    this.setSplit(this.split);
    this.setTool(panel.tool.value);
    this.drawBefore();
  }

  start({ values, shape }) {
    this.clock.restart();
    const field = values instanceof Float32Array ? values : Float32Array.from(values, (level) => level / 255);
    this.film = new Film(field, shape, this.facts.params);
    this.first = new Grid(...shape);
    this.first.write(field);
    this.first.measure();
    this.pictures = { before: new Picture(this.panel.before, this.first), now: new Picture(this.panel.now, this.first) };
    this.rival.leave();
    this.reset();
    this.setProbe(null);
  }

  read() {
    return this.film.grid.read();
  }

  dispose() {
    this.frames.stop();
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
    this.playing = true;
    this.frames.begin();
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
    say(this.panel, "");
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
    this.rival.reset();
    this.views.cut(0);
  }
  repaint(strokes) {
    this.film.replay(this.facts.params, strokes.map(([step, ...dab]) => ({ step, dab })));
    if (this.rival.film) this.rival.begin(this.film);
    this.views.cut(0);
  }
  record(event) {
    const done = this.film.add(event);
    if (done) this.rival.record(event, this.film);
    return done;
  }
  // By other numbers, or beside another rival, all steps are taken anew: what stands at step n is what the page's scheme
  // makes of the image in n steps, strokes included.
  takeAnew() {
    const { film, facts } = this;
    this.target ??= film.n;
    this.frames.hold();
    say(this.panel, "");
    if (!same(film.params, facts.params)) {
      film.replay(facts.params, film.events);
      this.views.cut(0);
    }
    if (facts.rival) this.rival.begin(film);
  }
  mayGoOn() {
    say(this.panel, "");
    if (this.film.ended) explain(this);
    return !this.film.ended;
  }
  dab(y, x) {
    const { radius, value, heat } = this.panel, amount = Math.min(PAINTED_AT_MOST, Math.abs(Number(value.value)) || 0);
    this.target = null;
    const done = this.record({ dab: [y, x, Number(radius.value), heat.value === "cold" ? -amount : amount] });
    this.views.cut(this.film.n);
    say(this.panel, done ? "" : "The history is full of brush strokes: reset to paint on.", true);
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
    this.panel.rings.forEach((ring) => { ring.hidden = true; });
    hint(this);
  }
  setProbe(pixel, report = true) {
    const { film, panel } = this, { height, width } = film.grid;
    const held = pixel && [Math.max(0, Math.min(pixel[0], height - 1)), Math.max(0, Math.min(pixel[1], width - 1))];
    panel.chart.hidden = panel.reading.hidden = !held;
    panel.crosses.forEach((cross) => { cross.hidden = !held; });
    if (JSON.stringify(held) === JSON.stringify(film.probe)) return;
    film.setProbe(held);
    if (held) {
      for (const { style } of panel.crosses) {
        style.top = `${(100 * (held[0] + 0.5)) / height}%`;
        style.left = `${(100 * (held[1] + 0.5)) / width}%`;
      }
      if (report) this.probed.report(held);
    }
    hint(this);
    this.request();
  }

  // ---- what it shows
  request() {
    this.frames.request();
  }
  scaleOf(grid, auto = this.panel.scale.value === "auto") {
    return auto ? grid : this.facts;
  }
  drawBefore() {
    this.pictures.before.fill(this.first, this.scaleOf(this.first), this.table);
    this.pictures.before.show();
    this.request();
  }
  draw(time) {
    const { film, panel, rival, pictures: { before, now } } = this;
    for (const one of rival.film ? [film, rival.film] : [film]) {
      one.grid.measure();
      one.settle();
    }
    const [scale, other] = rival.scales(this);
    now.fill(film.grid, scale, this.table);
    if (rival.film) rival.draw(other, this.table);
    if (this.views.now === "split") now.overlay(before, this.split);
    now.show();
    this.views.consult();
    while (film.n > this.horizon) this.horizon *= 2;
    panel.line.max = this.horizon;
    if (this.target === null) panel.line.value = film.n;
    panel.line.style.setProperty("--at", `${(100 * panel.line.value) / this.horizon}%`);
    panel.line.style.setProperty("--known", `${(100 * film.furthest) / this.horizon}%`);
    if (film.probe) drawSeries(panel.chart, film, panel.card);
    if ((this.playing || this.target !== null) && time - this.said < TEXT_EVERY) return;
    this.said = time;
    print(this);
  }
  snapshot(spare = null) {
    return snapshot(this.film.grid, spare);
  }
}

export default component((parent, send) => new Player(parent, send));
