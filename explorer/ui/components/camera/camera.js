// @ts-check
// The camera's picture, live: through the scheme, if one likes, then to the networks, every frame. It leaves the device
// only when it is frozen.

import { component, element } from "../parts.js";
import { AnswersView } from "../live/answers.js";
import { MapsView } from "../live/maps.js";
import { square } from "../live/picture.js";
import { Grid } from "../player/scheme.js";
import { snapshot } from "../player/view.js";
import { absent, Eye, reason } from "./eye.js";

/** @typedef {import("../live/picture.js").Picture} Picture */
/** @typedef {{ insecure: string, params: any, scheme: string, networks: string[],
 *   maps: import("../live/maps.js").Facts | null }} Facts */

const SIZE = 128; // pixels of the field that diffuses, as on Diffusion
const MOST_STEPS = "100"; // a few milliseconds a picture
const TAKEN = "The camera was taken away: start it again.";
const COUNTED_EVERY = 1000; // milliseconds

export class Camera {
  /** @param {HTMLElement} parent @param {(name: string, value: any) => void} send */
  constructor(parent, send) {
    this.send = send;
    this.eye = new Eye(() => this.rest(TAKEN));
    this.answers = new AnswersView(() => {});
    this.maps = new MapsView((map) => send("map", map));
    this.views = [this.answers, this.maps];
    /** @type {Facts} */
    this.facts = { insecure: "", params: {}, scheme: "", networks: [], maps: null };
    this.grid = new Grid(3, SIZE, SIZE);
    this.field = new Float32Array(3 * SIZE * SIZE);
    /** @type {Picture | null} as the camera gave it */
    this.still = null;
    /** @type {Picture | null} as the networks see it */
    this.shown = null;
    this.frames = this.counted = this.since = 0;
    this.canvas = element("canvas", { role: "img", "aria-label": "The camera's picture" });
    this.begin = element("button", { type: "button", class: "use", onclick: () => this.start() }, "Start the camera");
    this.freeze = element("button", { type: "button", class: "use", onclick: () => this.use() }, "Freeze: use this picture");
    this.end = element("button", { type: "button", class: "stop", onclick: () => this.rest() }, "Stop");
    this.steps = element("input", { type: "range", min: "0", max: MOST_STEPS, step: "1", value: "0",
      "aria-label": "Steps of diffusion before the networks look", oninput: () => this.count() });
    this.counter = element("output", { class: "muted" });
    this.rate = element("span", { class: "muted rate" });
    this.message = element("p", { class: "problem bad", role: "status" });
    this.promise = element("p", { class: "muted" }, "The picture stays on this device until you freeze it.");
    this.card = element("div", { class: "card camera", "data-on": "false" },
      element("div", { class: "work" },
        element("div", { class: "sight" },
          element("div", { class: "frame" }, this.canvas),
          element("label", { class: "steps" }, "Diffusion", this.steps, this.counter),
          element("div", { class: "tools" }, this.begin, this.freeze, this.end, this.rate),
          this.message, this.promise),
        element("div", { class: "mind" }, this.maps.root, this.answers.root)));
    this.root = element("div", { class: "root" }, this.card);
    parent.append(this.root);
    this.canvas.camera = this; // for tests and measurements
  }

  /** @param {{ facts: Facts, arrays: Record<string, { values: Uint8Array }> }} data */
  update({ facts, arrays }) {
    this.facts = facts;
    this.answers.set(facts.networks);
    this.maps.set(facts.maps, arrays);
    this.maps.root.hidden = !facts.maps;
    const problem = absent(facts.insecure);
    this.begin.hidden = Boolean(problem); // no dead button
    if (problem) this.message.textContent = problem;
    this.count();
  }
  async start() {
    this.message.textContent = "";
    this.begin.disabled = true;
    try {
      await this.eye.start();
    } catch (error) {
      return this.rest(reason(error));
    }
    this.begin.disabled = false;
    if (!this.eye.stream) return; // it was stopped meanwhile
    this.card.dataset.on = "true";
    this.since = performance.now();
    this.counted = this.frames;
    this.eye.next(() => this.frame());
  }
  /** Without the camera again, perhaps for a reason. */
  rest(why = "") {
    this.eye.stop();
    this.begin.disabled = false;
    this.card.dataset.on = "false";
    this.rate.textContent = "";
    this.message.textContent = why;
  }
  use() {
    if (!this.still) return;
    this.send("taken", this.png(this.still));
    this.rest();
  }

  frame() {
    if (!this.root.isConnected) return this.rest();
    const picture = this.eye.picture();
    if (picture) this.show(picture);
    this.eye.next(() => this.frame());
  }
  /** @param {Picture} picture */
  show(picture) {
    this.still = picture;
    const shown = (this.shown = this.diffused(picture));
    put(this.canvas, shown);
    for (const view of this.views) view.look(() => ({ ...shown, rgba: shown.rgba.slice() }), 0);
    this.answers.followed = null; // the likeliest class of each answer
    this.frames++;
    const now = performance.now(), passed = now - this.since;
    if (passed < COUNTED_EVERY) return;
    this.rate.textContent = `${Math.round((1000 * (this.frames - this.counted)) / passed)} frames/s`;
    this.counted = this.frames;
    this.since = now;
  }
  /** @param {Picture} picture @returns {string} the address of its PNG */
  png(picture) {
    const canvas = document.createElement("canvas");
    put(canvas, picture);
    return canvas.toDataURL("image/png");
  }
  /** @param {Picture} picture @returns {Picture} */
  diffused(picture) {
    const steps = Number(this.steps.value), { grid, facts: { params } } = this;
    if (!steps) return picture;
    const rgb = square(picture, SIZE, "crop"), { field } = this, count = SIZE * SIZE;
    for (let c = 0; c < 3; c++) for (let i = 0; i < count; i++) field[c * count + i] = rgb[3 * i + c] / 255;
    grid.write(field);
    for (let step = 0; step < steps; step++) grid.step(params);
    return snapshot(grid);
  }
  count() {
    const steps = Number(this.steps.value);
    this.counter.textContent = steps ? `${steps} steps, ${this.facts.scheme}` : "none";
  }
  dispose() {
    this.eye.stop();
    for (const view of this.views) view.dispose();
    this.root.remove();
  }
}

/** @param {HTMLCanvasElement} canvas @param {Picture} picture */
function put(canvas, { width, height, rgba }) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  canvas.getContext("2d")?.putImageData(new ImageData(new Uint8ClampedArray(rgba), width, height), 0, 0);
}

export default component((parent, send) => new Camera(parent, send));
