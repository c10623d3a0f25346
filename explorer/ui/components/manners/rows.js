// @ts-check
// Rows that are wider than a phone.

/** Which tab of a row was brought into sight: where somebody has scrolled the row since, it stays.
 * @type {WeakMap<Element, Element>} */
const seen = new WeakMap();

/** A row of tabs begins at its start, wherever the chosen one is. */
export function revealTabs() {
  for (const tab of document.querySelectorAll("[role=tablist] [role=tab][aria-selected=true]")) {
    const row = tab.closest("[role=tablist]");
    if (!row || seen.get(row) === tab) continue;
    seen.set(row, tab);
    const box = tab.getBoundingClientRect(), around = row.getBoundingClientRect();
    if (box.left >= around.left && box.right <= around.right) continue;
    row.scrollBy(box.left + box.width / 2 - around.left - around.width / 2, 0);
  }
}

const SCROLLED = new Set(["auto", "scroll"]);
const FOCUSED = "a[href], button, input, select, textarea, [tabindex]";

/** Whether it can be scrolled, sideways or down. @param {HTMLElement} one */
function scrolls(one) {
  const wide = one.scrollWidth > one.clientWidth + 1, high = one.scrollHeight > one.clientHeight + 1;
  if (!one.clientWidth || !(wide || high)) return false;
  const { overflowX, overflowY } = getComputedStyle(one);
  return (wide && SCROLLED.has(overflowX)) || (high && SCROLLED.has(overflowY));
}

/** What scrolls and holds nothing that Tab stops at is a stop itself: the arrow keys then move it. */
export function reachScrolled() {
  /** @type {NodeListOf<HTMLElement>} */
  const all = document.querySelectorAll(".stMain :is(div, span, pre)");
  for (const one of [...all].filter((each) => each.tabIndex < 0 && scrolls(each))) {
    const inside = [...one.querySelectorAll(FOCUSED)];
    if (!inside.some((each) => each instanceof HTMLElement && each.tabIndex >= 0 && each.checkVisibility())) one.tabIndex = 0;
  }
}
