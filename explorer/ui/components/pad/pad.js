// @ts-check
// The pad: a square to draw on, by mouse, finger or keys, and what networks say of it while it is drawn. The strokes are
// in drawing.js, a digit's place in centre.js; nothing is sent to Python before the drawing is to be used.

import { component, element, paint } from "../parts.js";
import { choice, round } from "../canvas/controls.js";
import { AnswersView } from "../live/answers.js";
import { MapsView } from "../live/maps.js";
import { square } from "../live/picture.js";
import { centred } from "./centre.js";
import { Drawing } from "./drawing.js";
import { followKeys, followPointer } from "./hand.js";

/** @typedef {import("../live/picture.js").Picture} Picture */
/** What Python says: the pad's side in pixels and its colours; how large the dataset's pictures are, and the box that
 * their ink fills, 0 where a picture is more than ink.
 * @typedef {{ side: number, ground: number[], inks: [string, number[]][], size: number, box: number, label: string,
 *   networks: string[], maps: import("../live/maps.js").Facts | null }} Facts */

const SIZES = { min: "2", max: "24", step: "1", value: "8" }; // of the brush, in hundredths of the side
const EMPTY = "There is no ink on the pad: draw something first.";
const HEARD_AFTER = 500; // milliseconds after the last change until a screen reader hears what the networks say

/** Drawings outlive the pad: closed and opened again, on whichever page, it shows them. One for each ground.
 * @returns {Map<string, Drawing>} */
function drawings() {
  const scope = /** @type {any} */ (globalThis);
  return (scope.cableExplorerDrawings ??= new Map());
}

export class Pad {
  /** @param {HTMLElement} parent @param {(name: string, value: any) => void} send */
  constructor(parent, send) {
    this.send = send;
    this.handle = 0;
    /** @type {Facts} */
    this.facts = { side: 1, ground: [0, 0, 0], inks: [], size: 1, box: 0, label: "", networks: [], maps: null };
    this.drawing = new Drawing(1, [0, 0, 0]);
    /** @type {number[]} */
    this.ink = [255, 255, 255];
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.later = undefined;
    this.answers = new AnswersView(() => {});
    this.maps = new MapsView((map) => send("map", map));
    this.canvas = element("canvas", { tabindex: "0", role: "application" });
    this.ring = element("div", { class: "ring", hidden: true });
    this.tool = choice("Tool", [["brush", "Brush", "brush"], ["eraser", "Eraser", "eraser"]], "brush", () => {});
    this.width = element("input", { type: "range", "aria-label": "Size in hundredths of the pad", ...SIZES });
    this.inks = element("div", { class: "inks", role: "group", "aria-label": "Ink" });
    this.hint = element("p", { class: "empty muted" });
    this.small = element("canvas", { role: "img", "aria-label": "The drawing as the networks see it" });
    this.seen = element("figure", { class: "seen" }, this.small, element("figcaption", {}, "as the networks see it"));
    this.problem = element("p", { class: "problem bad", role: "alert" });
    this.heard = element("p", { class: "visually-hidden", role: "status" });
    this.root = element("div", { class: "root" }, element("div", { class: "card pad" },
      element("div", { class: "work" },
        element("div", { class: "hand" },
          element("div", { class: "frame" }, this.canvas, this.ring),
          element("div", { class: "tools" }, this.tool, element("label", { class: "width" }, "Size", this.width), this.inks,
            element("span", { class: "back" }, round("undo", "Undo (Z)", () => this.undo(), false),
              round("clear", "Clear (Delete)", () => this.clear(), false)),
            element("button", { type: "button", class: "use", onclick: () => this.use() }, "Use this drawing")),
          this.problem),
        element("div", { class: "mind" }, this.hint, this.maps.root, this.answers.root, this.seen)),
      this.heard));
    parent.append(this.root);
    this.canvas.pad = this; // for tests
    followPointer(this);
    followKeys(this);
  }

