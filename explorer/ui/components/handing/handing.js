// @ts-check
// A button that copies a text. Where the browser keeps its clipboard to itself (an address without https) the text is
// copied from a field out of sight, the old way.

import { component, element } from "../parts.js";

function create(parent) {
  const said = element("span", { role: "status", class: "muted" });
  const button = element("button", { type: "button", onclick: copy });
  let text = "";
  parent.append(element("div", { class: "root handing" }, button, said));

  async function copy() {
    const done = await written();
    said.textContent = done ? "Copied: open it in the other browser" : "This browser does not copy: try another one";
  }
  async function written() {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const field = element("textarea", { "aria-hidden": "true", class: "visually-hidden" });
      field.value = text;
      document.body.append(field);
      field.select();
      const done = document.execCommand("copy");
      field.remove();
      return done;
    }
  }
  return {
    update({ facts }) {
      button.textContent = facts.label;
      if (facts.text !== text) said.textContent = "";
      text = facts.text;
    },
    dispose() {},
  };
}

export default component(create);
