"""What happens to pictures outside the test set: nine disturbances, each at five strengths, the same for a whole test
set and for one image.

    disturbed(images, "gaussian-noise", DISTURBANCES["gaussian-noise"].strengths[2])    # uint8 (N, H, W, C) -> the same

Eight are those of CIFAR-10-C (D. Hendrycks and T. Dietterich, Benchmarking Neural Network Robustness to Common
Corruptions and Perturbations, ICLR 2019), written anew from its definitions and with the constants of its script
ImageNet-C/create_c/make_cifar_c.py in github.com/hendrycks/robustness, fractions of a grey level cut off as there;
diffusion is ours. A level says how far a disturbance goes, in a unit of its own: 0 leaves every picture as it is.
Chance is drawn from the seed and the picture's number among the test images, so a picture is disturbed the same way
whichever others come with it, and stronger levels of Gaussian noise are the same noise, only stronger.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from explorer.data.disturb import blur, coding, light, noise
from explorer.errors import ExplorerError

__all__ = ["DISTURBANCES", "LEAKING", "STRENGTHS", "UTMOST", "Disturbance", "disturbance", "disturbed"]

STRENGTHS = 5
UTMOST = STRENGTHS + 1  # the strength at the end of what is taken
AT_ONCE = 2**21  # numbers: a picture's chain of operations then stays in the processor's cache
LEAST = 1e-4  # of any level: a smaller one moves no picture by a grey level and counts as 0
ALMOST = 1e-3  # of a grey level: float32 may fall as short of a whole one as this


@dataclass(frozen=True, eq=False)
class Disturbance:
    name: str
    title: str
    what: str  # a sentence
    quantity: str  # what a level counts, the title of an axis
    strengths: tuple[float, ...]  # the levels of strengths 1 to 5
    most: float  # the highest level that is taken
    says: Callable[[float], str]  # a level in the words of its definition
    change: Callable[[np.ndarray, float, noise.Draw], np.ndarray]  # uint8 -> uint8, or float32 grey levels
    whole: bool = False  # whether only whole levels mean something

    def level(self, strength: float) -> float:
        """0 leaves the picture as it is, 1 to 5 are the five strengths, 6 is the utmost; straight lines lie between."""
        knots = (0, *self.strengths, self.most)
        level = float(np.interp(strength, range(len(knots)), knots))
        return float(round(level)) if self.whole else level


def _diffusion(name: str, title: str, what: str, leak: bool) -> Disturbance:
    return Disturbance(
        name,
        title,
        what,
        "diffusion steps",
        (1, 2, 3, 4, 5),
        200,
        lambda level: f"{level:g} step{'s' * (level != 1)}",
        lambda images, level, _draw: blur.diffused(images, int(level), leak),
        whole=True,
    )


DISTURBANCES = {
    one.name: one
    for one in (
        Disturbance(
            "gaussian-noise",
            "Gaussian noise",
            "Every number of the picture is moved by chance, as in the dark of a cheap camera.",
            "standard deviation of the noise, white = 1",
            (0.04, 0.06, 0.08, 0.09, 0.10),
            0.5,
            lambda level: f"σ = {level:.3g}",
            noise.gaussian,
        ),
        Disturbance(
            "shot-noise",
            "Shot noise",
            "Light comes in photons (so many for white), and their number is left to chance: the fewer, the grainier.",
            "standard deviation of a white pixel, white = 1",
            tuple(photons**-0.5 for photons in (500, 250, 100, 75, 50)),
            0.5,
            lambda level: f"{level**-2:.3g} photons" if level >= LEAST else "endless photons",
            noise.shot,
        ),
        Disturbance(
            "gaussian-blur",
            "Gaussian blur",
            "Every pixel is mixed with those around it, the nearest the most.",
            "standard deviation of the blur, pixels",
            (0.4, 0.6, 0.7, 0.8, 1.0),
            4.0,
            lambda level: f"σ = {level:.3g} pixels",
            blur.gaussian,
        ),
        Disturbance(
            "defocus",
            "Defocus",
            "Every point becomes a disc, as through a lens that is set to another distance.",
            "radius of the disc, pixels",
            (0.3, 0.4, 0.5, 1.0, 1.5),
            5.0,
            lambda level: f"radius {level:.3g} pixels",
            blur.defocused,
        ),
        _diffusion(
            "diffusion",
            "Diffusion",
            "Steps of the cable equation's scheme, α = 2 and τ = 0.06, without its leak: light spreads, none is lost.",
            False,
        ),
        Disturbance(
            "contrast",
            "Contrast",
            "Every colour comes nearer to the picture's mean, as in mist.",
            "share of the contrast taken away",
            tuple(1 - left for left in (0.75, 0.5, 0.4, 0.3, 0.15)),
            1.0,
            lambda level: f"{1 - level:.3g} of the contrast left",
            light.contrast,
        ),
        Disturbance(
            "brightness",
            "Brightness",
            "Every colour becomes lighter in its own hue, until it can no more.",
            "added to the value of every colour, white = 1",
            (0.05, 0.1, 0.15, 0.2, 0.3),
            1.0,
            lambda level: f"{level:.3g} lighter",
            light.brightness,
        ),
        Disturbance(
            "jpeg",
            "JPEG",
            "The picture is saved as a JPEG file and read again: fine detail turns into blocks.",
            "quality given up, of 100",
            tuple(100 - quality for quality in (80, 65, 58, 50, 40)),
            99,
            lambda level: f"quality {100 - level:g}" if level else "not compressed",
            coding.jpeg,
            whole=True,
        ),
        Disturbance(
            "pixelation",
            "Pixelation",
            "The picture is made of fewer, larger pixels and enlarged again.",
            "share of the side's pixels given up",
            tuple(1 - left for left in (0.95, 0.9, 0.85, 0.75, 0.65)),
            0.9,
            lambda level: f"{1 - level:.3g} of the pixels along a side",
            coding.pixelated,
        ),
    )
}

LEAKING = _diffusion(  # in place of diffusion where someone asks for it; not one of the nine
    "leaking-diffusion",
    "Diffusion with its leak",
    "Steps of the cable equation's scheme, α = 2 and τ = 0.06: light spreads, and 6 % of it leaks away in every step.",
    True,
)


def disturbance(name: str) -> Disturbance:
    if name == LEAKING.name:
        return LEAKING
    if not isinstance(name, str) or name not in DISTURBANCES:
        raise ExplorerError(f"disturbance {name!r:.60} is not known: take one of {', '.join(DISTURBANCES)}")
    return DISTURBANCES[name]


def disturbed(images: np.ndarray, name: str, level: float, *, seed: int = 0, first: int = 0) -> np.ndarray:
    """The pictures, uint8 (N, H, W, 1 or 3), changed; the first of them is number `first` among the test images."""
    how = disturbance(name)
    _check_images(images)
    _check_level(how, level)
    for argument, value in (("seed", seed), ("first", first)):
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 0:
            raise ExplorerError(f"{argument} is {value!r:.60}: give a whole number, 0 or more")
    if level < LEAST or not len(images):
        return images.copy()
    size = max(1, AT_ONCE // images[0].size)
    bounds = pairwise([*range(0, len(images), size), len(images)])
    return np.concatenate(
        [_cut(how.change(images[start:stop], level, noise.Draw(seed, first + start))) for start, stop in bounds]
    )


def _cut(changed: np.ndarray) -> np.ndarray:
    if changed.dtype == np.uint8:
        return changed
    return np.clip(changed + np.float32(ALMOST), 0, 255).astype(np.uint8)


def _check_images(images) -> None:
    if not isinstance(images, np.ndarray) or images.dtype != np.uint8:
        kind = images.dtype if isinstance(images, np.ndarray) else type(images).__name__
        raise ExplorerError(f"images are {kind}: give a uint8 array (N, H, W, 1 or 3), 0 to 255")
    if images.ndim != 4 or images.shape[3] not in (1, 3) or 0 in images.shape[1:]:
        raise ExplorerError(f"images have shape {images.shape}: give (N, H, W, 1 or 3) with at least one pixel")


def _check_level(how: Disturbance, level) -> None:
    good = isinstance(level, int | float | np.integer | np.floating) and not isinstance(level, bool)
    if not good or not 0 <= level <= how.most or (how.whole and level != int(level)):
        wanted = "a whole number" if how.whole else "a number"
        raise ExplorerError(f"level of {how.name} is {level!r:.60}: give {wanted} from 0 to {how.most:g}")
