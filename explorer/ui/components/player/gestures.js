// @ts-check
// Mouse, finger and keyboard become acts of the player.

export function listen(panel, player) {
  const under = (event, canvas) => {
    const box = canvas.getBoundingClientRect();
    return [Math.floor(((event.clientY - box.top) / box.height) * canvas.height),
      Math.floor(((event.clientX - box.left) / box.width) * canvas.width)];
  };
  let last = null; // where the brush was

  function stroke(to) {
    const from = last ?? to, [dy, dx] = [to[0] - from[0], to[1] - from[1]];
    const parts = Math.max(1, Math.ceil(Math.hypot(dy, dx) / Math.max(1, Number(panel.radius.value) / 2)));
    for (let i = 1; i <= parts; i++) {
      player.dab(Math.round(from[0] + (dy * i) / parts), Math.round(from[1] + (dx * i) / parts));
    }
    last = to;
  }
  function showRing(event, canvas) {
    const box = canvas.getBoundingClientRect();
    const radius = ((Number(panel.radius.value) + 0.5) * box.width) / canvas.width;
    for (const ring of panel.rings) { // both pictures are of one size
      ring.hidden = event.pointerType === "touch";
      ring.style.cssText = `left:${event.clientX - box.left - radius}px;top:${event.clientY - box.top - radius}px;` +
        `width:${2 * radius}px;height:${2 * radius}px`;
    }
  }

  for (const canvas of [panel.before, panel.now, panel.rival]) {
    const brushing = () => panel.tool.value === "brush" && canvas !== panel.before;
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      panel.stage.focus({ preventScroll: true });
      canvas.setPointerCapture(event.pointerId);
      last = null;
      if (brushing()) stroke(under(event, canvas));
      else if (panel.tool.value === "probe") player.setProbe(under(event, canvas));
    });
    canvas.addEventListener("pointermove", (event) => {
      const held = canvas.hasPointerCapture(event.pointerId);
      if (brushing()) {
        showRing(event, canvas);
        if (held) stroke(under(event, canvas));
      } else if (held && panel.tool.value === "probe" && event.pointerType === "mouse") {
        player.setProbe(under(event, canvas));
      }
    });
    canvas.addEventListener("pointerleave", () => panel.rings.forEach((ring) => { ring.hidden = true; }));
  }

  const { divider } = panel;
  divider.addEventListener("pointerdown", (event) => {
    divider.setPointerCapture(event.pointerId);
    divider.focus();
  });
  divider.addEventListener("pointermove", (event) => {
    if (!divider.hasPointerCapture(event.pointerId)) return;
    const box = panel.now.getBoundingClientRect();
    player.setSplit((event.clientX - box.left) / box.width);
  });
  divider.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -0.02, ArrowRight: 0.02, ArrowDown: -0.1, ArrowUp: 0.1 }[event.key];
    if (!by) return;
    player.setSplit(player.split + by);
    event.preventDefault();
    event.stopPropagation();
  });
  panel.line.addEventListener("input", () => player.seek(Number(panel.line.value)));

  const ARROWS = {
    ArrowLeft: { act: () => player.seek(player.film.n - 1), probe: [0, -1] },
    ArrowRight: { act: () => player.goOn(1), probe: [0, 1] },
    ArrowDown: { act: () => player.seek(player.film.n - 10), probe: [1, 0] },
    ArrowUp: { act: () => player.goOn(10), probe: [-1, 0] },
  };
  function meant({ key, shiftKey, target: { tagName } }) {
    if (key === "r" || key === "R") return () => player.reset();
    if (tagName === "INPUT" || tagName === "SELECT") return null; // they have their own use for the other keys
    if (key === " " && tagName !== "BUTTON") return () => player.toggle();
    if (!(key in ARROWS)) return null;
    const { film } = player, { act, probe: [dy, dx] } = ARROWS[key];
    return shiftKey && film.probe ? () => player.setProbe([film.probe[0] + dy, film.probe[1] + dx]) : act;
  }
  panel.card.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.stopPropagation(); // the page's own shortcuts are not meant while the player has the focus
    const act = meant(event);
    if (!act) return;
    act();
    event.preventDefault();
  });
}
