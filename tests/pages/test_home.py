"""Home, the frame and the image picker, as far as they can be seen without a browser."""

import io
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from explorer.data import SAMPLE_SETS, dataset, samples
from explorer.errors import ExplorerError
from explorer.paths import ROOT
from explorer.ui.shared import picker


def texts(app) -> str:
    return " ".join(element.value for kind in (app.markdown, app.caption, app.warning, app.error) for element in kind)


def png(size=(7, 5), colour=(200, 30, 60)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "PNG")
    return buffer.getvalue()


def upload(app, name: str, content: bytes, kind: str = "image/png"):
    app.file_uploader(key="picker.upload").set_value((name, content, kind))
    return app.run()


def test_home_opens_with_a_sample_and_the_equation_in_numbers(open_page):
    app = open_page()
    assert not app.exception
    assert "horse" in texts(app) and "32 × 32" in texts(app)
    assert "0.100" in app.latex[0].value
    app.slider(key="coupling").set_value(20.0).run()
    assert "0.200" in app.latex[0].value  # r = ατ


def test_home_and_the_frame_do_not_import_torch():
    modules = "explorer.ui.shared.frame, explorer.ui.components.taste, explorer.classroom.shelf"
    code = f"import sys, {modules}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


@pytest.mark.parametrize(
    "bad",
    [
        "cifar10-99999",
        "pattern-",
        "../../etc/passwd",
        "cifar10--1",
        "<script>",
        "nan-1e309",
        "cifar10-٣",
        "x" * 999,
        "optdigits-1797",
    ],
)
def test_an_image_that_does_not_exist_is_one_sentence_and_the_first_sample(open_page, bad, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # no datasets here
    app = open_page(image=bad)
    assert not app.exception and not app.error
    assert len(app.warning) == 1
    assert "horse" in texts(app)
    with pytest.raises(ExplorerError):
        picker.find(bad)


def test_any_test_image_of_a_dataset_at_hand_can_be_asked_for():
    held = dataset("optdigits", "test")
    picked = picker.find("optdigits-1500")  # not among the shipped samples
    assert np.array_equal(np.asarray(picked.image)[..., 0], held.images[1500, 0].numpy())
    assert picked.label == held.classes[int(held.labels[1500])]


def test_a_pattern_is_drawn_for_the_grid_and_an_image_is_left_alone():
    impulse = np.asarray(picker.find("pattern-impulse").at(32).convert("L"))
    assert impulse.shape == (32, 32) and impulse.max() == 255 and (impulse > 0).sum() == 1
    horse = picker.find("cifar10-104")
    assert horse.at(512) is horse.image


@pytest.mark.parametrize("name", SAMPLE_SETS)
def test_a_shipped_sample_is_found_by_its_number(name):
    sample = samples(name)[17]
    picked = picker.find(f"{name}-{sample.index}")
    assert (picked.image, picked.label, picked.index) == (sample.image, sample.name, sample.index)


def test_the_url_chooses_image_and_tab(open_page):
    app = open_page(image="pattern-rings")
    assert "**rings**" in texts(app) and "256 × 256" in texts(app)
    assert app.session_state["picker.tab"] == "Pattern"
    app.query_params["image"] = "mnist-3"  # as the back button or a lesson would
    app.run()
    assert "MNIST" in texts(app) and app.session_state["picker.tab"] == "Samples"


def test_an_upload_is_shown_kept_and_left_out_of_the_url(open_page):
    app = open_page(image="pattern-rings")
    app.session_state["picker.tab"] = "Upload"
    app.run()
    upload(app, "own.png", png())
    assert "your image" in texts(app) and "7 × 5" in texts(app)
    assert "image" not in app.query_params
    app.run()
    assert "7 × 5" in texts(app)


@pytest.mark.parametrize(
    "content", [b"", b"no picture at all", png()[:40], b"\x89PNG\r\n\x1a\n" + b"\0" * 100, b"<svg/>"], ids=len
)
def test_an_upload_of_nonsense_is_one_sentence_and_the_previous_image_stays(open_page, content):
    app = open_page(image="pattern-rings")
    app.session_state["picker.tab"] = "Upload"
    app.run()
    upload(app, "ok.png", content)
    assert not app.exception and not app.error
    assert len(app.warning) == 1 and "previous image stays" in app.warning[0].value
    assert "**rings**" in texts(app)
    assert upload(app, "own.png", png()).warning.len == 0


def test_presenter_mode_has_the_picker_beside_the_pages_and_no_sidebar(open_page):
    app = open_page(present="1", image="pattern-rings")
    assert not app.exception
    assert not app.sidebar.children
    assert "**rings**" in texts(app)


def test_a_photo_is_made_square_the_same_way_on_every_page(open_page, monkeypatch):
    """Never squeezed unasked: a ramp's middle lacks its ends, and all of it has grey bars."""
    from explorer.ui.components import taste
    from explorer.ui.layers import source

    ramp = Image.fromarray(np.tile(np.linspace(0, 255, 200).astype(np.uint8), (50, 1))).convert("RGB")
    seen: list[np.ndarray] = []
    monkeypatch.setattr(taste, "_taste", lambda data, key: seen.append(np.frombuffer(data[-3 * 128 * 128 * 1 :], "u1")))
    app = open_page()
    app.session_state["picker.own"] = picker.Picked(ramp, "uploaded", "", None, None, picker.OWN)
    app.session_state["picker.image"] = picker.OWN
    app.run()
    assert not app.exception and not app.error
    middle = seen[-1]
    assert middle.min() > 80 and middle.max() < 180
    app.segmented_control(key="fit").set_value("stretch").run()
    assert seen[-1].min() < 5 and seen[-1].max() > 250
    assert source.field(ramp, 32, False, "crop").min() > 0.3
