// @ts-check
// The active cable: a fibre as its profile under the picture of its past, or a membrane as a picture that one paints on.

import { component, element, number } from "../parts.js";
import { choice, playPause, round } from "../canvas/controls.js";
import { EXCITED, Excitable, Pace } from "./excitable.js";

const PAST = 160; // rows of a fibre's past, the latest at the bottom
const EVERY = 2; // units of time between two of them
const BRUSH = 4; // cells from its middle
const LOW = -0.35, HIGH = 1; // of v: the ends of the colours
const PASSIVE = 0xff8a7a6a; // what only leaks, as little-endian RGBA
const SVG = "http://www.w3.org/2000/svg";
const SPEEDS = [["4", "4"], ["10", "10"], ["20", "20"]]; // steps a frame

const line = (name) => {
  const made = document.createElementNS(SVG, "polyline");
  made.setAttribute("class", name);
  return made;
};

class Nerve {
  constructor(parent) {
    this.playing = false;
    this.begin = null; // what the running field began as
    this.speed = 10;
    this.handle = 0;
    this.build(parent);
    this.listen();
    this.card.nerve = this; // for tests
  }

  build(parent) {
    this.canvas = element("canvas", { class: "field", role: "img", tabindex: "0" });
    this.potential = line("potential");
    this.recovery = line("recovery");
    this.plot = document.createElementNS(SVG, "svg");
    this.plot.setAttribute("viewBox", "0 0 1 1");
    this.plot.setAttribute("preserveAspectRatio", "none");
    this.plot.setAttribute("aria-hidden", "true");
    this.plot.append(this.recovery, this.potential);
    this.told = element("div", { class: "told" });
    this.button = playPause(() => (this.playing ? this.pause() : this.play()));
    this.counter = element("output", { class: "counter" });
    this.tool = choice("Brush", [["excite", "Excite", "brush"], ["passive", "Make passive", "eraser"]], "excite", () => {});
    this.pace = element("select", { "aria-label": "Steps a frame" },
      ...SPEEDS.map(([value, text]) => element("option", { value, selected: value === "10" }, text)));
    this.pace.addEventListener("change", () => (this.speed = Number(this.pace.value)));
    this.card = element("div", { class: "card nerve" }, this.told,
      element("figure", {}, this.canvas, this.plot, this.caption = element("figcaption")),
      element("div", { class: "transport" }, this.button,
        round("forward", "Ten steps on", () => { this.pause(); this.advance(10); this.draw(); }),
        round("reset", "Back to the beginning", () => this.restart(), false), this.tool,
        element("label", { class: "pace" }, "Steps a frame ", this.pace), this.counter));
    this.root = element("div", { class: "root" }, this.card);
    parent.append(this.root);
  }

  update({ facts, arrays }) {
    this.facts = facts;
    this.colours = arrays.colours.values;
    this.first = arrays;
    if (facts.begin !== this.begin) this.restart();
    else this.draw();
  }
  dispose() {
    cancelAnimationFrame(this.handle);
    this.root.remove();
  }

  // ---- what one can do
  restart() {
    this.begin = this.facts.begin;
    const [height, width] = this.first.v.shape;
    this.membrane = new Excitable(height, width);
    this.membrane.load(this.first.v.values, this.first.w.values, this.first.passive.values);
    this.fibre = height === 1;
    this.front = new Pace();
    this.canvas.width = width;
    this.canvas.height = this.fibre ? PAST : height;
    this.card.classList.toggle("fibre", this.fibre);
    this.plot.toggleAttribute("hidden", !this.fibre);
    this.image = new ImageData(width, this.canvas.height);
    this.pixels = new Uint32Array(this.image.data.buffer).fill(this.colour(0));
    this.recorded = -1;
    this.pause();
    this.record();
    this.draw();
  }
  play() {
    this.playing = true;
    this.button.show(true);
    this.handle = requestAnimationFrame(() => this.frame());
  }
  pause() {
    this.playing = false;
    cancelAnimationFrame(this.handle);
    this.button.show(false);
  }

