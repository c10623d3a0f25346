// @ts-check
// The maps of one layer for the picture of this moment, up to 64 of them, one large; of two networks their difference.
// Which map is large, and the number under the pointer, need no server.

import { number, reporter } from "../parts.js";
import { Tiles } from "../canvas/tiles.js";
import { Asking, make } from "./asking.js";
import { drawBar, scaleOf, scalesOf, tableOf, tint } from "./colours.js";
import { ends } from "./ends.js";

/** What Python says: the networks' keys and titles, of two the first minus the second; the layer and the shape of its
 * output; the maps that are shown, in their order, and the one that is large; what shares a colour scale.
 * @typedef {{ keys: string[], titles: string[], layer: string, shape: number[], numbers: number[], captions: string[],
 *   columns: number, selected: number, scale: string, fit: string, label: string, noun: string }} Facts */
/** @typedef {import("./worker.js").Answer} Answer */
/** @typedef {import("./colours.js").Scale} Scale */
/** @typedef {{ signed: Uint32Array, magnitude: Uint32Array }} Tables */

const LARGEST_TILE = 64; // pixels of a map in the mosaic, as on the page's other tabs
const WORDS = /** @type {Record<string, string>} */ ({ Map: "this map; each small one has its own scale",
  Layer: "all of this layer", Model: "all maps of all layers" });

/** A canvas and the pixels that it shows. */
class Plane {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.image = new ImageData(1, 1);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }
  /** @param {Float32Array} values @param {number} from @param {{ height: number, width: number, step: number }} size
   * @param {Scale} scale @param {Tables} tables */
  paint(values, from, size, scale, tables) {
    const width = Math.ceil(size.width / size.step), height = Math.ceil(size.height / size.step);
    if (this.canvas.width !== width || this.canvas.height !== height || this.image.width !== width) {
      Object.assign(this.canvas, { width, height });
      this.image = new ImageData(width, height);
      this.pixels = new Uint32Array(this.image.data.buffer);
    }
    tint(values, from, size, scale, tables, this.pixels);
    this.canvas.getContext("2d")?.putImageData(this.image, 0, 0);
  }
}

export class MapsView extends Asking {
  /** @param {(map: number) => void} chose called when another map was chosen */
  constructor(chose) {
    super();
    /** @type {Facts | null} */
    this.facts = null;
    this.tables = { signed: new Uint32Array(256), magnitude: new Uint32Array(256) };
    this.report = reporter(chose);
    this.tiles = new Tiles((place) => this.choose(this.facts?.numbers[place] ?? 0));
    /** @type {Plane[]} */
    this.small = [];
    this.large = Array.from({ length: 3 }, () => new Plane(document.createElement("canvas")));
    this.titles = this.large.map(() => make("figcaption", ""));
    this.figures = this.large.map(({ canvas }, i) => make("figure", "", canvas, this.titles[i]));
    this.bar = document.createElement("canvas");
    Object.assign(this.bar, { className: "bar", width: 256, height: 1 });
    this.low = make("span", "");
    this.high = make("span", "");
    this.words = make("span", "muted");
    this.reading = make("p", "value");
    this.root = make("div", "live-maps", this.tiles.root,
      make("div", "large", ...this.figures, make("p", "scale", this.low, this.bar, this.high, this.words), this.reading),
      this.note);
    this.selected = 0;
    /** @type {number[] | null} row and column under the pointer */
    this.pixel = null;
    /** @type {Float32Array[]} the layer's output: of the network, or of two and the first minus the second */
    this.outputs = [];
    /** @type {[number, number] | undefined} of all maps */
    this.range = undefined;
    for (const { canvas } of this.large) this.follow(canvas);
  }

