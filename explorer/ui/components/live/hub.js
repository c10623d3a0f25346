// @ts-check
// What all components of one document share: the brain, and what is known of its networks. Every component's script is a
// module of its own, so the hub stands on the document's global object; whoever comes first makes it.

/** @typedef {import("./brain.js").Brain} Brain */
/** What the page says of a network. @typedef {{ key: string, title: string, classes: string[],
 *   wanted: import("./picture.js").Wanted }} About */

export class Hub {
  constructor() {
    /** @type {Brain | null} */
    this.brain = null;
    /** @type {Map<string, About>} networks that the brain can be asked about now */
    this.ready = new Map();
    /** @type {Set<() => void>} */
    this.listeners = new Set();
  }

  /** Calls back whenever a network has become ready or was lost.
   * @param {() => void} listener @returns {() => void} what ends it */
  listen(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
  tell() {
    for (const listener of this.listeners) listener();
  }
}

/** @returns {Hub} */
export function hub() {
  const scope = /** @type {any} */ (globalThis);
  return (scope.cableExplorerHub ??= new Hub());
}