  /** @param {{ facts: Facts, arrays: Record<string, { values: Uint8Array }> }} data */
  update({ facts, arrays }) {
    const old = this.facts;
    this.facts = facts;
    const key = `${facts.side} ${facts.ground}`, kept = drawings();
    this.drawing = kept.get(key) ?? new Drawing(facts.side, facts.ground);
    kept.set(key, this.drawing);
    if (JSON.stringify(old.inks) !== JSON.stringify(facts.inks)) this.offer(facts.inks);
    this.hint.textContent = facts.maps ? "Draw: the maps follow while you do."
      : facts.networks.length ? "Draw: the networks answer while you do." : "";
    this.canvas.setAttribute("aria-label", `${facts.label}. Arrow keys move the brush, with shift further; space puts ` +
      "it down and lifts it, E changes between brush and eraser, Z undoes, delete clears.");
    this.answers.set(facts.networks);
    this.maps.set(facts.maps, arrays);
    this.maps.root.hidden = !facts.maps;
    this.request();
  }
  /** @param {[string, number[]][]} inks */
  offer(inks) {
    this.ink = inks[0][1];
    this.inks.hidden = inks.length < 2;
    const buttons = inks.map(([name, ink]) => element("button", { type: "button", title: name, "aria-label": name,
      style: `--shade: rgb(${ink})`, "aria-pressed": String(ink === this.ink), onclick: () => take(ink) }));
    const any = element("input", { type: "color", title: "Another ink", "aria-label": "Another ink", value: "#8b5a2b",
      oninput: () => take([1, 3, 5].map((at) => parseInt(any.value.slice(at, at + 2), 16))) });
    const take = (/** @type {number[]} */ ink) => {
      this.ink = ink;
      this.tool.mark("brush");
      buttons.forEach((one, i) => one.setAttribute("aria-pressed", String(inks[i][1] === ink)));
    };
    this.inks.replaceChildren(...buttons, any);
  }

  // ---- acts, in shares of the side
  /** @param {number} x @param {number} y */
  begin(x, y) {
    this.drawing.begin(x, y, this.radius(), this.tool.value === "eraser" ? this.facts.ground : this.ink);
    this.request();
  }
  /** @param {number} x @param {number} y */
  go(x, y) {
    this.drawing.go(x, y);
    this.request();
  }
  undo() {
    this.drawing.undo();
    this.say("Undone.");
    this.request();
  }
  clear() {
    this.drawing.clear();
    this.say("Cleared.");
    this.request();
  }
  use() {
    this.draw();
    this.problem.textContent = this.picture ? "" : EMPTY;
    if (this.picture) this.send("drawn", this.canvas.toDataURL("image/png"));
  }
  radius() {
    return Number(this.width.value) / 200;
  }
  /** @param {string} text */
  say(text) {
    this.heard.textContent = text;
  }

  // ---- frames
  request() {
    this.handle ||= requestAnimationFrame(() => this.draw());
  }
  draw() {
    cancelAnimationFrame(this.handle);
    this.handle = 0;
    const { drawing: { pixels, side }, facts: { size } } = this, picture = this.look();
    this.picture = picture;
    paint(this.canvas, pixels, side, side);
    this.root.firstChild.dataset.blank = String(!picture);
    clearTimeout(this.later);
    if (!picture) return;
    this.problem.textContent = "";
    paint(this.small, square(picture, size, "crop"), size, size);
    this.answers.followed = null; // the likeliest class of each answer
    for (const view of [this.answers, this.maps]) view.look(() => ({ ...picture, rgba: picture.rgba.slice() }), 0);
    this.later = setTimeout(() => this.tell(), HEARD_AFTER);
  }
  /** What the networks see, before it is made as small as they want it; null where there is nothing.
   * @returns {Picture | null} */
  look() {
    const { drawing, facts: { size, box } } = this;
    if (!box) return drawing.blank() ? null : drawing.picture();
    return centred(drawing.pixels.filter((_, i) => i % 3 === 0), drawing.side, size, box);
  }
  tell() {
    const texts = (/** @type {string} */ name) => [...this.answers.head.querySelectorAll(name)].map((one) => one.textContent);
    const titles = texts(".title"), said = texts(".said");
    if (said.some(Boolean)) this.say(titles.map((title, i) => `${title}: ${said[i]}`).join("; "));
  }
  dispose() {
    cancelAnimationFrame(this.handle);
    clearTimeout(this.later);
    this.answers.dispose();
    this.maps.dispose();
    this.root.remove();
  }
}

export default component((parent, send) => new Pad(parent, send));
