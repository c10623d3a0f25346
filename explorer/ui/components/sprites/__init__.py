"""A grid of small pictures, each a button: cut in the browser from one sprite, so a hundred samples are one image.

The arrow keys walk over the pictures, Enter chooses, Tab leaves the grid; each button has the picture's text.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from streamlit.components import v2

from explorer.ui.components.parts import said

_HERE = Path(__file__).parent
_grid = v2.component(
    "cable-explorer.sprites",
    html='<div class="grid" role="group"></div>',
    css=(_HERE / "sprites.css").read_text(),
    js=(_HERE / "sprites.js").read_text(),
)


@dataclass(frozen=True)
class Sprite:
    """Many small pictures as one: what the browser cuts into buttons."""

    url: str  # data:image/webp;base64,...
    columns: int
    rows: int


@dataclass(frozen=True)
class Tile:
    key: str  # what is reported when the picture is chosen
    group: str  # pictures of one group stand together under its name
    alt: str
    place: int  # its place in the sprite, row by row


def sprites(
    sprite: Sprite,
    tiles: Sequence[Tile],
    chosen: str,
    *,
    label: str,
    columns: int,
    key: str,
    choose: Callable[[str], None],
) -> None:
    """Draw the grid; `choose(tile.key)` is called when a picture is taken, before the page runs again."""

    def report() -> None:
        taken = said(key, "taken")
        if taken in {tile.key for tile in tiles}:
            choose(taken)

    _grid(
        key=key,
        data={
            "url": sprite.url,
            "columns": sprite.columns,
            "rows": sprite.rows,
            "across": columns,
            "label": label,
            "chosen": chosen,
            "tiles": [[tile.key, tile.group, tile.alt, tile.place] for tile in tiles],
        },
        on_taken_change=report,
    )
