"""The pad: what it is told of a dataset, and the picture that comes back when the drawing is to be used."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image

from explorer.data.catalogue import Known
from explorer.errors import ExplorerError
from explorer.ui.components.live.maps import Maps, keeps, told
from explorer.ui.components.live.modules import PICTURES
from explorer.ui.components.parts import component, hears, pack, received

SIDE = 384  # pixels of the pad, however large it is shown
_LIGHT = ([0, 0, 0], {"white": [255, 255, 255]})
_INKS = {  # on white; black and the colours of Okabe and Ito
    "black": [0, 0, 0],
    "blue": [0, 114, 178],
    "sky blue": [86, 180, 233],
    "green": [0, 158, 115],
    "yellow": [240, 228, 66],
    "orange": [230, 159, 0],
    "red": [213, 94, 0],
    "pink": [204, 121, 167],
}
_BEFORE = (*PICTURES, "drawing", "centre", "hand")
_pad = component("pad", Path(__file__).parent, before=_BEFORE)


def pad(
    known: Known,
    *,
    networks: Sequence[str],
    key: str,
    drawn: Callable[[object], None],
    maps: Maps | None = None,
) -> None:
    """A pad for pictures like a dataset's; `networks` are keys of shared.live, `maps` those of one layer that follow.

    When the drawing is to be used `drawn` is called, before the page runs again, with what the browser sent, which
    `picture` reads.
    """
    ground, inks = _LIGHT if known.box else ([255, 255, 255], _INKS)
    shown, colours = told(networks, maps)
    facts = {
        "side": SIDE,
        "ground": ground,
        "inks": list(inks.items()),
        "size": known.size,
        "box": known.box,
        "label": f"Pad for a picture like those of {known.title}",
        **shown,
    }
    _pad(
        data=pack(facts, **colours), key=key, on_drawn_change=hears(key, "drawn", drawn), on_map_change=keeps(maps, key)
    )


def picture(sent: object) -> Image.Image:
    """The whole pad, SIDE x SIDE, from what the browser sent, which may be anything."""
    drawn = received(sent, "drawing")
    if drawn.size != (SIDE, SIDE):
        raise ExplorerError("the drawing has another size than the pad: try again")
    return drawn
