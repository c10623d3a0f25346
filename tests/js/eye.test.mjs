// Why there is no camera, in one sentence each, before it is asked for and after.

import assert from "node:assert/strict";
import { test } from "node:test";

import { absent, reason } from "../../explorer/ui/components/camera/eye.js";

const PLAIN = "Use https.";
const page = (more) => ({ isSecureContext: true, navigator: { mediaDevices: { getUserMedia() {} } }, document: {}, ...more });

test("a page that may have a camera has no excuse", () => {
  assert.equal(absent(PLAIN, page()), "");
  assert.equal(absent(PLAIN, page({ document: { featurePolicy: { allowsFeature: () => true } } })), "");
});

test("plain http, an old browser and a frame without allow are told apart", () => {
  assert.equal(absent(PLAIN, page({ isSecureContext: false, navigator: {} })), PLAIN);
  assert.match(absent(PLAIN, page({ navigator: {} })), /no camera: use Upload/);
  const framed = { featurePolicy: { allowsFeature: (name) => name !== "camera" } };
  assert.match(absent(PLAIN, page({ document: framed })), /allow="camera"/);
});

test("every reason is one sentence with a way out", () => {
  for (const name of ["NotAllowedError", "NotFoundError", "OverconstrainedError", "NotReadableError", "SecurityError"]) {
    const said = reason(Object.assign(new Error("inside"), { name }));
    assert.match(said, /^[^.]+\.$/);
    assert.ok(!said.includes("inside"));
  }
  assert.match(reason("?"), /did not start: try again/);
});
