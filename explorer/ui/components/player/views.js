// @ts-check
// How the running picture is shown: beside what networks say of it, a layer's maps of it, the first picture, or a rival
// that runs by another scheme; or in one frame with the first.

const NARROW = 480; // pixels: below it two pictures do not stand beside each other

export class Views {
  /** @param {any} player */
  constructor(player) {
    this.player = player;
    this.now = "side";
    /** @type {string | null} the view that someone chose */
    this.chosen = null;
    this.consulted = "";
    this.beside = { answers: player.answers, maps: player.maps };
  }

  narrow() {
    return this.player.panel.root.clientWidth < NARROW;
  }
  /** @param {string} view */
  offers(view) {
    const { facts } = this.player;
    if (view === "rival") return Boolean(facts.rival);
    return view === "maps" ? Boolean(facts.maps) : view !== "answers" || facts.networks.length > 0;
  }
  usual() {
    if (this.chosen && this.offers(this.chosen)) return this.chosen;
    return ["rival", "maps", "answers"].find((view) => this.offers(view)) ?? (this.narrow() ? "split" : "side");
  }
  /** @param {string} view */
  choose(view) {
    this.chosen = view;
    this.set(view);
  }
  set(view = this.usual()) {
    const { panel } = this.player;
    this.now = view;
    for (const button of panel.view.children) button.hidden = !this.offers(button.dataset.value);
    panel.view.mark(view);
    panel.card.dataset.view = view;
    panel.figureBefore.hidden = view !== "side";
    panel.divider.hidden = view !== "split";
    panel.figureRival.hidden = panel.titleNow.hidden = panel.differs.hidden = view !== "rival";
    this.place();
    this.player.request();
  }
  // What the networks give: beside the picture; on a narrow screen their answers stand below its controls.
  place() {
    const { panel } = this.player;
    for (const [view, { root }] of Object.entries(this.beside)) {
      const home = view === "answers" && this.narrow() ? panel.below : panel.stage;
      root.hidden = this.now !== view;
      if (root.parentNode !== home) home.append(root);
    }
  }
  // The networks look at every state once.
  consult() {
    const { film } = this.player, state = `${this.now} ${film.n} ${film.edits}`, view = this.beside[this.now];
    if (!view || state === this.consulted) return;
    this.consulted = state;
    view.look((spare) => this.player.snapshot(spare), film.n);
  }
  /** @param {number} step */
  cut(step) {
    for (const view of Object.values(this.beside)) view.cut(step);
  }
  dispose() {
    for (const view of Object.values(this.beside)) view.dispose();
  }
}
