// @ts-check
// What runs beside the page: networks by key, and the latest picture through the ones that are asked for.

import { Net } from "./net.js";
import { see } from "./picture.js";

/** @typedef {import("./net.js").Graph} Graph */
/** @typedef {import("./picture.js").Wanted} Wanted */
/** @typedef {import("./picture.js").Picture} Picture */
/** One network's part of a question: its key, how the picture becomes square, the layers whose outputs are wanted, and
 * whether the range of all maps is.
 * @typedef {{ key: string, fit: string, want: string[], range?: boolean }} Part */
/** @typedef {{ load: { key: string, graph: Graph, wanted: Wanted, numbers: ArrayBuffer, kernel: WebAssembly.Module | null } }
 *   | { forget: string } | { ask: { picture: Picture, parts: Part[] } }} Message */
/** What comes back for a part: the probability of every class, the outputs by layer ("input" is what it sees), and the
 * lowest and the highest number of all maps.
 * @typedef {{ shares: Float64Array, outputs: Record<string, Float32Array>, range?: [number, number] }} Answer */

/** @type {Map<string, { net: Net, wanted: Wanted, input: Float32Array }>} */
const networks = new Map();

/** @param {ArrayLike<number>} values as doubles, as torch's are single: the difference is below 1e-6 */
function softmax(values) {
  let top = -Infinity, sum = 0;
  for (let i = 0; i < values.length; i++) if (values[i] > top) top = values[i];
  const shares = Float64Array.from(values, (value) => Math.exp(value - top));
  for (const share of shares) sum += share;
  return shares.map((share) => share / sum);
}

/** @param {Picture} picture @param {Part} part @returns {Answer} */
function answer(picture, { key, fit, want, range }) {
  const known = networks.get(key);
  if (!known) throw new Error(`The network ${key} is not here`);
  const { net, wanted, input } = known;
  const shares = softmax(net.run(see(picture, wanted, fit, input)));
  const outputs = Object.fromEntries(want.map((name) => [name, net.fields[name].values.slice()]));
  return range ? { shares, outputs, range: net.range() } : { shares, outputs };
}

/** @param {Message} message @returns {{ answers?: Answer[], milliseconds?: number }} */
export function handle(message) {
  if ("load" in message) {
    const { key, graph, wanted, numbers, kernel } = message.load;
    const input = new Float32Array(wanted.channels * wanted.size ** 2);
    networks.set(key, { net: new Net(graph, numbers, kernel), wanted, input });
    return {};
  }
  if ("forget" in message) {
    networks.delete(message.forget);
    return {};
  }
  const begin = performance.now(), { picture, parts } = message.ask;
  const answers = parts.map((part) => answer(picture, part));
  return { answers, milliseconds: performance.now() - begin };
}

if ("WorkerGlobalScope" in globalThis) {
  const scope = /** @type {any} */ (globalThis);
  scope.onmessage = (/** @type {MessageEvent} */ { data: { id, message } }) => {
    try {
      const result = handle(message);
      const moved = (result.answers ?? []).flatMap(({ outputs }) => Object.values(outputs).map((values) => values.buffer));
      const spare = "ask" in message ? message.ask.picture.rgba : undefined; // back, for the bytes of the next picture
      scope.postMessage({ id, result: { ...result, spare } }, spare ? [...moved, spare.buffer] : moved);
    } catch (error) {
      scope.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
    }
  };
}
