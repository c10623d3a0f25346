// @ts-check
// What is drawn over the two pictures of a convolution: the window, the numbers of small ones, the veil over what has
// not been computed yet. It lies on canvases of the screen's own resolution, so lines and figures stay sharp.

import { inkOn, paint, rem } from "../parts.js";
import { brief } from "./window.js";

const READABLE = 34; // points a side: a pixel drawn as large as that shows its number

// Clears the canvas; returns what to draw with and the side of one of the picture's `wide` pixels on the screen.
function begin(canvas, wide) {
  const ratio = window.devicePixelRatio || 1, width = canvas.clientWidth;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(canvas.clientHeight * ratio);
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return [context, width / wide];
}

function outline(context, x, y, width, height, thickness) {
  for (const [colour, line] of [["#fff", thickness + 2], ["#d55e00", thickness]]) {
    context.strokeStyle = colour;
    context.lineWidth = line;
    context.strokeRect(x, y, width, height);
  }
}

// Numbers in the pixels; `at` gives [value, colour of the ground or null], or null for none.
function figures(context, cell, wide, high, at, ink, font) {
  if (cell < READABLE) return;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (let y = 0; y < high; y++) {
    for (let x = 0; x < wide; x++) {
      const told = at(y, x);
      if (!told) continue;
      const text = brief(told[0]);
      context.font = `${Math.min(rem(0.9375), (1.6 * cell) / Math.max(4, text.length))}px ${font}`; // as wide as the pixel
      context.fillStyle = told[1] ? inkOn(...told[1]) : ink;
      context.fillText(text, (x + 0.5) * cell, (y + 0.5) * cell);
    }
  }
}

export function drawWindow(canvas, { facts, picture, input, kernel }, row, column, style) {
  const { stride, padding, dilation } = facts, [channels, height, width] = input.shape, size = kernel.shape[1];
  const [context, cell] = begin(canvas, width + 2 * padding);
  figures(context, cell, width + 2 * padding, height + 2 * padding, (y, x) => {
    const [r, c] = [y - padding, x - padding];
    if (r < 0 || c < 0 || r >= height || c >= width) return [0, null];
    const place = r * width + c;
    return channels === 1 ? [input.values[place], picture.values.subarray(3 * place, 3 * place + 3)] : null;
  }, style.color, style.fontFamily);
  const span = dilation * (size - 1) + 1, top = row * stride, left = column * stride;
  for (let u = 0; dilation > 1 && u < size; u++) {
    for (let v = 0; v < size; v++) {
      const [x, y] = [left + v * dilation + 0.08, top + u * dilation + 0.08];
      outline(context, x * cell, y * cell, cell * 0.84, cell * 0.84, 1);
    }
  }
  outline(context, left * cell, top * cell, span * cell, span * cell, 2.5);
}

export function drawPlace(canvas, { map, map_picture: { values: colours } }, row, column, veiled, style) {
  const [rows, columns] = map.shape, [context, cell] = begin(canvas, columns), at = row * columns + column;
  if (veiled) {
    const width = columns * cell;
    context.fillStyle = style.getPropertyValue("--ground");
    context.globalAlpha = 0.88;
    context.fillRect((column + 1) * cell, row * cell, width - (column + 1) * cell, cell);
    context.fillRect(0, (row + 1) * cell, width, (rows - row - 1) * cell);
    context.globalAlpha = 1;
  }
  figures(context, cell, columns, rows, (y, x) => {
    const place = y * columns + x;
    return veiled && place > at ? null : [map.values[place], colours.subarray(3 * place, 3 * place + 3)];
  }, style.color, style.fontFamily);
  const side = Math.max(cell, 6), shift = (side - cell) / 2; // of a large map one pixel would be too small to see
  outline(context, column * cell - shift, row * cell - shift, side, side, 2);
}

// The picture within its padding, which stays transparent: the hatched ground shows through as zeros.
export function paintPadded(canvas, rgb, width, height, padding) {
  paint(canvas, rgb, width, height);
  const context = canvas.getContext("2d"), image = context.getImageData(0, 0, width, height);
  canvas.width = width + 2 * padding;
  canvas.height = height + 2 * padding;
  context.putImageData(image, padding, padding);
}
