// @ts-check
// Pictures in the planes of one or two networks. Pointing at one, in either, shows it in both, with lines to the
// pictures that each network takes for nearest to it; a click takes it. Left and right go from picture to picture.

import { component, element } from "../parts.js";

/** label; sheet [address, columns, rows]; tiles [key, group, words, place]; own [address, words] or null, the last
 * picture where there is one; groups [name, colour, whether dashed]; views; the number of the chosen picture.
 * @typedef {{ title: string, note: string, places: [number, number][], nearest: number[][] }} View
 * @typedef {{ label: string, sheet: [string, number, number], tiles: [string, number, string, number][],
 *   own: [string, string] | null, groups: [string, string, boolean][], views: View[], chosen: number }} Facts */

const EDGE = 0.07; // of the plane, left free on each side
const along = (/** @type {number} */ share) => 100 * (EDGE + (1 - 2 * EDGE) * share);

export default component((parent, send) => {
  const views = element("div", { class: "views" });
  const groups = element("ul", { class: "groups" });
  const heard = element("p", { class: "visually-hidden", role: "status" });
  const root = element("div", { class: "root neighbours", role: "group" }, views, groups, heard);
  parent.append(root);
  /** @type {Facts} */
  let facts = { label: "", sheet: ["", 1, 1], tiles: [], own: null, groups: [], views: [], chosen: 0 };
  let built = "", here = 0;
  /** @type {number | null} */
  let only = null;

  const words = (/** @type {number} */ at) => facts.tiles[at]?.[2] ?? facts.own?.[1] ?? "";
  const group = (/** @type {number} */ at) => facts.groups[facts.tiles[at]?.[1]]?.[0] ?? "your image";
  const all = (/** @type {string} */ css) => /** @type {HTMLElement[]} */ ([...root.querySelectorAll(css)]);

  /** @param {string} tag @param {number} at @param {object} attributes */
  function tile(tag, at, attributes) {
    const [url, columns, rows] = facts.sheet, mine = facts.tiles[at];
    const share = (/** @type {number} */ place, /** @type {number} */ of) => (of > 1 ? (100 * place) / (of - 1) : 0);
    const [, tint, dashed] = facts.groups[mine?.[1]] ?? ["", "var(--ink)", false];
    const made = element(tag, { "data-at": at, class: dashed ? "tile dashed" : "tile", title: words(at), ...attributes });
    made.style.setProperty("--picture", `url(${mine ? url : facts.own?.[0]})`);
    made.style.setProperty("--tint", tint);
    made.style.backgroundSize = mine ? `${100 * columns}% ${100 * rows}%` : "cover";
    if (mine) {
      made.style.backgroundPosition = `${share(mine[3] % columns, columns)}% ${share(Math.floor(mine[3] / columns), rows)}%`;
    }
    return made;
  }
  function build() {
    views.replaceChildren(...facts.views.map((view) => element("section", { "aria-label": view.title },
      element("p", { class: "title" }, view.title), element("p", { class: "note" }, view.note),
      element("div", { class: "plane", role: "group", "aria-label": `Pictures where ${view.title} has them` },
        document.createElementNS("http://www.w3.org/2000/svg", "svg"),
        ...view.places.map(([x, y], at) => {
          const made = tile("button", at, { type: "button", tabindex: "-1", "aria-label": words(at) });
          made.style.left = `${along(x)}%`;
          made.style.top = `${100 - along(y)}%`;
          return made;
        })),
      element("ul", { class: "row" }))));
    groups.replaceChildren(...facts.groups.map(([name, tint, dashed], at) => {
      const made = element("button", { type: "button", class: dashed && "dashed", "aria-pressed": "false",
        onclick: () => { only = only === at ? null : at; dim(); } }, element("i"), name);
      made.style.setProperty("--tint", tint);
      return element("li", {}, made);
    }));
    dim();
  }
  function dim() {
    for (const one of all(".plane .tile")) {
      const mine = facts.tiles[Number(one.dataset.at)]?.[1];
      one.classList.toggle("dim", only !== null && mine !== only && mine !== undefined);
    }
    all(".groups button").forEach((one, at) => one.setAttribute("aria-pressed", String(only === at)));
  }
  /** Show a picture and its nearest. @param {number} at */
  function point(at) {
    here = at;
    facts.views.forEach((view, n) => {
      const section = views.children[n], near = view.nearest[at];
      const svg = /** @type {SVGElement} */ (section.querySelector("svg"));
      svg.replaceChildren(...near.map((other) => {
        const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
        const ends = { x1: along(view.places[at][0]), y1: 100 - along(view.places[at][1]),
          x2: along(view.places[other][0]), y2: 100 - along(view.places[other][1]) };
        for (const [name, value] of Object.entries(ends)) line.setAttribute(name, `${value}%`);
        return line;
      }));
      for (const one of section.querySelectorAll(".plane .tile")) {
        const mine = Number(/** @type {HTMLElement} */ (one).dataset.at);
        one.classList.toggle("here", mine === at);
        one.classList.toggle("near", near.includes(mine));
        one.classList.toggle("chosen", mine === facts.chosen);
      }
      const row = /** @type {Element} */ (section.querySelector(".row"));
      row.replaceChildren(...[at, ...near].map((one) => element("li", {}, tile("span", one, {}), group(one))));
    });
  }
  const under = (/** @type {Event} */ event) => {
    const one = /** @type {HTMLElement} */ (event.target).closest?.(".plane .tile");
    return one instanceof HTMLElement ? one : null;
  };
  function say() {
    heard.textContent = facts.views.map((view) => `${view.title}: nearest to ${words(here)} ` +
      `are ${view.nearest[here].map(group).join(", ")}.`).join(" ");
  }
  views.addEventListener("pointerover", (event) => point(Number(under(event)?.dataset.at ?? facts.chosen)));
  views.addEventListener("pointerleave", () => point(facts.chosen));
  views.addEventListener("focusin", (event) => {
    const one = under(event);
    if (!one) return;
    point(Number(one.dataset.at));
    say();
  });
  views.addEventListener("click", (event) => {
    const one = under(event), mine = one && facts.tiles[Number(one.dataset.at)];
    if (mine) send("taken", mine[0]);
  });
  views.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 }[event.key], one = under(event);
    if (!step || !one) return;
    event.preventDefault();
    event.stopPropagation();
    const tiles = [.../** @type {Element} */ (one.parentElement).querySelectorAll("button")];
    const next = tiles[(tiles.indexOf(/** @type {HTMLButtonElement} */ (one)) + step + tiles.length) % tiles.length];
    enter(one.parentElement, Number(next.dataset.at)).focus();
  });
  /** One of a plane's pictures is a stop of Tab. @param {Element | null} plane @param {number} at */
  function enter(plane, at) {
    const tiles = /** @type {HTMLElement[]} */ ([...(plane?.querySelectorAll("button") ?? [])]);
    for (const one of tiles) one.tabIndex = Number(one.dataset.at) === at ? 0 : -1;
    return tiles[at];
  }

  return {
    update({ facts: told }) {
      facts = told;
      root.setAttribute("aria-label", facts.label);
      const { chosen, ...rest } = facts, made = JSON.stringify(rest);
      if (made !== built) {
        only = null;
        build();
      }
      built = made;
      for (const plane of all(".plane")) enter(plane, chosen);
      point(chosen);
    },
    dispose() { root.remove(); },
  };
});
