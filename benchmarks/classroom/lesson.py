"""What one student does, again and again, each with images, numbers and pixels of their own."""

import asyncio
import base64
import random
import time
from collections.abc import Callable

import numpy as np

from benchmarks.classroom.client import Browser
from explorer.data.samples import samples
from explorer.render import png
from explorer.ui.components.pad import SIDE

DATASET = "cifar10"
LAYERS = 5  # the first layers of a network are what a class looks at


def steps(browser: Browser, draw: random.Random) -> list[tuple[str, str, Callable]]:
    """(page, interaction, call) of one pass through the lesson."""
    image = draw.choice(samples(DATASET)).index

    async def rest(*strokes: list[float]) -> None:
        """The player has played, which the server does not hear, and rests; strokes were painted on the way."""
        await browser.report("player", "moment", {"step": draw.randrange(60, 200), "strokes": list(strokes)})

    async def drawing() -> None:
        """The pad opens and is drawn on, which the server does not hear; what was drawn is used."""
        await browser.fill("picker.tab", "Draw")
        await browser.press("picker.pad")
        cells = np.array(draw.choices((0, 255), k=64), np.uint8).reshape(8, 8, 1)
        picture = base64.b64encode(png(cells.repeat(SIDE // 8, 0).repeat(SIDE // 8, 1).repeat(3, 2))).decode()
        await browser.report("drawing.pad", "drawn", f"data:image/png;base64,{picture}")
        await browser.fill("picker.tab", "Samples")

    async def another_layer() -> None:
        _, box = browser.find("layer")
        await browser.fill("layer", draw.choice(list(box.options)[1 : 1 + LAYERS]))

    return [
        ("Home", "pick an image", lambda: browser.report(f"picker.{DATASET}", "taken", f"{DATASET}-{image}")),
        ("Diffusion", "open Diffusion", lambda: browser.follow("Diffusion")),
        ("Diffusion", "play and pause", rest),
        ("Diffusion", "paint", lambda: rest([draw.randrange(60), draw.randrange(128), draw.randrange(128), 5, 1.0])),
        ("Diffusion", "compare two schemes", lambda: browser.fill("versus", "against zero edges")),
        ("Diffusion", "go to a step", lambda: browser.fill("step", draw.randrange(5, 60))),
        ("Diffusion", "explode", lambda: browser.fill("alpha", draw.uniform(30, 60))),
        ("Diffusion", "fix with the button", lambda: browser.press("largest")),
        ("Feature maps", "open Feature maps", lambda: browser.follow("Feature_maps")),
        ("Feature maps", "choose a layer", another_layer),
        ("Feature maps", "enlarge a map", lambda: browser.report("map-mosaic", "picked", draw.randrange(4))),
        (
            "Feature maps",
            "explain a pixel",
            lambda: browser.report("large", "picked", [draw.randrange(16), draw.randrange(16)]),
        ),
        ("Feature maps", "maps live", lambda: browser.fill("tab", "Live")),
        ("Feature maps", "enlarge a live map", lambda: browser.report("moving.player", "map", draw.randrange(4))),
        ("Feature maps", "maps at rest", lambda: browser.fill("tab", "Maps")),
        ("Classify", "classify", lambda: browser.follow("Classify")),
        ("Classify", "diffuse it first", lambda: browser.fill("tab", "Diffuse it first")),
        ("Train", "look at the run", lambda: browser.follow("Train")),
        ("Home", "back to Home", lambda: browser.follow("")),
        ("Home", "draw a picture", drawing),
    ]


async def student(browser: Browser, seed: int, think: tuple[float, float], until: float, note: Callable) -> None:
    """The lesson over and over until the clock says `until`; every interaction and its seconds go to `note`."""
    draw = random.Random(seed)

    async def do(page: str, what: str, call: Callable) -> None:
        begin = time.perf_counter()
        await call()
        note(page, what, time.perf_counter() - begin)
        await browser.fetch()

    await asyncio.sleep(draw.uniform(0, think[1]))  # a class does not press at the same moment
    await do("Home", "open the app", browser.open)
    while True:
        for page, what, call in steps(browser, draw):
            await asyncio.sleep(draw.uniform(*think))
            if time.perf_counter() > until:
                return
            await do(page, what, call)
