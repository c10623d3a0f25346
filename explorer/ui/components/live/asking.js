// @ts-check
// What every view of the networks does: it waits for its networks, asks them about the picture of this moment, and shows
// what they say of it as long as it still asks the same.

import { Queue } from "./brain.js";
import { hub } from "./hub.js";

/** @typedef {import("./brain.js").Take} Take */
/** @typedef {import("./brain.js").Answers} Replies */
/** @typedef {import("./worker.js").Answer} Answer */
/** @typedef {import("./worker.js").Part} Part */

export class Asking {
  constructor() {
    this.hub = hub();
    this.note = make("p", "note");
    /** @type {string[]} */
    this.keys = [];
    /** @type {import("./hub.js").About[]} */
    this.networks = [];
    /** @type {Queue | null} */
    this.queue = null;
    /** @type {{ picture: Take, step: number } | null} the latest picture, for a network that comes later */
    this.latest = null;
    /** @type {{ step: number, cuts: number, asked: object } | null} what is being asked */
    this.pending = null;
    this.asks = {}; // another object whenever what is asked has changed: an answer to the question before is not shown
    this.counted = this.answered = this.since = this.rate = this.milliseconds = 0;
    this.cuts = 0; // how often the past was changed
    this.fit = "crop";
    this.unlisten = this.hub.listen(() => this.gather());
  }

  /** @param {string[]} keys @param {string} fit */
  bring(keys, fit) {
    const same = keys.join() === this.keys.join() && fit === this.fit;
    this.keys = keys;
    this.fit = fit;
    if (!same) this.networks = [];
    return same;
  }
  gather() {
    const ready = this.keys.flatMap((key) => this.hub.ready.get(key) ?? []);
    const { brain } = this.hub;
    this.note.textContent = brain?.problem || (ready.length < this.keys.length ? "The networks are on their way …" : "");
    if (ready.map(({ key }) => key).join() === this.networks.map(({ key }) => key).join()) return;
    this.networks = ready;
    this.build();
    if (brain) this.queue ??= new Queue(brain, (replies) => this.receive(replies), (error) => this.fail(error));
    this.askAnew();
  }
  /** Something else is to be known of the picture that was looked at last. */
  askAnew() {
    this.asks = {};
    if (this.latest) this.look(this.latest.picture, this.latest.step);
  }

  /** The picture of this moment; it is fetched when the networks have time for it.
   * @param {Take} picture @param {number} step */
  look(picture, step) {
    this.latest = { picture, step };
    const parts = this.networks.length ? this.parts() : [];
    if (!this.queue || !parts.length) return;
    const { cuts, asks } = this;
    this.queue.ask((spare) => {
      this.pending = { step, cuts, asked: asks };
      return picture(spare);
    }, parts);
  }
  /** What was answered from this step on is no longer what the picture would give.
   * @param {number} _step */
  cut(_step) {
    this.cuts++;
  }

  /** @param {Replies} replies */
  receive({ answers, milliseconds }) {
    const { pending } = this;
    if (!pending || pending.asked !== this.asks) return;
    this.count(performance.now(), milliseconds);
    this.show(answers, pending.step, pending.cuts === this.cuts);
  }
  /** @param {number} now @param {number} milliseconds */
  count(now, milliseconds) {
    this.answered++;
    this.milliseconds = milliseconds;
    const passed = now - this.since;
    if (passed < 1000) return;
    this.rate = passed < 2500 ? (1000 * (this.answered - this.counted)) / passed : 0; // after a pause a rate says nothing
    this.since = now;
    this.counted = this.answered;
  }
  /** @param {string} what is counted */
  pace(what) {
    const slow = this.hub.brain?.slow ? " in plain JavaScript" : "";
    return this.rate ? `${Math.round(this.rate)} ${what} a second${slow}` : slow.trim();
  }
  /** @param {Error} error */
  fail(error) {
    this.note.textContent = this.hub.brain?.problem || `${error.message}.`;
  }
  dispose() {
    this.queue?.close();
    this.unlisten();
  }

  // ---- what each view does in its own way
  /** The networks have come, or others. */
  build() {}
  /** What is asked of each network. @returns {Part[]} */
  parts() {
    return [];
  }
  /** @param {Answer[]} _answers @param {number} _step @param {boolean} _current false where the step was changed since */
  show(_answers, _step, _current) {}
}

/** @param {string} tag @param {string} name @param {(Node | string)[]} children */
export function make(tag, name, ...children) {
  const made = document.createElement(tag);
  made.className = name;
  made.append(...children);
  return made;
}
