"""Take away: the frame, a film, the probe's series, and the whole state as a link or a file."""

import hashlib
import re
from dataclasses import replace
from urllib.parse import urlencode

import numpy as np
import streamlit as st

from explorer.diffusion import scene
from explorer.diffusion.film import FRAME_SECONDS, KINDS, MOST_FRAMES, film, pace, steps_of
from explorer.diffusion.pixel import series
from explorer.diffusion.scene import Scene
from explorer.errors import ExplorerError
from explorer.render import enlarge, png
from explorer.ui.diffusion.controls import START
from explorer.ui.diffusion.stage import Stage, paint, scale_control, step_control
from explorer.ui.diffusion.strokes import adopt, long
from explorer.ui.shared import caches, picker
from explorer.ui.shared.embedding import share
from explorer.ui.shared.layout import sentence
from explorer.ui.shared.state import texts

MIME = {"WebP": "image/webp", "GIF": "image/gif"}


def draw(stage: Stage) -> None:
    left, middle, right = st.columns(3, gap="large")
    with left:
        st.markdown("##### This frame")
        n = step_control()
        with stage.page.guard():
            _frame(stage, n)
    with middle, stage.page.guard():
        st.markdown("##### A film")
        _film(stage, n)
    with right, stage.page.guard():
        st.markdown("##### This state")
        _state(stage)


def _frame(stage: Stage, n: int) -> None:
    scale = scale_control()
    field = stage.after(n)
    picture, words = paint(field.numpy(), scale)
    st.image(enlarge(picture, 256), width=240, alt=f"{stage.name} after {n:,} steps")
    st.caption(f"step {n:,} · {words}")
    st.download_button(
        "Picture as PNG",
        lambda: png(enlarge(picture, 1024)),
        f"step-{n}.png",
        "image/png",
        on_click="ignore",
        icon=":material/image:",
    )
    size = stage.u.shape[-1]
    held = (st.session_state.get(name) for name in ("row", "column"))
    row, column = (size // 2 if place is None else min(place, size - 1) for place in held)
    st.download_button(
        f"Probe at {row}, {column} as CSV",
        lambda: series(stage.cable, stage.u, row, column, n, stage.strokes).csv(),
        f"probe-{row}-{column}.csv",
        "text/csv",
        on_click="ignore",
        icon=":material/timeline:",
    )


def _film(stage: Stage, last: int) -> None:
    first = st.number_input(f"To step {last:,}, from step", 0, scene.MOST_STEPS, 0, 1, key="film-first")
    frames = st.slider("Frames", 2, MOST_FRAMES, 31, key="film-frames")
    kind = st.segmented_control("Format", KINDS, default=KINDS[0], key="film-kind", required=True)
    steps = steps_of(first, last, frames)
    seen = hashlib.sha1(stage.u.numpy().tobytes()).hexdigest()  # every upload has the same key
    asked = (stage.cable, seen, stage.u.shape, stage.strokes, tuple(steps), kind)
    if st.button("Make the film", icon=":material/movie:", type="primary"):
        bar = st.progress(0.0, f"{len(steps)} frames …")

        def told(share: float) -> None:
            bar.progress(share, f"{round(share * len(steps))} of {len(steps)} frames")

        with caches.gate(caches.FILMS):
            content = film(stage.cable, stage.u, steps, _painted, kind, told, strokes=stage.strokes)
        bar.empty()
        st.session_state["film"] = (asked, content)
    made, content = st.session_state.get("film", (None, b""))
    if made == asked:
        st.image(content, width=240, alt=f"{stage.name}, steps {first:,} to {last:,}")
        st.download_button(
            f"Film, {len(content) / 1e6:.1f} MB",
            content,
            f"diffusion.{kind.lower()}",
            MIME[kind],
            on_click="ignore",
            icon=":material/download:",
        )
    else:
        rate = round(1 / pace(stage.cable, steps))
        slow = "" if rate == round(1 / FRAME_SECONDS) else ", slowly, since every step turns the picture over"
        st.caption(f"{len(steps)} frames, {rate} a second{slow}; at most 8 MB.")


def _painted(field: np.ndarray) -> np.ndarray:
    return paint(field, "fixed")[0]


def _state(stage: Stage) -> None:
    current = now(stage)
    link = address(current)
    own = " Your own image is not part of it." if stage.page.picked.key == picker.OWN else ""
    own += " The brush strokes are too many for a link: the file has them." if long(current.strokes) else ""
    st.caption(f"A link to exactly this page; the button at its right copies it.{own}")
    share(link, f"Cable equation: {stage.name}", address(replace(current, tab=START.tab)))
    st.download_button(
        "Parameters as JSON",
        current.json(),
        "diffusion.json",
        "application/json",
        on_click="ignore",
        icon=":material/data_object:",
    )
    st.file_uploader("Load parameters", ["json"], key="parameters", on_change=_load, max_upload_size=1)
    if problem := st.session_state.get("parameters.problem"):
        st.error(problem, icon=":material/lightbulb:")


def now(stage: Stage) -> Scene:
    """The state of the page, as its widgets hold it."""
    held = {name: st.session_state.get(name) for name in Scene.__dataclass_fields__}
    held["image"] = None if stage.page.picked.key == picker.OWN else stage.page.picked.key
    return Scene(**{name: getattr(START, name) if value is None else value for name, value in held.items()})


def address(state: Scene) -> str:
    """The page's address with everything that is not as it starts."""
    changed = {name: value for name, value in vars(state).items() if value != getattr(START, name)}
    if long(state.strokes):
        del changed["strokes"]
    if changed.get("image") == picker.DEFAULT:
        del changed["image"]
    base = re.sub(r"[?#].*", "", st.context.url or "Diffusion")
    return base + (f"?{urlencode(texts(changed))}" if changed else "")


def _load() -> None:
    """A file becomes the state of the page, or one sentence and everything stays."""
    st.session_state.pop("parameters.problem", None)
    file = st.session_state["parameters"]
    if file is None:
        return
    try:
        loaded = scene.read(file.getvalue())
        if loaded.image:
            picker.find(loaded.image)
    except ExplorerError as problem:
        st.session_state["parameters.problem"] = f"{sentence(problem)} Nothing was changed."
        return
    if loaded.image:
        picker.choose(loaded.image)
    adopt()
    for name, value in vars(loaded).items():
        if name == "image":
            continue
        if value is None:
            st.session_state.pop(name, None)
        else:
            st.session_state[name] = value
