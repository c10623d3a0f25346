"""Live on Feature maps: the maps of a picture that moves, against torch, their colours against explorer.render."""

import re

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import expect

from explorer import subjects
from explorer.data import ink, samples
from explorer.inside import maps, tracing
from explorer.render import colour, scale_of, to_rgb
from tests.browser import test_pad, test_player
from tests.browser.chromium import eventually, settle, within
from tests.live.digits import strokes

NET, TWIN = "cifar10-w16-cabeq-rn-2", "cifar10-w16-original"
RESTS = "queue?.latest === null && !{0}.queue.busy && {0}.outputs.length > 0"


def rested(page, look, view: str) -> None:
    """The maps are those of the picture as it is now."""
    eventually(page, lambda: look(page, f"{view}.{RESTS.format(view)} && !{view.split('.', maxsplit=1)[0]}.handle"))


def outputs(page, look, view: str) -> list[np.ndarray]:
    rested(page, look, view)
    shape = look(page, f"{view}.facts.shape")
    return [np.array(one, np.float32).reshape(shape) for one in look(page, f"{view}.outputs.map((one) => [...one])")]


def truth(name: str, picture: Image.Image, layer: str) -> np.ndarray:
    subject = subjects.pretrained(name)
    with torch.inference_mode():
        return tracing.hear(subject.model, subject.sees(picture), layer).output[0].numpy()


def alike(found: np.ndarray, there: np.ndarray) -> None:
    assert found.shape == there.shape
    np.testing.assert_allclose(found, there, rtol=1e-5, atol=1e-5 * np.abs(there).max())


def horse() -> Image.Image:
    return next(one for one in samples("cifar10") if one.index == 104).image


def shown(page) -> list[np.ndarray]:
    """The mosaic's pixels, tile by tile."""
    read = """(tiles) => tiles.map((tile) => {
        const { width, height } = tile, { data } = tile.getContext("2d").getImageData(0, 0, width, height);
        return { width, height, data: [...data] };
    })"""
    found = page.locator(".live-maps .tile canvas").evaluate_all(read)
    return [np.array(one["data"], np.uint8).reshape(one["height"], one["width"], 4)[..., :3] for one in found]


def test_maps_follow_the_diffusion_with_the_servers_numbers(open_page):
    layer = "stages.1.0.relu2"
    page = open_page(f"Feature_maps?tab=Live&model={NET}&layer={layer}&scale=Map", app="app.py")
    look = test_player.look
    alike(outputs(page, look, "player.maps")[0], truth(NET, horse(), layer))
    test_player.scrub(page, 25)
    field = test_player.field(page)
    assert field.shape == (3, 32, 32), "it diffuses as large as the network sees it"
    (values,) = outputs(page, look, "player.maps")
    alike(values, truth(NET, Image.fromarray(to_rgb(field)), layer))
    for tile, number in zip(shown(page), look(page, "player.maps.facts.numbers"), strict=True):
        expected = colour(values[number]).astype(int)
        near = np.abs(tile.astype(int) - expected).max(-1) <= 6  # a neighbour in the table, where a value is half-way
        assert near.all() and (tile == expected).all(-1).mean() > 0.99


@pytest.mark.parametrize("scale", ["Layer", "Model"])
def test_scales_hold_what_they_say(open_page, scale):
    page = open_page(f"Feature_maps?tab=Live&model={NET}&layer=stem.conv&scale={scale}", app="app.py")
    (values,) = outputs(page, test_player.look, "player.maps")
    whole = scale_of(values)
    if scale == "Model":
        subject = subjects.pretrained(NET)
        heard = tracing.trace(subject.model, subject.sees(horse()))
        spans = [one.output for one in heard.values() if one.output.ndim == 4]
        whole = maps.whole_scale(min(float(s.min()) for s in spans), max(float(s.max()) for s in spans))
    found = np.stack(shown(page)).astype(int)
    there = maps.tiles(values, [whole] * len(values)).astype(int)
    assert np.abs(found - there).max() <= 6
    ends = page.locator(".live-maps .scale").inner_text()
    assert str(whole).split(" to ")[1] in ends


