"""The circuit of a dendrite's successive segments: its parts are set, and λ_m and τ_m follow."""

import itertools
import math
from collections.abc import Callable

import streamlit as st

from explorer.diffusion.membrane import DENDRITES, Membrane
from explorer.render import number
from explorer.ui.shared.widgets import preset

CURRENT = 0.01  # nA, into one place
PIECE = 100.0  # µm, a segment of the drawing
NODES, INSIDE, OUTSIDE = (125, 345, 565), 128, 232  # places of the drawing
WIDTH, HEIGHT, AXIS = 690, 262, 52
FIELDS = {  # key: (what it is, step, words)
    "membrane_resistance": ("R_m, kΩ·cm²", 1.0, "How badly the membrane lets current out: its resistance."),
    "membrane_capacity": ("C_m, µF/cm²", 0.1, "How much charge the membrane holds: its capacity."),
    "fluid_resistance": ("R, Ω·cm", 10.0, "How badly the fluid inside lets current along the dendrite."),
    "radius": ("a, µm", 0.25, "The radius, half of the dendrite's width."),
}
INKS = {"light": "#16222e", "dark": "#e8edf2"}  # a picture does not inherit the colour of the page's text
BLUE, GREEN, YELLOW, RED = "#3A8FC8", "#009E73", "#E69F00", "#D55E00"


def controls(field: Callable[[str, str, float, str], float]) -> Membrane:
    """A preset and the four parts; `field` draws a number under its name in the URL."""
    presets, values = st.container(), []
    columns = st.columns(2, gap="small")
    for place, (key, (label, step, help)) in enumerate(FIELDS.items()):
        with columns[place % 2]:
            values.append(field(label, key, step, help))
    membrane = Membrane(*values)
    with presets:
        _presets(membrane)
    return membrane


def _presets(membrane: Membrane) -> None:
    """The list shows the dendrite that the parts are those of, if they are, and where they are from."""
    st.session_state["dendrite-preset"] = next(
        (key for key, one in DENDRITES.items() if one.membrane == membrane), None
    )
    parts = {
        key: (one.title, dict(zip(FIELDS, vars(one.membrane).values(), strict=True))) for key, one in DENDRITES.items()
    }
    if chosen := preset("dendrite-preset", "Dendrite", parts, "your own numbers"):
        st.caption(DENDRITES[chosen].source)


def draw(membrane: Membrane) -> None:
    """The picture, and what follows from it."""
    part = membrane.segment(PIECE)
    words = (
        f"Segments of {PIECE:g} µm: {_ohm(part.along)} from one to the next, {_ohm(part.across)} and "
        f"{number(part.capacity)} pF to the outside"
    )
    with st.container(key="circuit"):
        st.image(svg(membrane, INKS[st.context.theme.type or "light"]), width="stretch", alt=words)
    st.markdown(
        f"**τ_m = R_m·C_m = {number(membrane.tau_m)} ms**, **λ_m = √(R_m·a / 2R) = {number(membrane.lambda_m)} mm**, "
        f"r_m = R_m / 2πa = {number(membrane.r_m)} MΩ·mm. {1000 * CURRENT:g} pA go into one place of a long dendrite."
    )


def svg(membrane: Membrane, ink: str) -> str:
    """Three segments of the dendrite and their circuit."""
    part = membrane.segment(PIECE)
    drawn = [_tube(membrane), _wire(f"M20 {OUTSIDE}H{WIDTH - 20}")]
    for left, right in itertools.pairwise((20, *NODES, WIDTH - 20)):
        middle = (left + right) / 2
        drawn.append(_wire(f"M{left} {INSIDE}H{middle - 30}M{middle + 30} {INSIDE}H{right}"))
        drawn.append(_part(BLUE, f"M{middle - 30} {INSIDE}{_zigzag()}"))
    for x in NODES:
        drawn += _leak(x)
    x = NODES[1]
    drawn += [
        _part(RED, f"M{x} {INSIDE - 42}V{INSIDE - 6}m-5 -8l5 8l5 -8"),
        _text(x + 9, INSIDE - 26, f"I_ext: {1000 * CURRENT:g} pA"),
        _text((NODES[0] + x) / 2, INSIDE - 14, f"R: {_ohm(part.along)}", "middle"),
        _text(x - 40, INSIDE + 56, f"R_m: {_ohm(part.across)}", "end"),
        _text(x + 48, INSIDE + 56, f"C_m: {number(part.capacity)} pF"),
        _text(20, INSIDE - 14, "inside"),
        _text(20, OUTSIDE + 20, "outside"),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" fill="{ink}" stroke-linejoin="round" '
        f'stroke-linecap="round" color="{ink}" font-family="sans-serif" font-size="17">{"".join(drawn)}</svg>'
    )


def _wire(path: str, more: str = "") -> str:
    return f'<path d="{path}" stroke="currentColor" stroke-width="2" fill="none" {more}/>'


def _part(colour: str, path: str) -> str:
    return f'<path d="{path}" stroke="{colour}" stroke-width="2.5" fill="none"/>'


def _tube(membrane: Membrane) -> str:
    """The dendrite, as thick as the logarithm of its radius, cut into segments."""
    half = min(9 + 5 * math.log2(membrane.radius / 0.25), 42)
    cuts = [(left + right) / 2 for left, right in itertools.pairwise(NODES)]
    first, last = NODES[0] - 90, NODES[-1] + 90
    skin = f'fill="{BLUE}" fill-opacity="0.16" stroke="currentColor" stroke-width="1.5"'
    side = f"M{first} {AXIS - half}H{last}a7 {half} 0 0 1 0 {2 * half}H{first}a7 {half} 0 0 1 0 {-2 * half}z"
    return "".join(
        [
            f'<path d="{side}" {skin}/><ellipse cx="{first}" cy="{AXIS}" rx="7" ry="{half}" {skin}/>',
            *[_wire(f"M{x} {AXIS - half}a7 {half} 0 0 1 0 {2 * half}", 'opacity="0.5"') for x in cuts],
            _part(BLUE, f"M{first} {AXIS}V{AXIS - half}"),
            _text(first + 14, AXIS + 5, f"a: {number(membrane.radius)} µm"),
            _text(NODES[1], AXIS + 5, f"{PIECE:g} µm", "middle"),
        ]
    )


def _zigzag(upright: bool = False) -> str:
    """A resistor 60 long, from where the pen is."""
    steps = [(5, -8), *[(10, 16), (10, -16)] * 2, (10, 16), (5, -8)]
    return "".join(f"l{y} {x}" if upright else f"l{x} {y}" for x, y in steps)


def _leak(x: int) -> list[str]:
    """From one node to the outside: the membrane's resistance, and beside it its capacity."""
    left, right, top, middle = x - 28, x + 28, INSIDE + 20, (INSIDE + OUTSIDE) / 2
    wires = f"M{x} {INSIDE}V{top}M{left} {top}H{right}M{left} {top + 60}V{OUTSIDE}M{right} {top}V{middle - 5}"
    return [
        f'<circle cx="{x}" cy="{INSIDE}" r="5"/>',
        _wire(f"{wires}M{right} {middle + 5}V{OUTSIDE}"),
        _part(GREEN, f"M{left} {top}{_zigzag(upright=True)}"),
        _part(YELLOW, f"M{right - 14} {middle - 5}h28M{right - 14} {middle + 5}h28"),
    ]


def _ohm(mega: float) -> str:
    return f"{number(mega / 1000)} GΩ" if mega >= 1000 else f"{number(mega)} MΩ"


def _text(x: float, y: float, words: str, anchor: str = "start") -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}">{words}</text>'
