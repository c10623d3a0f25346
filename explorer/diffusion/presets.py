"""Schemes worth meeting, each with what to do and what to see."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Preset:
    title: str
    look: str  # what to do and what to see
    alpha: float
    tau: float
    h_x: float = 1.0
    h_y: float = 1.0


PRESETS = {
    "gentle": Preset("Gentle blur", "Edges soften first; the image fades to half in 69 steps.", 10.0, 0.01),
    "strong": Preset("Strong blur", "Twice the r and a fifth of the leak: only large shapes survive.", 100.0, 0.002),
    "decay": Preset("Only decay", "Without neighbours every pixel fades on its own, by 1 − τ a step.", 0.0, 0.05),
    "horizontal": Preset(
        "Only horizontal", "Rows are far apart, so colour runs sideways only.", 10.0, 0.03, 1.0, 1000.0
    ),
    "edge": Preset("On the edge of stability", "The finest checkerboard neither grows nor dies.", 2.375, 0.1),
    "ringing": Preset("Ringing", "The image fades, its finest checkerboard flickers on; still bounded.", 2.33, 0.1),
    "explosion": Preset("Explosion", "A step too large: the checkerboard grows by 18 % a step.", 2.6, 0.1),
}
