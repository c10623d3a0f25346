"""A button that copies a text which is not to be read on the screen: the link to teach a class, beside a projector."""

from pathlib import Path

from explorer.ui.components.parts import component, pack

_handing = component("handing", Path(__file__).parent)


def handing(label: str, text: str, *, key: str) -> None:
    _handing(data=pack({"label": label, "text": text}), key=key)
