// @ts-check
// The explicit step of explorer.cable, in Float32 in the browser, and the implicit one beside it:
//
//     u' = centre·u + r_x·(left + right) + r_y·(up + down)          centre = 1 - τ - 2·r_x - 2·r_y
//
// Every channel is a plane with a rim one pixel wide. Filling the rim is all that the edges do, so the inner loop has
// no conditions; two buffers take turns, so a step allocates nothing.

const LEFT = 1e-8, MOST_ROUNDS = 1000; // of an implicit step

export class Grid {
  constructor(channels, height, width) {
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.stride = width + 2;
    this.plane = this.stride * (height + 2);
    this.u = new Float32Array(channels * this.plane);
    this.spare = new Float32Array(channels * this.plane);
    this.low = this.high = this.mean = 0;
    /** @type {Float32Array | null} what an implicit step began with */
    this.source = null;
  }

  at(channel, y, x) {
    return channel * this.plane + (y + 1) * this.stride + x + 1;
  }

  // (channels, height, width) without rim -> the grid, and back.
  write(values) {
    this.rows((begin, from) => this.u.set(values.subarray(from, from + this.width), begin));
  }
  read() {
    const values = new Float32Array(this.channels * this.height * this.width);
    this.rows((begin, to) => values.set(this.u.subarray(begin, begin + this.width), to));
    return values;
  }
  rows(visit) {
    for (let c = 0, dense = 0; c < this.channels; c++) {
      for (let y = 0; y < this.height; y++, dense += this.width) visit(this.at(c, y, 0), dense);
    }
  }

  step(params) {
    if (params.implicit) return this.solve(params);
    const { centre, r_x, r_y, boundary } = params;
    this.fillRim(boundary);
    const { u, spare, stride, plane, width, height } = this;
    for (let c = 0; c < this.channels; c++) {
      for (let y = 1; y <= height; y++) {
        let i = c * plane + y * stride + 1;
        let left = u[i - 1], here = u[i];
        for (const end = i + width; i < end; i++) {
          const right = u[i + 1];
          spare[i] = centre * here + r_x * (left + right) + r_y * (u[i - stride] + u[i + stride]);
          left = here;
          here = right;
        }
      }
    }
    this.swap();
  }

  // One implicit step, a·u' - r_x·(left' + right') - r_y·(up' + down') = u with a = 1 + τ + 2·r_x + 2·r_y: Jacobi's
  // iteration with Chebyshev's weights, until what is left of the error is less than a float32 can tell.
  solve({ centre, r_x, r_y, boundary }) {
    const a = 2 - centre, norm = (2 * (r_x + r_y)) / a, { stride, plane, width, height } = this;
    const source = (this.source ??= new Float32Array(this.u.length));
    source.set(this.u);
    this.spare.set(this.u);
    const shrinks = norm / (1 + Math.sqrt(1 - norm * norm));
    const rounds = norm ? Math.min(MOST_ROUNDS, Math.ceil(Math.log(LEFT) / Math.log(shrinks)) + 1) : 1;
    for (let round = 0, weight = 1; round < rounds; round++) {
      weight = round === 0 ? 1 : 1 / (1 - (round === 1 ? 2 : weight) * norm * norm / 4);
      this.fillRim(boundary);
      const { u, spare } = this;
      for (let c = 0; c < this.channels; c++) {
        for (let y = 1; y <= height; y++) {
          for (let i = c * plane + y * stride + 1, end = i + width; i < end; i++) {
            const next = (source[i] + r_x * (u[i - 1] + u[i + 1]) + r_y * (u[i - stride] + u[i + stride])) / a;
            spare[i] += weight * (next - spare[i]);
          }
        }
      }
      this.swap();
    }
  }

  swap() {
    [this.u, this.spare] = [this.spare, this.u];
  }

  fillRim(boundary) {
    const { u, stride, width, height } = this;
    const periodic = boundary === "periodic", keep = boundary === "zero" ? 0 : 1;
    for (let c = 0; c < this.channels; c++) {
      const first = c * this.plane + stride, last = first + (height - 1) * stride;
      const above = first - stride, below = last + stride;
      for (let x = 1; x <= width; x++) {
        u[above + x] = keep * u[(periodic ? last : first) + x];
        u[below + x] = keep * u[(periodic ? first : last) + x];
      }
      for (let row = first; row <= last; row += stride) {
        u[row] = keep * u[row + (periodic ? width : 1)];
        u[row + width + 1] = keep * u[row + (periodic ? 1 : width)];
      }
    }
  }

  // Sets low, high and mean; false where a value has overflowed.
  measure() {
    const { u, stride, plane, width, height } = this;
    let low = Infinity, high = -Infinity, sum = 0;
    for (let c = 0; c < this.channels; c++) {
      for (let y = 1; y <= height; y++) {
        for (let i = c * plane + y * stride + 1, end = i + width; i < end; i++) {
          const value = u[i];
          if (value < low) low = value;
          if (value > high) high = value;
          sum += value;
        }
      }
    }
    if (!Number.isFinite(sum)) return false;
    this.low = low;
    this.high = high;
    this.mean = sum / (this.channels * height * width);
    return true;
  }

  // A disc of one value, in all channels.
  disc(y, x, radius, value) {
    const reach = Math.floor(radius);
    for (let row = Math.max(0, y - reach); row <= Math.min(this.height - 1, y + reach); row++) {
      for (let column = Math.max(0, x - reach); column <= Math.min(this.width - 1, x + reach); column++) {
        if ((row - y) ** 2 + (column - x) ** 2 > radius ** 2) continue;
        for (let c = 0; c < this.channels; c++) this.u[this.at(c, row, column)] = value;
      }
    }
  }
}
