// @ts-check
// What one sees of the player: its elements, and which act of the player each control calls.

import { element, number, whole } from "../parts.js";
import { choice, playPause, round } from "../canvas/controls.js";

const SPEEDS = [["1/12", 1 / 12], ["1/4", 1 / 4], ["1", 1], ["2", 2], ["5", 5], ["10", 10], ["20", 20], ["50", 50]];
const SLOW = 1 / 4; // at first: fifteen steps a second, so that a class sees what happens

export function buildPanel(parent, player) {
  const canvas = (name) => element("canvas", { role: "img", class: name });
  const input = (type, label, facts) => element("input", { type, "aria-label": label, ...facts });
  const twice = (name) => [0, 1].map(() => element("div", { class: name, hidden: true }));
  const panel = {
    before: canvas("before"), now: canvas("now"), rival: canvas("rival"),
    captionBefore: element("figcaption"), captionNow: element("figcaption"), captionRival: element("figcaption"),
    outsideBefore: element("div", { class: "outside" }), outsideNow: element("div", { class: "outside" }),
    outsideRival: element("div", { class: "outside" }),
    titleNow: element("div", { class: "whose" }), titleRival: element("div", { class: "whose" }),
    differs: element("div", { class: "differs" }),
    crosses: twice("cross"), // where the probe is, on the picture and on its rival
    rings: twice("ring"), // what the brush would paint
    divider: element("div", { class: "divider", role: "slider", tabindex: "0", "aria-label": "Before and after",
      "aria-valuemin": "0", "aria-valuemax": "100" }),
    message: element("div", { class: "message", role: "status" }),

    play: playPause(() => player.toggle()),
    line: input("range", "Step", { min: "0", step: "1", value: "0" }),
    counter: element("output", { class: "counter" }),

    view: choice("View", [["rival", "Compare", "rival"], ["maps", "Maps", "maps"], ["answers", "Networks", "answers"], ["side", "Side by side", "side"],
      ["split", "Split", "split"]], "side", (view) => player.views.choose(view)),
    tool: choice("Pointer", [["probe", "Probe", "probe"], ["brush", "Brush", "brush"]], "probe",
      (tool) => player.setTool(tool)),
    scale: choice("Colour scale", [["fixed", "Fixed"], ["auto", "Auto"]], "fixed", () => player.drawBefore()),
    lowest: element("span"), highest: element("span"),
    bar: element("canvas", { class: "bar", width: "256", height: "1", "aria-hidden": "true" }),
    speed: element("select", { "aria-label": "Steps a frame" },
      ...SPEEDS.map(([text, value]) => element("option", { value, selected: value === SLOW }, text))),

    heat: choice("Brush", [["heat", "Heat"], ["cold", "Cold"]], "heat", () => {}),
    radius: input("range", "Brush radius in pixels", { min: "0", max: "24", value: "5" }),
    value: input("number", "Value", { min: "0", max: "100", step: "0.1", value: "1" }),
    reading: element("div", { class: "reading" }),
    chart: element("canvas", { class: "chart", role: "img", hidden: true }),
    hint: element("span", { class: "muted hint" }),
    frames: element("span", { class: "muted frames" }),
  };
  panel.figureBefore = element("figure", {},
    element("div", { class: "frame" }, panel.before, panel.outsideBefore), panel.captionBefore);
  const figureNow = element("figure", {}, element("div", { class: "frame" }, panel.now, panel.titleNow, panel.outsideNow,
    panel.crosses[0], panel.rings[0], panel.divider), panel.captionNow);
  panel.figureRival = element("figure", {}, element("div", { class: "frame" }, panel.rival, panel.titleRival,
    panel.outsideRival, panel.crosses[1], panel.rings[1]), panel.captionRival);
  panel.stage = element("div", { class: "stage", tabindex: "0", role: "group" }, panel.figureBefore, figureNow,
    panel.figureRival);
  panel.below = element("div", { class: "below" }); // where the networks' answers stand on a narrow screen
  panel.legend = element("span", { class: "legend" }, panel.lowest, panel.bar, panel.highest);
  panel.brush = element("div", { class: "tools brush", hidden: true }, panel.heat,
    element("label", {}, "Radius ", panel.radius), element("label", {}, "Value ± ", panel.value));
  panel.card = element("div", { class: "card player" },
    panel.differs,
    panel.stage,
    panel.message,
    element("div", { class: "transport" }, panel.play,
      round("back", "One step back (left arrow)", () => player.seek(player.film.n - 1)),
      round("forward", "One step forward (right arrow)", () => player.goOn(1)),
      round("reset", "Back to the image (R)", () => player.reset(), false), panel.line, panel.counter),
    panel.below,
    element("div", { class: "tools" }, panel.view, panel.tool, panel.scale, panel.legend,
      element("label", { class: "speed" }, "Steps a frame", panel.speed)),
    panel.brush,
    panel.reading,
    panel.chart,
    element("div", { class: "tools" }, panel.hint, panel.frames));
  panel.root = element("div", { class: "root" }, panel.card);
  parent.append(panel.root);
  return panel;
}

// The numbers below and on the pictures.
export function caption(step, { low, high, mean }, ...claim) {
  return [element("div", {}, element("b", {}, `step ${whole(step)}`), ` min ${number(low)} · max ${number(high)}`),
    element("div", {}, `mean ${number(mean)} `, ...claim)];
}

export function outside({ above, below }) {
  return [["above", above], ["below", below]].filter(([, share]) => share).map(([side, share]) =>
    element("span", { class: side }, `${number(100 * share, 2)} % ${side} the scale`));
}

// (1-τ)^n times the mean, (1+τ)^-n where steps are implicit: a promise of insulated and periodic edges, checked as it runs.
export function lawOfTheMean(film) {
  const { since, mean, factor } = film.law;
  if (film.params.boundary === "zero") return element("span", { class: "law muted" }, "(zero edges drain it too)");
  const kept = Math.abs(film.grid.mean - factor * mean) <= 1e-4 * film.largest() + 1e-30;
  const [base, power] = film.params.implicit ? ["(1+τ)", "−"] : ["(1−τ)", ""];
  const text = [`${kept ? "=" : "≠"} ${base}`, element("sup", {}, `${power}${whole(film.n - since)}`), ` × ${number(mean)}`];
  if (since) text.push(` (step ${whole(since)})`);
  return element("span", { class: `law ${kept ? "good" : "bad"}` }, ...text);
}
