// @ts-check
// A mosaic in which one tile is chosen, by mouse, finger or the arrow keys: what pick.js and the live maps have in common.

import { element } from "../parts.js";

export const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

export class Tiles {
  /** @param {(place: number) => void} chosen called when another tile was chosen in it */
  constructor(chosen) {
    this.chosen = chosen;
    this.root = element("div", { class: "maps", role: "listbox" });
    this.all = [];
    this.selected = 0;
    this.root.addEventListener("click", (event) => {
      const tile = event.target.closest(".tile");
      if (tile) this.choose(this.all.indexOf(tile), true);
    });
    this.root.addEventListener("keydown", (event) => this.walk(event));
  }

  /** @param {{ label: string, noun: string, captions: string[], columns: number }} facts */
  set({ label, noun, captions, columns }) {
    const { root, all } = this;
    root.setAttribute("aria-label", label);
    root.style.setProperty("--columns", String(columns));
    while (all.length > captions.length) all.pop().remove();
    while (all.length < captions.length) {
      const tile = element("button", { class: "tile", type: "button", role: "option", tabindex: "-1",
        "aria-selected": "false" }, element("canvas"), element("span"));
      all.push(tile);
      root.append(tile);
    }
    all.forEach((tile, place) => {
      tile.lastChild.textContent = captions[place];
      tile.setAttribute("aria-label", `${noun} ${captions[place]}`);
    });
  }
  // -1: the chosen map is not among those shown; the first one can still be reached with the keyboard.
  /** @param {number} place */
  show(place) {
    this.selected = place;
    this.all.forEach((tile, at) => {
      tile.setAttribute("aria-selected", String(at === place));
      tile.setAttribute("tabindex", at === Math.max(0, place) ? "0" : "-1");
    });
  }
  /** @param {number} place @param {boolean} [_pressed] rather than reached by a key */
  choose(place, _pressed) {
    if (place < 0 || place >= this.all.length) return;
    this.show(place);
    this.all[place].focus();
    this.chosen(place);
  }
  walk(event) {
    const columns = getComputedStyle(this.root).gridTemplateColumns.split(" ").length;
    const ends = { Home: 0, End: this.all.length - 1 };
    if (event.key in ARROWS) this.choose(this.selected + ARROWS[event.key][0] * columns + ARROWS[event.key][1]);
    else if (event.key in ends) this.choose(ends[event.key]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

// A mosaic in which every tile is a switch: the arrow keys go from one to the next, a press turns it over.
export class Switches extends Tiles {
  /** @param {(place: number) => void} turned called when a tile was pressed */
  constructor(turned) {
    super(turned);
    this.root.setAttribute("role", "group");
  }
  /** @param {number[]} off the places of those that are off */
  turn(off) {
    this.all.forEach((tile, at) => {
      tile.removeAttribute("role");
      tile.removeAttribute("aria-selected");
      tile.setAttribute("aria-pressed", String(!off.includes(at)));
      tile.setAttribute("tabindex", at === this.selected ? "0" : "-1");
    });
  }
  /** @param {number} place */
  choose(place, pressed = false) {
    if (place < 0 || place >= this.all.length) return;
    this.selected = place;
    this.all.forEach((tile, at) => tile.setAttribute("tabindex", at === place ? "0" : "-1"));
    this.all[place].focus();
    if (pressed) this.chosen(place);
  }
}
