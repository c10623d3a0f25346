"""The stage: at every size the picture, play, the control that matters and the verdict are in sight together."""

import pytest

from tests.browser.chromium import steady

SIZES = {"laptop": (1280, 800, ""), "projector": (1920, 1080, "present=1&"), "phone": (390, 844, "")}
STAGES = {
    "Diffusion": (
        "Diffusion?",
        {
            "title": "h1",
            "picture": ".player figure >> visible=true",
            "play": ".player .play",
            "alpha": ".st-key-exact-alpha",
            "verdict": ".meter",
        },
    ),
}


def out_of_sight(page, selectors, bottom) -> dict[str, tuple[float, float]]:
    """What reaches beyond the window, or below the row of pages at the bottom of a phone: its top and its end."""
    boxes = {name: steady(page.locator(selector).first) for name, selector in selectors.items()}
    ends = {name: (box["y"], box["y"] + box["height"]) for name, box in boxes.items()}
    return {name: (top, end) for name, (top, end) in ends.items() if top < 0 or end > bottom}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("stage", STAGES)
def test_everything_that_belongs_to_a_stage_is_in_sight(open_page, stage, size):
    address, selectors = STAGES[stage]
    width, height, mode = SIZES[size]
    page = open_page(address + mode, width=width, height=height, app="app.py")
    bottom = steady(page.locator(".st-key-at-hand"))["y"] if size == "phone" else height
    wanted = {**selectors, "tabs": "[role=tablist]"} if size == "projector" else selectors
    assert out_of_sight(page, wanted, bottom) == {}
