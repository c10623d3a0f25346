// @ts-check
// What up to two networks say about the picture of this moment: bars that move with it, and below them the probability of
// one class against the step.

import { Queue } from "./brain.js";
import { hub } from "./hub.js";
import { Strip } from "./strip.js";

/** @typedef {import("./picture.js").Picture} Picture */
/** @typedef {import("./brain.js").Answers} Replies */

const ROWS = 10; // classes at most that are shown
const NUMBERS_EVERY = 120; // milliseconds between numbers: nobody reads faster

/** Probabilities as percent; a certainty below one hundred is not rounded up to it.
 * @param {number} share */
const percent = (share) => (share >= 0.9995 && share < 1 ? "> 99.9 %" : `${(100 * share).toFixed(1)} %`);

export class AnswersView {
  /** @param {(step: number) => void} seek called when a step of the strip is chosen */
  constructor(seek) {
    this.hub = hub();
    this.head = make("div", "heads");
    this.rows = make("div", "rows");
    this.strip = new Strip(seek);
    this.note = make("p", "note");
    this.root = make("div", "answers", this.head, this.rows, this.strip.root, this.note);
    /** @type {string[]} */
    this.keys = [];
    /** @type {import("./hub.js").About[]} */
    this.networks = [];
    /** @type {Queue | null} */
    this.queue = null;
    /** @type {{ picture: () => Picture, step: number } | null} the latest picture, for a network that comes later */
    this.latest = null;
    /** @type {{ step: number, cuts: number, networks: import("./hub.js").About[] } | null} what is being asked */
    this.pending = null;
    /** @type {number | null} the class that is followed */
    this.followed = null;
    /** @type {Float64Array[] | null} */
    this.shares = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.later = undefined;
    this.said = this.asked = this.answered = this.since = this.rate = this.milliseconds = 0;
    this.cuts = 0; // how often the past was changed
    this.fit = "crop";
    /** @type {{ root: HTMLElement, name: HTMLElement, bars: HTMLElement[], numbers: HTMLElement[], index: number }[]} */
    this.lines = [];
    this.unlisten = this.hub.listen(() => this.gather());
  }

  /** @param {string[]} keys of at most two networks of the same classes @param {string} fit */
  set(keys, fit = "crop") {
    const same = keys.join() === this.keys.join() && fit === this.fit;
    this.keys = keys;
    this.fit = fit;
    if (!same) {
      this.networks = [];
      this.strip.cut(0);
      this.followed = null;
    }
    this.gather();
  }
  gather() {
    const ready = this.keys.flatMap((key) => this.hub.ready.get(key) ?? []);
    const { brain } = this.hub;
    this.note.textContent = brain?.problem || (ready.length < this.keys.length ? "The networks are on their way …" : "");
    if (ready.map(({ key }) => key).join() === this.networks.map(({ key }) => key).join()) return;
    this.networks = ready;
    this.build();
    if (brain) this.queue ??= new Queue(brain, (replies) => this.show(replies), (error) => this.fail(error));
    if (this.latest) this.look(this.latest.picture, this.latest.step);
  }
  build() {
    this.head.replaceChildren(...this.networks.map(({ title }, i) => {
      const said = make("b", "said");
      return make("div", `head network-${i}`, make("i", "mark"), make("span", "title", title), said);
    }));
    const classes = this.networks[0]?.classes ?? [];
    this.lines = classes.slice(0, ROWS).map((name, index) => this.line(index, name));
    this.rows.replaceChildren(...this.lines.map(({ root }) => root));
  }
  /** @param {number} index @param {string} word */
  line(index, word) {
    const bars = this.networks.map((_, i) => make("i", `gauge network-${i}`));
    const numbers = this.networks.map((_, i) => make("b", `share network-${i}`));
    const name = make("span", "name", word), root = make("button", "line", name, make("span", "bars", ...bars), ...numbers);
    root.setAttribute("type", "button");
    const line = { root, name, bars, numbers, index };
    root.addEventListener("click", () => this.follow(line.index));
    return line;
  }

