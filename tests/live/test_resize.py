"""The browser's resize is Pillow's, bit for bit; what it makes of a picture is what the server's network sees."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from explorer.data import images

sides, sizes = st.integers(1, 700), st.sampled_from([1, 2, 8, 28, 32, 64, 96, 128, 227])


def noise(width: int, height: int, seed: int = 0) -> np.ndarray:
    """Pixels that are 0 or 255 half of the time, where rounding and clipping are at their worst."""
    generator = np.random.default_rng(seed)
    pixels = generator.integers(0, 256, (height, width, 3))
    return np.where(generator.random(pixels.shape) < 0.5, 255 * (pixels > 127), pixels).astype(np.uint8)


def same(engine, picture: np.ndarray, size: int, fit: str) -> bool:
    true = np.asarray(images.fit(Image.fromarray(picture), size, fit))
    return np.array_equal(engine.resize(picture, size, fit), true)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(sides, sides, sizes, st.sampled_from(images.MODES))
def test_every_size(engine, width, height, size, fit):
    assert same(engine, noise(width, height), size, fit)


@pytest.mark.slow
@pytest.mark.parametrize("fit", images.MODES)
@pytest.mark.parametrize(
    ("width", "height"),
    [(1, 1), (1, 700), (700, 1), (2, 3), (31, 32), (32, 32), (33, 32), (640, 480), (480, 640), (128, 128), (699, 700)],
)
def test_edges(engine, width, height, fit):
    for size in (1, 8, 28, 32, 96):
        assert same(engine, noise(width, height, seed=size), size, fit), size


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("fit", images.MODES)
def test_what_a_network_sees(engine, channels, fit):
    mean, std = ((0.4914, 0.4822, 0.4465), (0.247, 0.2435, 0.2616)) if channels == 3 else ((0.1307,), (0.3081,))
    picture = noise(123, 77)
    true = images.network_input(Image.fromarray(picture), channels, 32, mean, std, fit)[0].numpy()
    seen = engine.see(picture, {"size": 32, "channels": channels, "mean": mean, "std": std}, fit)
    np.testing.assert_allclose(seen, true, rtol=2e-7, atol=2e-7)
