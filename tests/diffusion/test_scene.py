"""Parameters survive their file; what a stranger wrote into one is named."""

import json
from dataclasses import replace

import pytest

from explorer.diffusion.scene import MOST_BYTES, Scene, read
from explorer.diffusion.steps import MOST_STEPS
from explorer.diffusion.versus import ALPHA
from explorer.errors import ExplorerError

FULL = Scene(
    *(3.5, 1e-3, 0.5, 2.0, False, "zero", 256, False, 1000, "auto", 7, 9, "Proof", "mnist-3"),
    *(2.0, 5.0, 0.2, 1.0, 2.0, "The circuit", 15.0, 2.0, 99.0, 0.75),
    *(ALPHA, 4.0, "3_9_9_4_-2.5"),
)


@pytest.mark.parametrize("scene", [Scene(), FULL])
def test_a_saved_scene_is_read_back(scene):
    assert read(scene.json().encode()) == scene


def test_names_left_out_keep_their_defaults():
    assert read(b'{"page": "Diffusion", "alpha": 7}') == replace(Scene(), alpha=7.0)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"", "is not JSON"),
        (b"\xff\xfe\x00", "is not JSON"),
        (b"[" * 10_000, "is not JSON"),
        (b"[1, 2]", "holds no parameters"),
        (b'{"alpha": 2}', "holds no parameters"),
        (b'{"page": "Layers"}', "holds no parameters"),
        (b" " * (MOST_BYTES + 1), "bytes"),
    ],
)
def test_a_file_that_is_none_is_refused(content, named):
    with pytest.raises(ExplorerError, match=named):
        read(content)


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [
        ("alpha", -1, "alpha is -1: give a number from 0"),
        ("alpha", float("nan"), "alpha is nan"),
        ("alpha", float("inf"), "alpha is inf"),
        ("alpha", "2", "alpha is '2'"),
        ("alpha", 10**400, "alpha is 1000"),
        ("tau", True, "tau is True"),
        ("h_x", 0, "h_x is 0"),
        ("size", 31, "size is 31: give a whole number from 32 to 512"),
        ("size", 64.5, "size is 64.5"),
        ("step", MOST_STEPS + 1, "step is 1000000001"),
        ("edges", "open", "edges is 'open': choose one of insulated"),
        ("radius", 0.0, "radius is 0.0: give a number from 0.25 to 50"),
        ("made_by", "hand", "made_by is 'hand': choose one of λ_m and τ_m, The circuit"),
        ("edges", ["zero"], r"edges is \['zero'\]"),
        ("lock", 1, "lock is 1: give true or false"),
        ("image", "x" * 99, "image is 'xxx"),
        ("row", -1, "row is -1"),
        ("versus", "nothing", "versus is 'nothing': choose one of against insulated edges"),
        ("strokes", "1_2", "a brush stroke is not five numbers"),
        ("strokes", 5, "strokes is 5"),
        ("evil", 1, "'evil' is not a parameter"),
    ],
)
def test_a_wrong_value_is_named(name, value, named):
    with pytest.raises(ExplorerError, match=f"^{named}"):
        read(json.dumps({"page": "Diffusion", name: value}).encode())
