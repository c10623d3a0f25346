// @ts-check
// The page's side of the worker. There is one brain for the whole document: it outlives reruns, pages and components, so a
// network is sent and prepared once. Of the pictures that come while it is busy only the latest is looked at.

/** @typedef {import("./worker.js").Message} Message */
/** @typedef {import("./worker.js").Answer} Answer */
/** @typedef {import("./worker.js").Part} Part */
/** @typedef {import("./picture.js").Picture} Picture */
/** @typedef {Picture["rgba"] | null} Spare the bytes of a picture that was answered, to be written over */
/** @typedef {(spare: Spare) => Picture} Take */
/** @typedef {{ answers: Answer[], milliseconds: number, spare: Spare }} Answers */

const SILENT = 30_000; // milliseconds without an answer after which the worker is taken for lost

/** Why this browser cannot run a network beside the page, in a sentence; empty where it can.
 * @param {any} [scope] */
export function missing(scope = globalThis) {
  if (typeof scope.Worker !== "function") return "This browser has no web workers: the server answers instead.";
  if (typeof scope.Blob !== "function" || typeof scope.URL?.createObjectURL !== "function") {
    return "This browser cannot start a worker from the page: the server answers instead.";
  }
  return "";
}

/** Whether WebAssembly may be used, and if not why, in a sentence.
 * @param {Uint8Array<ArrayBuffer>} code @param {any} [scope] */
export function allowed(code, scope = globalThis) {
  const device = /(?:iPhone|iPad|iPod).* OS (\d+)_(\d+)/.exec(scope.navigator?.userAgent ?? "");
  if (device && Number(device[1]) * 100 + Number(device[2]) < 1605) {
    return "iOS before 16.5 computes wrongly in WebAssembly: plain JavaScript runs here, some eight times slower.";
  }
  const slower = "WebAssembly is not allowed here: plain JavaScript runs in its place, some eight times slower.";
  try {
    if (!scope.WebAssembly?.validate(code)) return slower;
    new scope.WebAssembly.Module(code); // a page's policy may forbid what its browser can do
    return "";
  } catch {
    return slower;
  }
}

export class Brain {
  /** @param {string} script the worker's @param {Uint8Array<ArrayBuffer>} code kernel.wasm */
  constructor(script, code) {
    this.script = script;
    this.problem = missing();
    this.slow = this.problem ? "" : allowed(code);
    this.kernel = this.problem || this.slow ? null : new WebAssembly.Module(code);
    /** @type {Map<string, Promise<void>>} networks that the worker has, or is just getting */
    this.known = new Map();
    /** @type {Map<number, { done: (result: any) => void, failed: (error: Error) => void }>} */
    this.waiting = new Map();
    this.id = this.timer = this.lost = 0;
    /** @type {Set<() => void>} told when the worker has been lost, and its networks with it */
    this.mourners = new Set();
    /** @type {Worker | null} */
    this.worker = null;
    /** @type {Queue[]} */
    this.queues = [];
    document.addEventListener("visibilitychange", () => this.queues.forEach((queue) => queue.next()));
  }

  start() {
    const url = URL.createObjectURL(new Blob([this.script], { type: "text/javascript" }));
    const worker = new Worker(url);
    URL.revokeObjectURL(url);
    worker.onmessage = ({ data: { id, result, error } }) => {
      const waiting = this.waiting.get(id);
      this.waiting.delete(id);
      this.watch();
      if (error === undefined) waiting?.done(result);
      else waiting?.failed(new Error(error));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.lose();
    };
    return worker;
  }

  /** @param {Message} message @param {Transferable[]} moved @returns {Promise<any>} */
  send(message, moved = []) {
    this.worker ??= this.start();
    const id = ++this.id;
    return new Promise((done, failed) => {
      this.waiting.set(id, { done, failed });
      this.worker?.postMessage({ id, message }, moved);
      this.watch();
    });
  }
  watch() {
    clearTimeout(this.timer);
    if (this.waiting.size) this.timer = window.setTimeout(() => this.lose(), SILENT);
  }
  lose() {
    this.worker?.terminate();
    this.worker = null;
    this.lost++;
    this.known.clear();
    const failed = [...this.waiting.values()];
    this.waiting.clear();
    clearTimeout(this.timer);
    for (const one of failed) one.failed(new Error("The worker was lost"));
    for (const tell of this.mourners) tell();
  }

  /** @param {string} key @param {import("./net.js").Graph} graph @param {import("./picture.js").Wanted} wanted
   * @param {Uint8Array} numbers copied, then moved */
  load(key, graph, wanted, numbers) {
    const block = numbers.slice().buffer;
    const loaded = this.send({ load: { key, graph, wanted, numbers: block, kernel: this.kernel } }, [block]);
    this.known.set(key, loaded);
    loaded.catch(() => this.known.delete(key));
    return loaded;
  }
  /** @param {string} key */
  forget(key) {
    if (this.known.delete(key)) this.send({ forget: key }).catch(() => {});
  }
}

/** The questions of one component: one on its way, and the latest picture waiting. */
export class Queue {
  /** @param {Brain} brain @param {(answers: Answers) => void} show @param {(error: Error) => void} fail */
  constructor(brain, show, fail) {
    this.brain = brain;
    this.show = show;
    this.fail = fail;
    this.busy = false;
    /** @type {{ picture: Take, parts: Part[] } | null} */
    this.latest = null;
    /** @type {Spare} bytes go to and fro: new ones for every picture would wait for a collection in the worker */
    this.spare = null;
    brain.queues.push(this);
  }

  /** @param {Take} picture called only when its turn comes; its bytes are moved away @param {Part[]} parts */
  ask(picture, parts) {
    this.latest = { picture, parts };
    this.next();
  }
  next() {
    if (this.busy || !this.latest || document.hidden) return;
    const { picture, parts } = this.latest, taken = picture(this.spare);
    this.latest = this.spare = null;
    this.busy = true;
    this.brain.send({ ask: { picture: taken, parts } }, [taken.rgba.buffer]).then(
      (result) => {
        this.spare = result.spare;
        this.ended(() => this.show(result));
      }, (error) => this.ended(() => this.fail(error)));
  }
  /** @param {() => void} tell */
  ended(tell) {
    this.busy = false;
    if (this.brain.queues.includes(this)) tell();
    this.next();
  }
  close() {
    this.latest = null;
    this.brain.queues = this.brain.queues.filter((one) => one !== this);
  }
}