  /** @param {Facts | null} facts null: no maps here @param {Record<string, { values: Uint8Array }>} arrays */
  set(facts, arrays) {
    const before = this.facts;
    this.facts = facts;
    if (!facts) return void this.bring([], "crop");
    this.tables = { signed: tableOf(arrays.signed.values), magnitude: tableOf(arrays.magnitude.values) };
    const held = this.tiles.root.contains(/** @type {Document} */ (this.root.getRootNode()).activeElement);
    this.tiles.set(facts);
    this.small = this.tiles.all.map((tile, i) => this.small[i] ?? new Plane(tile.firstChild));
    this.root.classList.toggle("two", facts.keys.length > 1);
    this.figures.forEach((figure, i) => { figure.hidden = i > 0 && facts.keys.length < 2; });
    if (this.report.accepts(facts.selected)) this.select(facts.selected);
    if (held) this.tiles.all[this.tiles.selected]?.focus();
    this.bring(facts.keys, facts.fit);
    this.gather();
    if (!before || about(before) !== about(facts)) {
      this.outputs = [];
      this.pixel = null;
      this.askAnew();
    } else this.paint();
  }
  /** @param {number} map */
  select(map) {
    this.selected = map;
    this.tiles.show(this.facts?.numbers.indexOf(map) ?? -1);
  }
  /** @param {number} map */
  choose(map) {
    this.select(map);
    this.report.report(map);
    this.paint();
  }
  /** @param {HTMLCanvasElement} canvas */
  follow(canvas) {
    canvas.addEventListener("pointermove", (event) => {
      const box = canvas.getBoundingClientRect();
      this.pixel = [Math.floor((canvas.height * (event.clientY - box.top)) / box.height),
        Math.floor((canvas.width * (event.clientX - box.left)) / box.width)];
      this.print();
    });
    canvas.addEventListener("pointerleave", () => {
      this.pixel = null;
      this.print();
    });
  }

  parts() {
    const { facts, networks, fit } = this;
    if (!facts || networks.length < facts.keys.length) return [];
    return networks.map(({ key }) => ({ key, fit, want: [facts.layer], range: facts.scale === "Model" }));
  }
  /** @param {Answer[]} answers */
  show(answers) {
    const { facts } = this;
    if (!facts) return;
    const [first, second] = answers.map(({ outputs }) => outputs[facts.layer]);
    this.outputs = second ? [first, second, first.map((value, i) => value - second[i])] : [first];
    this.range = answers[0].range;
    this.paint();
  }
  get size() {
    const [, height = 1, width = 1] = this.facts?.shape ?? [];
    return { height, width, step: 1 };
  }
  paint() {
    const { facts, outputs, size, selected, tables: colours } = this;
    if (!facts || !outputs.length) return;
    const count = size.height * size.width, two = outputs.length > 1, shown = outputs[outputs.length - 1];
    const scales = two ? signedScales(shown) : scalesOf(shown, count, facts.scale, this.range);
    const thin = { ...size, step: Math.ceil(Math.max(size.height, size.width) / LARGEST_TILE) };
    facts.numbers.forEach((map, i) => this.small[i].paint(shown, map * count, thin, scales(map), colours));
    const both = two ? scaleOf(joined(ends(outputs[0]), ends(outputs[1]))) : scales(selected);
    outputs.forEach((values, i) => {
      const own = i < 2 ? both : scaleOf(ends(values, selected * count, (selected + 1) * count), true);
      this.large[i].paint(values, selected * count, size, own, colours);
      this.titles[i].textContent = two ? [...facts.titles, "first − second"][i] : "";
    });
    this.legend(scales(selected), two ? "all differences of this layer" : WORDS[facts.scale]);
    this.print();
  }
  /** @param {Scale} scale @param {string} words */
  legend(scale, words) {
    drawBar(this.bar, scale.signed ? this.tables.signed : this.tables.magnitude);
    this.low.textContent = number(scale.low);
    this.high.textContent = number(scale.high);
    this.words.textContent = words;
  }
  print() {
    const { facts, outputs, size, selected, pixel } = this, count = size.height * size.width;
    if (!facts || !outputs.length) return;
    const what = outputs.length > 1 ? "first, second, difference" : `${facts.noun} ${selected}`;
    const place = pixel && count > 1 ? pixel[0] * size.width + pixel[1] : 0;
    const values = outputs.map((one) => number(one[selected * count + place]));
    const [low, high] = ends(outputs[outputs.length - 1], selected * count, (selected + 1) * count);
    this.reading.textContent = count > 1 && !pixel ? `${facts.noun} ${selected} · from ${number(low)} to ${number(high)}`
      : `${what}${count > 1 && pixel ? `, row ${pixel[0]}, column ${pixel[1]}` : ""}: ${values.join(", ")}`;
    this.note.textContent = this.pace("answers");
  }
  dispose() {
    super.dispose();
    this.report.cancel();
    this.root.remove();
  }
}

/** What the maps are of; which one is large, and their colours, ask nothing new of a network.
 * @param {Facts} facts */
const about = ({ keys, layer, fit, scale }) => JSON.stringify([keys, layer, fit, scale === "Model"]);

/** @param {Float32Array} values */
function signedScales(values) {
  const shared = scaleOf(ends(values), true);
  return () => shared;
}

/** @param {[number, number]} one @param {[number, number]} other @returns {[number, number]} */
const joined = (one, other) => [Math.min(one[0], other[0]), Math.max(one[1], other[1])];
