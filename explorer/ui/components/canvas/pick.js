// @ts-check
// Ways to choose with the mouse, a finger or the arrow keys: a map in a mosaic, a pixel in a picture, which maps are on.

import { component, element, paint, number, reporter } from "../parts.js";
import { ARROWS, Switches, Tiles } from "./tiles.js";

function paintTiles(tiles, { shape: [, height, width], values }) {
  const size = height * width * 3;
  tiles.all.forEach((tile, index) => {
    paint(tile.firstChild, values.subarray(index * size, (index + 1) * size), width, height);
  });
}

// facts: label, selected, captions, columns; arrays.tiles: (N, h, w, 3).
function createMaps(parent, send) {
  const choice = reporter((index) => send("picked", index)), tiles = new Tiles(choice.report);
  const root = element("div", { class: "root" }, tiles.root);
  parent.append(root);

  return {
    update({ facts, arrays }) {
      const held = tiles.root.contains(parent.activeElement);
      tiles.set(facts);
      paintTiles(tiles, arrays.tiles);
      tiles.show(choice.accepts(facts.selected) ? facts.selected : Math.min(tiles.selected, arrays.tiles.shape[0] - 1));
      if (held) tiles.all[tiles.selected]?.focus();
    },
    dispose() { choice.cancel(); root.remove(); },
  };
}

// The same, but off: the places of the tiles that are off. Each press is reported at once.
function createSwitches(parent, send) {
  const tiles = new Switches((index) => send("picked", index));
  const root = element("div", { class: "root" }, tiles.root);
  parent.append(root);

  return {
    update({ facts, arrays }) {
      tiles.set(facts);
      paintTiles(tiles, arrays.tiles);
      tiles.selected = Math.min(tiles.selected, arrays.tiles.shape[0] - 1);
      tiles.turn(facts.off);
    },
    dispose() { root.remove(); },
  };
}

// facts: label, selected [row, column], boxes [[row, column, height, width]], unit; arrays.picture (h, w, 3), and
// perhaps arrays.values (channels, h, w), whose numbers the readout prints.
function createPixels(parent, send) {
  const canvas = element("canvas", { "aria-hidden": "true" });
  const boxes = element("div", { class: "boxes" });
  const chosen = element("div", { class: "chosen" });
  const hovered = element("div", { class: "hovered", hidden: true });
  const stage = element("div", { class: "stage", tabindex: "0", role: "application",
    "aria-roledescription": "pixel picker" }, canvas, boxes, hovered, chosen);
  const readout = element("div", { class: "readout muted", "aria-live": "polite" });
  const root = element("div", { class: "root" }, stage, readout);
  parent.append(root);
  const choice = reporter((pixel) => send("picked", pixel));
  let rows = 1, columns = 1, selected = [0, 0], values = null;

  const place = (box, /** @type {number[]} */ [row, column, height, width]) => {
    box.style.cssText = `left:${(100 * column) / columns}%;top:${(100 * row) / rows}%;` +
      `width:${(100 * width) / columns}%;height:${(100 * height) / rows}%`;
  };
  const clamp = (/** @type {number[]} */ [row, column]) =>
    [Math.max(0, Math.min(row, rows - 1)), Math.max(0, Math.min(column, columns - 1))];
  /** @param {number[]} pixel */
  function say([row, column]) {
    let text = `row ${row}, column ${column}`;
    if (values) {
      const plane = rows * columns, read = [];
      for (let c = 0; c < values.length / plane; c++) read.push(number(values[c * plane + row * columns + column]));
      text += ` · ${read.join("  ")}`;
    }
    readout.textContent = text;
  }
  function show(pixel) {
    selected = clamp(pixel);
    place(chosen, [...selected, 1, 1]);
    say(selected);
  }
  function choose(pixel) {
    show(pixel);
    choice.report(selected);
  }
  function under(event) {
    const frame = canvas.getBoundingClientRect();
    return clamp([Math.floor(((event.clientY - frame.top) / frame.height) * rows),
      Math.floor(((event.clientX - frame.left) / frame.width) * columns)]);
  }
  canvas.addEventListener("pointermove", (event) => {
    const pixel = under(event);
    place(hovered, [...pixel, 1, 1]);
    hovered.hidden = false;
    say(pixel);
  });
  canvas.addEventListener("pointerleave", () => { hovered.hidden = true; say(selected); });
  canvas.addEventListener("click", (event) => { stage.focus({ preventScroll: true }); choose(under(event)); });
  stage.addEventListener("keydown", (event) => {
    if (!(event.key in ARROWS)) return;
    const stride = event.shiftKey ? 10 : 1;
    choose([selected[0] + ARROWS[event.key][0] * stride, selected[1] + ARROWS[event.key][1] * stride]);
    event.preventDefault();
    event.stopPropagation();
  });

  return {
    update({ facts, arrays }) {
      [rows, columns] = arrays.picture.shape;
      values = arrays.values?.values ?? null;
      paint(canvas, arrays.picture.values, columns, rows);
      stage.style.setProperty("--width", `${facts.width}px`);
      stage.setAttribute("aria-label", `${facts.label}. Arrow keys move the chosen pixel, with shift by ten.`);
      boxes.replaceChildren(...facts.boxes.map((box) => {
        const made = element("div", { class: "box" });
        place(made, box);
        return made;
      }));
      if (choice.accepts(facts.selected)) show(facts.selected);
      else show(selected);
    },
    dispose() { choice.cancel(); root.remove(); },
  };
}

export default component((parent, send) => {
  let inner = null, kind = null;
  return {
    update(data) {
      if (kind !== data.facts.kind) {
        inner?.dispose();
        kind = data.facts.kind;
        inner = { maps: createMaps, switches: createSwitches, pixels: createPixels }[kind](parent, send);
      }
      inner.update(data);
    },
    dispose() { inner?.dispose(); },
  };
});
