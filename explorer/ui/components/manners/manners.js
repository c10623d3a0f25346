// @ts-check
// What the browser does for the whole page: Page Down and Page Up turn the steps of a lesson (with Alt, or alone in
// presenter mode, where a remote control sends them), each from its top; on a phone the sidebar closes once something was
// chosen in it; the chosen tab is in sight in its row, and keys reach what scrolls; Back undoes steps.

import { component } from "../parts.js";
import { reachScrolled, revealTabs } from "./rows.js";
import { keepSteps } from "./steps.js";

const TURNS = { PageDown: ".st-key-lesson-next a", PageUp: ".st-key-lesson-back a" };
const PHONE = "(max-width: 640px)";
const REST = 100; // milliseconds after a change of the page until one looks at what is too wide

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

  let looked = 0;
  const changes = new MutationObserver(() => {
    looked ||= setTimeout(() => {
      looked = 0;
      reachScrolled();
    }, REST);
  });
  changes.observe(document.body, { childList: true, subtree: true, attributeFilter: ["class", "aria-selected"] });
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
    dispose: () => {
      stop.abort();
      changes.disconnect();
      clearTimeout(looked);
    },
  };
}

export default component(create);
