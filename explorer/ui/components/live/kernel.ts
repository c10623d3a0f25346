// What a network spends its time in, four outputs and four pixels at once (AssemblyScript, WebAssembly SIMD).
// `npm run kernel` builds kernel.wasm from this file.

// A convolution on planes that were laid out by convolution.js so that every tap reads neighbouring numbers:
// out[o][y][x] = bias[o] + sum over channels and taps of weights[o / 4][channel][tap][o % 4] * in[channel][y * rowStep + x + offsets[tap]].
// All steps are in bytes; `outputs` and `width` are multiples of four.
export function convolve(
  input: usize, offsets: usize, taps: i32, weights: usize, bias: usize, out: usize,
  channels: i32, planeStep: usize, rowStep: usize, outputs: i32, height: i32, width: i32,
): void {
  const outPlane: usize = (height * width) << 2;
  const tapsEnd: usize = offsets + (taps << 2);
  for (let o = 0; o < outputs; o += 4) {
    const first: usize = weights + ((o * channels * taps) << 2);
    const b0 = v128.load32_splat(bias + (o << 2)), b1 = v128.load32_splat(bias + (o << 2), 4);
    const b2 = v128.load32_splat(bias + (o << 2), 8), b3 = v128.load32_splat(bias + (o << 2), 12);
    for (let y = 0; y < height; y++) {
      let x = 0;
      let to: usize = out + ((o * height * width + y * width) << 2);
      for (; x + 8 <= width; x += 8) {
        let l0 = b0, l1 = b1, l2 = b2, l3 = b3, r0 = b0, r1 = b1, r2 = b2, r3 = b3;
        let plane: usize = input + <usize>y * rowStep + (x << 2), w: usize = first;
        for (let c = 0; c < channels; c++) {
          for (let tap: usize = offsets; tap < tapsEnd; tap += 4) {
            const at: usize = plane + load<u32>(tap);
            const left = v128.load(at), right = v128.load(at, 16);
            const w0 = v128.load32_splat(w), w1 = v128.load32_splat(w, 4);
            const w2 = v128.load32_splat(w, 8), w3 = v128.load32_splat(w, 12);
            l0 = f32x4.add(l0, f32x4.mul(left, w0)); r0 = f32x4.add(r0, f32x4.mul(right, w0));
            l1 = f32x4.add(l1, f32x4.mul(left, w1)); r1 = f32x4.add(r1, f32x4.mul(right, w1));
            l2 = f32x4.add(l2, f32x4.mul(left, w2)); r2 = f32x4.add(r2, f32x4.mul(right, w2));
            l3 = f32x4.add(l3, f32x4.mul(left, w3)); r3 = f32x4.add(r3, f32x4.mul(right, w3));
            w += 16;
          }
          plane += planeStep;
        }
        let d: usize = to;
        v128.store(d, l0); v128.store(d, r0, 16); d += outPlane;
        v128.store(d, l1); v128.store(d, r1, 16); d += outPlane;
        v128.store(d, l2); v128.store(d, r2, 16); d += outPlane;
        v128.store(d, l3); v128.store(d, r3, 16);
        to += 32;
      }
      if (x < width) {
        let l0 = b0, l1 = b1, l2 = b2, l3 = b3;
        let plane: usize = input + <usize>y * rowStep + (x << 2), w: usize = first;
        for (let c = 0; c < channels; c++) {
          for (let tap: usize = offsets; tap < tapsEnd; tap += 4) {
            const left = v128.load(plane + load<u32>(tap));
            l0 = f32x4.add(l0, f32x4.mul(left, v128.load32_splat(w)));
            l1 = f32x4.add(l1, f32x4.mul(left, v128.load32_splat(w, 4)));
            l2 = f32x4.add(l2, f32x4.mul(left, v128.load32_splat(w, 8)));
            l3 = f32x4.add(l3, f32x4.mul(left, v128.load32_splat(w, 12)));
            w += 16;
          }
          plane += planeStep;
        }
        v128.store(to, l0);
        v128.store(to + outPlane, l1);
        v128.store(to + 2 * outPlane, l2);
        v128.store(to + 3 * outPlane, l3);
      }
    }
  }
}

// A dense layer: out[o] = bias[o] + sum of weights[o][i] * input[i]; `inputs` is a multiple of four, filled up with zeros.
export function dense(input: usize, weights: usize, bias: usize, out: usize, inputs: i32, outputs: i32): void {
  let w: usize = weights;
  for (let o = 0; o < outputs; o++) {
    let sum = f32x4.splat(0);
    for (let at: usize = input, end: usize = input + (inputs << 2); at < end; at += 16, w += 16) {
      sum = f32x4.add(sum, f32x4.mul(v128.load(at), v128.load(w)));
    }
    const total: f32 = f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3);
    store<f32>(out + (o << 2), total + load<f32>(bias + (o << 2)));
  }
}

// A ReLU: what lies below 0 becomes 0 and what lies above `most` becomes that; `count` is a multiple of four.
export function rectify(from: usize, to: usize, count: i32, most: f32): void {
  const none = f32x4.splat(0), all = f32x4.splat(most);
  for (let at: usize = 0, end: usize = count << 2; at < end; at += 16) {
    v128.store(to + at, f32x4.min(f32x4.max(v128.load(from + at), none), all));
  }
}
