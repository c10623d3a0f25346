// @ts-check
// Nothing flashes more than three times a second. Where the finest waves turn over with every step (g < 0), a picture
// may turn from light to dark and back; so while steps come quickly, only those of one parity are shown.

const TURN_AFTER = 180; // milliseconds that a picture stands before one of the other parity may follow: 2.8 flashes

/** Whether some wave changes its sign with every step: g of the finest checkerboard is below 0.
 * @param {{ centre: number, r_x: number, r_y: number, implicit?: boolean }} params */
export const turnsOver = ({ centre, r_x, r_y, implicit }) => !implicit && centre < 2 * (r_x + r_y);

export class Calm {
  constructor() {
    this.shown = 0; // the step of the picture that stands
    this.since = -Infinity; // when it began to stand
  }
  /** Whether the picture of step n may be shown at this moment; one that may is taken as shown.
   * @param {number} n @param {boolean} turns @param {number} time */
  shows(n, turns, time) {
    if (n === this.shown) return true;
    if (turns && (n - this.shown) % 2 && time - this.since < TURN_AFTER) return false;
    this.shown = n;
    this.since = time;
    return true;
  }
}