def test_the_difference_of_two_networks_follows(open_page):
    page = open_page(f"Feature_maps?tab=Live&model={NET}&compare={TWIN}&layer=stem.conv&minus=true", app="app.py")
    first, second, difference = outputs(page, test_player.look, "player.maps")
    alike(first, truth(NET, horse(), "stem.conv"))
    alike(second, truth(TWIN, horse(), "stem.conv"))
    np.testing.assert_array_equal(difference, first - second)
    expect(page.locator(".live-maps .large figure:visible")).to_have_count(3)
    page.get_by_role("tab", name="Live").click()
    page.locator(".chip", has_text="bn").click()  # another layer: what follows is that one
    eventually(page, lambda: test_player.look(page, "player.maps.facts.layer") == "stem.bn")
    alike(outputs(page, test_player.look, "player.maps")[1], truth(TWIN, horse(), "stem.bn"))


def test_what_is_drawn_is_seen_as_the_network_will_see_it(open_page):
    address = "Feature_maps?image=mnist-0&model=mnist-cnn&tab=Live&moves=You+draw"
    page = open_page(address, app="app.py")
    layer = page.get_by_role("combobox", name="Layer").input_value()
    eventually(page, lambda: test_pad.inside(page, "pad.maps.networks.length === 1"))
    test_pad.by_mouse(page, *strokes(7, 1)[0])
    (values,) = outputs(page, test_pad.inside, "pad.maps")
    drawn = ink.centred(Image.fromarray(test_pad.pixels(page)), 28, 20)
    alike(values, truth("mnist-cnn", drawn, layer))
    page.get_by_role("button", name="Use this drawing").click()
    expect(page.get_by_test_id("stSidebar")).to_contain_text("drawn for MNIST")
    settle(page)
    test_pad.canvas(page).wait_for()  # the pad stays, with what is on it
    np.testing.assert_array_equal(outputs(page, test_pad.inside, "pad.maps")[0], values)


def test_a_map_is_chosen_in_the_browser_and_on_the_page(open_page):
    page = open_page(f"Feature_maps?tab=Live&model={NET}&layer=stem.conv", app="app.py")
    look = test_player.look
    (values,) = outputs(page, look, "player.maps")
    at_once = look(page, "(player.maps.tiles.choose(3), player.maps.reading.textContent)")
    assert at_once.startswith("map 3 · from ")
    expect(page.get_by_label("Map", exact=True).first).to_have_value("3")
    page.wait_for_url(re.compile("map=3"))
    settle(page)
    field = page.get_by_label("Map", exact=True).first
    field.fill("7")
    field.press("Enter")
    expect(page.locator('.live-maps .tile[aria-selected="true"]')).to_have_text("7")
    large = page.locator(".live-maps .large canvas").first
    large.hover(position=within(large, 9.5 / 32, 3.5 / 32))
    expect(page.locator(".live-maps .value")).to_have_text(re.compile("^map 7, row 3, column 9: "))
    said = page.locator(".live-maps .value").inner_text().rsplit(" ", 1)[1].replace("−", "-")
    assert abs(float(said) - values[7, 3, 9]) <= 0.006 * abs(values[7, 3, 9])


def test_units_have_the_names_of_their_classes(open_page):
    page = open_page(f"Feature_maps?tab=Live&model={NET}&layer=head", width=390, height=844, theme="dark", app="app.py")
    alike(outputs(page, test_player.look, "player.maps")[0], truth(NET, horse(), "head"))
    expect(page.locator(".live-maps .tile").nth(7)).to_have_text("horse")


def test_a_network_that_cannot_come_stays_with_the_server(open_page):
    page = open_page("Feature_maps?tab=Live&model=untrained-alexnet-227&w=64&layer=conv1", app="app.py")
    page.get_by_text("does not answer live: It has 119 MB of numbers").wait_for()
    page.get_by_text("The maps cannot follow in this browser").wait_for()
    assert page.locator(".live-maps").count() == 0
