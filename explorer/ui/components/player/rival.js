// @ts-check
// A second film beside the first: from the same image, on the same clock and under the same brush, by a scheme that
// differs in one thing. What was done to the first is done to it; where it may not go on, it stands while the first goes.

import { Film } from "./film.js";
import { Picture } from "./view.js";

/** @typedef {{ name: string, words: string, titles: string[], params: any }} Facts */

export class Rival {
  constructor(panel) {
    this.panel = panel;
    /** @type {Facts | null} */
    this.facts = null;
    /** @type {any} */
    this.film = null;
    /** @type {any} */
    this.picture = null;
  }

  /** Whether a comparison begins by this: one that is new, or whose other side is another one.
   * @param {Facts | null} facts */
  set(facts) {
    const begins = facts !== null && (!this.film || facts.name !== this.facts?.name);
    this.facts = facts;
    if (!facts) this.leave();
    return begins;
  }
  leave() {
    this.film = this.picture = null;
  }
  /** From the image, with the strokes that the first film knows. */
  begin({ first, grid: { channels, height, width }, events }) {
    const { params } = /** @type {Facts} */ (this.facts);
    this.film = new Film(first, [channels, height, width], params);
    this.film.replay(params, events);
    this.picture = new Picture(this.panel.rival, this.film.grid);
  }
  /** Where only the colours differ, it is painted on the scale that the first picture is not painted on. */
  get recoloured() {
    return this.facts !== null && !this.facts.titles[0];
  }

  /** What the first picture and this one are painted on: one scale for both, unless the colours are what differs. */
  scales(player) {
    const { film: { grid } } = player, other = this.film?.grid, auto = player.panel.scale.value === "auto";
    if (!other) return [player.scaleOf(grid)];
    if (this.recoloured) return [player.scaleOf(grid, auto), player.scaleOf(other, !auto)];
    const both = { low: Math.min(grid.low, other.low), high: Math.max(grid.high, other.high) };
    return [player.scaleOf(both), player.scaleOf(both)];
  }

  record(event, main) {
    if (!this.film) return;
    if (this.film.n === main.n) this.film.add(event);
    else this.film.events = [...main.events];
  }
  reset() {
    this.film?.reset(this.facts?.params);
  }
  /** Moves towards the first film's step; true when there, or where it may not go on. */
  follow(n, deadline = Infinity) {
    return !this.film || this.film.approach(n, deadline);
  }
  keep() {
    this.film?.keep();
  }
  /** @param {any} scale @param {any} table */
  draw(scale, table) {
    this.picture.fill(this.film.grid, scale, table);
    this.picture.show();
  }
}
