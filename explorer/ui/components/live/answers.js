// @ts-check
// What up to two networks say about the picture of this moment: bars that move with it, and below them the probability of
// one class against the step.

import { Asking, make } from "./asking.js";
import { Strip } from "./strip.js";

/** @typedef {import("./worker.js").Answer} Answer */

const ROWS = 10; // classes at most that are shown
const NUMBERS_EVERY = 120; // milliseconds between numbers: nobody reads faster

/** Probabilities as percent; a certainty below one hundred is not rounded up to it.
 * @param {number} share */
const percent = (share) => (share >= 0.9995 && share < 1 ? "> 99.9 %" : `${(100 * share).toFixed(1)} %`);

export class AnswersView extends Asking {
  /** @param {(step: number) => void} seek called when a step of the strip is chosen */
  constructor(seek) {
    super();
    this.head = make("div", "heads");
    this.rows = make("div", "rows");
    this.strip = new Strip(seek);
    this.root = make("div", "answers", this.head, this.rows, this.strip.root, this.note);
    /** @type {number | null} the class that is followed */
    this.followed = null;
    /** @type {Float64Array[] | null} */
    this.shares = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.later = undefined;
    this.said = 0;
    /** @type {{ root: HTMLElement, name: HTMLElement, bars: HTMLElement[], numbers: HTMLElement[], index: number }[]} */
    this.lines = [];
  }

  /** @param {string[]} keys of at most two networks of the same classes @param {string} fit */
  set(keys, fit = "crop") {
    if (!this.bring(keys, fit)) {
      this.strip.cut(0);
      this.followed = null;
    }
    this.gather();
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

  parts() {
    return this.networks.map(({ key }) => ({ key, fit: this.fit, want: [] }));
  }
  /** @param {number} step */
  cut(step) {
    super.cut(step);
    this.strip.cut(step);
  }

  /** @param {Answer[]} answers @param {number} step @param {boolean} current */
  show(answers, step, current) {
    const shares = answers.map((answer) => answer.shares), now = performance.now();
    this.followed ??= largest(shares[0]);
    if (current) this.strip.add(step, shares);
    this.pick(shares);
    for (const { bars, index } of this.lines) {
      bars.forEach((bar, i) => { bar.style.transform = `scaleX(${shares[i][index].toFixed(4)})`; });
    }
    this.shares = shares;
    this.strip.draw(this.followed, this.networks, step);
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
    this.note.textContent = this.pace("answers");
  }
  /** @param {number} index */
  follow(index) {
    this.followed = index;
    this.strip.draw(index, this.networks, this.latest?.step ?? 0);
    this.print(performance.now());
  }
  dispose() {
    super.dispose();
    clearTimeout(this.later);
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
