"""What a dendrite is made of, and what the cable equation makes of it: the circuit of successive segments.

    τ_m = R_m·C_m        λ_m = √(R_m·a / 2R)        r_m = R_m / 2πa

A segment Δx long passes current on through R·Δx/πa² and lets it out through R_m/(2πa·Δx) beside C_m·2πa·Δx.
"""

import math
from dataclasses import dataclass

from explorer.errors import ExplorerError


@dataclass(frozen=True)
class Segment:
    along: float  # MΩ, through the fluid inside
    across: float  # MΩ, through the membrane
    capacity: float  # pF, of the membrane


@dataclass(frozen=True)
class Membrane:
    resistance: float = 45.74  # R_m, kΩ·cm²
    capacity: float = 1.16  # C_m, µF/cm²
    fluid: float = 225.0  # R, Ω·cm, of the fluid inside
    radius: float = 1.0  # a, µm

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not (math.isfinite(value) and value > 0):
                raise ExplorerError(f"{name} is {value!r}: give a number above 0")

    @property
    def tau_m(self) -> float:
        """ms: kΩ·cm² times µF/cm²."""
        return self.resistance * self.capacity

    @property
    def lambda_m(self) -> float:
        """mm: kΩ·cm²·µm/(Ω·cm) is 0.1 cm², 10 mm²."""
        return math.sqrt(10 * self.resistance * self.radius / (2 * self.fluid))

    @property
    def r_m(self) -> float:
        """MΩ·mm: kΩ·cm²/µm is 100 MΩ·mm. A current in nA along millimetres makes a potential in mV."""
        return 100 * self.resistance / (2 * math.pi * self.radius)

    def segment(self, length: float) -> Segment:
        """The parts of the circuit for a piece `length` µm long."""
        section, wall = math.pi * self.radius**2, 2 * math.pi * self.radius * length  # µm²
        return Segment(0.01 * self.fluid * length / section, 1e5 * self.resistance / wall, 0.01 * self.capacity * wall)


@dataclass(frozen=True)
class Dendrite:
    title: str
    membrane: Membrane
    source: str


DENDRITES = {
    "purkinje": Dendrite(
        "Purkinje cell, guinea pig",
        Membrane(),
        "R_m, C_m and R as fitted to the cell's dendrites by D. P. Shelton, *Neuroscience* 14 (1985), 111–131. "
        "The radius is not from there: 1 µm, a branch of middling width.",
    ),
    "pyramidal": Dendrite(
        "Dendrite of a model neuron",
        Membrane(15.0, 1.0, 100.0, 0.75),
        "A. T. Gulledge and J. J. Bravo, *eNeuro* 3 (2016), ENEURO.0085-15.2016, table 1: a dendrite that tapers from "
        "2.5 to 0.5 µm across; a is half of its middle.",
    ),
}
