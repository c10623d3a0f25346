// @ts-check
// Which changes of the address are steps that the browser's Back undoes: one for what a person did, whatever follows from
// it, and one for all that happens in a row on one control that is dragged or counted up.

export class Steps {
  constructor() {
    this.fresh = false; // somebody has pressed something, and no address has come of it yet
    /** @type {string | null} the control that was pressed, if it is one that is dragged */
    this.hand = null;
    /** @type {string | null} the same of the last step */
    this.last = null;
  }
  /** @param {string | null} dragged the name of the control, null for one that takes a single press */
  pressed(dragged) {
    this.fresh = true;
    this.hand = dragged;
  }
  /** The browser went back or forward. */
  turned() {
    this.fresh = false;
    this.last = null;
  }
  /** Whether the address that follows is a step of its own. @param {boolean} page it leads to another page */
  step(page) {
    const own = page || (this.fresh && (this.hand === null || this.hand !== this.last));
    if (this.fresh || page) this.last = page ? null : this.hand;
    this.fresh = false;
    return own;
  }
}

const DRAGGED = "[data-testid=stSlider], [data-testid=stNumberInput], [role=slider], input[type=range], canvas";
const SILENT = new Set(["Tab", "Shift", "Control", "Alt", "Meta", "Escape"]);

/** The control that is dragged under this press, by a name that outlives a run of the page.
 * @param {Event} event */
function dragged(event) {
  const path = event.composedPath().filter((one) => one instanceof Element);
  const at = path.findIndex((one) => one.matches(DRAGGED));
  if (at < 0) return null;
  const named = path.slice(at).find((one) => /\bst-key-/.test(one.className?.toString() ?? ""));
  return named?.className.toString().match(/\bst-key-\S+/)?.[0] ?? path[at].getAttribute("aria-label") ?? "";
}

/** Streamlit replaces the address where a widget is bound to it, and adds one for each parameter that Python sets. */
export function keepSteps() {
  if ("steps" in window.history) return;
  const steps = new Steps(), { history } = window, { pushState, replaceState } = history;
  const write = (/** @type {any[]} */ state, /** @type {string} */ title, /** @type {string | URL} */ url) => {
    const to = new URL(url ?? "", location.href);
    if (to.href === location.href) return replaceState.call(history, state, title, url);
    (steps.step(to.pathname !== location.pathname) ? pushState : replaceState).call(history, state, title, url);
  };
  Object.assign(history, { pushState: write, replaceState: write, steps });
  window.addEventListener("pointerdown", (event) => steps.pressed(dragged(event)), true);
  window.addEventListener("keydown", (event) => SILENT.has(event.key) || steps.pressed(dragged(event)), true);
  window.addEventListener("popstate", () => steps.turned(), true);
}
