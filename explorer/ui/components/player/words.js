// @ts-check
// What the player says: captions, counter, hints, and why it has stopped.

import { element, icon, number, whole } from "../parts.js";
import { ICONS } from "../canvas/controls.js";
import { caption, lawOfTheMean, outside } from "./panel.js";

const FADED = 0.1; // of the fixed scale: below it a picture is too dark to see anything

export const end = (value) => number(value).replace(/\.0+$/, ""); // of a scale: 1 rather than 1.00

/** @param {any} player */
export function print(player) {
  const { film, panel, first, facts, frames, pictures: { before, now } } = player, { grid, n } = film;
  panel.captionBefore.replaceChildren(...caption(0, first));
  panel.captionNow.replaceChildren(...caption(n, grid, lawOfTheMean(film)));
  panel.outsideBefore.replaceChildren(...outside(before));
  panel.outsideNow.replaceChildren(...outside(now));
  panel.now.setAttribute("aria-label", `${facts.label} after ${n} steps`);
  panel.counter.textContent = `${whole(n)} / ${whole(player.horizon)}`;
  panel.line.setAttribute("aria-valuetext", `step ${n}`);
  const [{ low, high }] = player.rival.scales(player);
  panel.legend.hidden = panel.bar.hidden && panel.scale.value === "fixed"; // the button itself says it
  panel.lowest.textContent = end(low);
  panel.highest.textContent = `${panel.bar.hidden ? "to " : ""}${end(high)}`;
  panel.frames.textContent = player.playing
    ? `${Math.round(frames.fps)} frames/s${frames.limited ? ", fewer steps than asked" : ""}` : "";
  if (player.rival.film) compare(player);
  hint(player);
  if (film.probe) read(player);
}

function compare(player) {
  const { rival: { film, facts: { titles, words }, picture, recoloured }, panel, facts } = player;
  const names = recoloured ? player.rival.scales(player).map(({ low, high }) => `Black ${end(low)}, white ${end(high)}`) : titles;
  panel.differs.textContent = words;
  panel.titleNow.textContent = names[0];
  panel.titleRival.textContent = names[1];
  panel.captionRival.replaceChildren(...caption(film.n, film.grid,
    film.halted ? element("span", { class: "law bad" }, "stopped: a value passed 10⁶") : lawOfTheMean(film)));
  panel.outsideRival.replaceChildren(...outside(picture));
  panel.rival.setAttribute("aria-label", `${facts.label} after ${film.n} steps, ${names[1]}`);
}

function read({ film: { grid, n, probe }, rival, panel, views }) {
  const values = (one) => Array.from({ length: one.channels }, (_, c) => number(one.u[one.at(c, ...probe)])).join(", ");
  const other = rival.film && views.now === "rival" ? ` left, ${values(rival.film.grid)} right` : "";
  panel.reading.replaceChildren(element("b", {}, "Probe"),
    ` row ${probe[0]}, column ${probe[1]} · step ${whole(n)} · u = ${values(grid)}${other}`);
  panel.chart.setAttribute("aria-label", `Time series of the probe; ${panel.reading.textContent}`);
}

/** @param {any} player */
export function hint({ film: { grid, probe }, facts: { low, high }, panel, frames: { skips } }) {
  const faded = panel.scale.value === "fixed" && grid.high - low < FADED * (high - low);
  panel.hint.textContent = skips ? "Every step turns the picture over; every second one is shown, so that nothing " +
    "flashes. At 1/12 or by hand you see each." : faded ? "Faded: Auto stretches the colours over what is left."
    : panel.tool.value === "brush" ? "Paint on the picture, also while it plays."
      : probe ? "" : "Click the picture to place a probe.";
}

/** @param {any} player */
export function explain({ film, panel }) {
  if (!film.halted) return say(panel, `Step ${whole(film.n)} is the last one.`);
  say(panel, `Stopped at step ${whole(film.n)}: a value passed 10⁶, the scheme is divergent. Lower α or τ, or raise h.`, true);
}

export function say({ message }, text, bad = false) {
  message.classList.toggle("bad", bad);
  message.replaceChildren(...(text ? [...(bad ? [icon(ICONS.warning)] : []), text] : []));
}
