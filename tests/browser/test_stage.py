"""The stage: at every size the picture, play, the control that matters and the verdict are in sight together."""

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import eventually, steady
from tests.training.helpers import trained

SIZES = {
    "laptop": (1280, 800, "light", ""),
    "projector": (1920, 1080, "light", "present=1&"),
    "phone": (390, 844, "dark", ""),
}
TITLE, TABS, VERDICT = {"title": "h1"}, {"tabs": "[role=tablist]"}, {"verdict": ".st-key-verdict"}
STAGES = {
    "Home": ("?", {"picture": ".taste canvas", "play": ".taste button", "alpha": ".st-key-coupling"}),
    "Train": ("Train?", {"preset": ".st-key-preset", "start": ".st-key-matters-start"}),
    "Diffusion": (
        "Diffusion?",
        TABS
        | {
            "picture": ".player figure:has(canvas.now)",
            "play": ".player .play",
            "alpha": ".st-key-matters-alpha",
            "verdict": ".meter",
        },
    ),
    "A comparison": (
        "Diffusion?versus=against+another+α&other_alpha=26&step=60&",
        {
            "what differs": ".player .differs",
            "picture": ".player figure:has(canvas.now)",
            "rival": ".player figure:has(canvas.rival)",
            "play": ".player .play",
            "alpha": ".st-key-matters-alpha",
            "verdict": ".meter",
        },
    ),
    "one neuron": (
        "Diffusion?tab=The+neuron&",
        TABS
        | {
            "picture": ".dendrite .field",
            "play": ".dendrite .play",
            "electrode": ".dendrite .electrode",
            "place": ".st-key-matters-place",
            "verdict": ".dendrite .told",
        },
    ),
    "the circuit": (
        "Diffusion?tab=The+neuron&made_by=The+circuit&",
        TABS
        | {
            "circuit": ".st-key-circuit img",
            "picture": ".dendrite .field",
            "play": ".dendrite .play",
            "place": ".st-key-matters-place",
            "verdict": ".dendrite .told",
        },
    ),
    "sliding window": (
        "Layers?",
        TABS
        | {
            "picture": ".slide .stage",
            "play": ".slide .play",
            "position": ".slide [type=range]",
            "sum": ".slide .total",
        },
    ),
    "two in a row": (
        "Layers?show=Two+in+a+row&",
        TABS
        | VERDICT
        | {"first": ".st-key-kernel1", "second": ".st-key-kernel2", "picture": ".st-key-side-by-side-two"},
    ),
    "backward": ("Layers?tab=Backward&", TABS | {"picture": ".grids", "layer": ".st-key-matters-layer"}),
    "classification": (
        "Layers?tab=Classification&",
        TABS | {"subject": ".st-key-subject", "picture": ".js-plotly-plot"},
    ),
    "stack": (
        "Layers?tab=Stack&",
        TABS | {"rows": "[data-testid=stDataFrame]", "presets": ".st-key-matters-start-from"},
    ),
    "live maps": (
        "Feature_maps?tab=Live&",
        TABS | {"play": ".player .play", "picture": ".player .frame:has(.now)", "a map": ".live-maps .tile"},
    ),
    "difference": ("Feature_maps?tab=Difference&", TABS | {"pictures": ".st-key-side-by-side-networks"}),
    "where it looks": (
        "Feature_maps?tab=Where+it+looks&",
        TABS | {"pictures": ".st-key-side-by-side-looks", "class": ".st-key-matters-class"},
    ),
    "top images": ("Feature_maps?tab=Top+images&", TABS | {"pictures": ".st-key-side-by-side-top-0"}),
    "pooling": ("Layers?tab=Pooling&", TABS | {"pictures": ".st-key-side-by-side-pool", "numbers": ".grids"}),
    "fool it": (
        "Classify?tab=Fool+it&",
        TABS | {"pictures": ".st-key-side-by-side-fooled", "ε": ".st-key-matters-epsilon", "chart": ".st-key-against"},
    ),
    "neighbours": (
        "Classify?tab=Neighbours&",
        TABS | {"picture": ".neighbours .plane", "nearest": ".neighbours .row"},
    ),
    "change of mind": (
        "Classify?tab=Diffuse+it+first&",
        TABS
        | VERDICT
        | {"pictures": ".st-key-filmstrip", "curves": ".st-key-courses", "change": ".st-key-matters-change"},
    ),
    "learned layer": (
        "Classify?tab=What+was+learned&",
        TABS | VERDICT | {"picture": ".st-key-growth", "layer": ".st-key-matters-layer"},
    ),
}


MOST_AT_200_PERCENT = 0.25  # of the window's height may be covered by what stays in sight


def out_of_sight(page, selectors, bottom) -> dict[str, tuple[float, float]]:
    """What reaches beyond the window, or below the row of pages at the bottom of a phone: its top and its end."""
    boxes = {name: steady(page.locator(selector).first) for name, selector in selectors.items()}
    ends = {name: (box["y"], box["y"] + box["height"]) for name, box in boxes.items()}
    return {name: (top, end) for name, (top, end) in ends.items() if top < 0 or end > bottom}


