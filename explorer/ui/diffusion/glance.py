"""At a glance: Φ, Ψ and r, a value's reach and life, the largest stable α, and the stability meter."""

import math

import streamlit as st

from explorer.diffusion.cable import Cable
from explorer.diffusion.laws import half_life, largest_stable_alpha, lengths
from explorer.diffusion.scene import RANGES
from explorer.equation import BOUND, SMOOTH_BOUND
from explorer.figures.theme import QUANTITY
from explorer.render import number

FAR = 3.0  # the bound at the right end of the meter
TWO = f'<span style="left:{100 * BOUND / FAR:.1f}%">limit {BOUND:g}</span>'
LOOK = {
    "smooth": ("✓", QUANTITY["good"], "Smooth: no ringing, no overshoot"),
    "ringing": ("≈", QUANTITY["warning"], "Ringing: bounded, but it overshoots"),
    "divergent": ("✕", QUANTITY["bad"], "Divergent: it explodes"),
}
STYLE = """<style>
.meter { font-size: 0.9375rem; font-variant-numeric: tabular-nums; }
.meter .words { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; margin-bottom: 0.375rem; }
.meter .words b { font-weight: 650; }
.meter .words i { font-style: normal; display: inline-grid; place-content: center; width: 1.4em; height: 1.4em;
  border-radius: 50%; color: #fff; margin-right: 0.4em; font-weight: 700; }
.meter .track { position: relative; display: flex; height: 0.875rem; border-radius: 0.4375rem; overflow: hidden; }
.meter .mark { position: relative; height: 0; }
.meter .mark span { position: absolute; top: -1.125rem; width: 0.3125rem; height: 1.375rem; margin-left: -0.15625rem;
  border-radius: 0.15625rem; background: currentColor; outline: 2px solid var(--st-background-color, #fff); }
.meter .ends { position: relative; height: 1.25rem; font-size: 0.8125rem; opacity: 0.8; margin-top: 0.1875rem; }
.meter .ends span { position: absolute; transform: translateX(-50%); white-space: nowrap; }
.meter .ends span:first-child { transform: none; }
.meter .ends span:last-child { transform: none; left: auto !important; right: 0; }
.kernel { display: flex; flex-wrap: wrap; gap: 0.25rem 0.625rem; align-items: center;
  font-variant-numeric: tabular-nums; font-size: 0.875rem; }
.kernel table { border-collapse: separate; border-spacing: 2px; margin: 0; }
.kernel td { border: none; border-radius: 0.25rem; padding: 0.125rem 0; width: 2.9rem; text-align: center; }
.st-key-edges button p, .st-key-scale button p { text-transform: capitalize; }
.kernel dl { display: grid; grid-template-columns: repeat(2, auto auto); gap: 0.15rem 0.375rem; margin: 0; }
.kernel dt { opacity: 0.7; text-align: right; font-size: inherit; }
.kernel dd { margin: 0 0.25rem 0 0; white-space: nowrap; min-width: 2.9em; font-size: inherit; }
</style>"""


def numbers(cable: Cable) -> None:
    """What the numbers of the kernel are called, and how far and how long a value reaches."""
    sub = "r<sub>{}</sub>"
    names = (("Φ", cable.phi), ("Ψ", cable.psi), (sub.format("x"), cable.r_x), (sub.format("y"), cable.r_y))
    told = "".join(f"<dt>{name}</dt><dd>{number(value)}</dd>" for name, value in names)
    told += "".join(f'<dt title="{words}">{name}</dt><dd>{value}</dd>' for name, value, words in _life(cable))
    st.html(f'{STYLE}<div class="kernel"><dl>{told}</dl></div>')


def _life(cable: Cable) -> list[tuple[str, str, str]]:
    """How far a value spreads and how long it lives: name, value, words."""
    along_x, along_y = lengths(cable)
    far = number(along_x) if cable.r_x == cable.r_y else f"{number(along_x)} · {number(along_y)}"
    half = half_life(cable)
    return [
        ("√α/h", f"{far} px", "How far a value spreads before it has leaked away by e"),
        (
            "half-life",
            f"{number(half)} steps" if math.isfinite(half) else "endless",
            "Steps until the mean has halved: ln ½ / ln |1 − τ|",
        ),
    ]


def kernel_table(cable: Cable) -> str:
    rows = "".join(f"<tr>{''.join(_cell(value) for value in row)}</tr>" for row in cable.kernel().tolist())
    label = f"3 by 3 kernel: centre {number(cable.centre)}, sides {number(cable.r_x)}, {number(cable.r_y)}, corners 0"
    return f'<table role="img" aria-label="{label}">{rows}</table>'


def _cell(value: float) -> str:
    strength = 0.18 + 0.5 * min(1.0, abs(value)) if value else 0.0
    tint = f"rgba(230,159,0,{strength:.2f})" if value > 0 else f"rgba(0,114,178,{strength:.2f})"
    return f'<td style="background:{tint}">{number(value)}</td>'


def limit(cable: Cable) -> None:
    """How far α may go."""
    limits, alpha = cable.stability(), largest_stable_alpha(cable)
    if alpha is None:
        st.caption(
            "τ is above 2: no α makes it stable."
            if limits.largest_alpha is None
            else "τ is 2: only α = 0 is bounded."
            if limits.largest_alpha == 0
            else "With τ = 0 nothing moves, whatever α is."
        )
        return

    alpha = min(alpha, RANGES["alpha"][1])

    def fill() -> None:
        st.session_state["alpha"] = alpha

    st.button(
        f"Largest stable α: {alpha:g}",
        on_click=fill,
        icon=":material/vertical_align_top:",
        key="largest",
        disabled=cable.alpha == alpha,
        width="stretch",
        help=f"Sets α to it. Smooth, without ringing, up to {number(limits.largest_smooth_alpha or 0)}.",
    )


def meter(cable: Cable) -> None:
    """Where the scheme stands against its two bounds, before the first step is taken."""
    stability = cable.stability()
    symbol, colour, words = LOOK[stability.verdict]
    if stability.verdict == "divergent":
        words += f", +{number(100 * (stability.growth - 1))} % a step"
    smooth_until = max(0.0, 2 * SMOOTH_BOUND - cable.tau)  # τ + 4r where τ + 2r is at its own bound
    parts = ((smooth_until, "good"), (BOUND - smooth_until, "warning"), (FAR - BOUND, "bad"))
    track = "".join(f'<span style="flex:{size / FAR:.4f};background:{QUANTITY[name]}"></span>' for size, name in parts)
    sums = (
        f"<span>τ + 2(r<sub>x</sub>+r<sub>y</sub>) = <b>{number(stability.smooth_bound)}</b> of {SMOOTH_BOUND:g}"
        " &nbsp;·&nbsp; "
        f"τ + 4(r<sub>x</sub>+r<sub>y</sub>) = <b>{number(stability.bound)}</b> of {BOUND:g}</span>"
    )
    place = 100 * min(stability.bound, FAR) / FAR
    middle = (
        f'<span style="left:{100 * (smooth_until + BOUND) / 2 / FAR:.1f}%">ringing</span>' if cable.tau >= 0.25 else TWO
    )
    st.html(
        f'{STYLE}<div class="meter" role="img" aria-label="{words}"><div class="words"><span>'
        f'<i style="background:{colour}">{symbol}</i><b>{words}</b></span>{sums}</div>'
        f'<div class="track">{track}</div><div class="mark"><span style="left:{place:.2f}%"></span></div>'
        f'<div class="ends"><span>smooth</span>{middle}<span>divergent →</span></div>'
        "</div>"
    )
