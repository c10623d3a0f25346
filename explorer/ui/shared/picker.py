"""The image that all pages look at: chosen in the sidebar, kept in the URL and, for an upload, in the session.

    image=cifar10-7        test image 7 of a dataset: a shipped sample, or any other where the dataset is at hand
    image=pattern-rings    a test pattern

What cannot be used leaves the previous image in place and is said in one sentence.
"""

from dataclasses import dataclass
from typing import Literal

import streamlit as st
from PIL import Image
from streamlit.runtime.uploaded_file_manager import UploadedFile

from explorer import data
from explorer.data import images
from explorer.data.catalogue import EVERYDAY
from explorer.errors import ExplorerError
from explorer.ui.components.sprites import Tile, sprites
from explorer.ui.shared import caches, camera, drawing, memory
from explorer.ui.shared.layout import plain, sentence

DEFAULT = "cifar10-104"  # a white horse
OWN = "own"  # an upload, a photo or a drawing: stays in this session, never in the URL
FIT = "fit"  # in the URL
SQUARE = {"crop": "Middle", "pad": "All of it", "stretch": "Stretched"}
TYPES = ["png", "jpg", "jpeg", "webp", "bmp", "gif"]
_KEY, _OWN, _NOTE, _SEEN = "picker.image", "picker.own", "picker.note", "picker.seen"


@dataclass(frozen=True)
class Picked:
    image: Image.Image  # RGB
    source: str  # for captions: "CIFAR-10 test image 7"
    label: str  # "horse"; "" where nobody knows
    dataset: str | None  # None for patterns and own images; a drawing has the one it was drawn for
    index: int | None  # in the dataset's test split
    key: str  # image=KEY

    @property
    def name(self) -> str:
        """What to call it in a sentence or as alternative text."""
        return f"{self.label}, {self.source}" if self.label else self.source

    @property
    def known_to(self) -> str | None:
        """The dataset whose networks know such images: its own, and of a photo that of everyday things."""
        return self.dataset or (EVERYDAY if self.key == OWN else None)

    def at(self, size: int) -> Image.Image:
        """The picture for a grid of this size: a test pattern is drawn for it, anything else is as it is."""
        kind, _, name = self.key.rpartition("-")
        return caches.pattern(name, size) if kind == "pattern" else self.image


def find(key: str) -> Picked:
    """The image behind image=KEY, or an ExplorerError that says what would be one."""
    kind, _, rest = key.rpartition("-")
    if kind == "pattern":
        if rest not in data.PATTERNS:
            raise ExplorerError(f"pattern is {rest[:40]!r}: choose one of {', '.join(data.PATTERNS)}")
        return Picked(caches.pattern(rest), "test pattern", rest, None, None, key)
    if kind not in data.names() or not (rest.isascii() and rest.isdigit() and len(rest) < 7):
        raise ExplorerError(f"image is {key[:40]!r}: write a dataset and a number, cifar10-0, or pattern-rings")
    sample = caches.sample(kind, int(rest))
    source = sample.source.replace(f", {sample.name}", "", 1)  # the label stands beside it
    return Picked(sample.image, source, sample.name, kind, sample.index, key)


def choose(key: str) -> None:
    st.session_state[_KEY] = key
    st.session_state.pop(_NOTE, None)


def picked() -> Picked:
    """The image in force: what the URL newly asks for, else what this session chose last, else the first sample."""
    asked = st.query_params.get("image")
    if asked is None and st.session_state.get(_SEEN) is not None:  # the browser's Back, to where no image was named
        choose(OWN if _OWN in st.session_state else DEFAULT)
    if asked is not None and asked != st.session_state.get(_SEEN):
        try:
            found = find(asked)
            choose(asked)
            st.session_state["picker.tab"] = "Samples" if found.dataset else "Pattern"
            if found.dataset:
                st.session_state["picker.dataset"] = found.dataset
        except ExplorerError as problem:
            st.session_state[_NOTE] = sentence(problem)
    key = st.session_state.get(_KEY, DEFAULT)
    wanted = None if key == OWN or (key == DEFAULT and asked is None) else key
    if wanted != asked:
        if wanted is None:
            del st.query_params["image"]
        else:
            st.query_params["image"] = wanted
    st.session_state[_SEEN] = wanted
    return st.session_state[_OWN] if key == OWN else find(key)


def note() -> str | None:
    """Why the image that was last asked for is not the one in force."""
    return st.session_state.get(_NOTE)


