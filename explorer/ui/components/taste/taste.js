// @ts-check
// One canvas and one button: the image diffuses for a few seconds when someone asks.

import { component, element, icon } from "../parts.js";
import { Calm, turnsOver } from "../player/calm.js";
import { Grid } from "../player/scheme.js";
import { Picture } from "../player/view.js";

const PLAY = "M7 4.5v15l12.5-7.5z", PAUSE = "M6 4.5h4.2v15H6zM13.8 4.5H18v15h-4.2z";
const FRAMES_A_STEP = 3; // slow enough to watch
const EXPLODED = 1e6;

function create(parent) {
  const canvas = element("canvas", { role: "img" });
  const button = element("button", { type: "button", onclick: toggle });
  const counter = element("output");
  parent.append(element("div", { class: "root" },
    element("div", { class: "taste" }, canvas, element("div", { class: "row" }, button, counter))));
  const calm = new Calm();
  let facts, start, grid, picture, step = 0, frame = 0, handle = 0, exploded = false, seen = "";

  function toggle() {
    if (handle) return rest();
    if (step >= facts.last || exploded) reset();
    handle = requestAnimationFrame(tick);
    show();
  }
  function tick(time) {
    handle = requestAnimationFrame(tick);
    if (frame++ % FRAMES_A_STEP) return;
    grid.step(facts.params);
    step++;
    exploded = !grid.measure() || grid.high > EXPLODED;
    if (step >= facts.last || exploded) rest();
    else if (calm.shows(step, turnsOver(facts.params), time)) show();
  }
  function rest() {
    cancelAnimationFrame(handle);
    handle = 0;
    show();
  }
  function reset() {
    step = 0;
    exploded = false;
    grid.write(start);
  }
  function show() {
    picture.fill(grid, { low: 0, high: 1 }, []);
    picture.show();
    const word = handle ? "Pause" : step >= facts.last || exploded ? "Again" : step ? "Go on" : "Let it diffuse";
    button.replaceChildren(icon(handle ? PAUSE : PLAY, true), word);
    counter.textContent = `step ${step}${exploded ? ": it has exploded" : ""}`;
    canvas.setAttribute("aria-label", `${facts.label} after ${step} steps`);
  }

  return {
    update(data) {
      facts = data.facts;
      const { shape, values } = data.arrays.field;
      if (facts.image !== seen) { // other numbers go on from the present field
        seen = facts.image;
        cancelAnimationFrame(handle);
        handle = 0;
        start = Float32Array.from(values, (value) => value / 255);
        grid = new Grid(...shape);
        picture = new Picture(canvas, grid);
        reset();
      }
      show();
    },
    dispose: () => cancelAnimationFrame(handle),
  };
}

export default component(create);
