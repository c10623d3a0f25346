// @ts-check
// Reports when the page has come to the front, or is back from a network that was gone.

import { component } from "../parts.js";

function create(_parent, send) {
  const stop = new AbortController(), { signal } = stop;
  let times = 0;
  const tell = () => {
    if (document.visibilityState === "visible") send("awake", ++times);
  };
  document.addEventListener("visibilitychange", tell, { signal });
  window.addEventListener("online", tell, { signal });
  return { update() {}, dispose: () => stop.abort() };
}

export default component(create);
