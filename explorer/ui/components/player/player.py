"""The live player: the scheme of `Cable` at 60 frames a second, simulated in the browser.

Python sends the image and four numbers; the browser does every step, so play, scrubbing, brush and probe need no
server. By new parameters all steps are taken anew, as far as the player had come; only another image, size or colour
starts afresh.
"""

import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import streamlit as st

from explorer.diffusion.cable import Cable
from explorer.diffusion.versus import Rival
from explorer.render import TABLES, Kind
from explorer.ui.components.live.maps import Maps, keeps, told
from explorer.ui.components.live.modules import VIEWS
from explorer.ui.components.parts import component, pack, said
from explorer.ui.components.player.clock import Clock

_player = component(
    "player",
    Path(__file__).parent,
    before=(
        "../canvas/controls",
        *VIEWS,
        "scheme",
        "waves",
        "film",
        "view",
        "views",
        "rival",
        "panel",
        "words",
        "gestures",
        "calm",
        "frames",
        "clock",
    ),
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
    rival: Rival | None = None,
    clock: Clock | None = None,
    begin: str = "",
    key: str = "player",
) -> None:
    """Show the field (C, H, W), one channel or three as red, green and blue, and let it diffuse.

    `label` names the image for a screen reader; `low` and `high` are the ends of the fixed colour scale, `kind` its
    colours for one channel. `probe` names two keys of st.session_state that hold the probe's row and column: the
    player writes there what is clicked and shows what stands there; None where there is no probe yet. `networks` are
    keys of shared.live: what they say about the picture stands beside it and moves with it, and so do `maps`, the
    maps of one layer. A `rival` runs beside it, with the same steps and under the same brush. `clock` is the
    page's. Another `begin` starts afresh, as another image does.
    """
    field = np.ascontiguousarray(field, dtype=np.float32)
    levels = np.rint(field.clip(0, 1) * 255).astype(np.uint8)
    verdict = cable.stability().verdict
    shown, colours = told(networks, maps)
    facts = {
        "image": identity(field, begin),
        "label": label,
        "low": low,
        "high": high,
        "params": coefficients(cable),
        "rival": _rival(rival),
        "probe": _probe(probe, field.shape),
        **shown,
        "clock": clock is not None,
        "moment": clock.moment() if clock else None,
        # a scheme that rings fades at once and flickers faintly: on the fixed scale there is nothing to see
        "scale": "auto" if verdict == "ringing" else "fixed",
    }
    # an image of 256 levels travels as such, a quarter of the bytes and the same numbers
    exact = np.array_equal(levels.astype(np.float32) / np.float32(255), field)

    def keep() -> None:
        pixel = said(key, "probe")
        if probe and isinstance(pixel, list) and len(pixel) == 2 and all(isinstance(place, int) for place in pixel):
            for name, place, size in zip(probe, pixel, field.shape[1:], strict=True):
                st.session_state[name] = min(max(place, 0), size - 1)

    def rest() -> None:
        if clock:
            clock.hear(said(key, "moment"))

    data = pack(facts, field=levels if exact else field, table=TABLES[kind], **colours)
    _player(data=data, key=key, on_probe_change=keep, on_moment_change=rest, on_map_change=keeps(maps, key))


def identity(field: np.ndarray, begin: str = "") -> str:
    """What makes it another image to the player."""
    return f"{zlib.crc32(np.ascontiguousarray(field, dtype=np.float32).tobytes())}-{field.shape}-{begin}"


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


def _rival(rival: Rival | None) -> dict | None:
    if rival is None:
        return None
    params = coefficients(rival.cable)
    if rival.implicit:
        params |= {"implicit": True, "stable": True}
    return {"name": rival.name, "words": rival.words, "titles": rival.titles, "params": params}


def _probe(names: tuple[str, str] | None, shape: tuple[int, ...]) -> list[int] | None:
    if names is None or any(st.session_state.get(name) is None for name in names):
        return None
    return [min(max(int(st.session_state[name]), 0), size - 1) for name, size in zip(names, shape[1:], strict=True)]
