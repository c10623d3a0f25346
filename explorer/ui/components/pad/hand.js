// @ts-check
// Mouse, finger and keys on the pad become strokes.

/** @typedef {import("./pad.js").Pad} Pad */

const STEP = 0.02, FAR = 0.1; // of the side, that an arrow key moves the brush

/** @param {Pad} pad @param {number} x @param {number} y shares of the side: the middle of the ring that shows the brush */
function showRing(pad, x, y) {
  const { ring, canvas } = pad, side = canvas.clientWidth, reach = pad.radius() * side;
  ring.hidden = false;
  ring.style.cssText = `left:${x * side - reach}px;top:${y * side - reach}px;width:${2 * reach}px;height:${2 * reach}px`;
}

/** @param {Pad} pad */
export function followPointer(pad) {
  const { canvas } = pad;
  const place = (/** @type {PointerEvent} */ event) => {
    const box = canvas.getBoundingClientRect();
    return /** @type {const} */ ([(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height]);
  };
  canvas.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
    if (event.button !== 0 || !event.isPrimary) return;
    canvas.setPointerCapture(event.pointerId);
    pad.begin(...place(event));
  });
  canvas.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => {
    if (!event.isPrimary) return;
    if (event.pointerType !== "touch") showRing(pad, ...place(event));
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    const passed = event.getCoalescedEvents?.() ?? []; // where it was since the last frame
    for (const one of passed.length ? passed : [event]) pad.go(...place(one));
  });
  canvas.addEventListener("pointerleave", () => { pad.ring.hidden = true; });
}

/** @param {Pad} pad */
export function followKeys(pad) {
  const { canvas } = pad, at = [0.5, 0.5];
  let down = false;
  const ARROWS = /** @type {Record<string, number[]>} */ ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1],
    ArrowDown: [0, 1] });
  const show = () => showRing(pad, at[0], at[1]);
  const where = () => `${Math.round(100 * at[0])} across, ${Math.round(100 * at[1])} down`;
  function lift() {
    down = false;
    canvas.classList.remove("down");
  }
  function press() {
    if (down) {
      lift();
      return pad.say("Ink up.");
    }
    down = true;
    canvas.classList.add("down");
    pad.begin(at[0], at[1]);
    pad.say(`Ink down at ${where()}.`);
  }
  /** @param {KeyboardEvent} event */
  function move({ key, shiftKey }) {
    const [dx, dy] = ARROWS[key], step = shiftKey ? FAR : STEP;
    at[0] = Math.max(0, Math.min(1, at[0] + dx * step));
    at[1] = Math.max(0, Math.min(1, at[1] + dy * step));
    if (down) pad.go(at[0], at[1]);
    pad.say(`${where()}${down ? ", ink down" : ""}`);
  }
  /** @param {KeyboardEvent} event */
  function meant(event) {
    const { key, ctrlKey, metaKey, altKey, target } = event, command = ctrlKey || metaKey;
    const letter = key.toLowerCase();
    if (letter === "z" && !altKey) return () => (lift(), pad.undo());
    if (command || altKey) return null;
    if (key === "Delete") return () => (lift(), pad.clear());
    if (letter === "e") {
      return () => (lift(), pad.tool.mark(pad.tool.value === "brush" ? "eraser" : "brush"), pad.say(pad.tool.value));
    }
    if (target !== canvas) return null;
    if (key === " ") return press;
    return key in ARROWS ? () => move(event) : null;
  }
  pad.root.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape" || event.key === "Tab") return; // these are the page's
    event.stopPropagation();
    const act = meant(event);
    if (!act) return;
    event.preventDefault();
    act();
    if (event.target === canvas) show();
  });
  canvas.addEventListener("pointerdown", lift);
  canvas.addEventListener("blur", () => {
    lift();
    pad.ring.hidden = true;
  });
}
