"""The second browser: what networks and maps say in Firefox of diffusion, drawing and camera is what Python says."""

import json
import subprocess
from contextlib import ExitStack

import numpy as np
import pytest
from PIL import Image

from explorer import subjects
from explorer.classify.predict import predict
from explorer.data import ink
from explorer.render import to_rgb
from explorer.ui.components.pad import SIDE
from tests import system
from tests.browser.chromium import ROOT, serve
from tests.browser.test_live_maps import NET, alike, truth
from tests.live.digits import strokes

PAIR = ("cifar10-w16-original", NET)
SCRIPT, HARNESS = "tests/browser/firefox.mjs", "tests/browser/apps/harness.py"
LAYER = "stages.1.0.relu2"
LIVE = f"Feature_maps?tab=Live&model={NET}&layer={LAYER}"
RESTS = "(view) => !view.queue.busy && view.queue.latest === null"
DIFFUSED = f"""async ({{ player }}) => {{
    player.seek(25);
    await globalThis.until(() => player.film.n === 25 && !player.handle && ({RESTS})(player.maps));
    return {{ field: [...player.read()], outputs: player.maps.outputs.map((one) => [...one]) }};
}}"""
DRAWN = f"""async ({{ pad }}) => {{
    for (const [first, ...rest] of LINES) {{
        pad.begin(...first);
        for (const place of rest) pad.go(...place);
    }}
    await globalThis.until(() => !pad.handle && pad.answers.shares && ({RESTS})(pad.answers));
    return {{ pixels: [...pad.drawing.pixels], shares: pad.answers.shares.map((one) => [...one]) }};
}}"""
FILMED = f"""async ({{ camera }}) => {{
    await camera.start();
    await globalThis.until(() => camera.frames > 3);
    camera.show = () => {{}}; // it stays with the picture of this moment
    await globalThis.until(() => camera.maps.outputs.length && ({RESTS})(camera.maps));
    const {{ width, rgba }} = camera.shown, said = camera.message.textContent;
    return {{ width, rgba: [...rgba], outputs: camera.maps.outputs.map((one) => [...one]), said }};
}}"""


@pytest.fixture(scope="module")
def firefox(tmp_path_factory):
    """firefox(app, path, *words) -> what firefox.mjs prints, given these words."""
    system.need("firefox", "node", "puppeteer")
    addresses: dict[str, str] = {}
    with ExitStack() as stack:

        def ask(app: str, path: str, *words: str | int) -> dict:
            if app not in addresses:
                addresses[app] = stack.enter_context(serve(app, tmp_path_factory.mktemp("firefox")))
            command = ["node", SCRIPT, system.firefox(), f"{addresses[app]}/{path}", *map(str, words)]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=580)
            assert done.returncode == 0, done.stderr[-2000:]
            return json.loads(done.stdout)

        yield ask


@pytest.mark.parametrize(("settings", "shape"), [("", (3, 128, 128)), ("&size=64&colour=false", (1, 64, 64))])
def test_networks_say_what_the_server_says(firefox, settings, shape):
    told = firefox(HARNESS, f"live?networks={','.join(PAIR)}{settings}", 0, 40)
    assert told["errors"] == [] and told["slow"] == "" and "Firefox" in told["agent"]
    for at in told["found"]:
        picture = Image.fromarray(to_rgb(np.array(at["field"], np.float32).reshape(shape)))
        for name, shares in zip(PAIR, at["shares"], strict=True):
            said = predict(subjects.pretrained(name), picture).probabilities
            assert np.abs(shares - said).max() < 1e-5, (at["step"], name)


def test_maps_follow_the_diffusion(firefox):
    found = firefox("app.py", LIVE, "--measure", DIFFUSED, "")["played"]
    field = np.array(found["field"], np.float32).reshape(3, 32, 32)
    there = truth(NET, Image.fromarray(to_rgb(field)), LAYER)
    alike(np.array(found["outputs"][0], np.float32).reshape(there.shape), there)


def test_the_pad_is_read(firefox):
    code = DRAWN.replace("LINES", json.dumps(strokes(7, 1)[0]))
    found = firefox(HARNESS, "pad?dataset=mnist&networks=mnist-cnn", "--measure", code, "")["played"]
    drawn = np.array(found["pixels"], np.uint8).reshape(SIDE, SIDE, 3)
    said = predict(subjects.pretrained("mnist-cnn"), ink.centred(Image.fromarray(drawn), 28, 20)).probabilities
    assert np.abs(found["shares"][0] - said).max() < 1e-5
    assert np.argmax(found["shares"][0]) == 7


def test_maps_follow_the_camera(firefox):
    found = firefox("app.py", f"{LIVE}&moves=You+film", "--measure", FILMED, "")["played"]
    assert found["said"] == ""
    shown = np.array(found["rgba"], np.uint8).reshape(found["width"], found["width"], 4)[..., :3]
    there = truth(NET, Image.fromarray(shown), LAYER)
    alike(np.array(found["outputs"][0], np.float32).reshape(there.shape), there)
