"""A pad to draw on, by mouse, finger or keys; networks answer while one draws.

drawing.js  strokes and their pixels      centre.js  a digit where its dataset has it (explorer.data.ink)
hand.js     pointer and keys              pad.js     what one sees, and what it does
"""

from explorer.ui.components.pad.pad import SIDE, pad, picture

__all__ = ["SIDE", "pad", "picture"]
