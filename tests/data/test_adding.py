"""A dataset added as CONTRIBUTING.md says gets through everything: loaded, timed, chosen on the page, trained."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).parents[2]
ADDED = """
from explorer.data import catalogue

catalogue.KNOWN["bars"] = catalogue.Known("Bars", 8, 1, ("lying", "standing"), (0.5,), (0.5,), (40, 20))

import sys
from pathlib import Path
from streamlit.testing.v1 import AppTest
from explorer.data import dataset
from explorer.training.dispatch import timing
from explorer.training.recipe.recipe import preset
from explorer.training.work.loop import train

assert catalogue.at_hand("bars", "train", Path("data"))
split = dataset("bars", "test")
assert split.images.shape == (20, 1, 8, 8) and split.labels.bincount().tolist() == [10, 10]
recipe = preset("digits", dataset="bars", epochs=6, device="cpu", batch_size=8, crop_padding=0)
assert timing.measure(recipe).images == (40, 20)

page = AppTest.from_file(str(Path(sys.argv[1]) / "app.py"), default_timeout=300)
page = page.switch_page("pages/5_Train.py").run()
box = page.selectbox(key="train.digits.dataset")
assert "Bars" in box.options
page = box.set_value("bars").run()
assert not page.exception and not page.error and not page.warning, [*page.exception, *page.error, *page.warning]

outcome = train(recipe, "run")
assert outcome.state == "finished", outcome
from explorer.networks import weights
card = weights.read_card("weights", "run")
assert card.classes == ("lying", "standing") and card.accuracy > 90, card
print("through")
"""


@pytest.mark.slow
def test_it_gets_through_everything(tmp_path):
    draw = np.random.default_rng(0)
    for split, count in (("train", 20), ("test", 10)):
        for name in ("lying", "standing"):
            folder = tmp_path / "data" / "bars" / split / name
            folder.mkdir(parents=True)
            for number in range(count):
                picture = draw.integers(0, 60, (8, 8), np.uint8)
                picture[draw.integers(1, 7)] = 250
                Image.fromarray(picture if name == "lying" else picture.T.copy()).save(folder / f"{number}.png")
    done = subprocess.run(
        [sys.executable, "-c", ADDED, str(ROOT)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "EXPLORER_RUNS": str(tmp_path / "runs")},
    )
    assert done.stdout.splitlines()[-1:] == ["through"], done.stderr[-3000:]
