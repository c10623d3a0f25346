// Between a click on a link and what comes of it nothing is reported. The document is a stand-in that only hears clicks.

import assert from "node:assert/strict";
import { test } from "node:test";

class Anchor {}
let click = null;
globalThis.HTMLAnchorElement = /** @type {any} */ (Anchor);
globalThis.document = /** @type {any} */ ({ addEventListener: (_, hear) => { click = hear; } });
const { component, reporter } = await import("../../explorer/ui/components/parts.js");

const clicked = (on, keys = {}) => click({ composedPath: () => [{}, on], ...keys });
const text = Buffer.from('{"facts": {}, "arrays": {}}');
const head = Buffer.from(Uint32Array.of(text.length, 0, 12 + text.length).buffer);
const nothing = new Uint8Array(Buffer.concat([head, text]));

function clock(context) {
  const time = { now: 1000, due: null };
  context.mock.method(performance, "now", () => time.now);
  context.mock.method(globalThis, "setTimeout", (act) => { time.due = act; return 1; });
  context.mock.method(globalThis, "clearTimeout", () => { time.due = null; });
  return time;
}

test("a report waits for what comes of a click on a link, and goes where it came to nothing", (context) => {
  const time = clock(context), sent = [], choice = reporter((value) => sent.push(value));
  choice.report(5);
  clicked(new Anchor());
  time.due();
  assert.deepEqual(sent, []);
  time.now += 10_000;
  time.due();
  assert.deepEqual(sent, [5]);
});

test("the next state lets reports through again, but for those that it cancels", (context) => {
  const time = clock(context), sent = [], choice = reporter((value) => sent.push(value));
  const render = component(() => ({ update() { choice.cancel(); }, dispose() {} }));
  choice.report(5);
  clicked(new Anchor());
  render({ data: nothing, parentElement: { isConnected: true }, setTriggerValue() {} });
  assert.equal(time.due, null);
  choice.report(6);
  time.due();
  assert.deepEqual(sent, [6]);
});

test("a click elsewhere, or one that opens another window, holds nothing up", (context) => {
  const time = clock(context), sent = [], choice = reporter((value) => sent.push(value));
  for (const [on, keys] of [[{}, {}], [new Anchor(), { ctrlKey: true }], [new Anchor(), { metaKey: true }]]) {
    choice.report(keys);
    clicked(on, keys);
    time.due();
    assert.equal(sent.at(-1), keys);
  }
});
