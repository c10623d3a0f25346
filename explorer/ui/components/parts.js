// @ts-check
// What our components share. Each file is joined with this one into one module (see parts.py).

const ARRAYS = { f8: Float64Array, f4: Float32Array, u1: Uint8Array };

// The block of bytes of parts.pack -> { facts, arrays: { name: { shape, values } } }.
function unpack(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(0, true);
  if (view.getUint32(8, true) !== bytes.byteLength) throw new Error("The data arrived incomplete: reload the page");
  const { facts, arrays: table } = JSON.parse(new TextDecoder().decode(bytes.subarray(12, 12 + length)));
  const arrays = {};
  for (const [name, [type, shape, offset]] of Object.entries(table)) {
    const size = shape.reduce((a, b) => a * b, 1) * ARRAYS[type].BYTES_PER_ELEMENT;
    const begin = 12 + length + offset;
    arrays[name] = { shape, values: new ARRAYS[type](bytes.slice(begin, begin + size).buffer) };
  }
  return { facts, arrays };
}

// The default export of a component. Streamlit calls it again with new data on the same parent and keeps the page's
// DOM: `create(parent, send)` builds once, `update(data)` runs every time, `dispose()` when the parent has gone.
// send(name, value) calls on_NAME_change in Python, also with the value of the last time: what it means may have changed.
/** @typedef {{ update: (data: any) => void, dispose: () => void, link?: { send: Function } }} Instance */
/** @type {WeakMap<object, Instance>} */
const instances = new WeakMap();
/**
 * @param {(parent: any, send: (name: string, value: any) => void) => Instance} create
 * @returns {import("@streamlit/component-v2-lib").FrontendRenderer<any, any>}
 */
export function component(create) {
  return ({ data, parentElement, setTriggerValue }) => {
    let instance = instances.get(parentElement);
    if (!instance) {
      const link = { send: setTriggerValue };
      instance = create(parentElement, (name, value) => link.send(name, value));
      instance.link = link;
      instances.set(parentElement, instance);
    }
    instance.link.send = setTriggerValue;
    instance.update(unpack(data));
    leftUntil = 0;
    return () => {
      // a clean-up may arrive from an outdated call while the component lives on
      if (parentElement.isConnected || instances.get(parentElement) !== instance) return;
      instances.delete(parentElement);
      instance.dispose();
    };
  };
}

// element("div", { class: "x", onclick: f }, child, "text"): text is always a text node, never markup.
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

// An icon of 24 x 24 units; `filled` paths are solid, the others are lines.
export function icon(path, filled = false) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", filled ? "icon filled" : "icon");
  const line = document.createElementNS(space, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

// Bytes (height, width, 3) -> the canvas, one canvas pixel a value; CSS enlarges it without smoothing.
export function paint(canvas, rgb, width, height) {
  canvas.width = width;
  canvas.height = height;
  const image = new ImageData(width, height);
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) {
    image.data[to] = rgb[from];
    image.data[to + 1] = rgb[from + 1];
    image.data[to + 2] = rgb[from + 2];
    image.data[to + 3] = 255;
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

// So many times the size of the page's letters, which presenter mode enlarges: a canvas does not inherit it.
export const rem = (times) => times * parseFloat(getComputedStyle(document.documentElement).fontSize);

// Black or white, whichever stands out more from the colour: at least 4.58 to 1, by the luminance of WCAG 2.
export function inkOn(red, green, blue) {
  const linear = [red, green, blue].map((level) => level / 255)
    .map((share) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4));
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] > 0.179 ? "#000" : "#fff";
}

// Three significant digits with a true minus sign, to the last letter as explorer.render.number prints them: ties too.
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
export function number(value, digits = 3) {
  if (Number.isNaN(value)) return "not a number";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const [mantissa, power] = value.toExponential(digits - 1).split("e");
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 6) {
    return value.toFixed(Math.max(0, digits - 1 - exponent)).replace("-", "−");
  }
  const raised = [...String(exponent)].map((c) => (c === "-" ? "⁻" : RAISED[c])).join("");
  return `${mantissa}·10${raised}`.replace("-", "−");
}

/** A count as Python writes it with a comma: 12,000.
 * @param {number} count */
export const whole = (count) => count.toLocaleString("en");

// Between a click on a link and what comes of it nothing is reported: with a message the browser sends the values of all
// widgets, and those of the state that is being left would be taken for the reader's choice in the next.
const LEAVING = 10_000; // milliseconds; a link that changes nothing here holds reports for no longer
let leftUntil = 0;
globalThis.document?.addEventListener("click", (event) => {
  const link = event.composedPath().find((one) => one instanceof HTMLAnchorElement);
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) leftUntil = performance.now() + LEAVING;
}, true);

// Reports a choice to Python a moment after the last change, and says whether Python's own value may be shown again:
// an answer to an earlier choice must not throw the reader back.
export function reporter(send, wait = 180) {
  let timer = 0, awaited = null, since = 0;
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  const tell = () => {
    if (performance.now() < leftUntil) {
      timer = setTimeout(tell, wait);
      return;
    }
    timer = 0;
    send(awaited);
  };
  return {
    report(value) {
      awaited = value;
      since = performance.now();
      clearTimeout(timer);
      timer = setTimeout(tell, wait);
    },
    accepts(value) {
      if (awaited !== null && !same(awaited, value) && (timer || performance.now() - since < 3000)) return false;
      if (!timer) awaited = null;
      return true;
    },
    cancel() { clearTimeout(timer); timer = 0; awaited = null; },
  };
}
