"""The camera's component: what it is told, and the still that comes back."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image

from explorer.diffusion.cable import Cable
from explorer.render import number
from explorer.ui.components.live.maps import Maps, keeps, told
from explorer.ui.components.live.modules import PICTURES
from explorer.ui.components.parts import component, hears, pack, received
from explorer.ui.components.player import coefficients

_BEFORE = (*PICTURES, "../player/scheme", "../player/view", "eye")
_camera = component("camera", Path(__file__).parent, before=_BEFORE)


def camera(
    cable: Cable,
    *,
    networks: Sequence[str],
    insecure: str,
    key: str,
    taken: Callable[[object], None],
    maps: Maps | None = None,
) -> None:
    """The camera's picture, diffused by the scheme as far as someone wishes, before networks and maps (see player).

    `insecure` says what to do where the address is one to which browsers give no camera.
    When it is frozen `taken` is called, before the page runs again, with what the browser sent, which `still` reads.
    """
    shown, colours = told(networks, maps)
    facts = {
        "insecure": insecure,
        "params": coefficients(cable),
        "scheme": f"α {number(cable.alpha, 2)}, τ {number(cable.tau, 2)}",
        **shown,
    }
    _camera(
        data=pack(facts, **colours), key=key, on_taken_change=hears(key, "taken", taken), on_map_change=keeps(maps, key)
    )


def still(sent: object) -> Image.Image:
    """The frozen picture from what the browser sent, which may be anything."""
    return received(sent, "picture of the camera")
