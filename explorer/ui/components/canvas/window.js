// @ts-check
// The numbers of one convolution window, and how they are written out.
//
//     value[i, j] = bias + Σ_c Σ_uv kernel[c, u, v] · padded[c, i·stride + u·dilation, j·stride + v·dilation]

import { element, inkOn, number } from "../parts.js";

const GRIDDED = 5; // kernels of at most this size show window, kernel and products cell by cell

// `data` holds facts { stride, padding, dilation, bias, channels } and the arrays input (C, H, W), kernel (C, F, F).
export function windowAt({ input, kernel, facts }, row, column) {
  const [channels, height, width] = input.shape, size = kernel.shape[1];
  const { stride, padding, dilation } = facts, seen = [], products = [], sums = [];
  for (let c = 0; c < channels; c++) {
    let sum = 0;
    for (let u = 0; u < size; u++) {
      for (let v = 0; v < size; v++) {
        const y = row * stride + u * dilation - padding, x = column * stride + v * dilation - padding;
        const inside = y >= 0 && y < height && x >= 0 && x < width;
        const value = inside ? input.values[(c * height + y) * width + x] : 0;
        const product = value * kernel.values[(c * size + u) * size + v];
        seen.push(value);
        products.push(product);
        sum += product;
      }
    }
    sums.push(sum);
  }
  return { seen, products, sums, value: sums.reduce((a, b) => a + b, 0) + facts.bias };
}

// Whole numbers as they are, others with so many digits.
export const brief = (value, digits = 3) =>
  Number.isInteger(value) && Math.abs(value) < 1000 ? String(value).replace("-", "−") : number(value, digits);

// A grid of numbers on colours centred on 0, which reach from -reach to reach.
function cells(name, values, size, reach, table) {
  const grid = element("div", { class: "cells", style: `--size:${size}`, role: "img",
    "aria-label": `${name}: ${values.map((value) => brief(value)).join(", ")}` });
  for (const value of values) {
    const place = 3 * Math.round(reach > 0 ? 127.5 + (127.5 * value) / reach : 127.5);
    const [r, g, b] = table.subarray(place, place + 3), cell = element("span", {}, brief(value));
    cell.style.cssText = `background:rgb(${r},${g},${b});color:${inkOn(r, g, b)}`;
    grid.append(cell);
  }
  return element("div", { class: "term" }, grid, element("small", {}, name));
}

// One line a channel: window ⊙ kernel = products, and their sum.
export function channelLines({ facts, kernel, table }, told) {
  const size = kernel.shape[1], area = size * size;
  const reachOf = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const reach = { seen: reachOf(told.seen), kernel: reachOf(kernel.values), products: reachOf(told.products) };
  return told.sums.map((sum, c) => {
    const part = (values) => Array.from(values.slice(c * area, (c + 1) * area));
    const bold = element("b", {}, brief(sum, 4));
    if (size > GRIDDED) {
      return element("div", { class: "channel" }, `${facts.channels[c]}: ${area} products, Σ `, bold);
    }
    return element("div", { class: "channel" },
      cells(`window, ${facts.channels[c]}`, part(told.seen), size, reach.seen, table.values), "⊙",
      cells("kernel", part(kernel.values), size, reach.kernel, table.values), "=",
      cells("products", part(told.products), size, reach.products, table.values),
      element("span", {}, "Σ ", bold));
  });
}

export function totalLine({ bias }, { sums, value }) {
  const terms = sums.map((sum) => (sum < 0 ? `(${brief(sum, 4)})` : brief(sum, 4)));
  return [`${terms.join(" + ")} + bias ${brief(bias)} = `, element("b", {}, brief(value, 4))];
}
