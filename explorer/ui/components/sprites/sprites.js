// @ts-check
/** @type {import("@streamlit/component-v2-lib").FrontendRenderer<any, any>} */
const sprites = ({ parentElement, data, setTriggerValue }) => {
  const grid = /** @type {any} */ (parentElement.querySelector(".grid"));
  const sheet = JSON.stringify([data.url, data.label, data.tiles]);
  if (grid.sheet !== sheet) {
    build(grid, data);
    grid.sheet = sheet;
  }
  const buttons = [...grid.querySelectorAll("button")];
  const chosen = buttons.find((button) => button.value === data.chosen);
  for (const button of buttons) {
    button.setAttribute("aria-pressed", String(button === chosen));
    button.tabIndex = -1;
    button.onclick = () => setTriggerValue("taken", button.value);
  }
  const entry = chosen ?? buttons[0];
  if (entry) entry.tabIndex = 0;
  if (chosen && grid.dataset.shown !== data.chosen) {
    reveal(grid, chosen);
    grid.dataset.shown = data.chosen;
  }
  grid.onkeydown = (event) => {
    const here = buttons.indexOf(event.target);
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -data.across, ArrowDown: data.across }[event.key];
    if (here < 0 || !step) return;
    event.preventDefault();
    const next = buttons[Math.min(buttons.length - 1, Math.max(0, here + step))];
    buttons[here].tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  };
};
export default sprites;

function build(grid, data) {
  grid.replaceChildren();
  grid.setAttribute("aria-label", data.label);
  const groups = new Map();
  for (const tile of data.tiles) {
    if (!groups.has(tile[1])) groups.set(tile[1], []);
    groups.get(tile[1]).push(tile);
  }
  const single = groups.size === data.tiles.length;
  const across = `repeat(${data.across}, minmax(0, 1fr))`;
  grid.style.maxHeight = single ? "none" : "";
  const holder = single ? element("div", "singles", grid) : grid;
  if (single) holder.style.gridTemplateColumns = across;
  for (const [name, tiles] of groups) {
    const group = element("div", single ? "single" : "group", holder);
    if (!single) group.style.gridTemplateColumns = across;
    element("div", "name", group).textContent = name;
    for (const [key, , alt, place] of tiles) {
      const button = element("button", "", group);
      button.type = "button";
      button.value = key;
      button.title = alt;
      button.setAttribute("aria-label", alt);
      button.style.backgroundImage = `url(${data.url})`;
      button.style.backgroundSize = `${data.columns * 100}% ${data.rows * 100}%`;
      const [column, row] = [place % data.columns, Math.floor(place / data.columns)];
      button.style.backgroundPosition = `${share(column, data.columns)}% ${share(row, data.rows)}%`;
    }
  }
}

function reveal(grid, button) {
  const [outer, inner] = [grid.getBoundingClientRect(), button.getBoundingClientRect()];
  if (inner.top < outer.top || inner.bottom > outer.bottom) grid.scrollTop += inner.top - outer.top - outer.height / 3;
}

function element(tag, name, parent) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  return parent.appendChild(made);
}

function share(place, count) {
  return count > 1 ? (100 * place) / (count - 1) : 0;
}
