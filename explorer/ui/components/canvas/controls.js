// @ts-check
// Buttons and choices of the components that play.

import { element, icon } from "../parts.js";

export const ICONS = {
  play: "M7 4.5v15l12.5-7.5z",
  pause: "M6 4.5h4.2v15H6zM13.8 4.5H18v15h-4.2z",
  back: "M18 5v14L8.5 12zM5.5 5H8v14H5.5z",
  forward: "M6 5v14l9.5-7zM16 5h2.5v14H16z",
  reset: "M4 12a8 8 0 1 0 2.6-5.9M4 4v5h5",
  side: "M3.5 5.5h7v13h-7zM13.5 5.5h7v13h-7z",
  rival: "M3.5 6h7v12h-7zM13.5 6h7v12h-7zM3.5 12h7",
  split: "M3.5 5.5h17v13h-17zM12 2.5v19",
  answers: "M4 6h15M4 12h9M4 18h5",
  maps: "M4 4h6.5v6.5H4zM13.5 4H20v6.5h-6.5zM4 13.5h6.5V20H4zM13.5 13.5H20V20h-6.5z",
  probe: "M12 3v5M12 16v5M3 12h5M16 12h5M12 11.9v.2",
  brush: "M13.5 5.5l5 5L9 20H4v-5z",
  eraser: "M8 19h11M10.5 18.5L4 12l8-8 7.5 7.5-7 7zM8 8l7.5 7.5",
  undo: "M9 14L4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3",
  clear: "M4 6.5h16M9.5 6V4h5v2M6 6.5l1 13.5h10l1-13.5M10 10.5v6M14 10.5v6",
  warning: "M12 4L2.5 20h19zM12 10v4.5M12 17.4v.1",
};

export function round(name, label, act, filled = true) {
  return element("button", { type: "button", class: "round", title: label, "aria-label": label, onclick: act },
    icon(ICONS[name], filled));
}

export function playPause(act) {
  const button = round("play", "Play (space)", act);
  button.classList.add("play");
  button.show = (playing) => {
    const label = playing ? "Pause (space)" : "Play (space)";
    button.replaceChildren(icon(ICONS[playing ? "pause" : "play"], true));
    button.setAttribute("aria-label", label);
    button.title = label;
  };
  return button;
}

// One of a few: options are [value, text, icon?]; `mark` shows a choice without acting on it.
export function choice(label, options, chosen, act) {
  const buttons = options.map(([value, text, shape]) =>
    element("button", { type: "button", "data-value": value, title: text, onclick: () => { mark(value); act(value); } },
      ...(shape ? [icon(ICONS[shape])] : []), element("span", {}, text)));
  const group = element("div", { class: "choice", role: "group", "aria-label": label }, ...buttons);
  const mark = (value) => {
    group.value = value;
    buttons.forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.value === value)));
  };
  group.mark = mark;
  mark(chosen);
  return group;
}
