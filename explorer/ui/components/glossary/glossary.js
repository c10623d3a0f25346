// @ts-check
// The meaning of a symbol beside it. Nothing on the page is touched: what lies under the pointer is looked up when it
// rests, and the words stand in a layer of their own. Escape takes them away.

import { component, element } from "../parts.js";

const REST = 250; // milliseconds
const SYMBOL = /\p{Script=Greek}|[^\p{L}\p{N}\s]|(?<!\p{L})\p{L}(?!\p{L})/gu;
const LONG = 80; // letters of a name: more are a text

/** @param {Element | ShadowRoot | Document} root the deepest element at this place, in components as well */
function deepest(root, x, y) {
  const found = /** @type {Document} */ (root).elementFromPoint?.(x, y) ?? null;
  return found?.shadowRoot && found.shadowRoot !== root ? deepest(found.shadowRoot, x, y) ?? found : found;
}
/** The text of an element; of a chart all there is, since what takes the pointer there lies over its words.
 * @param {Element | null} under */
function written(under) {
  const chart = under?.closest(".js-plotly-plot");
  return chart ? [...chart.querySelectorAll("text, tspan")].flatMap((one) => [...one.childNodes]) : under?.childNodes ?? [];
}
/** What a control is called. @param {HTMLElement} control */
function name(control) {
  const labels = "labels" in control ? /** @type {HTMLInputElement} */ (control).labels ?? [] : [];
  return control.ariaLabel || [...labels].map((one) => one.innerText).join(" ").trim() || control.innerText || "";
}
const within = (box, x, y) => x >= box.left - 2 && x <= box.right + 2 && y >= box.top - 2 && y <= box.bottom + 2;

function create(parent) {
  const stop = new AbortController(), { signal } = stop;
  const tip = element("div", { class: "glossary", role: "tooltip", popover: "manual" });
  parent.append(tip);
  /** @type {Record<string, string>} */
  let words = {};
  let shown = null; // the box of what is explained
  let focused = null; // the control, where it is one
  let byKeys = false, rest = 0;

  const symbols = (text) => [...text.matchAll(SYMBOL)].filter(([one]) => Object.hasOwn(words, one));

  function at(x, y) {
    for (const node of written(deepest(document, x, y))) {
      if (!(node instanceof Text)) continue;
      for (const { 0: symbol, index } of symbols(node.data)) {
        const range = document.createRange();
        range.setStart(node, index);
        range.setEnd(node, index + symbol.length);
        const box = range.getBoundingClientRect();
        if (within(box, x, y)) return { symbol, box };
      }
    }
    return null;
  }
  function show(which, box) {
    tip.replaceChildren(...which.map((one) => element("p", {}, element("b", {}, one), ` ${words[one]}`)));
    tip.showPopover();
    place(box);
  }
  function place(box) {
    const { width, height } = tip.getBoundingClientRect(), room = window.innerHeight - box.bottom - 12;
    tip.style.left = `${Math.max(8, Math.min(box.left, window.innerWidth - width - 8))}px`;
    tip.style.top = `${height <= room ? box.bottom + 6 : Math.max(8, box.top - height - 6)}px`;
    shown = box;
  }
  function hide() {
    clearTimeout(rest);
    if (shown) tip.hidePopover();
    shown = focused = null;
  }
  function look(x, y) {
    const found = at(x, y);
    if (found) show([found.symbol], found.box);
    else hide();
  }
  /** @param {PointerEvent} event */
  function move({ clientX: x, clientY: y, buttons, pointerType }) {
    if (pointerType === "touch" || buttons) return;
    clearTimeout(rest);
    if (shown && [shown, tip.getBoundingClientRect()].some((box) => within(box, x, y))) return;
    rest = setTimeout(look, REST, x, y);
  }
  /** @param {FocusEvent} event */
  function focus({ target }) {
    if (!byKeys || !(target instanceof HTMLElement)) return;
    hide();
    const text = name(target), found = text.length <= LONG ? [...new Set(symbols(text).map(([one]) => one))] : [];
    if (!found.length) return;
    show(found, target.getBoundingClientRect());
    focused = target;
  }
  document.addEventListener("pointermove", move, { signal, passive: true });
  document.addEventListener("pointerdown", (event) => {
    byKeys = false;
    hide();
    if (event.pointerType === "touch") look(event.clientX, event.clientY);
  }, { signal, passive: true, capture: true });
  document.addEventListener("keydown", ({ key }) => {
    byKeys ||= key === "Tab";
    if (key === "Escape") hide();
  }, { signal, capture: true });
  document.addEventListener("focusin", focus, { signal });
  document.addEventListener("scroll", () => (focused ? place(focused.getBoundingClientRect()) : hide()), {
    signal, capture: true, passive: true,
  });
  return {
    update({ facts }) { words = facts.words; },
    dispose() {
      hide();
      stop.abort();
    },
  };
}

export default component(create);
