// @ts-check
// The component that brings networks to the brain. It shows a sentence where something is in the way, and nothing else.

import { Brain } from "./brain.js";
import { hub } from "./hub.js";

/** @typedef {import("./hub.js").About} About */
/** @typedef {import("./net.js").Graph} Graph */
/** @typedef {(About & { graph?: Graph })[]} Networks */

const LOST_AT_MOST = 3;

export class Loader {
  /** @param {HTMLElement} parent @param {(name: string, value: any) => void} send @param {string} script
   * @param {Uint8Array<ArrayBuffer>} code */
  constructor(parent, send, script, code) {
    this.send = send;
    this.line = document.createElement("p");
    this.line.className = "live-says";
    this.line.setAttribute("role", "status");
    parent.append(this.line);
    this.hub = hub();
    this.brain = this.hub.brain ??= new Brain(script, code);
    /** @type {string[]} */
    this.wanted = [];
    this.mourn = () => this.lost();
    this.brain.mourners.add(this.mourn);
    this.say();
  }

  /** @param {{ facts: { networks: Networks }, arrays: Record<string, { values: Uint8Array }> }} data */
  update({ facts: { networks }, arrays }) {
    const { brain } = this;
    if (brain.problem) return;
    this.wanted = networks.map(({ key }) => key);
    for (const { graph, ...about } of networks) {
      const numbers = arrays[about.key]?.values;
      if (graph && numbers && !brain.known.has(about.key)) {
        brain.load(about.key, graph, about.wanted, numbers).catch((error) => this.say(error.message));
      }
      brain.known.get(about.key)?.then(() => {
        this.hub.ready.set(about.key, about);
        this.hub.tell();
      }, () => {});
    }
    const absent = this.wanted.filter((key) => !brain.known.has(key));
    if (absent.length) this.send("missing", absent);
  }

  lost() {
    this.hub.ready.clear();
    if (this.brain.lost >= LOST_AT_MOST) {
      this.brain.problem = "The worker that runs the networks was lost three times: reload the page.";
    } else this.send("missing", this.wanted);
    this.say();
    this.hub.tell();
  }
  say(text = this.brain.problem || this.brain.slow) {
    this.line.textContent = text;
  }
  dispose() {
    this.brain.mourners.delete(this.mourn);
    this.line.remove();
  }
}
