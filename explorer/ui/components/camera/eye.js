// @ts-check
// The camera itself: asked for, read picture by picture, let go; and why there is none, in a sentence.

/** @typedef {import("../live/picture.js").Picture} Picture */

/** Why this page can have no camera, before anyone has asked for it; empty where it may.
 * @param {string} insecure what to do where the address is neither https nor localhost @param {any} [scope] */
export function absent(insecure, scope = globalThis) {
  if (!scope.isSecureContext) return insecure;
  if (!scope.navigator?.mediaDevices?.getUserMedia) return "This browser gives web pages no camera: use Upload.";
  const policy = scope.document?.permissionsPolicy ?? scope.document?.featurePolicy;
  if (policy?.allowsFeature("camera") === false) {
    return "The page around this one keeps the camera to itself: its iframe needs allow=\"camera\". Or use Upload.";
  }
  return "";
}

/** @type {Record<string, string>} */
const REASONS = {
  NotAllowedError: "The camera was not allowed: allow it beside the page's address and start again, or use Upload.",
  NotFoundError: "No camera was found: connect one and start again, or use Upload.",
  OverconstrainedError: "No camera was found: connect one and start again, or use Upload.",
  NotReadableError: "The camera gives no picture, perhaps because another program has it: close that and start again.",
};

/** Why the camera did not start.
 * @param {unknown} error */
export function reason(error) {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  return REASONS[name] ?? `The camera did not start${name ? ` (${name})` : ""}: try again, or use Upload.`;
}

export class Eye {
  /** @param {() => void} lost called when the camera was taken away */
  constructor(lost) {
    this.lost = lost;
    this.video = Object.assign(document.createElement("video"), { muted: true, playsInline: true });
    this.canvas = document.createElement("canvas");
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
    /** @type {MediaStream | null} */
    this.stream = null;
    this.turn = this.handle = 0; // which start this is: one that was overtaken gives its camera back
  }

  async start() {
    const turn = ++this.turn, wanted = { width: { ideal: 640 }, height: { ideal: 480 }, facingMode: { ideal: "environment" } };
    const stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
    if (turn !== this.turn) return letGo(stream);
    this.stream = stream;
    for (const track of stream.getTracks()) track.addEventListener("ended", () => this.taken(stream));
    this.video.srcObject = stream;
    await this.video.play();
  }
  /** @param {MediaStream} stream */
  taken(stream) {
    if (stream !== this.stream) return;
    this.stop();
    this.lost();
  }
  stop() {
    this.turn++;
    this.video.cancelVideoFrameCallback?.(this.handle);
    if (this.stream) letGo(this.stream);
    this.stream = this.video.srcObject = null;
  }

  /** Calls back with the next picture, once.
   * @param {() => void} see */
  next(see) {
    const { turn } = this, still = () => turn === this.turn && this.stream && see();
    if (this.video.requestVideoFrameCallback) this.handle = this.video.requestVideoFrameCallback(still);
    else requestAnimationFrame(still);
  }
  /** The middle square of the picture of this moment. @returns {Picture | null} */
  picture() {
    const { canvas, context, video } = this, side = Math.min(video.videoWidth, video.videoHeight);
    if (!side || !context) return null;
    if (canvas.width !== side) canvas.width = canvas.height = side;
    const left = (video.videoWidth - side) >> 1, top = (video.videoHeight - side) >> 1;
    context.drawImage(video, left, top, side, side, 0, 0, side, side);
    return { width: side, height: side, rgba: context.getImageData(0, 0, side, side).data };
  }
}

/** @param {MediaStream} stream */
function letGo(stream) {
  for (const track of stream.getTracks()) track.stop();
}
