// @ts-check
// A square table of counts in which one cell is chosen with the mouse, a finger or the arrow keys.

import { component, element, inkOn, reporter } from "../parts.js";

const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

// facts: label, names, counts [[...]], across, down, selected [row, column]; arrays.colours (n, n, 3).
export default component((parent, send) => {
  const table = element("div", { class: "cells", role: "grid" });
  const root = element("div", { class: "root" }, table);
  parent.append(root);
  const choice = reporter((cell) => send("picked", cell));
  let cells = [], size = 0, selected = [0, 0];

  const at = (/** @type {number[]} */ [row, column]) => cells[row * size + column];
  function show(cell) {
    selected = cell;
    cells.forEach((one) => { one.setAttribute("aria-selected", "false"); one.tabIndex = -1; });
    at(cell).setAttribute("aria-selected", "true");
    at(cell).tabIndex = 0; // Tab enters the table once and leaves it
  }
  /** @param {number[]} place */
  function choose([row, column]) {
    if (row < 0 || column < 0 || row >= size || column >= size) return;
    show([row, column]);
    at(selected).focus();
    choice.report(selected);
  }
  table.addEventListener("click", (event) => {
    const place = cells.indexOf(event.target.closest("button"));
    if (place >= 0) choose([Math.floor(place / size), place % size]);
  });
  table.addEventListener("keydown", (event) => {
    if (!(event.key in MOVES)) return;
    choose(selected.map((place, axis) => place + MOVES[event.key][axis]));
    event.preventDefault();
    event.stopPropagation();
  });

  function build(facts) {
    size = facts.names.length;
    cells = [];
    table.style.setProperty("--size", size);
    const head = (text, attributes) => element("div", { class: "name", ...attributes }, element("span", {}, text));
    const rows = [element("div", { role: "row" }, element("div", { class: "corner" }),
      ...facts.names.map((name) => head(name, { role: "columnheader", class: "name above" })))];
    facts.names.forEach((name) => {
      const row = facts.names.map(() => element("button", { type: "button", role: "gridcell" }));
      cells.push(...row);
      rows.push(element("div", { role: "row" }, head(name, { role: "rowheader" }), ...row));
    });
    table.replaceChildren(...rows, element("div", { class: "axes muted" }, `↓ ${facts.down}   → ${facts.across}`));
  }

  return {
    update({ facts, arrays: { colours } }) {
      const focused = table.contains(parent.activeElement ?? null) || cells.includes(root.getRootNode().activeElement);
      table.setAttribute("aria-label", facts.label);
      const names = facts.names.join("\n");
      if (table.dataset.names !== names) build(facts);
      table.dataset.names = names;
      cells.forEach((cell, place) => {
        const row = Math.floor(place / size), column = place % size, count = facts.counts[row][column];
        const [red, green, blue] = colours.values.subarray(3 * place, 3 * place + 3);
        cell.style.background = `rgb(${red} ${green} ${blue})`;
        cell.style.color = inkOn(red, green, blue);
        cell.textContent = count || "";
        const words = `${facts.down} ${facts.names[row]}, ${facts.across} ${facts.names[column]}: ${count}`;
        cell.setAttribute("aria-label", words);
        cell.title = words;
      });
      show(choice.accepts(facts.selected) ? facts.selected : selected);
      if (focused) at(selected).focus();
    },
    dispose() { choice.cancel(); root.remove(); },
  };
});
