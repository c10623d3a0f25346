// @ts-check
// Keeps a small record in the storage of the browser's tab, and gives it back to a session that is new. A browser that
// has no storage for this page forgets, as before.

import { component } from "../parts.js";

const NAME = "cable-explorer.said";

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(NAME) ?? "null");
  } catch {
    return null;
  }
}
function write(what) {
  try {
    sessionStorage.setItem(NAME, JSON.stringify(what));
  } catch {
    // nothing is kept
  }
}

function create(_parent, send) {
  let asked = false;
  return {
    update({ facts }) {
      const before = facts.fresh && !asked ? read() : null;
      asked = true;
      if (before) send("kept", before);
      else write(facts.what);
    },
    dispose() {},
  };
}

export default component(create);
