"""The active cable: a membrane that answers a push with a pulse, by FitzHugh and Nagumo's model of a nerve.

    v_t = D·Δv + v(1 - v)(v - a) - w        v, the potential: 0 at rest, 1 excited; above the threshold a it fires
    w_t = ε(v - w)                          w, the recovery that ends a pulse

Where it is passive, -a·v stands for the cubic current and the recovery: that is the paper's equation, with α = D/a. No
current leaves through an edge. Explicit steps of STEP; places and times have no units.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

STEP = 0.1
FIBRE = 300  # cells
SIZES = (128, 192, 256)  # pixels of a membrane's side
EXCITED = 0.5  # from this potential on
BRIGHT = 0.1  # the share of an image's pixels that is excited at once
LEVELS = 255  # of what a beginning is made of: bytes, which travel to the browser
# of the threshold a, the recovery ε and the coupling D; four times D·STEP is below 1
RANGES = {"threshold": (0.02, 0.3), "recovery": (0.0, 0.03), "coupling": (0.2, 2.4)}


@dataclass(frozen=True)
class Nerve:
    threshold: float = 0.05
    recovery: float = 0.01
    coupling: float = 1.0

    @property
    def limit(self) -> float:
        """The speed of a front of which nothing recovers, √(D/2)·(1 - 2a): Nagumo's, in cells a unit of time."""
        return math.sqrt(self.coupling / 2) * (1 - 2 * self.threshold)

    def step(self, v: np.ndarray, w: np.ndarray, passive: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """v and w (H, W) one STEP later; `passive` is true where the membrane only leaks."""
        framed = np.pad(v, 1, mode="edge")
        around = framed[1:-1, :-2] + framed[1:-1, 2:] + framed[:-2, 1:-1] + framed[2:, 1:-1] - 4 * v
        current = np.where(passive, -self.threshold * v, v * (1 - v) * (v - self.threshold) - w)
        recovered = np.where(passive, 0.0, w + STEP * self.recovery * (v - w))
        return v + STEP * (self.coupling * around + current), recovered


@dataclass(frozen=True)
class Beginning:
    """Bytes (H, W): potential and recovery from 0 to LEVELS, and where the membrane is passive."""

    v: np.ndarray
    w: np.ndarray
    passive: np.ndarray

    def fields(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return self.v / LEVELS, self.w / LEVELS, self.passive > 0


@dataclass(frozen=True)
class Outset:
    look: str  # what to do and what to see
    begin: Callable[[Beginning], None] | None  # writes into a membrane at rest; None: the image does
    fibre: bool = False


def beginning(preset: Outset, size: int, image: np.ndarray | None = None) -> Beginning:
    """`image` is the brightness (size, size) that a preset without a beginning of its own wants."""
    shape = (1, FIBRE) if preset.fibre else (size, size)
    made = Beginning(*(np.zeros(shape, np.uint8) for _ in range(3)))
    if preset.begin:
        preset.begin(made)
    elif image is not None:
        made.v[image >= np.quantile(image, 1 - BRIGHT)] = LEVELS
    return made


def _one(made: Beginning) -> None:
    made.v[:, :8] = LEVELS


def _two(made: Beginning) -> None:
    made.v[:, :8] = made.v[:, -8:] = LEVELS


def _gap(made: Beginning) -> None:
    _one(made)
    made.passive[:, 100:102] = 1
    made.passive[:, 200:208] = 1


def _ring(made: Beginning) -> None:
    rows, columns = np.indices(made.v.shape) - len(made.v) / 2
    made.v[rows**2 + columns**2 < 36] = LEVELS


def _spiral(made: Beginning) -> None:
    half = len(made.v) // 2
    made.v[:, :half] = LEVELS
    made.w[:half] = LEVELS // 5  # the upper half cannot fire yet: round the end of its front the lower one curls


def _obstacle(made: Beginning) -> None:
    side = len(made.v)
    made.v[:, :6] = LEVELS
    made.passive[:, side // 2 : side // 2 + 16] = 1
    made.passive[side // 2 - side // 12 : side // 2 + side // 12] = 0


PRESETS = {
    "One pulse": Outset("It runs to the end at one speed, and keeps its shape: nothing fades.", _one, True),
    "Two pulses meet": Outset("They annihilate: behind each the membrane cannot fire at once.", _two, True),
    "A passive stretch": Outset(
        "There the paper's equation holds, and the potential falls off: 2 cells are jumped, 8 are not.",
        _gap,
        True,
    ),
    "A ring": Outset("A push in the middle spreads as a ring. Paint, and push it elsewhere.", _ring),
    "A spiral": Outset("Half of the front finds nothing to excite: its free end curls and goes on.", _spiral),
    "A wall with a gap": Outset("The wall is passive: a pulse goes through the gap and bends.", _obstacle),
    "The image": Outset("The brightest tenth of its pixels is excited, and fronts run out from there.", None),
}