  listen() {
    let held = null;
    const under = ({ clientX, clientY }) => {
      const box = this.canvas.getBoundingClientRect(), { width, height } = this.membrane;
      const column = Math.floor(((clientX - box.left) / box.width) * width);
      return [this.fibre ? 0 : Math.floor(((clientY - box.top) / box.height) * height), column];
    };
    const put = (event) => {
      const to = under(event), [row, column] = held ?? to, steps = Math.max(1, ...to.map((place, n) => Math.abs(place - [row, column][n])));
      for (let n = 0; n <= steps; n++) this.stroke(...to.map((place, i) => Math.round([row, column][i] + ((place - [row, column][i]) * n) / steps)));
      held = to;
      this.draw();
    };
    this.canvas.addEventListener("pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      held = null;
      put(event);
      event.preventDefault();
    });
    this.canvas.addEventListener("pointermove", (event) => this.canvas.hasPointerCapture(event.pointerId) && put(event));
    this.card.addEventListener("keydown", (event) => this.key(event));
  }
  key(event) {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || /^(SELECT|INPUT|BUTTON)$/.test(target.tagName)) return;
    if (key === " ") this.playing ? this.pause() : this.play();
    else if (key === "ArrowRight") { this.pause(); this.advance(10); }
    else if (key === "Enter") this.stroke(Math.floor(this.membrane.height / 2), Math.floor(this.membrane.width / 2));
    else return;
    event.stopPropagation(); // the page's own shortcuts are not meant
    event.preventDefault();
    this.draw();
  }
  stroke(row, column) {
    const { v, w, passive } = this.membrane, excites = this.tool.value === "excite";
    this.membrane.disc(row, column, BRUSH, (i) => {
      if (excites) v[i] = passive[i] ? v[i] : 1;
      else v[i] = w[i] = 0;
      if (!excites) passive[i] = 1;
    });
    this.front = new Pace();
  }

  // ---- frames
  frame() {
    if (!this.root.isConnected) return void (this.playing = false);
    this.advance(this.speed);
    this.draw();
    this.handle = requestAnimationFrame(() => this.playing && this.frame());
  }
  advance(steps) {
    for (let n = 0; n < steps; n++) {
      this.membrane.step(this.facts.law);
      this.record();
    }
    this.pacing = this.fibre ? this.front.of(this.membrane.time, this.membrane.front()) : null;
  }
  // Of a fibre one more row of its past, from time to time.
  record() {
    const turn = Math.floor(this.membrane.time / EVERY + 1e-6);
    if (!this.fibre || turn === this.recorded) return;
    this.recorded = turn;
    const { width } = this.membrane;
    this.pixels.copyWithin(0, width);
    this.row(0, this.pixels.length - width);
  }
  colour(v) {
    const at = 3 * Math.max(0, Math.min(255, Math.round(((v - LOW) / (HIGH - LOW)) * 255)));
    return 0xff000000 | (this.colours[at + 2] << 16) | (this.colours[at + 1] << 8) | this.colours[at];
  }
  row(y, to) {
    const { v, passive, width } = this.membrane;
    for (let i = this.membrane.at(y, 0), end = i + width; i < end; i++, to++) {
      this.pixels[to] = passive[i] && v[i] < EXCITED / 5 ? PASSIVE : this.colour(v[i]);
    }
  }
  draw() {
    const { membrane, fibre } = this, { height, width } = membrane;
    if (fibre) {
      this.potential.setAttribute("points", this.points(membrane.v));
      this.recovery.setAttribute("points", this.points(membrane.w));
    } else for (let y = 0; y < height; y++) this.row(y, y * width);
    this.canvas.getContext("2d").putImageData(this.image, 0, 0);
    this.words();
  }
  points(values) {
    const { width } = this.membrane, begin = this.membrane.at(0, 0);
    return Array.from(values.subarray(begin, begin + width),
      (value, n) => `${(n + 0.5) / width},${1 - (value - LOW) / (1.1 - LOW)}`).join(" ");
  }
  words() {
    const { time } = this.membrane;
    this.counter.textContent = `t = ${Math.round(time)}`;
    const limit = number(this.facts.limit);
    const told = this.fibre
      ? ["Speed ", element("b", {}, this.pacing ? number(this.pacing) : "–"),
        ` cells a unit of time; √(D/2)·(1 − 2a) = ${limit} if nothing recovered.`]
      : [element("b", {}, `${Math.round(100 * this.membrane.excited())} %`), " of the membrane is excited."];
    this.told.replaceChildren(...told);
    const what = this.fibre ? "The fibre: place to the right, its past downwards to now" : "The membrane";
    this.canvas.setAttribute("aria-label", `${what}; v from ${number(LOW)} (dark) to 1 (bright), grey where it is passive`);
    this.caption.textContent = this.fibre
      ? "Place to the right, time downwards; beneath it v now, dashed the recovery w. Click to excite it there."
      : "Bright: excited. Grey: passive, where only the paper's equation holds. Paint on it.";
  }
}

export default component((parent) => new Nerve(parent));
