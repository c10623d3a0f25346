// @ts-check
// A network as boxes from left to right: as high as its maps are large, as wide as they are many. The open block
// shows its layers below. Click, or left and right arrow, to choose.

import { component, element, reporter } from "../parts.js";

function createFlow(parent, send) {
  const line = element("div", { class: "line", role: "listbox", "aria-label": "Blocks of the network" });
  const inside = element("div", { class: "inside", role: "listbox", "aria-label": "Layers of this block" });
  const root = element("div", { class: "root" }, line, inside);
  parent.append(root);
  const choice = reporter((name) => send("picked", name), 60);
  let blocks = [], chosen = "", open = 0, scrolled = -1, drawn = "";

  const size = (count, unit, least, most) => Math.max(least, Math.min(most, unit * Math.log2(count + 1)));
  function choose(name) {
    chosen = name;
    open = Math.max(0, blocks.findIndex((block) => block.layers.some((layer) => layer.name === name)));
    draw();
    choice.report(name);
  }
  function step(event, names, at) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by || at + by < 0 || at + by >= names.length) return;
    choose(names[at + by]);
    event.preventDefault();
  }
  const last = (block) => block.layers[block.layers.length - 1].name;
  line.addEventListener("keydown", (event) => step(event, blocks.map(last), open));
  inside.addEventListener("keydown", (event) => {
    const names = blocks[open].layers.map((layer) => layer.name);
    step(event, names, names.indexOf(chosen));
  });

  function box(block, index) {
    const volume = element("span", { class: block.side ? "volume" : "volume flat" });
    volume.style.height = `${block.side ? size(block.side, 6.2, 8, 44) : 40}px`;
    volume.style.width = `${block.side ? size(block.maps, 3.4, 5, 34) : 6}px`;
    const about = `${block.name}, output ${block.shape}, ${block.parameters}`;
    return element("button", { class: block.residual ? "block residual" : "block", type: "button", role: "option",
      title: about, "aria-selected": String(index === open), tabindex: index === open ? "0" : "-1",
      onclick: () => choose(last(block)) },
      element("span", { class: "space" }, volume), element("span", { class: "name" }, block.name),
      element("span", { class: "shape" }, block.shape));
  }
  function chip(layer) {
    const about = `${layer.name}, ${layer.kind}, output ${layer.shape}`;
    return element("button", { class: "chip", type: "button", role: "option", title: about,
      "aria-selected": String(layer.name === chosen), tabindex: layer.name === chosen ? "0" : "-1",
      onclick: () => choose(layer.name) }, layer.label);
  }
  const arrows = (items) => items.flatMap((item, i) => (i ? [element("span", { class: "to", "aria-hidden": "true" }, "→"),
    item] : [item]));
  function reveal() {
    const shown = line.querySelector('[aria-selected="true"]');
    if (!shown || !line.clientWidth) return; // not laid out yet: the next drawing tries again
    const middle = shown.offsetLeft + shown.clientWidth / 2;
    const hidden = shown.offsetLeft < line.scrollLeft ||
      shown.offsetLeft + shown.clientWidth > line.scrollLeft + line.clientWidth;
    if (hidden) line.scrollLeft = middle - line.clientWidth / 2;
    scrolled = open;
  }
  function draw() {
    const now = JSON.stringify([blocks, chosen, open]);
    if (now !== drawn) renew(); // the answer to a choice brings what is shown: whoever presses meanwhile still hits it
    drawn = now;
    if (scrolled !== open) requestAnimationFrame(reveal);
  }
  function renew() {
    const held = parent.activeElement?.closest?.(".line, .inside");
    const before = line.scrollLeft;
    line.replaceChildren(...arrows(blocks.map(box)));
    line.scrollLeft = before; // new children throw it back to the start
    const layers = blocks[open].layers;
    inside.hidden = layers.length < 2;
    inside.replaceChildren(...arrows(layers.map(chip)));
    if (held) held.querySelector('[aria-selected="true"]')?.focus({ preventScroll: true });
  }

  return {
    update({ facts }) {
      blocks = facts.blocks;
      if (choice.accepts(facts.chosen)) {
        chosen = facts.chosen;
        open = facts.open;
      }
      open = Math.min(open, blocks.length - 1);
      draw();
    },
    dispose() { choice.cancel(); root.remove(); },
  };
}

export default component(createFlow);
