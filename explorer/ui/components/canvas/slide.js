// @ts-check
// The window of a convolution, sliding: what one can do with it. Its numbers are in window.js, its drawing in overlay.js.

import { component, element, paint, reporter } from "../parts.js";
import { playPause, round } from "./controls.js";
import { drawWindow, drawPlace, paintPadded } from "./overlay.js";
import { channelLines, totalLine, windowAt } from "./window.js";

const PACES = [1, 4, 15, 60, 300]; // positions a second
const PACE = 4;

class Slide {
  constructor(parent, send) {
    this.at = 0; // the position, row by row
    this.rows = this.columns = 0; // of the map
    this.owed = this.last = this.handle = 0;
    this.playing = this.veiled = false;
    this.hovered = null;
    this.choice = reporter((position) => send("picked", position), 250);
    this.build(parent);
    this.listen();
    this.watcher = new ResizeObserver(() => this.request());
    this.watcher.observe(this.card);
    this.card.slide = this; // for tests
  }

  build(parent) {
    const side = () => ({ pixels: element("canvas", { role: "img" }), over: element("canvas", { class: "over" }),
      caption: element("figcaption") });
    const figure = ({ pixels, over, caption }) =>
      element("figure", {}, element("div", { class: "frame" }, pixels, over), caption);
    this.input = side();
    this.output = side();
    this.stage = element("div", { class: "stage", tabindex: "0", role: "group" },
      figure(this.input), figure(this.output));
    this.button = playPause(() => this.toggle());
    this.line = element("input", { type: "range", min: "0", step: "1", value: "0", "aria-label": "Window position" });
    this.counter = element("output", { class: "counter" });
    this.pace = element("select", { "aria-label": "Positions a second" },
      ...PACES.map((pace) => element("option", { value: pace, selected: pace === PACE }, String(pace))));
    this.sum = element("div", { class: "sum" });
    this.total = element("div", { class: "total" });
    this.card = element("div", { class: "card slide" },
      this.stage,
      element("div", { class: "transport" }, this.button,
        round("back", "One position back (left arrow)", () => this.go(this.at - 1)),
        round("forward", "One position on (right arrow)", () => this.go(this.at + 1)),
        round("reset", "First position (R)", () => this.go(0, true), false),
        this.line, this.counter, element("label", {}, this.pace, "a second")),
      this.sum,
      this.total);
    this.root = element("div", { class: "root" }, this.card);
    parent.append(this.root);
  }

  update({ facts, arrays }) {
    const { input, output } = this, padding = facts.padding ? `, padding ${facts.padding}` : "";
    const dilation = facts.dilation > 1 ? `, dilation ${facts.dilation}` : "";
    if (this.data && this.data.facts.image !== facts.image) {
      this.pause();
      this.veiled = false;
    }
    this.data = { facts, ...arrays };
    [this.rows, this.columns] = arrays.map.shape;
    const [height, width] = arrays.picture.shape;
    paintPadded(input.pixels, arrays.picture.values, width, height, facts.padding);
    paint(output.pixels, arrays.map_picture.values, this.columns, this.rows);
    input.caption.replaceChildren(element("b", {}, "input"), ` ${arrays.input.shape.join(" × ")}${padding}`);
    output.caption.replaceChildren(element("b", {}, facts.name),
      ` ${this.rows} × ${this.columns}, stride ${facts.stride}${dilation}`);
    input.pixels.setAttribute("aria-label", facts.label);
    output.pixels.setAttribute("aria-label", `Its map, ${this.rows} × ${this.columns}`);
    this.stage.setAttribute("aria-label", `${facts.label}, with the window of the convolution. Space plays and pauses, ` +
      "arrows move the window, R goes to the first position.");
    if (!this.playing && this.choice.accepts(facts.selected)) {
      this.at = facts.selected[0] * this.columns + facts.selected[1];
    }
    this.line.max = this.end;
    this.at = Math.min(this.at, this.end);
    this.hovered = null;
    this.request();
  }

