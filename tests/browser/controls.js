// Controls in sight, main part before sidebar, in the order of the page: what each is, what names it, whether it can be
// pressed. window.found keeps the elements. A name is made of where it stands (tab, dialog, menu, fold), its group, its
// words up to a colon without the icon before them and the numbers in them, and which one of several alike it is.
([many]) => {
  const WANTED = "button, summary, select, [role=button], [role=tab], [role=switch], [role=checkbox], [role=radio], "
    + "[role=option], [role=gridcell], [role=menuitem], [role=combobox], input[type=checkbox], input[type=radio]";
  const THEIRS = "[data-testid=stTooltipHoverTarget], [data-testid=stTooltipIcon], [data-testid=stElementToolbar], "
    + ".modebar, [data-testid=stSidebarCollapseButton], [data-testid=stDataFrame]";
  const up = (e) => e.parentElement ?? e.getRootNode().host ?? null;
  const closest = (e, css) => { for (; e; e = up(e)) if (e.matches(css)) return e; return null; };
  const icons = (e) => [...e.querySelectorAll("[data-testid=stIconMaterial], [role=img][translate=no]")].map((one) => one.innerText);
  const bare = (e, line) => line.slice(icons(e).find((icon) => line.startsWith(icon))?.length ?? 0).trim();
  const lines = (e) => (e.innerText ?? "").split("\n").map((line) => bare(e, line)).filter(Boolean);
  const words = (e) => (e.getAttribute("aria-label") || lines(e).at(-1) || e.title || e.value || "").trim();
  const numberless = (e) => words(e).replace(/[-−]?\d[\d.,]*/g, "#");
  const titled = (e) => document.getElementById(e.getAttribute("aria-labelledby") ?? "")?.innerText.trim();
  const all = [];
  const gather = (root) => { for (const e of root.querySelectorAll("*")) {
    if (e.matches(WANTED)) all.push(e);
    if (e.shadowRoot) gather(e.shadowRoot);
  } };
  const main = document.querySelector("[data-testid=stMain]"), side = document.querySelector("[data-testid=stSidebar]");
  for (const layer of document.querySelectorAll("[role=dialog], [data-testid=stPopoverBody]")) gather(layer);
  for (const part of [main, side]) if (part) gather(part);
  const groups = new Map(), count = new Map(), found = [];
  for (const e of new Set(all)) {
    const { width, height } = e.getBoundingClientRect();
    const shown = width && height && e.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    if (!shown || closest(e, THEIRS) || closest(e, "[inert], [aria-hidden=true]")) continue;
    const role = e.getAttribute("role") ?? (e.type === "checkbox" ? "switch" : e.localName);
    if (e.localName === "button" && up(e)?.querySelector("[role=combobox]")) continue;  // opens what its box opens
    const group = closest(up(e), "[role=group]:not([tabindex]), [role=grid], [role=listbox], [role=radiogroup], [role=tablist]");
    const places = [];
    for (let at = up(e); at; at = up(at)) {
      if (at.matches("[role=tabpanel]")) places.unshift(titled(at) ?? "tab");
      else if (at.matches("[role=dialog], [data-testid=stPopoverBody]")) places.unshift("over the page");
      else if (at.matches("details")) places.unshift(numberless(at.querySelector("summary")));
      else if (at === side) places.unshift("sidebar");
    }
    const text = role === "radio" || role === "tab" ? words(e) : numberless(e).split(": ")[0];
    const box = closest(e, "[data-testid=stNumberInput]")?.querySelector("input")?.getAttribute("aria-label");
    const of = box || group?.getAttribute("aria-label") || (group && titled(group)) || "";
    const name = [...places, of, `${role} ${text}`].filter(Boolean).join(" > ");
    const n = count.set(name, (count.get(name) ?? 0) + 1).get(name), nth = n > 1 ? ` (${n})` : "";
    // widgets of one key are one widget, in whichever tab it stands
    const key = [...(closest(e, "[data-testid=stElementContainer]")?.classList ?? [])].find((c) => /^st-key-/.test(c));
    const same = key ? [key, of, `${role} ${text}`].join(" > ") : name;
    const off = e.disabled || e.getAttribute("aria-disabled") === "true";
    const one = { name: name + nth, same: same + nth, role, off, element: e };
    if (group && e.getRootNode() !== document) {
      const key = [...places, of].join(" > ");
      groups.set(key, [...(groups.get(key) ?? []), one]);
    }
    found.push(one);
  }
  const out = new Set();
  for (const [key, members] of groups) if (members.length > many) {
    const kept = { first: 0, second: 1, middle: members.length >> 1, last: members.length - 1 };
    for (const one of members) out.add(one);
    for (const [which, index] of Object.entries(kept)) {
      out.delete(members[index]);
      members[index].name = members[index].same = `${key} > the ${which} of many`;
    }
  }
  window.found = found.filter((one) => !out.has(one));
  window.ids ??= new WeakMap();  // elements that are being replaced are not at rest
  const id = (e) => window.ids.get(e) ?? window.ids.set(e, window.count = (window.count ?? 0) + 1).get(e);
  return window.found.map(({ name, same, role, off, element }) => ({ name, same, role, off, id: id(element) }));
}
