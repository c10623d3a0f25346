"""My classes: a few pictures under names of one's own, taught to a network that knows others, and asked at once.

The pictures lie in the session alone, by the network whose features are read, and go with it.
"""

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st
from PIL import Image

from explorer.classify import collection, teaching
from explorer.classify.collection import MOST_PICTURES
from explorer.classify.features import features
from explorer.classify.predict import probabilities
from explorer.classify.teaching import Taught
from explorer.data import KNOWN, images, ink
from explorer.data.catalogue import EVERYDAY
from explorer.diffusion.cable import Cable
from explorer.diffusion.scene import Scene
from explorer.errors import ExplorerError
from explorer.figures import classify as figures
from explorer.networks.subject import Subject
from explorer.ui.components.camera import camera as lens
from explorer.ui.components.camera import still
from explorer.ui.components.pad import pad, picture
from explorer.ui.components.sprites import Tile, sprites
from explorer.ui.shared import answering, caches, camera, live, picker
from explorer.ui.shared.layout import attempt, empty, numbers, plain
from explorer.ui.shared.naming import spoken
from explorer.ui.shared.widgets import choice

PHOTOS, DRAWINGS = "Photos", "Drawings"
DIGITS = "mnist"
CAMERA, UPLOAD, DRAW, PAGE = "Camera", "Upload", "Draw", "This image"
SOURCES = {PHOTOS: [CAMERA, UPLOAD, PAGE], DRAWINGS: [DRAW, PAGE]}
_PICTURES, _KNOWN, _FILES = "mine.pictures", "mine.known", "mine.files"
CONFUSING = 6  # pictures shown
CHART = {"displayModeBar": False}


@dataclass(frozen=True, eq=False)
class Own:
    """One picture of someone's own, and what the network makes of it."""

    data: bytes  # PNG
    small: Image.Image
    features: np.ndarray  # (D,)


@dataclass(frozen=True, eq=False)
class Teaching:
    """What was taught from pictures (N), and how well it serves."""

    names: list[str]
    pictures: list[Own]
    labels: np.ndarray
    taught: Taught
    held_out: np.ndarray  # (N, classes)
    pixels: float  # the share that is recognised from the pixels themselves
    growth: list[tuple[int, list[float]]]

    @property
    def right(self) -> np.ndarray:
        return self.held_out.argmax(1) == self.labels


def draw(picked, fit: str, controls) -> None:
    with controls:
        kind = choice("They are", "things", [PHOTOS, DRAWINGS], PHOTOS)
        typed = st.text_input(
            f"Names, {collection.FEWEST} to {collection.MOST}, with commas between",
            "mug, pen",
            key="mine.names",
            persist_state="session",
            max_chars=300,
        )
    base = _base(kind)
    names = collection.names(typed)
    shelf: dict[str, list[Own]] = st.session_state.setdefault(_PICTURES, {}).setdefault(base.key, {})
    left, right = st.columns(2, gap="small", vertical_alignment="bottom")
    with left:
        into = st.segmented_control(
            "Add to",
            names,
            default=names[0],
            required=True,
            key=f"mine.into.{hashlib.sha256(typed.encode()).hexdigest()[:8]}",
            format_func=lambda name: f"{plain(name)} · {len(shelf.get(name, []))}",
        )
    with right:
        source = choice("From", "from", SOURCES[kind], SOURCES[kind][0])
    lesson = _lesson(base, names, shelf)

    def add(image: Image.Image) -> None:
        _add(base, shelf.setdefault(into or names[0], []), collection.kept(image))

    _source(source, base, lesson, picked, fit, add)
    if not any(shelf.get(name) for name in names):
        empty(f"Add pictures of {_listed(names)}: ten of each or more teach it well, two of each are enough to begin.")
    _pictures(base, names, shelf)
    if lesson:
        _how_well(lesson)
    elif any(shelf.values()):
        empty("With two pictures of each it is taught at once, and answers.")
    _away(base, names, shelf, lesson)


def _base(kind: str) -> Subject:
    """The network whose features are read."""
    known = answering.names_on(EVERYDAY if kind == PHOTOS else DIGITS)
    if not known:
        what = "everyday things" if kind == PHOTOS else "digits"
        raise ExplorerError(f"no network that knows {what} is here to build on")
    cards = caches.cards()
    return caches.subject(next((name for name in known if cards[name].model == "cnn"), known[0]))


# ---- pictures come and go


