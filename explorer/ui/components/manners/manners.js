// @ts-check
// What the browser does for the whole page: Page Down and Page Up turn the steps of a lesson (with Alt, or alone in
// presenter mode, where a remote control sends them), each from its top; on a phone the sidebar closes once something was
// chosen in it, and the chosen tab is in sight in its row; Back undoes steps.

import { component } from "../parts.js";
import { keepSteps } from "./steps.js";

const TURNS = { PageDown: ".st-key-lesson-next a", PageUp: ".st-key-lesson-back a" };
const PHONE = "(max-width: 640px)";

/** Which tab of a row was brought into sight: where somebody has scrolled the row since, it stays. @type {WeakMap<Element, Element>} */
const seen = new WeakMap();
/** Rows of tabs are wider than a phone, and begin at their start. */
function revealTabs() {
  for (const tab of document.querySelectorAll("[role=tablist] [role=tab][aria-selected=true]")) {
    const row = tab.closest("[role=tablist]");
    if (!row || !(tab instanceof HTMLElement) || seen.get(row) === tab) continue;
    seen.set(row, tab);
    const box = tab.getBoundingClientRect(), around = row.getBoundingClientRect();
    if (box.left < around.left || box.right > around.right) row.scrollBy(box.left + box.width / 2 - around.left - around.width / 2, 0);
  }
}

function create() {
  const stop = new AbortController(), { signal } = stop;
  let facts = {};
  keepSteps();

  function turn(event) {
    const to = TURNS[event.key];
    if (!to || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey === Boolean(facts.present)) return;
    /** @type {HTMLElement | null} */
    const link = document.querySelector(to);
    if (!link) return;
    event.preventDefault();
    link.click();
  }
  function choose(event) {
    if (!window.matchMedia(PHONE).matches) return;
    const path = event.composedPath().filter((one) => one instanceof Element);
    if (!path.some((one) => one.getAttribute("data-testid") === "stSidebar")) return;
    if (!path.some((one) => one.matches("a, .grid button"))) return;
    /** @type {HTMLElement | null} */
    const fold = document.querySelector("[data-testid=stSidebarCollapseButton] button");
    fold?.click();
  }

  document.addEventListener("keydown", turn, { signal });
  document.addEventListener("click", choose, { signal });
  return {
    update(data) {
      if (facts.step !== undefined && facts.step !== data.facts.step) {
        document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0);
      }
      facts = data.facts;
      requestAnimationFrame(revealTabs);
    },
    dispose: () => stop.abort(),
  };
}

export default component(create);
