// Flashes as WCAG 2.3.1 counts them, in the pictures that the player shows: at most three in any second, in a quarter
// of the picture.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Calm, turnsOver } from "../../explorer/ui/components/player/calm.js";
import { Grid } from "../../explorer/ui/components/player/scheme.js";
import { Picture } from "../../explorer/ui/components/player/view.js";
import { chance } from "./draw.mjs";

globalThis.ImageData ??= class {
  constructor(width, height) {
    Object.assign(this, { width, height, data: new Uint8ClampedArray(4 * width * height) });
  }
};

const SIDE = 32, SECONDS = 3, AREA = 0.25, CHANGE = 0.1, DARK = 0.8;
const linear = Float64Array.from({ length: 256 }, (_, level) =>
  (level / 255 <= 0.04045 ? level / 255 / 12.92 : ((level / 255 + 0.055) / 1.055) ** 2.4));

const paramsOf = (alpha, tau) => ({ centre: 1 - tau - 4 * alpha * tau, r_x: alpha * tau, r_y: alpha * tau, tau,
  boundary: "insulated", stable: tau + 8 * alpha * tau <= 2 });

// One pixel's flashes: pairs of opposing changes of luminance by a tenth, the darker of the two below 0.8.
class Watch {
  constructor(first) {
    Object.assign(this, { low: first, high: first, way: 0, changes: [] });
  }
  look(luminance, time) {
    const { low, high, way } = this;
    if (way <= 0 && luminance - low >= CHANGE && low < DARK) this.turn(1, luminance, time);
    else if (way >= 0 && high - luminance >= CHANGE && luminance < DARK) this.turn(-1, luminance, time);
    else [this.low, this.high] = [Math.min(low, luminance), Math.max(high, luminance)];
  }
  turn(way, luminance, time) {
    Object.assign(this, { way, low: luminance, high: luminance });
    this.changes.push(time);
  }
  // The most flashes in any second.
  most() {
    const { changes } = this;
    return Math.max(0, ...changes.map((from) => changes.filter((at) => at >= from && at < from + 1000).length)) / 2;
  }
}

// The share of the picture that flashes more than three times in some second.
function flashing(params, speed, rate, calm) {
  const grid = new Grid(3, SIDE, SIDE), draw = chance(3);
  grid.write(Float32Array.from({ length: 3 * SIDE * SIDE }, draw));
  const picture = new Picture({ getContext: () => null }, grid), { data } = picture.image;
  const light = (i) => 0.2126 * linear[data[i]] + 0.7152 * linear[data[i + 1]] + 0.0722 * linear[data[i + 2]];
  picture.fill(grid, { low: 0, high: 1 }, []);
  const pixels = Array.from({ length: SIDE * SIDE }, (_, i) => new Watch(light(4 * i)));
  let n = 0, credit = 0, shown = 0;
  for (let frame = 0; frame < SECONDS * rate; frame++) {
    const time = (1000 * frame) / rate;
    for (credit += speed; credit >= 1; credit--, n++) {
      grid.step(params);
      if (!grid.measure() || Math.max(grid.high, -grid.low) > 1e6) return { share: share(pixels), shown };
    }
    if (calm && !calm.shows(n, turnsOver(params), time)) continue;
    shown++;
    picture.fill(grid, { low: 0, high: 1 }, []);
    pixels.forEach((pixel, i) => pixel.look(light(4 * i), time));
  }
  return { share: share(pixels), shown };
}
const share = (pixels) => pixels.filter((pixel) => pixel.most() > 3).length / pixels.length;

const ALPHAS = [[2.6, 0.1], [2.4, 0.1], [40, 0.005], [1, 0.2], [0.1, 1.9]], SPEEDS = [1 / 12, 1 / 4, 1, 2, 5];

test("the counting sees what flashes", () => {
  assert.ok(flashing(paramsOf(2.6, 0.1), 1 / 4, 60, null).share > AREA);
});

for (const [alpha, tau] of ALPHAS) {
  for (const rate of [30, 60, 144]) {
    test(`α = ${alpha}, τ = ${tau} at ${rate} frames a second`, () => {
      for (const speed of SPEEDS) {
        const { share: found } = flashing(paramsOf(alpha, tau), speed, rate, new Calm());
        assert.ok(found < AREA, `${speed} steps a frame: ${found}`);
      }
    });
  }
}

test("what does not turn over is shown frame by frame, and what rests is shown at last", () => {
  const calm = new Calm(), smooth = paramsOf(1, 0.1);
  assert.equal(turnsOver(smooth), false);
  assert.ok([1, 2, 3, 4].every((n) => calm.shows(n, turnsOver(smooth), 16 * n)));
  assert.deepEqual([5, 6, 7, 8].map((n) => calm.shows(n, true, 64 + n)), [false, true, false, true]);
  assert.equal(calm.shows(9, true, 73), false);
  assert.equal(calm.shows(9, true, 72 + 180), true);
});