def bar_of(page) -> float:
    """Where the row of pages begins at the bottom of a phone, once it is there."""
    bar = page.locator(".st-key-at-hand")
    expect(bar).to_have_css("position", "fixed")
    return steady(bar)["y"]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("stage", STAGES)
def test_everything_that_belongs_to_a_stage_is_in_sight(open_page, stage, size):
    address, selectors = STAGES[stage]
    width, height, theme, mode = SIZES[size]
    page = open_page(address + mode, width=width, height=height, theme=theme, app="app.py")
    bottom = bar_of(page) if size == "phone" else height
    wanted = TITLE | selectors
    if (stage, size) == ("Diffusion", "phone"):
        del wanted["tabs"]  # beneath the controls
    assert out_of_sight(page, wanted, bottom) == {}


def test_with_runs_in_the_list_a_phone_still_shows_how_to_start_one(open_page, store):
    runs = [trained(store) for _ in range(7)]
    page = open_page(f"Train?run={runs[-1].id}", width=390, height=844, theme="dark")
    wanted = TITLE | {"runs": ".st-key-runs", "chosen": ".st-key-detail h3", "start": ".st-key-matters-start"}
    assert out_of_sight(page, wanted, bar_of(page)) == {}


ON_TOP = """e => { const { x, y, width, height } = e.getBoundingClientRect();
  return e.contains(document.elementFromPoint(x + width / 2, y + height / 2)); }"""


@pytest.mark.parametrize(
    "address", ["Layers?tab=Stack", "Feature_maps?tab=Statistics", "Diffusion?tab=As+a+layer", "Results?tab=Parameters"]
)
def test_on_a_phone_the_chosen_tab_is_in_sight_and_nothing_lies_over_it(open_page, address):
    page = open_page(address, width=390, height=844, app="app.py")
    tab = page.get_by_role("tab", selected=True).first
    eventually(page, lambda: (box := steady(tab))["x"] >= 0 and box["x"] + box["width"] <= 390)
    tab.evaluate("e => e.scrollIntoView({ block: 'center', inline: 'nearest' })")
    assert tab.evaluate(ON_TOP)


def test_on_a_phone_no_tools_of_a_table_lie_over_the_tabs(open_page):
    page = open_page("Layers?tab=Stack", width=390, height=844, app="app.py")
    page.get_by_test_id("stDataFrame").first.hover(position={"x": 60, "y": 60})  # which would show them
    assert page.get_by_role("tab", selected=True).first.evaluate(ON_TOP)


def test_on_a_projector_the_numbers_of_the_probe_are_read_from_the_back(open_page):
    page = open_page("Diffusion?step=20&present=1", width=1920, height=1080, app="app.py")
    chart = page.locator(".player .chart")
    page.locator(".player canvas.now").click()
    chart.wait_for()
    written = "e => parseFloat(e.getContext('2d').font)"
    eventually(page, lambda: chart.evaluate(written) > 15)


@pytest.mark.parametrize("address", ["Diffusion", "Diffusion?tab=The+neuron", "Classify?tab=Diffuse+it+first"])
def test_at_200_percent_what_stays_in_sight_leaves_room_for_the_picture(open_page, address):
    page = open_page(address, width=640, height=400, app="app.py")
    matters = page.locator("[class*=st-key-matters-]").first
    expect(matters).to_be_visible()
    assert 400 - steady(matters)["y"] < MOST_AT_200_PERCENT * 400


@pytest.mark.parametrize("address", ["Classify", "Classify?tab=Over+the+test+set&tested=Where+they+disagree"])
def test_on_a_phone_numbers_stand_two_by_two_over_the_whole_width(open_page, address):
    page = open_page(address, width=390, height=844, app="app.py")
    metrics = page.get_by_test_id("stMetric")
    metrics.nth(3).wait_for()
    first, second, third, _ = (steady(metrics.nth(place)) for place in range(4))
    assert first["y"] == second["y"] < third["y"] and first["x"] == third["x"] < second["x"]
    assert min(first["width"], second["width"]) > 150


@pytest.mark.parametrize(
    "address",
    [
        "Classify?",
        "Classify?tab=What+was+learned&look=Over+the+epochs&",
        "Diffusion?tab=The+neuron&",
        "Feature_maps?tab=Statistics&",
        "Layers?tab=Activation&",
        "Results?",
    ],
)
def test_on_a_projector_the_words_of_charts_are_read_from_the_back(open_page, address):
    page = open_page(address + "present=1", width=1920, height=1080, app="app.py")
    words = page.locator(".js-plotly-plot text, .curves text")
    words.first.wait_for(state="attached")
    assert min(words.evaluate_all("(all) => all.map((one) => parseFloat(getComputedStyle(one).fontSize))")) > 15
