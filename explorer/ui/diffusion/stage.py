"""What all tabs of the page are about: the scheme, the field at step 0, and how fields become pictures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import streamlit as st
import torch
from torch import Tensor

from explorer.data import images
from explorer.diffusion.cable import Cable
from explorer.diffusion.scene import CHOICES, Scene
from explorer.diffusion.steps import MOST_STEPS, shares, span
from explorer.diffusion.strokes import Strokes, painted, painted_fields, start
from explorer.render import Scale, bar, colour, number, to_rgb
from explorer.ui.components.player import identity
from explorer.ui.diffusion.controls import exact
from explorer.ui.diffusion.strokes import held
from explorer.ui.shared.frame import Frame
from explorer.ui.shared.widgets import choice

START = Scene()


@dataclass(frozen=True)
class Stage:
    page: Frame
    cable: Cable
    first: np.ndarray  # (C, S, S) float32, 0 to 1
    strokes: Strokes  # that were painted on its way

    @staticmethod
    def of(page: Frame, cable: Cable, size: int, in_colour: bool) -> "Stage":
        first = images.field(page.picked.at(size), size, in_colour, page.fit)
        return Stage(page, cable, first, held(identity(first, page.step)))

    @cached_property
    def u(self) -> Tensor:
        """The field at step 0, float64."""
        return torch.from_numpy(self.first).double()

    def after(self, n: int) -> Tensor:
        """The field after n steps, float64."""
        return painted(self.cable, self.u, self.strokes, n)

    def fields(self, steps: Sequence[int]) -> Iterator[Tensor]:
        return painted_fields(self.cable, self.u, self.strokes, steps)

    def start(self, n: int) -> tuple[Tensor, int]:
        """Where what happens at step n began: at the last stroke before it, or at the image and step 0."""
        return start(self.cable, self.u, self.strokes, n)

    @property
    def name(self) -> str:
        return self.page.picked.name


def step_control() -> int:
    """The step that the tabs look at."""
    with st.container(key="step-control"):
        words = f"0 to {MOST_STEPS:,}: every step costs the same."
        return int(exact("Step n", "step", reach=300, step=1, format="%d", help=words))


def scale_control() -> str:
    return choice(
        "Colour scale",
        "scale",
        CHOICES["scale"],
        START.scale,
        persist="session",
        width="content",
        help="Fixed: black is 0, white is 1. Auto: what the field spans.",
    )


def paint(field: np.ndarray, scale: str) -> tuple[np.ndarray, str]:
    """A field (C, H, W) as a picture (H, W, 3), and its scale in words."""
    low, high = (0.0, 1.0) if scale == "fixed" else span(field)
    words = f"black {number(low)}, white {number(high)}"
    return to_rgb(shares(field, low, high)), words


def signed(field: np.ndarray) -> tuple[np.ndarray, float]:
    """A plane (H, W) in blue, white and orange, centred on 0, and the value at the orange end."""
    low, high = span(field)
    reach = max(-low, high)
    return colour(2 * shares(field, -reach, reach) - 1, Scale(-1.0, 1.0, "signed")), reach


def signed_bar(reach: float) -> None:
    """The signed colours with the values at their ends."""
    stops = ",".join("rgb({},{},{})".format(*stop) for stop in bar(Scale(-1, 1, "signed"), 9, 1)[0])
    st.html(
        '<div style="display:flex;gap:.5rem;align-items:center;font-size:.8125rem;opacity:.85">'
        f"<span>{number(-reach)}</span>"
        f'<span style="flex:1;height:.5rem;border-radius:.25rem;background:linear-gradient(90deg,{stops})"></span>'
        f"<span>{number(reach)}</span></div>"
    )


def facts(field: np.ndarray) -> str:
    """Minimum, maximum and mean in one line."""
    low, high = float(field.min()), float(field.max())
    middle = number(float(field.mean())) if np.isfinite([low, high]).all() else "–"
    return f"min {number(low)} · max {number(high)} · mean {middle}"