  /** The picture of this moment; it is fetched when the networks have time for it.
   * @param {() => Picture} picture @param {number} step */
  look(picture, step) {
    this.latest = { picture, step };
    if (!this.queue || !this.networks.length) return;
    const { cuts, networks } = this;
    this.queue.ask(() => {
      this.pending = { step, cuts, networks };
      return picture();
    }, networks.map(({ key }) => ({ key, fit: this.fit, want: [] })));
  }
  /** What was answered from this step on is no longer what the picture would give.
   * @param {number} step */
  cut(step) {
    this.cuts++;
    this.strip.cut(step);
  }

  /** @param {Replies} replies */
  show({ answers, milliseconds }) {
    const { pending, networks } = this, now = performance.now();
    if (!pending || pending.networks !== networks) return;
    const shares = answers.map((answer) => answer.shares);
    this.followed ??= largest(shares[0]);
    if (pending.cuts === this.cuts) this.strip.add(pending.step, shares);
    this.count(now, milliseconds);
    this.pick(shares);
    for (const { bars, index } of this.lines) {
      bars.forEach((bar, i) => { bar.style.transform = `scaleX(${shares[i][index].toFixed(4)})`; });
    }
    this.shares = shares;
    this.strip.draw(this.followed, networks, pending.step);
    if (now - this.said > NUMBERS_EVERY) this.print(now);
    else {
      clearTimeout(this.later);
      this.later = setTimeout(() => this.print(performance.now()), NUMBERS_EVERY); // the last answer's numbers stay
    }
  }
  /** Of many classes the ten likeliest for either network, in their own order.
   * @param {Float64Array[]} shares */
  pick(shares) {
    const { length } = shares[0];
    if (length <= ROWS) return;
    const best = (/** @type {number} */ k) => Math.max(...shares.map((one) => one[k]));
    const chosen = [...shares[0].keys()].sort((a, b) => best(b) - best(a)).slice(0, ROWS).sort((a, b) => a - b);
    this.lines.forEach((line, i) => { line.index = chosen[i]; });
  }
  /** @param {number} now */
  print(now) {
    const { shares, networks } = this;
    if (!shares || shares.length !== networks.length) return;
    this.said = now;
    const { classes } = networks[0];
    for (const { root, name, numbers, index } of this.lines) {
      name.textContent = classes[index];
      numbers.forEach((one, i) => { one.textContent = percent(shares[i][index]); });
      root.setAttribute("aria-pressed", String(index === this.followed));
      root.setAttribute("aria-description", networks.map(({ title }) => title).join(", "));
    }
    [...this.head.querySelectorAll(".said")].forEach((said, i) => {
      const best = largest(shares[i]);
      said.textContent = `${classes[best]}: ${percent(shares[i][best])}`;
    });
    const slow = this.hub.brain?.slow ? " in plain JavaScript" : "";
    this.note.textContent = this.rate ? `${Math.round(this.rate)} answers a second${slow}` : slow.trim();
  }
  /** @param {number} now @param {number} milliseconds */
  count(now, milliseconds) {
    this.answered++;
    this.milliseconds = milliseconds;
    const passed = now - this.since;
    if (passed < 1000) return;
    this.rate = passed < 2500 ? (1000 * (this.answered - this.asked)) / passed : 0; // after a pause a rate says nothing
    this.since = now;
    this.asked = this.answered;
  }
  /** @param {number} index */
  follow(index) {
    this.followed = index;
    this.strip.draw(index, this.networks, this.latest?.step ?? 0);
    this.print(performance.now());
  }
  /** @param {Error} error */
  fail(error) {
    this.note.textContent = this.hub.brain?.problem || `${error.message}.`;
  }
  dispose() {
    clearTimeout(this.later);
    this.queue?.close();
    this.unlisten();
    this.strip.dispose();
    this.root.remove();
  }
}

/** @param {ArrayLike<number>} values */
function largest(values) {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}

/** @param {string} tag @param {string} name @param {(Node | string)[]} children */
function make(tag, name, ...children) {
  const made = document.createElement(tag);
  made.className = name;
  made.append(...children);
  return made;
}
