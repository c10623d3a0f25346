// @ts-check
// Curves over the epochs that keep their zoom while they grow: only the points are replaced, never the chart.
// Drag over a span of epochs to zoom, double click or Escape to see all; the pointer or the arrow keys read values.

import { component, element } from "../parts.js";

const SVG = "http://www.w3.org/2000/svg";
const EDGE = { left: 52, right: 14, top: 8, bottom: 40 }; // at the usual size of type, as the height is
const LEAST_DRAG = 6; // pixels: less is a click

function shape(tag, attributes = {}, text = "") {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  return made;
}

// About `count` round numbers from low to high; on a logarithmic axis 1, 2 and 5 of each power of ten.
function ticks(low, high, count, log) {
  const found = [];
  if (log) {
    const steps = Math.log10(high / low) > 3 ? [1] : [1, 2, 5];
    for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++)
      for (const step of steps) {
        const value = step * 10 ** power;
        if (value >= low * 0.999 && value <= high * 1.001) found.push(value);
      }
    if (found.length > 1) return found;
  }
  const rough = (high - low) / count || 1, power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999);
  for (let n = Math.ceil(low / step - 1e-9); n * step <= high + step * 1e-9; n++) found.push(n * step);
  return found;
}

function short(value) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text = size >= 1e5 || size < 1e-3 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
  return text.replace("-", "−");
}

