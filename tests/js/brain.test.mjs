// What a browser lacks to run networks beside the page, in one sentence each, and that the rest is not asked for.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { allowed, missing } from "../../explorer/ui/components/live/brain.js";

const CODE = readFileSync(new URL("../../explorer/ui/components/live/kernel.wasm", import.meta.url));
const scope = (more = {}) => ({ Worker: class {}, Blob: class {}, URL: { createObjectURL() {} }, WebAssembly, ...more });
const on = (system) => scope({ navigator: { userAgent: `Mozilla/5.0 (iPhone; CPU iPhone OS ${system} like Mac OS X)` } });
const sentence = /^[^.]+(16\.5)?[^.]*\.$/;

test("a browser that has everything has no excuse", () => {
  assert.equal(missing(scope()), "");
  assert.equal(allowed(CODE, scope()), "");
});

test("without workers, or without a way to start one, the server answers", () => {
  for (const lacking of [{ Worker: undefined }, { Blob: undefined }, { URL: {} }, { URL: undefined }]) {
    const said = missing(scope(lacking));
    assert.match(said, sentence);
    assert.match(said, /the server answers instead/);
  }
});

test("iOS before 16.5 computes in plain JavaScript, later ones do not", () => {
  for (const system of ["15_7", "16_4", "16_4_1", "9_0"]) {
    assert.match(allowed(CODE, on(system)), sentence);
    assert.match(allowed(CODE, on(system)), /plain JavaScript/);
  }
  for (const system of ["16_5", "16_6_1", "17_0", "26_1"]) assert.equal(allowed(CODE, on(system)), "");
});

test("where a policy or an old browser forbids WebAssembly, plain JavaScript runs", () => {
  const forbidden = { validate: () => true, Module: class { constructor() { throw new Error("policy"); } } };
  for (const lacking of [{ WebAssembly: undefined }, { WebAssembly: forbidden }, { WebAssembly: { validate: () => false } }]) {
    assert.match(allowed(CODE, scope(lacking)), /^WebAssembly is not allowed here: plain JavaScript/);
  }
});
