// @ts-check
// The numbers of a few maps three times: as maps, and one after the other in two orders. Pointing at one shows it in
// all of them; a click or the arrow keys choose it.

import { component, element, inkOn, reporter } from "../parts.js";

// facts: label, shape [C, H, W], texts, names, tints, told [[which, first, last]], last (which number comes at each
// place of the second order), selected; arrays.colours (C·H·W, 3). Numbers are named by their place in the first order.
export default component((parent, send) => {
  const maps = element("div", { class: "maps" });
  const first = element("div", { class: "strip" }), last = element("div", { class: "strip" });
  const sums = [element("span", { class: "sum" }), element("span", { class: "sum" })];
  const which = element("p", { class: "which", role: "status" });
  const line = (title, sum, strip) => [element("p", { class: "title" }, element("b", {}, title), " ", sum), strip];
  const root = element("div", { class: "root order" }, maps, which,
    ...line("Channels first, C × H × W", sums[0], first), ...line("Channels last, H × W × C", sums[1], last));
  parent.append(root);
  const choice = reporter((at) => send("picked", at));
  let facts, selected = 0, built = "";

  const all = (at) => root.querySelectorAll(`[data-at="${at}"]`);
  const button = (at) => maps.querySelector(`button[data-at="${at}"]`);
  function point(at) {
    for (const one of root.querySelectorAll(".here")) one.classList.remove("here");
    for (const one of all(at)) one.classList.add("here");
    const [name, ...places] = facts.told[at];
    which.textContent = `${name}: ${facts.texts[at]}`;
    places.forEach((place, n) => { sums[n].textContent = `place ${place}`; });
  }
  function show(at) {
    maps.querySelectorAll("button").forEach((one) => {
      one.tabIndex = Number(one.dataset.at) === at ? 0 : -1;
      one.setAttribute("aria-selected", String(Number(one.dataset.at) === at));
    });
    selected = at;
    point(at);
  }
  function choose(at) {
    if (at < 0 || at >= facts.texts.length) return;
    show(at);
    button(at).focus();
    choice.report(at);
  }
  const under = (event) => event.target.closest("[data-at]");
  root.addEventListener("pointerover", (event) => {
    const one = under(event);
    point(one ? Number(one.dataset.at) : selected);
  });
  root.addEventListener("pointerleave", () => point(selected));
  root.addEventListener("click", (event) => {
    const one = under(event);
    if (one) choose(Number(one.dataset.at));
  });
  maps.addEventListener("keydown", (event) => {
    const moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -facts.shape[2], ArrowDown: facts.shape[2] };
    if (!(event.key in moves)) return;
    choose(selected + moves[event.key]);
    event.preventDefault();
    event.stopPropagation();
  });

  function cell(tag, at, colours, attributes) {
    const [red, green, blue] = colours.subarray(3 * at, 3 * at + 3);
    const map = Math.floor(at / (facts.shape[1] * facts.shape[2]));
    const style = `background: rgb(${red} ${green} ${blue}); color: ${inkOn(red, green, blue)}; --tint: ${facts.tints[map]}`;
    return element(tag, { "data-at": at, style, ...attributes }, facts.texts[at]);
  }
  function build(colours) {
    const [channels, height, width] = facts.shape;
    const row = (from) => element("div", { role: "row" }, ...Array.from({ length: width }, (_, j) =>
      cell("button", from + j, colours, { type: "button", role: "gridcell",
        "aria-label": `${facts.told[from + j][0]}: ${facts.texts[from + j]}` })));
    maps.replaceChildren(...Array.from({ length: channels }, (_, k) => element("figure", { style: `--tint: ${facts.tints[k]}` },
      element("div", { role: "grid", class: "map", "aria-label": facts.names[k] },
        ...Array.from({ length: height }, (_, i) => row((k * height + i) * width))),
      element("figcaption", {}, facts.names[k]))));
    const places = facts.texts.map((_, at) => at);
    first.replaceChildren(...places.map((at) => cell("span", at, colours, { "aria-hidden": true })));
    last.replaceChildren(...facts.last.map((at) => cell("span", at, colours, { "aria-hidden": true })));
  }

  return {
    update({ facts: told, arrays: { colours } }) {
      facts = told;
      const made = JSON.stringify([facts.shape, facts.texts, facts.names, facts.told, [...colours.values]]);
      const focused = root.contains(root.getRootNode().activeElement);
      root.setAttribute("aria-label", facts.label);
      root.setAttribute("role", "group");
      if (made !== built) build(colours.values);
      built = made;
      show(choice.accepts(facts.selected) || selected >= facts.texts.length ? facts.selected : selected);
      if (focused) button(selected).focus();
    },
    dispose() { choice.cancel(); root.remove(); },
  };
});
