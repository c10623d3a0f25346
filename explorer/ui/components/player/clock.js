// @ts-check
// One clock for the page: it is told where the player comes to rest and what was painted on the way, and what it chooses
// itself is gone to.

import { reporter } from "../parts.js";

/** @typedef {{ step: number, strokes: number[][] }} Moment */

export const same = (/** @type {any} */ one, /** @type {any} */ other) => JSON.stringify(one) === JSON.stringify(other);

export class Clock {
  /** @param {any} player @param {(moment: Moment) => void} send */
  constructor(player, send) {
    this.player = player;
    this.reporter = reporter(send, 300);
    /** @type {Moment} what the page knows of */
    this.told = { step: 0, strokes: [] };
  }

  /** Another image: what was to be told of the one before is out of date, and nothing is painted on it. */
  restart() {
    this.reporter.cancel();
    this.told = { ...this.told, strokes: [] };
  }
  /** @param {Moment | null} moment */
  follow(moment) {
    const { player } = this;
    if (!moment || player.playing || !this.reporter.accepts(moment) || same(moment, this.told)) return;
    this.told = moment;
    if (!same(moment.strokes, player.film.strokes())) player.repaint(moment.strokes);
    if (moment.step !== player.film.n) player.seek(moment.step);
  }
  tell() {
    const { film, facts, playing, target } = this.player;
    if (!facts.clock || playing || target !== null) return;
    const moment = { step: film.n, strokes: film.strokes() };
    if (same(moment, this.told)) return;
    this.told = moment;
    this.reporter.report(moment);
  }
  cancel() {
    this.reporter.cancel();
  }
}