  dispose() {
    cancelAnimationFrame(this.handle);
    this.watcher.disconnect();
    this.choice.cancel();
    this.root.remove();
  }

  get end() {
    return this.rows * this.columns - 1;
  }
  place(at) {
    return [Math.floor(at / this.columns), at % this.columns];
  }
  numbersAt(row, column) {
    return windowAt(this.data, row, column);
  }

  // ---- what one can do
  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }
  play() {
    if (this.at >= this.end) this.at = 0;
    Object.assign(this, { playing: true, veiled: true, owed: 0, last: 0, hovered: null });
    this.button.show(true);
    this.request();
  }
  pause() {
    if (this.playing) this.choice.report(this.place(this.at));
    this.playing = false;
    this.button.show(false);
    this.request();
  }
  go(at, veiled = this.veiled) {
    this.pause();
    this.at = Math.max(0, Math.min(at, this.end));
    this.veiled = veiled;
    this.hovered = null;
    this.choice.report(this.place(this.at));
    this.request();
  }

  listen() {
    const { over } = this.output;
    const under = (event) => {
      const box = over.getBoundingClientRect();
      const row = Math.floor(((event.clientY - box.top) / box.height) * this.rows);
      const column = Math.floor(((event.clientX - box.left) / box.width) * this.columns);
      return Math.max(0, Math.min(row, this.rows - 1)) * this.columns + Math.max(0, Math.min(column, this.columns - 1));
    };
    over.addEventListener("pointermove", (event) => {
      if (this.playing || event.pointerType === "touch") return;
      this.hovered = under(event);
      this.request();
    });
    over.addEventListener("pointerleave", () => {
      this.hovered = null;
      this.request();
    });
    over.addEventListener("click", (event) => {
      this.stage.focus({ preventScroll: true });
      this.go(under(event), false);
    });
    this.line.addEventListener("input", () => this.go(Number(this.line.value)));
    this.card.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      event.stopPropagation(); // the page's own shortcuts are not meant while the player has the focus
      const act = this.meant(event);
      if (!act) return;
      act();
      event.preventDefault();
    });
  }
  meant({ key, target: { tagName } }) {
    if (key === "r" || key === "R") return () => this.go(0, true);
    if (tagName === "INPUT" || tagName === "SELECT") return null; // they have their own use for the other keys
    if (key === " " && tagName !== "BUTTON") return () => this.toggle();
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.columns, ArrowDown: this.columns }[key];
    if (!by) return null;
    const to = this.at + by;
    return () => to >= 0 && to <= this.end && this.go(to);
  }

  // ---- frames
  request() {
    if (!this.handle && this.data) this.handle = requestAnimationFrame((time) => this.frame(time));
  }
  frame(time) {
    this.handle = 0;
    if (!this.root.isConnected) return void (this.playing = false);
    if (this.playing) this.moveOn(time);
    this.draw(this.hovered ?? this.at);
    if (this.playing) this.request();
  }
  moveOn(time) {
    if (this.last) this.owed += ((time - this.last) / 1000) * Number(this.pace.value);
    this.last = time;
    const moves = Math.floor(this.owed);
    this.owed -= moves;
    this.at = Math.min(this.at + moves, this.end);
    if (this.at < this.end) return;
    this.veiled = false;
    this.pause();
  }
  draw(at) {
    const [row, column] = this.place(at), told = this.numbersAt(row, column), style = getComputedStyle(this.card);
    drawWindow(this.input.over, this.data, row, column, style);
    drawPlace(this.output.over, this.data, row, column, this.veiled, style);
    this.sum.replaceChildren(...channelLines(this.data, told));
    this.total.replaceChildren(...totalLine(this.data.facts, told));
    this.line.value = at;
    this.line.style.setProperty("--at", `${(100 * at) / Math.max(1, this.end)}%`);
    this.line.setAttribute("aria-valuetext", `row ${row}, column ${column}`);
    this.counter.textContent = `row ${row}, column ${column}`;
  }
}

export default component((parent, send) => new Slide(parent, send));