def _add(base: Subject, shelf: list[Own], data: bytes) -> None:
    """What is there already is not added again; what is too much is said."""
    if len(shelf) == MOST_PICTURES:
        raise ExplorerError(f"{MOST_PICTURES} pictures of each are kept at most: take one out first")
    if any(one.data == data for one in shelf):
        return
    small = images.decode(data)
    with caches.gate():
        shelf.append(Own(data, picker.thumbnail(small, 48), features(base, base.sees(small))[0]))


def _source(
    source: str, base: Subject, lesson: Teaching | None, picked, fit: str, add: Callable[[Image.Image], None]
) -> None:
    if source == PAGE:
        _page(base, lesson, picked, fit, add)
    elif source == UPLOAD:
        _upload(add)
    else:
        networks = _live(base, lesson)
        if source == DRAW:
            known = KNOWN[DIGITS]

            def drawn(sent: object) -> None:
                attempt(lambda: add(ink.centred(picture(sent), known.size, known.box)))

            pad(known, networks=networks, key="mine.pad", drawn=drawn)
        else:

            def taken(sent: object) -> None:
                attempt(lambda: add(still(sent)))

            start = Scene()
            scheme = Cable(start.alpha, start.tau)
            lens(scheme, networks=networks, insecure=camera.INSECURE, key="mine.lens", taken=taken)


def _live(base: Subject, lesson: Teaching | None) -> list[str]:
    """Its own answers while the picture moves, if someone wants them: the whole network goes to the browser again
    whenever it has been taught anew."""
    if not lesson:
        return []
    if not st.toggle("It answers while the picture moves", key="mine.live", persist_state="session"):
        return []
    if (size := 2 * base.parameters / 1e6) > 1:
        st.caption(f"{size:.0f} MB go to this browser each time it is taught anew: add all pictures first.")
    return live.networks([teaching.network(base, lesson.taught, lesson.names)], ["your classes"], "mine")


def _page(base: Subject, lesson: Teaching | None, picked, fit: str, add: Callable[[Image.Image], None]) -> None:
    left, right = st.columns([1, 2], gap="medium", vertical_alignment="center")
    with left:
        shown = images.fit(picked.image, base.size, fit)
        st.image(picker.thumbnail(shown, 160), alt=picked.name, width=160)
        st.button("Add it", icon=":material/add:", on_click=_try, args=(add, shown), key="mine.add")
    if lesson:
        with right, caches.gate():
            said = probabilities(teaching.network(base, lesson.taught, lesson.names), base.sees(picked.image, fit))[0]
            order = np.argsort(-said)
            top = [(lesson.names[place], float(said[place])) for place in order]
            alt = ", ".join(f"{name} {share:.1%}" for name, share in top)
            st.plotly_chart(figures.top(top, None, "mine"), key="mine.top", config=CHART, alt=alt)
            if collection.kept(shown) in {one.data for one in lesson.pictures}:
                st.caption("It was taught this very picture.")


def _try(add: Callable[[Image.Image], None], shown: Image.Image) -> None:
    attempt(add, shown)


def _upload(add: Callable[[Image.Image], None]) -> None:
    key = f"mine.upload.{st.session_state.get(_FILES, 0)}"

    def take() -> None:
        for file in st.session_state[key] or []:
            attempt(lambda file=file: add(images.decode(file.getvalue())))
        st.session_state[_FILES] = st.session_state.get(_FILES, 0) + 1  # an empty box for the next

    st.file_uploader(
        "Pictures",
        picker.TYPES,
        accept_multiple_files=True,
        key=key,
        on_change=take,
        max_upload_size=10,
        label_visibility="collapsed",
    )


def _pictures(base: Subject, names: list[str], shelf: dict[str, list[Own]]) -> None:
    kept = [(name, one) for name in names for one in shelf.get(name, [])]
    if kept:
        counted: Counter[str] = Counter()
        tiles = []
        for place, (name, _) in enumerate(kept):
            counted[name] += 1
            tiles.append(Tile(str(place), name, f"take out {name} {counted[name]}", place))

        def take_out(place: str) -> None:
            name, one = kept[int(place)]
            shelf[name].remove(one)

        sprite = caches.sprite([one.small for _, one in kept])
        sprites(sprite, tiles, "", label="Your pictures", columns=12, key=f"mine.{base.key}", choose=take_out)
        st.caption("A click on a picture takes it out.")
    if others := {name: len(held) for name, held in shelf.items() if held and name not in names}:
        told = ", ".join(f"{plain(name)} ({count})" for name, count in others.items())
        st.caption(f"Kept, and back when the name is: {told}.")


# ---- what it has learned


