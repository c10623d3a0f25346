// @ts-check
// One value taken apart: the image with what the value sees of it, its own map, the maps that it reads with the window
// lit, and the sum. A click on a term opens it; "Follow the strongest" opens the first one again and again.

import { component, element, icon, paint } from "../parts.js";
import { ICONS } from "../canvas/controls.js";

const PAUSE = 1600; // milliseconds that each value is looked at while it walks alone

/** @param {string} name @param {string} text @param {() => void} act */
const press = (name, text, act) => element("button", { class: "press", type: "button", onclick: act },
  icon(ICONS[name], true), element("span", {}, text));

/** @param {number[]} box top, left, height and width as shares @param {string} name */
function lit([top, left, height, width], name) {
  const made = element("div", { class: name });
  made.style.cssText = `top:${100 * top}%;left:${100 * left}%;height:${100 * height}%;width:${100 * width}%`;
  return made;
}
const percent = (share) => `${Math.round(50 * Math.abs(share))}%`;

class Walk {
  constructor(parent, send) {
    this.send = send;
    this.timer = 0;
    this.playing = false;
    this.facts = null;
    this.back = press("back", "Back", () => this.go(this.facts.trail.length - 1, null));
    this.one = press("forward", "One step", () => this.strongest());
    this.other = element("button", { class: "press", type: "button", onclick: () => this.take(0, null) });
    this.play = press("play", "Follow the strongest", () => this.toggle());
    this.play.classList.add("main");
    this.title = element("p", { class: "title", role: "status" });
    this.trail = element("ol", { class: "trail", "aria-label": "The way so far" });
    this.image = this.figure("The image");
    this.own = this.figure("The map in which the value stands");
    this.tiles = element("div", { class: "tiles" });
    this.reads = element("p", { class: "reads" });
    this.sum = element("div", { class: "sum" });
    this.root = element("div", { class: "root homeward", role: "group" },
      element("div", { class: "bar" }, this.play, this.one, this.back, this.other), this.trail, this.title,
      element("div", { class: "page" },
        element("div", { class: "pictures" }, this.image.root, this.own.root),
        element("div", { class: "read" }, this.reads, this.tiles), this.sum));
    parent.append(this.root);
  }
  figure(label) {
    const canvas = element("canvas", { role: "img", "aria-label": label });
    const over = element("div", { class: "over" }), words = element("figcaption");
    return { canvas, over, words, root: element("figure", {}, element("div", { class: "frame" }, canvas, over), words) };
  }

  update({ facts, arrays }) {
    this.facts = facts;
    this.root.setAttribute("aria-label", facts.label);
    this.title.textContent = facts.title;
    this.other.textContent = facts.other;
    this.other.title = facts.about;
    this.draw(this.image, arrays.image, [facts.field], facts.seen);
    this.draw(this.own, arrays.own, [facts.cell], facts.where);
    this.mosaic(facts, arrays.tiles);
    this.terms(facts, arrays.windows);
    this.path(facts.trail);
    this.one.disabled = this.play.disabled = !facts.terms.length;
    this.back.disabled = facts.trail.length < 2;
    clearTimeout(this.timer);
    if (this.playing && !facts.terms.length) this.stop();
    if (this.playing) this.timer = setTimeout(() => this.strongest(), PAUSE);
  }
  draw(figure, picture, boxes, words) {
    const [height, width] = picture.shape;
    paint(figure.canvas, picture.values, width, height);
    figure.over.replaceChildren(...boxes.map((box) => lit(box, "lit")));
    figure.words.textContent = words;
  }
  mosaic({ names, window, openings, reads, trail }, { shape: [count, height, width], values }) {
    const size = height * width * 3;
    this.tiles.style.setProperty("--columns", String(count > 12 ? 8 : count > 4 ? 6 : 4));
    this.tiles.replaceChildren(...Array.from({ length: count }, (_, i) => {
      const canvas = element("canvas", { "aria-hidden": "true" });
      paint(canvas, values.subarray(i * size, (i + 1) * size), width, height);
      return element("button", { type: "button", class: "tile", title: `Open the strongest of ${names[i]}`,
        onclick: () => this.take(trail.length, openings[i]) },
        element("span", { class: "frame" }, canvas, height * width > 1 ? lit(window, "lit") : ""),
        element("span", {}, names[i]));
    }));
    this.reads.textContent = reads;
  }
  terms({ terms, sums, passed, trail }, { shape: [, height, width], values }) {
    const size = height * width * 3;
    const rows = terms.map((term, i) => {
      const canvas = element("canvas", { "aria-hidden": "true" });
      paint(canvas, values.subarray(i * size, (i + 1) * size), width, height);
      const bar = element("span", { class: term.share < 0 ? "amount less" : "amount" });
      bar.style.setProperty("--share", percent(term.share));
      return element("button", { type: "button", class: "term", onclick: () => this.take(trail.length, term.index) },
        element("span", { class: "frame" }, canvas, height * width > 1 ? lit(term.cell, "cell") : ""),
        element("span", { class: "words" }, element("span", { class: "muted" }, term.words), term.made),
        bar, element("span", { class: "value" }, term.product));
    });
    const line = (name) => ({ words, value }) => element("p", { class: `line ${name}` }, element("span", {}, words),
      element("span", { class: "value" }, value));
    const added = sums.map(line(""));
    added[added.length - 1]?.classList.add("total");
    this.sum.replaceChildren(...rows, ...added, ...passed.map(line("passed")));
  }
  path(trail) {
    this.trail.replaceChildren(...trail.map(({ words, value }, at) => element("li", {},
      element("button", { type: "button", class: "crumb", "aria-current": at === trail.length - 1 ? "step" : null,
        onclick: () => { this.stop(); this.go(at + 1, null); } }, element("span", {}, words), element("b", {}, value)))));
    requestAnimationFrame(() => { this.trail.scrollLeft = this.trail.scrollWidth; });
  }

  // ---- what one can do
  go(kept, index) { this.send("go", [kept, index]); }
  take(kept, index) {
    this.stop();
    this.go(kept, index);
  }
  strongest() {
    const [first] = this.facts.terms;
    if (first) this.go(this.facts.trail.length, first.index);
  }
  toggle() {
    if (this.playing) return this.stop();
    this.playing = true;
    this.show("pause", "Pause");
    this.strongest();
  }
  stop() {
    this.playing = false;
    clearTimeout(this.timer);
    this.show("play", "Follow the strongest");
  }
  show(name, text) {
    this.play.replaceChildren(icon(ICONS[name], true), element("span", {}, text));
  }
  dispose() {
    clearTimeout(this.timer);
    this.root.remove();
  }
}

export default component((parent, send) => new Walk(parent, send));
