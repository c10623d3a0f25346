// @ts-check
// When the player computes and draws: before every frame of the screen, as many steps as its time allows.

import { Calm, turnsOver } from "./calm.js";
import { whole } from "../parts.js";
import { explain, say } from "./words.js";

const PLAY_BUDGET = 13, SEEK_BUDGET = 24; // milliseconds of steps a frame, so that the page stays alive

export class Frames {
  /** @param {any} player */
  constructor(player) {
    this.player = player;
    this.handle = this.last = this.fps = 0;
    this.credit = 0; // steps owed, where a frame is less than a step
    this.limited = false; // to fewer steps than asked
    this.held = false; // the picture stands until the player is where it goes
    this.calm = new Calm();
    this.skips = false; // every second step while playing
  }

  begin() {
    this.credit = this.last = 0;
  }
  hold() {
    this.held = true;
    this.request();
  }
  request() {
    if (!this.handle && this.player.film) this.handle = requestAnimationFrame((time) => this.show(time));
  }
  stop() {
    cancelAnimationFrame(this.handle);
  }

  /** @param {number} time */
  show(time) {
    const { player } = this, { film, rival, panel } = player;
    this.handle = 0;
    if (!panel.root.isConnected) return void (player.playing = false);
    if (player.target !== null) this.moveToTarget();
    else if (player.playing) this.moveOn(time);
    film.keep();
    rival.keep();
    this.held &&= player.target !== null;
    const turns = [film, rival.film].some((one) => one && turnsOver(one.params));
    const drawn = !this.held && this.calm.shows(film.n, turns, time);
    if (!this.held) this.skips = player.playing && (this.skips || !drawn);
    if (drawn) player.draw(time);
    player.clock.tell();
    if (player.playing || player.target !== null || !drawn) this.request();
  }
  moveToTarget() {
    const { player } = this, { film, rival, target, panel } = player;
    const there = film.approach(target, performance.now() + SEEK_BUDGET);
    if (!rival.follow(film.n, performance.now() + SEEK_BUDGET) || !there) return;
    player.target = null;
    if (film.halted && player.playing) { // so that one sees it break
      player.target = 0;
      say(panel, `By these numbers it breaks before step ${whole(target)}: it plays from the image on.`);
    } else if (film.halted) explain(player);
  }
  /** @param {number} time */
  moveOn(time) {
    const { player } = this, deadline = performance.now() + PLAY_BUDGET;
    this.credit += Number(player.panel.speed.value);
    const wanted = Math.floor(this.credit);
    this.credit -= wanted;
    let done = 0;
    while (done < wanted && this.advance() && ++done && performance.now() < deadline);
    this.limited = done < wanted;
    if (this.last) {
      const fps = 1000 / (time - this.last);
      this.fps = this.fps ? 0.92 * this.fps + 0.08 * fps : fps;
    }
    this.last = time;
    if (player.film.ended) {
      player.pause();
      explain(player);
    }
  }
  advance() {
    const { film, rival } = this.player, went = film.advance();
    rival.follow(film.n);
    return went;
  }
}