def _lesson(base: Subject, names: list[str], shelf: dict[str, list[Own]]) -> Teaching | None:
    """Taught anew only when the pictures are others than last time."""
    pictures = [one for name in names for one in shelf.get(name, [])]
    labels = np.array([label for label, name in enumerate(names) for _ in shelf.get(name, [])], int)
    if min(len(shelf.get(name, [])) for name in names) < 2:
        return None
    now = (base.key, base.version, tuple(names), tuple(id(one) for one in pictures), labels.tobytes())
    before = st.session_state.get(_KNOWN)
    if before is None or before[0] != now:
        with caches.gate():
            before = st.session_state[_KNOWN] = now, _taught(names, pictures, labels)
    return before[1]


def _taught(names: list[str], pictures: list[Own], labels: np.ndarray) -> Teaching:
    known = np.stack([one.features for one in pictures])
    raw = np.stack([np.asarray(images.fit(one.small, 16), np.float64).ravel() for one in pictures])
    classes = len(names)
    return Teaching(
        names,
        pictures,
        labels,
        teaching.teach(known, labels, classes),
        teaching.held_out(known, labels, classes),
        float((teaching.held_out(raw, labels, classes).argmax(1) == labels).mean()),
        list(teaching.growth(known, labels, classes)),
    )


def _how_well(lesson: Teaching) -> None:
    right, count, classes = int(lesson.right.sum()), len(lesson.pictures), len(lesson.names)
    numbers(
        [
            (
                "Recognised unseen",
                f"{right} of {count}",
                "Each picture is asked of a layer that was taught without it and without a fifth of the others",
            ),
            (
                "From the pixels alone",
                f"{round(lesson.pixels * count)} of {count}",
                "The same layer on 16 × 16 pixels in place of the network's features",
            ),
            ("By chance", f"1 in {classes}", "With as many pictures of each"),
        ]
    )
    if wrong := np.flatnonzero(~lesson.right).tolist():
        st.markdown("**Which pictures confuse it**")
        surest = sorted(wrong, key=lambda place: -lesson.held_out[place].max())[:CONFUSING]
        for column, place in zip(st.columns(CONFUSING, gap="small"), surest, strict=False):
            said, true = lesson.held_out[place], lesson.names[lesson.labels[place]]
            words = f"{plain(true)}, taken for {plain(lesson.names[said.argmax()])}, {said.max():.0%}"
            column.image(lesson.pictures[place].data, caption=words, alt=words, width="stretch")
    else:
        st.caption("None of them is taken for another.")
    if lesson.growth:
        st.markdown("**How many pictures it needs**")
        figure = figures.growth(lesson.growth, 1 / classes)
        st.plotly_chart(figure, key="mine.growth", config=CHART, alt="Share recognised against pictures of each thing")


# ---- away and back


def _away(base: Subject, names: list[str], shelf: dict[str, list[Own]], lesson: Teaching | None) -> None:
    held = {name: [one.data for one in shelf.get(name, [])] for name in names}
    away, back = st.columns(2, gap="medium")
    with away:
        if any(held.values()):
            st.download_button(
                "Take them away",
                lambda: collection.zipped(held, lesson and lesson.taught, base.key),
                "my-classes.zip",
                "application/zip",
                icon=":material/folder_zip:",
                on_click="ignore",
                width="stretch",
            )
            st.caption("Unpacked it is a folder of class folders: the trainer reads it as `folder:PATH`.")
    with back, st.popover("Bring a set back", icon=":material/unarchive:", width="stretch"):
        key = f"mine.zip.{st.session_state.get(_FILES, 0)}"

        def take() -> None:
            file = st.session_state[key]
            if file is not None and attempt(_bring, base, shelf, file.getvalue()):
                st.session_state[_FILES] = st.session_state.get(_FILES, 0) + 1

        st.file_uploader("A zip of class folders", ["zip"], key=key, on_change=take, max_upload_size=64)
    st.caption(
        f"The features are of {plain(spoken(base.key))}; the layer on them is taught in a moment, by this server. "
        f"The pictures stay in this session and go with it: at most {MOST_PICTURES} of each, {collection.LONGEST} "
        "pixels long."
    )


def _bring(base: Subject, shelf: dict[str, list[Own]], archive: bytes) -> None:
    """All of it or nothing: the pictures take the place of those under their names, which become the names."""
    found = collection.unzipped(archive)
    brought: dict[str, list[Own]] = {name: [] for name in found}
    for name, pictures in found.items():
        for data in pictures:
            _add(base, brought[name], data)
    shelf.update(brought)
    st.session_state["mine.names"] = ", ".join(found)


def _listed(names: list[str]) -> str:
    return f"{', '.join(plain(name) for name in names[:-1])} and {plain(names[-1])}"
