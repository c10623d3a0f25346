// @ts-check
// The probability of one class against the step, drawn as it happens: one line a network, a mark where the picture stands.

const MOST_POINTS = 1500;
const LEAP = 4; // times the usual distance from point to point
const FEW = 3; // distances, from which one is usual
const DOT = 1.5; // pixels, the radius of a point that stands alone

/** Points in the order of their steps; those behind a change of the past are forgotten. */
export class Series {
  constructor() {
    /** @type {{ step: number, shares: Float64Array[] }[]} */
    this.points = [];
  }
  /** @param {number} step @param {Float64Array[]} shares */
  add(step, shares) {
    const { points } = this;
    let at = points.length;
    while (at && points[at - 1].step >= step) at--;
    points.splice(at, points[at]?.step === step ? 1 : 0, { step, shares });
    if (points.length > MOST_POINTS) this.points = points.filter((_, i) => i % 2 === 0 || i === points.length - 1);
  }
  /** @param {number} step */
  cut(step) {
    this.points = this.points.filter((point) => point.step < step);
  }
}

/** The points in pieces: between two that lie farther apart than points of a run do, nothing was computed, and no line
 * may say that it was. Steps that follow each other belong together; of others it takes a few that are alike.
 * @param {{ step: number, shares: Float64Array[] }[]} points */
export function pieces(points) {
  const gaps = points.slice(1).map((point, i) => point.step - points[i].step);
  const usual = gaps.length < FEW ? 1 : [...gaps].sort((a, b) => a - b)[gaps.length >> 1] * LEAP;
  /** @type {(typeof points)[]} */
  const found = [];
  points.forEach((point, i) => {
    if (i && gaps[i - 1] <= usual) found[found.length - 1].push(point);
    else found.push([point]);
  });
  return found;
}

export class Strip {
  /** @param {(step: number) => void} seek */
  constructor(seek) {
    this.series = new Series();
    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("role", "img");
    this.label = document.createElement("div");
    this.label.className = "strip-label";
    this.root = document.createElement("div");
    this.root.className = "strip";
    this.root.append(this.label, this.canvas);
    this.root.hidden = true; // until there is a second step
    this.canvas.addEventListener("click", (event) => {
      const box = this.canvas.getBoundingClientRect();
      seek(Math.round(((event.clientX - box.left) / box.width) * this.last()));
    });
    /** @type {(() => void) | undefined} what was drawn last, for another width */
    this.again = undefined;
    this.watcher = new ResizeObserver(() => this.again?.());
    this.watcher.observe(this.canvas);
  }

  /** @param {number} step @param {Float64Array[]} shares */
  add(step, shares) {
    this.series.add(step, shares);
  }
  /** @param {number} step */
  cut(step) {
    this.series.cut(step);
  }
  last() {
    return Math.max(1, this.series.points[this.series.points.length - 1]?.step ?? 1);
  }

  /** @param {number} followed the class @param {{ title: string, classes: string[] }[]} networks @param {number} now */
  draw(followed, networks, now) {
    this.again = () => this.draw(followed, networks, now);
    const { canvas, series: { points } } = this, last = this.last();
    this.root.hidden = points.length < 2;
    if (this.root.hidden || !networks.length) return;
    const name = networks[0].classes[followed];
    this.label.textContent = `probability of ${name}, steps 0 to ${last.toLocaleString("en")}`;
    canvas.setAttribute("aria-label", `${this.label.textContent}; a click goes to a step`);
    const ratio = globalThis.devicePixelRatio || 1, width = canvas.clientWidth, height = canvas.clientHeight;
    const sized = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== sized[0] || canvas.height !== sized[1]) [canvas.width, canvas.height] = sized;
    const context = canvas.getContext("2d");
    if (!context) return;
    const style = getComputedStyle(this.root), colours = ["--first", "--second"].map((one) => style.getPropertyValue(one));
    const x = (/** @type {number} */ step) => 1 + ((width - 2) * step) / last;
    const y = (/** @type {number} */ share) => height - 2 - (height - 4) * share;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.strokeStyle = style.getPropertyValue("--line");
    context.lineWidth = 1;
    context.beginPath();
    for (const share of [0, 0.5, 1]) {
      context.moveTo(0, y(share));
      context.lineTo(width, y(share));
    }
    context.moveTo(x(Math.min(now, last)), 0);
    context.lineTo(x(Math.min(now, last)), height);
    context.stroke();
    context.lineWidth = 2;
    const drawn = pieces(points);
    networks.forEach((_, i) => {
      context.strokeStyle = context.fillStyle = colours[i];
      for (const piece of drawn) {
        const places = piece.map(({ step, shares }) => [x(step), y(shares[i]?.[followed] ?? 0)]);
        context.beginPath();
        if (places.length === 1) context.arc(places[0][0], places[0][1], DOT, 0, 2 * Math.PI);
        for (const [across, down] of places) context.lineTo(across, down);
        if (places.length === 1) context.fill();
        else context.stroke();
      }
    });
  }
  dispose() {
    this.watcher.disconnect();
  }
}
