// @ts-check
// One dendrite: place to the right, time downwards, the profile at one time beneath, the electrode through both.

import { component, element, number, paint, reporter } from "../parts.js";
import { playPause, round } from "../canvas/controls.js";
import { left } from "./left.js";

const SECONDS = 8; // that the whole recording takes to play
const BEGIN = 0.7; // the share of the recording that is shown first: the current is still on
/** @type {[string, number][]} what is marked, and how many λ away */
const NEAR = [["λ", 1], ["2λ", 2]];
const SVG = "http://www.w3.org/2000/svg";

const line = (name) => {
  const made = document.createElementNS(SVG, "polyline");
  made.setAttribute("class", name);
  return made;
};
const percent = (share) => (share === null ? "–" : `${Math.round(100 * share)} %`);

class Dendrite {
  constructor(parent, send) {
    this.time = BEGIN; // as a share of the recording
    this.playing = false;
    this.handle = this.last = 0;
    this.choice = reporter((share) => send("electrode", share), 120);
    this.build(parent);
    this.listen();
    this.card.dendrite = this; // for tests
  }

  build(parent) {
    this.heat = element("canvas", { role: "img" });
    this.now = element("div", { class: "now" });
    this.steady = line("steady");
    this.curve = line("curve");
    const plot = document.createElementNS(SVG, "svg");
    plot.setAttribute("viewBox", "0 0 1 1");
    plot.setAttribute("preserveAspectRatio", "none");
    plot.setAttribute("aria-hidden", "true");
    plot.append(this.steady, this.curve);
    this.marks = NEAR.flatMap(([name, far]) => [-far, far].map((by) => ({ by,
      mark: element("div", { class: "near" }, element("span", {}, name)) })));
    this.electrode = element("div", { class: "electrode", role: "slider", tabindex: "0", "aria-valuemin": "0",
      "aria-label": "Electrode: the place of the current" });
    this.field = element("div", { class: "field" }, this.heat, this.now, plot,
      ...this.marks.map(({ mark }) => mark), this.electrode);
    this.scale = element("figcaption");
    this.button = playPause(() => this.toggle());
    this.line = element("input", { type: "range", min: "0", max: "1", step: "0.005", "aria-label": "Time" });
    this.counter = element("output", { class: "counter" });
    this.told = element("div", { class: "told" });
    this.card = element("div", { class: "card dendrite" }, this.told,
      element("figure", {}, this.field, this.scale),
      element("div", { class: "transport" }, this.button,
        round("reset", "Back to the beginning", () => this.go(0), false), this.line, this.counter));
    this.root = element("div", { class: "root" }, this.card);
    parent.append(this.root);
  }

  update({ facts, arrays }) {
    this.data = { facts, v: arrays.v };
    const [times, cells] = arrays.v.shape;
    paint(this.heat, arrays.picture.values, cells, times);
    this.heat.setAttribute("aria-label", "The potential over place, to the right, and time, downwards");
    const most = `${number(facts.most)}${facts.unit && " "}${facts.unit}`;
    this.scale.textContent = `Place 0 to ${number(facts.length)} mm to the right, time 0 to ${number(facts.duration)} ms ` +
      `downwards; v from 0 (dark) to ${most} (bright). Beneath: v now, dashed exp(−|x|/λ).`;
    if (this.choice.accepts(facts.share)) this.share = facts.share;
    const { steady } = arrays, cell = Math.min(cells - 1, Math.floor((facts.place / facts.length) * cells));
    this.top = 1.08 * Math.max(facts.most, steady.values[cell]);
    this.steady.setAttribute("points", this.points(steady.values));
    this.draw();
  }
  points(row) {
    return Array.from(row, (value, n) => `${(n + 0.5) / row.length},${1 - value / this.top}`).join(" ");
  }

  dispose() {
    cancelAnimationFrame(this.handle);
    this.choice.cancel();
    this.root.remove();
  }

  // ---- what one can do
  toggle() {
    if (this.playing) return this.go(this.time);
    if (this.time >= 1) this.time = 0;
    this.playing = true;
    this.last = 0;
    this.button.show(true);
    this.handle = requestAnimationFrame((time) => this.frame(time));
  }
  go(time) {
    this.playing = false;
    cancelAnimationFrame(this.handle);
    this.time = Math.max(0, Math.min(1, time));
    this.button.show(false);
    this.draw();
  }
  put(share) {
    this.share = Math.round(100 * Math.max(0, Math.min(1, share))) / 100;
    this.choice.report(this.share);
    this.draw();
  }

  listen() {
    const under = (event) => {
      const box = this.field.getBoundingClientRect();
      this.put((event.clientX - box.left) / box.width);
    };
    this.field.addEventListener("pointerdown", (event) => {
      this.electrode.focus({ preventScroll: true });
      this.field.setPointerCapture(event.pointerId);
      under(event);
      event.preventDefault();
    });
    this.field.addEventListener("pointermove", (event) => this.field.hasPointerCapture(event.pointerId) && under(event));
    this.electrode.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -0.01, ArrowDown: -0.01, ArrowRight: 0.01, ArrowUp: 0.01, PageDown: -0.1, PageUp: 0.1 };
      const to = { Home: 0, End: 1 }[event.key] ?? (event.key in by ? this.share + by[event.key] : null);
      if (to === null || event.ctrlKey || event.metaKey || event.altKey) return;
      event.stopPropagation(); // the page's own shortcuts are not meant
      event.preventDefault();
      this.put(to);
    });
    this.line.addEventListener("input", () => this.go(Number(this.line.value)));
  }

  // ---- frames
  frame(time) {
    if (!this.root.isConnected) return void (this.playing = false);
    if (this.last) this.time += (time - this.last) / 1000 / SECONDS;
    this.last = time;
    if (this.time >= 1) return this.go(1);
    this.draw();
    this.handle = requestAnimationFrame((next) => this.frame(next));
  }
  draw() {
    const { facts, v } = this.data, [times, cells] = v.shape, at = Math.round(this.time * (times - 1));
    const values = v.values.subarray(at * cells, (at + 1) * cells);
    this.curve.setAttribute("points", this.points(values));
    const put = this.share === facts.share ? facts.place / facts.length : this.share; // the current's cell, once it is there
    this.electrode.style.left = `${100 * put}%`;
    this.electrode.setAttribute("aria-valuemax", "1");
    this.electrode.setAttribute("aria-valuenow", String(this.share));
    this.electrode.setAttribute("aria-valuetext", `at ${number(this.share * facts.length)} of ${number(facts.length)} mm`);
    for (const { by, mark } of this.marks) {
      const place = put + (by * facts.lambda) / facts.length;
      mark.hidden = place < 0 || place > 1;
      mark.style.left = `${100 * place}%`;
    }
    this.now.style.setProperty("--time", String(this.time));
    const [near, far] = NEAR.map(([, by]) => percent(left(values, facts.length, facts.place, by * facts.lambda)));
    this.told.replaceChildren("One λ away ", element("b", {}, near), " of the potential is left, two λ away ",
      element("b", {}, far), ". Drag the electrode.");
    this.line.value = this.time;
    this.line.style.setProperty("--at", `${100 * this.time}%`);
    this.counter.textContent = `${number(this.time * facts.duration)} ms`;
    this.line.setAttribute("aria-valuetext", this.counter.textContent);
  }
}

export default component((parent, send) => new Dendrite(parent, send));
