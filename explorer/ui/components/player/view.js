// @ts-check
// Values become pixels and curves.

import { number, rem, whole } from "../parts.js";

const ABOVE = 0xff005ed5, BELOW = 0xffb27200; // vermilion and blue as little-endian RGBA: outside a fixed scale
const TOLERATED = 0.02; // of the scale: rounding and a hair's breadth are not worth a warning

// A field as a picture, one canvas pixel a value. `scale` is { low, high }; one channel goes through the colour table,
// three are red, green and blue. A pixel outside the scale is marked, not hidden, by the side that it is farther out on;
// `above` and `below` are shares of all values, since in one pixel red may be above and blue below.
export class Picture {
  constructor(canvas, grid) {
    this.canvas = canvas;
    canvas.width = grid.width;
    canvas.height = grid.height;
    this.context = canvas.getContext("2d");
    this.image = new ImageData(grid.width, grid.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.above = this.below = 0;
  }

  fill(grid, { low, high }, table) {
    const { u, width, height, stride, plane } = grid;
    const second = grid.channels === 3 ? plane : 0, third = 2 * second;
    const span = high - low, factor = span > 0 ? 255 / span : 0, offset = span > 0 ? 0.5 - low * factor : 127.5;
    const ceiling = 255.5 + 255 * TOLERATED, floor = 0.5 - 255 * TOLERATED;
    const { pixels } = this, count = second ? 3 : 1;
    let above = 0, below = 0;
    for (let y = 0, to = 0; y < height; y++) {
      for (let i = (y + 1) * stride + 1, end = i + width; i < end; i++, to++) {
        const r = u[i] * factor + offset, g = u[i + second] * factor + offset, b = u[i + third] * factor + offset;
        const most = Math.max(r, g, b), least = Math.min(r, g, b);
        if (most > ceiling || least < floor) {
          pixels[to] = most - ceiling > floor - least ? ABOVE : BELOW;
          above += +(r > ceiling) + (second ? +(g > ceiling) + +(b > ceiling) : 0);
          below += +(r < floor) + (second ? +(g < floor) + +(b < floor) : 0);
        } else {
          const red = r < 0 ? 0 : r > 255 ? 255 : r | 0;
          if (second) {
            const green = g < 0 ? 0 : g > 255 ? 255 : g | 0, blue = b < 0 ? 0 : b > 255 ? 255 : b | 0;
            pixels[to] = 0xff000000 | (blue << 16) | (green << 8) | red;
          } else pixels[to] = table[red];
        }
      }
    }
    this.above = above / (count * pixels.length);
    this.below = below / (count * pixels.length);
  }

  // The left part of every row from another picture: before and after in one frame.
  overlay(other, share) {
    const { width, height } = this.canvas, cut = Math.round(share * width);
    for (let y = 0; y < height; y++) this.pixels.set(other.pixels.subarray(y * width, y * width + cut), y * width);
  }

  show() {
    this.context.putImageData(this.image, 0, 0);
  }
}

// What a network looks at: the field as the bytes of a picture, clipped to what a picture can hold, whatever the scale.
export function snapshot({ u, width, height, stride, plane, channels }, spare = null) {
  const size = 4 * width * height, rgba = spare?.length === size ? spare : new Uint8Array(size), second = channels === 3 ? plane : 0;
  const level = (value) => (value > 0 ? (value < 1 ? (255 * value + 0.5) | 0 : 255) : 0);
  for (let y = 0, to = 0; y < height; y++) {
    for (let i = (y + 1) * stride + 1, end = i + width; i < end; i++, to += 4) {
      rgba[to] = level(u[i]);
      rgba[to + 1] = level(u[i + second]);
      rgba[to + 2] = level(u[i + 2 * second]);
      rgba[to + 3] = 255;
    }
  }
  return { width, height, rgba };
}

// The probe's series: one line a channel, its extremes as labels, a line where the picture stands.
export function drawSeries(canvas, { series, grid, n }, card) {
  const colours = coloursOf(card);
  const ratio = window.devicePixelRatio || 1, width = canvas.clientWidth, height = canvas.clientHeight;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const { steps, values } = series, context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  let low = Infinity, high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const size = rem(0.75), [left, right, top, bottom] = [5.5 * size, width - 8, size / 2 + 2, height - 1.7 * size];
  const first = steps[0], last = Math.max(steps.at(-1), first + 1), span = high - low || 1;
  const x = (step) => left + ((right - left) * (step - first)) / (last - first);
  const y = (value) => (high > low ? bottom - ((bottom - top) * (value - low)) / span : (top + bottom) / 2);

  context.font = `${size}px ${colours.font}`;
  context.fillStyle = colours.muted;
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  context.beginPath();
  context.rect(left, top, right - left, bottom - top);
  context.moveTo(x(Math.min(n, last)), top);
  context.lineTo(x(Math.min(n, last)), bottom);
  context.stroke();
  context.textAlign = "right";
  context.textBaseline = "middle";
  context.fillText(number(high), left - 6, high > low ? top + size / 3 : (top + bottom) / 2);
  if (high > low) context.fillText(number(low), left - 6, bottom - size / 3);
  context.textBaseline = "top";
  context.fillText(`step ${whole(steps.at(-1))}`, right, bottom + 5);
  context.textAlign = "left";
  context.fillText(whole(first), left, bottom + 5);

  const channels = grid.channels, stride = Math.max(1, Math.ceil(steps.length / (2 * width)));
  context.lineWidth = 1.75;
  for (let c = 0; c < channels; c++) {
    context.strokeStyle = colours.channels[channels === 3 ? c : 3];
    context.beginPath();
    for (let i = 0; i < steps.length; i += stride) context.lineTo(x(steps[i]), y(values[i * channels + c]));
    context.lineTo(x(steps.at(-1)), y(values[(steps.length - 1) * channels + c]));
    context.stroke();
  }
}

function coloursOf(card) {
  const style = getComputedStyle(card), get = (name) => style.getPropertyValue(name).trim();
  return { font: style.fontFamily, muted: getComputedStyle(card.querySelector(".muted")).color, line: get("--line"),
    channels: ["--st-red-color", "--st-green-color", "--st-blue-color", "--blue"].map(get) };
}
