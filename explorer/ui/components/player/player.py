"""The live player: the scheme of `Cable` at 60 frames a second, simulated in the browser.

Python sends the image and four numbers; the browser does every step, so play, scrubbing, brush and probe need no
server. New parameters go on from the present field; only another image, size or colour starts afresh.
"""

import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import streamlit as st

from explorer.diffusion.cable import Cable
from explorer.diffusion.steps import MOST_STEPS
from explorer.render import TABLES, Kind
from explorer.ui.components.live.maps import Maps, keeps, told
from explorer.ui.components.live.modules import VIEWS
from explorer.ui.components.parts import component, pack

FOLLOWED = 5000  # steps that the player goes to by itself: some seconds of computing
_SHARED = "player.{}.shared"  # whether the player and the page have come to speak of one step
_player = component(
    "player",
    Path(__file__).parent,
    before=("../canvas/controls", *VIEWS, "scheme", "calm", "film", "view", "views", "panel", "gestures"),
)


def player(
    field: np.ndarray,
    cable: Cable,
    *,
    label: str,
    low: float = 0.0,
    high: float = 1.0,
    kind: Kind = "grey",
    probe: tuple[str, str] | None = None,
    networks: Sequence[str] = (),
    maps: Maps | None = None,
    step: str | None = None,
    begin: str = "",
    key: str = "player",
) -> None:
    """Show the field (C, H, W), one channel or three as red, green and blue, and let it diffuse.

    `label` names the image for a screen reader; `low` and `high` are the ends of the fixed colour scale, `kind` its
    colours for one channel. `probe` names two keys of st.session_state that hold the probe's row and column: the
    player writes there what is clicked and shows what stands there; None where there is no probe yet. `networks` are
    keys of shared.live: what they say about the picture stands beside it and moves with it, and so do `maps`, the
    maps of one layer. `step` names the
    key of the page's step: where the player comes to rest is written there, and a step chosen elsewhere is gone to.
    Another `begin` starts afresh, as another image does.
    """
    field = np.ascontiguousarray(field, dtype=np.float32)
    levels = np.rint(field.clip(0, 1) * 255).astype(np.uint8)
    verdict = cable.stability().verdict
    shown, colours = told(networks, maps)
    facts = {
        "image": f"{zlib.crc32(field.tobytes())}-{field.shape}-{begin}",
        "label": label,
        "low": low,
        "high": high,
        "params": coefficients(cable),
        "probe": _probe(probe, field.shape),
        **shown,
        "clock": step is not None,
        "step": _step(step),
        # a scheme that rings fades at once and flickers faintly: on the fixed scale there is nothing to see
        "scale": "auto" if verdict == "ringing" else "fixed",
    }
    # an image of 256 levels travels as such, a quarter of the bytes and the same numbers
    exact = np.array_equal(levels.astype(np.float32) / np.float32(255), field)

    def keep() -> None:
        pixel = st.session_state[key].get("probe")
        if probe and isinstance(pixel, list) and len(pixel) == 2 and all(isinstance(place, int) for place in pixel):
            for name, place, size in zip(probe, pixel, field.shape[1:], strict=True):
                st.session_state[name] = min(max(place, 0), size - 1)

    def rest() -> None:
        n = st.session_state[key].get("step")
        if step and isinstance(n, int) and not isinstance(n, bool):
            st.session_state[step] = min(max(n, 0), MOST_STEPS)
            st.session_state[_SHARED.format(step)] = True

    data = pack(facts, field=levels if exact else field, table=TABLES[kind], **colours)
    _player(data=data, key=key, on_probe_change=keep, on_step_change=rest, on_map_change=keeps(maps, key))


def coefficients(cable: Cable) -> dict:
    """The scheme as scheme.js and film.js want it."""
    return {
        "centre": cable.centre,
        "r_x": cable.r_x,
        "r_y": cable.r_y,
        "tau": cable.tau,
        "boundary": cable.boundary,
        "stable": cable.stability().verdict != "divergent",
    }


def _step(name: str | None) -> int | None:
    """The page's step, once someone has chosen one: until then the tabs look ahead and the player waits at 0."""
    if name is None:
        return None
    if name in st.query_params:
        st.session_state[_SHARED.format(name)] = True
    held = st.session_state.get(name, st.query_params.get(name))
    if not st.session_state.get(_SHARED.format(name)) or not str(held).isdecimal():
        return None
    return min(int(held), FOLLOWED)


def _probe(names: tuple[str, str] | None, shape: tuple[int, ...]) -> list[int] | None:
    if names is None or any(st.session_state.get(name) is None for name in names):
        return None
    return [min(max(int(st.session_state[name]), 0), size - 1) for name, size in zip(names, shape[1:], strict=True)]
