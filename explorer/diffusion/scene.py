"""Everything that makes a state of the Diffusion page, as one value: what its JSON holds and its widgets start from.

The names are those in the URL. A file comes from a stranger: it is measured, parsed and checked name by name before
anything of it is used.
"""

import json
from dataclasses import asdict, dataclass, fields

from explorer.diffusion import nerve as active
from explorer.diffusion import strokes
from explorer.diffusion.cable import BOUNDARIES
from explorer.diffusion.membrane import Membrane
from explorer.diffusion.steps import MOST_STEPS
from explorer.diffusion.versus import VERSUS
from explorer.errors import ExplorerError

MOST_BYTES = 200_000
TABS: tuple[str, ...] = (
    "Go to step n",
    "Proof",
    "One pixel",
    "Spectrum",
    "Other schemes",
    "As a layer",
    "The neuron",
    "The active cable",
    "Take away",
)
RANGES = {
    "alpha": (0.0, 1e6),
    "other_alpha": (0.0, 1e6),
    "tau": (0.0, 1e3),
    "h_x": (1e-3, 1e6),
    "h_y": (1e-3, 1e6),
    "size": (32, 512),
    "step": (0, MOST_STEPS),
    "row": (0, 511),
    "column": (0, 511),
    "k": (1e-3, 1e3),
    "lambda_m": (0.05, 100.0),
    "tau_m": (0.1, 1000.0),
    "place": (0.0, 1.0),
    "start": (0.0, 5.0),
    "lasts": (0.05, 10.0),
    "membrane_resistance": (1.0, 500.0),
    "membrane_capacity": (0.1, 10.0),
    "fluid_resistance": (20.0, 500.0),
    "radius": (0.25, 50.0),
    **active.RANGES,
}
MADE_BY = ("λ_m and τ_m", "The circuit")  # what the neuron's constants are set by
CHOICES: dict[str, tuple] = {
    "edges": BOUNDARIES,
    "scale": ("fixed", "auto"),
    "tab": TABS,
    "made_by": MADE_BY,
    "versus": VERSUS,
    "nerve": tuple(active.PRESETS),
    "membrane": active.SIZES,
}


@dataclass(frozen=True)
class Scene:
    alpha: float = 10.0
    tau: float = 0.01
    h_x: float = 1.0
    h_y: float = 1.0
    lock: bool = True  # h_y follows h_x
    edges: str = "insulated"
    size: int = 128
    colour: bool = True
    step: int = 60
    scale: str = "fixed"  # 0 to 1, or what the field spans
    row: int | None = None  # of the probe; None: the middle
    column: int | None = None
    tab: str = TABS[0]
    image: str | None = None  # None: the first sample, or one that has no address
    lambda_m: float = 1.0  # the neuron
    tau_m: float = 10.0
    place: float = 0.5  # of the current, as a share of the dendrite's length
    start: float = 0.0  # and when it goes on and how long it stays, in τ_m
    lasts: float = 5.0
    made_by: str = MADE_BY[0]
    membrane_resistance: float = Membrane.resistance  # kΩ·cm²
    membrane_capacity: float = Membrane.capacity  # µF/cm²
    fluid_resistance: float = Membrane.fluid  # Ω·cm
    radius: float = Membrane.radius  # µm
    versus: str | None = None  # what stands beside it; None: nothing
    other_alpha: float = 20.0  # of a rival with another α
    strokes: str = ""  # on the image, as explorer/diffusion/strokes.py writes them
    nerve: str = "One pulse"  # how the active cable begins
    threshold: float = active.Nerve.threshold
    recovery: float = active.Nerve.recovery
    coupling: float = active.Nerve.coupling
    membrane: int = active.SIZES[1]  # pixels of its side
    k: float = 0.1  # of Perona and Malik's: a difference that halves the coupling

    def json(self) -> str:
        return json.dumps({"page": "Diffusion", **asdict(self)}, indent=2, allow_nan=False)


def read(content: bytes) -> Scene:
    """The scene in a JSON file; names that are left out keep their defaults."""
    if len(content) > MOST_BYTES:
        raise ExplorerError(f"the file has {len(content):,} bytes: load one that this page has saved")
    try:
        values = json.loads(content)
    except (ValueError, RecursionError):
        raise ExplorerError("the file is not JSON: load one that this page has saved") from None
    if not isinstance(values, dict) or values.pop("page", None) != "Diffusion":
        raise ExplorerError("the file holds no parameters of this page: load one that this page has saved")
    known = {field.name: field for field in fields(Scene)}
    for name, value in values.items():
        if name not in known:
            raise ExplorerError(f"{name[:40]!r} is not a parameter of this page: remove it from the file")
        values[name] = _checked(name, value, known[name].default)
    return Scene(**values)


def _checked(name: str, value: object, default: object) -> object:
    """The value in the type of the default, or an ExplorerError that says what would be right."""
    shown = f"{name} is {value!r:.40}"
    if value is None and name in ("row", "column", "image", "versus"):
        return None
    if name == "strokes" and isinstance(value, str):
        strokes.parse(value)
        return value
    if name in CHOICES:
        if value not in CHOICES[name]:
            raise ExplorerError(f"{shown}: choose one of {', '.join(map(str, CHOICES[name]))}")
        return value
    if name in RANGES:
        low, high = RANGES[name]
        whole = isinstance(low, int)
        if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)) or not low <= value <= high:
            raise ExplorerError(f"{shown}: give a {'whole ' if whole else ''}number from {low:g} to {high:g}")
        return value if whole else float(value)
    wanted = bool if isinstance(default, bool) else str
    if not isinstance(value, wanted) or (isinstance(value, str) and len(value) > 80):
        raise ExplorerError(f"{shown}: give {'true or false' if wanted is bool else 'the name of an image'}")
    return value
