"""The second browser: the networks in Firefox say what `predict` says about the player's own field."""

import json
import subprocess

import numpy as np
import pytest
from PIL import Image

from explorer import subjects
from explorer.classify.predict import predict
from explorer.render import to_rgb
from tests import system
from tests.browser.chromium import ROOT, serve

PAIR = ("cifar10-w16-original", "cifar10-w16-cabeq-rn-2")
SCRIPT = "tests/browser/firefox.mjs"


@pytest.fixture(scope="module")
def firefox(tmp_path_factory):
    """firefox(path, *steps) -> what firefox.mjs prints."""
    system.need("firefox", "node", "puppeteer")
    folder = tmp_path_factory.mktemp("firefox")
    with serve("tests/browser/apps/harness.py", folder) as address:

        def ask(path: str, *steps: int) -> dict:
            command = ["node", SCRIPT, system.firefox(), f"{address}/{path}", *map(str, steps)]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=580)
            assert done.returncode == 0, done.stderr[-2000:]
            return json.loads(done.stdout)

        yield ask


@pytest.mark.parametrize(("settings", "shape"), [("", (3, 128, 128)), ("&size=64&colour=false", (1, 64, 64))])
def test_firefox_says_what_the_server_says(firefox, settings, shape):
    told = firefox(f"live?networks={','.join(PAIR)}{settings}", 0, 40)
    assert told["errors"] == [] and told["slow"] == "" and "Firefox" in told["agent"]
    for at in told["found"]:
        picture = Image.fromarray(to_rgb(np.array(at["field"], np.float32).reshape(shape)))
        for name, shares in zip(PAIR, at["shares"], strict=True):
            truth = predict(subjects.pretrained(name), picture).probabilities
            assert np.abs(shares - truth).max() < 1e-5, (at["step"], name)