def draw(chosen: Picked) -> None:
    """The picker's widgets, where it is called."""
    width, height = chosen.image.size
    with st.container(horizontal=True, vertical_alignment="center", wrap=False):
        st.image(thumbnail(chosen.at(64)), alt=chosen.name, width=64)
        label, source = plain(chosen.label) or "your image", plain(chosen.source)
        st.markdown(f"**{label}**  \n:small[:gray[{source}  \n{width} × {height} pixels]]")
    if note():
        st.warning(note(), icon=":material/image_not_supported:")
    if width != height:
        square("Make it square", FIT, bind="query-params")
    st.session_state.setdefault("picker.tab", "Samples")
    tab = st.segmented_control(
        "Image from",
        ["Samples", "Draw", "Upload", "Camera", "Pattern"],
        required=True,
        width="stretch",
        key="picker.tab",
        persist_state="session",
        label_visibility="collapsed",
    )
    draw_tab = {"Samples": _samples, "Draw": _draw, "Upload": _upload, "Camera": _camera, "Pattern": _patterns}
    draw_tab[tab or "Samples"](
        chosen
    )  # on the first run of a page that was just come to, the control may have no choice


def square(label: str, key: str, bind: Literal["query-params"] | None = None) -> str:
    """How a picture that is not square becomes one: chosen here for all pages, or for pictures of their own."""
    return st.segmented_control(
        label,
        images.MODES,
        default="crop",
        key=key,
        bind=bind,
        required=True,
        format_func=SQUARE.__getitem__,
        width="stretch",
    )


def fit(image: Image.Image) -> str:
    """How this picture is made square, on every page the same way; a square one stays what it is."""
    return "crop" if image.width == image.height else st.session_state.get(FIT) or "crop"


def thumbnail(image: Image.Image, side: int = 128) -> Image.Image:
    """For the sidebar: small pictures enlarged pixel by pixel, large ones made smaller."""
    factor = side / max(image.size)
    size = [max(1, round(length * factor)) for length in image.size]
    return image.resize(size, Image.Resampling.NEAREST if factor > 1 else Image.Resampling.LANCZOS)


def _samples(chosen: Picked) -> None:
    name = st.selectbox(
        "Dataset",
        data.SAMPLE_SETS,
        format_func=lambda name: f"{data.KNOWN[name].title} · {len(caches.samples(name))} samples",
        key="picker.dataset",
        persist_state="session",
        label_visibility="collapsed",
    )
    name = name or data.SAMPLE_SETS[0]
    tiles = [
        Tile(f"{name}-{sample.index}", sample.name, f"{sample.name}, image {sample.index}", place)
        for place, sample in enumerate(caches.samples(name))
    ]
    label = f"{data.KNOWN[name].title} samples"
    sprites(caches.sample_sprite(name), tiles, chosen.key, label=label, columns=5, key=f"picker.{name}", choose=choose)


def _patterns(chosen: Picked) -> None:
    tiles = [Tile(f"pattern-{name}", name, what, place) for place, (name, what) in enumerate(data.PATTERNS.items())]
    label = "Test patterns"
    sprites(caches.pattern_sprite(), tiles, chosen.key, label=label, columns=3, key="picker.patterns", choose=choose)


def _draw(_: Picked) -> None:
    words = "Open the pad"
    st.button(
        words, icon=":material/draw:", on_click=drawing.open_pad, key="picker.pad", type="primary", width="stretch"
    )
    st.caption("Networks answer while you draw.")


def over_the_page(chosen: Picked) -> None:
    """The pad or the camera, if someone has opened one."""
    drawing.show(chosen.dataset, drawn)
    camera.show(filmed)


def drawn(picture: Image.Image, dataset: str) -> None:
    source = f"drawn for {data.KNOWN[dataset].title}"
    st.session_state[_OWN] = Picked(picture, source, "", dataset, None, OWN)
    choose(OWN)


def _upload(_: Picked) -> None:
    st.file_uploader(
        "An image of yours",
        TYPES,
        key="picker.upload",
        on_change=_take,
        args=("picker.upload",),
        max_upload_size=10,
        help="PNG, JPEG, WebP, BMP or GIF, at most 10 MB.",
    )
    st.caption("Stays in this browser tab: it is not part of the page's address.")


def _camera(_: Picked) -> None:
    if not camera.secure(st.context.url or ""):
        st.warning(camera.INSECURE, icon=":material/no_photography:")
        return
    st.button(
        "Open the camera",
        icon=":material/photo_camera:",
        on_click=camera.open_camera,
        key="picker.lens",
        type="primary",
        width="stretch",
    )
    st.caption("Networks answer while it moves; its picture stays on this device until you freeze it.")


def filmed(picture: Image.Image) -> None:
    """The camera's still is the image of all pages."""
    st.session_state[_OWN] = Picked(picture, "from the camera", "", None, None, OWN)
    choose(OWN)


def _take(widget: str) -> None:
    """An upload becomes the image, or a note and everything stays as it was."""
    file = st.session_state[widget]
    if not isinstance(file, UploadedFile):  # taken away by the visitor, or already taken
        return
    try:
        image = images.decode(file.getvalue())
    except ExplorerError as problem:
        st.session_state[_NOTE] = f"{sentence(problem)} The previous image stays."
        return
    finally:
        memory.drop(file)
    st.session_state[_OWN] = Picked(image, "uploaded", "", None, None, OWN)
    choose(OWN)