function create(parent) {
  const legend = element("div", { class: "legend" });
  const svg = shape("svg", { tabindex: "0", role: "img" });
  const tip = element("div", { class: "tip", hidden: true });
  const all = element("button", { type: "button", class: "all", hidden: true, onclick: () => zoom(null) }, "Show all");
  const root = element("div", { class: "root curves" }, element("div", { class: "top" }, legend, all), svg, tip);
  parent.append(root);
  let facts = null, range = null, at = null, from = null, drawn = null, shown = "";

  // The epochs that are seen, and the values that they need.
  function bounds() {
    const x = facts.lines.flatMap((line) => line.x);
    let [left, right] = range || [Math.min(...x), Math.max(...x)];
    if (left === right) [left, right] = [left - 0.5, right + 0.5];
    const y = facts.lines.flatMap((line) => line.y.filter((v, i) =>
      v !== null && (!facts.log || v > 0) && line.x[i] >= left - 1e-9 && line.x[i] <= right + 1e-9));
    let [low, high] = y.length ? [Math.min(...y), Math.max(...y)] : [0.1, 1];
    if (facts.zero) low = Math.min(low, 0);
    if (facts.log) return { left, right, low: low / 1.15, high: high * 1.15 };
    const room = (high - low) * 0.06 || Math.abs(high) * 0.05 || 1;
    return { left, right, low: facts.zero && low === 0 ? 0 : low - room, high: high + room };
  }

  function draw() {
    if (!facts) return;
    const grown = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
    const edge = Object.fromEntries(Object.entries(EDGE).map(([side, length]) => [side, length * grown]));
    const width = Math.max(180, root.clientWidth), height = facts.height * grown, seen = bounds();
    const inner = { w: width - edge.left - edge.right, h: height - edge.top - edge.bottom };
    const scale = facts.log ? Math.log : (v) => v;
    const x = (v) => edge.left + ((v - seen.left) / (seen.right - seen.left)) * inner.w;
    const y = (v) => edge.top + (1 - (scale(v) - scale(seen.low)) / (scale(seen.high) - scale(seen.low))) * inner.h;
    drawn = { x, y, seen, inner, width, edge };
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.style.height = `${height}px`;
    svg.replaceChildren(shape("clipPath", { id: "inside" }));
    svg.firstChild.append(shape("rect", { x: edge.left, y: edge.top, width: inner.w, height: inner.h }));
    for (const value of ticks(seen.low, seen.high, 5, facts.log)) {
      svg.append(shape("line", { class: "grid", x1: edge.left, x2: width - edge.right, y1: y(value), y2: y(value) }));
      svg.append(shape("text", { class: "tick", x: edge.left - 8, y: y(value) + 4 * grown, "text-anchor": "end" }, short(value)));
    }
    for (const value of ticks(seen.left, seen.right, Math.min(8, inner.w / (36 * grown)), false))
      if (Number.isInteger(value))
        svg.append(shape("text", { class: "tick", x: x(value), y: height - 22 * grown, "text-anchor": "middle" }, String(value)));
    svg.append(shape("text", { class: "title", x: edge.left + inner.w / 2, y: height - 5 * grown, "text-anchor": "middle" }, "epoch"));
    for (const line of facts.lines) drawLine(line, x, y);
    mark();
  }

  function drawLine(line, x, y) {
    const dash = { full: "", dotted: "2 4", dashed: "7 5" }[line.dash];
    const look = { stroke: line.colour, "stroke-width": line.width, "stroke-dasharray": dash, "clip-path": "url(#inside)" };
    let path = "", pen = "M";
    const dots = [];
    line.x.forEach((epoch, i) => {
      const value = line.y[i];
      if (value === null || (facts.log && value <= 0)) return void (pen = "M");
      path += `${pen}${x(epoch).toFixed(1)},${y(value).toFixed(1)}`;
      pen = "L";
      dots.push([x(epoch), y(value)]);
    });
    svg.append(shape("path", { ...look, fill: "none", d: path, class: "line" }));
    if (line.dash === "full" && line.marks && dots.length <= 60)
      for (const [cx, cy] of dots) svg.append(shape("circle", { cx, cy, r: 2.4, fill: line.colour, "clip-path": "url(#inside)" }));
  }

  // The values at the epoch under the pointer, and the span that is being dragged.
  function mark() {
    svg.querySelectorAll(".cursor, .span").forEach((old) => old.remove());
    tip.hidden = true;
    if (at === null || !drawn) return;
    const { x, inner, width, edge } = drawn;
    if (from !== null) {
      const [a, b] = [Math.min(from, at), Math.max(from, at)];
      return void svg.append(shape("rect", { class: "span", x: a, y: edge.top, width: b - a, height: inner.h }));
    }
    const epochs = facts.lines.filter((line) => line.dash !== "dashed").flatMap((line) => line.x);
    if (!epochs.length) return;
    const epoch = epochs.reduce((best, one) => (Math.abs(x(one) - at) < Math.abs(x(best) - at) ? one : best));
    if (epoch < drawn.seen.left || epoch > drawn.seen.right) return;
    svg.append(shape("line", { class: "cursor", x1: x(epoch), x2: x(epoch), y1: edge.top, y2: edge.top + inner.h }));
    const rows = facts.lines.filter((line) => line.x.includes(epoch) && line.y[line.x.indexOf(epoch)] !== null);
    tip.replaceChildren(element("b", {}, `epoch ${epoch}`), ...rows.slice(0, 12).map((line) => element("div", {},
      swatch(line), `${line.name} ${Number(line.y[line.x.indexOf(epoch)]).toPrecision(facts.digits)}${facts.unit}`)));
    tip.hidden = false;
    const left = x(epoch) > width / 2;
    tip.style.left = left ? "auto" : `${x(epoch) + 12}px`;
    tip.style.right = left ? `${width - x(epoch) + 12}px` : "auto";
  }

  function swatch(line) {
    const made = element("i", {});
    made.style.borderTop = `3px ${{ full: "solid", dotted: "dotted", dashed: "dashed" }[line.dash]} ${line.colour}`;
    return made;
  }

  function zoom(next) {
    range = next;
    all.hidden = !next;
    svg.dataset.range = next ? next.join(" ") : "";
    draw();
  }
  const place = (event) => event.clientX - svg.getBoundingClientRect().left;
  const clamp = (px) => Math.min(Math.max(px, drawn.edge.left), drawn.width - drawn.edge.right);
  const value = (px) => drawn.seen.left + ((px - drawn.edge.left) / drawn.inner.w) * (drawn.seen.right - drawn.seen.left);

  svg.addEventListener("pointerdown", (event) => {
    if (event.button || event.pointerType === "touch") return; // a finger scrolls the page and reads values
    from = at = clamp(place(event));
    svg.setPointerCapture(event.pointerId);
  });
  svg.addEventListener("pointermove", (event) => { at = drawn && clamp(place(event)); mark(); });
  svg.addEventListener("pointerup", () => {
    const span = from === null ? null : [Math.min(from, at), Math.max(from, at)];
    from = null;
    if (span && span[1] - span[0] > LEAST_DRAG) zoom([value(span[0]), value(span[1])]);
    else mark();
  });
  svg.addEventListener("pointercancel", () => { from = null; mark(); });
  svg.addEventListener("pointerleave", () => { if (from === null) { at = null; mark(); } });
  svg.addEventListener("dblclick", () => zoom(null));
  svg.addEventListener("blur", () => { at = null; mark(); });
  svg.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === "Escape") zoom(null);
    else if (step && drawn) {
      const epochs = [...new Set(facts.lines.flatMap((line) => line.x))].sort((a, b) => a - b)
        .filter((one) => one >= drawn.seen.left && one <= drawn.seen.right);
      const now = at === null ? -1 : epochs.reduce((best, one, i) =>
        (Math.abs(drawn.x(one) - at) < Math.abs(drawn.x(epochs[best]) - at) ? i : best), 0);
      at = drawn.x(epochs[Math.min(Math.max(now + step, 0), epochs.length - 1)]);
      mark();
    } else return;
    event.preventDefault();
  });
  const watcher = new ResizeObserver(draw);
  watcher.observe(root);

  return {
    update(data) {
      if (facts && facts.key !== data.facts.key) zoom(null); // another run: its own epochs
      facts = data.facts;
      svg.setAttribute("aria-label", facts.label);
      const names = facts.lines.filter((line) => line.legend);
      const words = JSON.stringify([facts.title, names.map((line) => [line.name, line.colour])]);
      if (words !== shown) {
        shown = words;
        legend.replaceChildren(element("b", {}, facts.title), ...names.map((line) => element("span", {}, swatch(line), line.name)));
      }
      draw();
    },
    dispose() { watcher.disconnect(); },
  };
}

export default component(create);
