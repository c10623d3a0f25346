"""Films show the steps they were asked for and stay within their bounds."""

import io

import numpy as np
import pytest
import torch
from PIL import Image

from explorer.diffusion import film as films
from explorer.diffusion.cable import Cable
from explorer.diffusion.film import film, steps_of
from explorer.errors import ExplorerError
from explorer.render import to_rgb

U = torch.rand(3, 32, 32, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


@pytest.mark.parametrize("kind", ["WebP", "GIF"])
def test_frames_are_the_fields_at_their_steps(kind):
    cable, shares = Cable(2.0, 0.06), []
    content = film(cable, U, [0, 4, 20], to_rgb, kind, shares.append)
    assert shares == sorted(shares) and shares[0] == 0 and shares[-1] == 1
    picture = Image.open(io.BytesIO(content))
    assert picture.format == kind.upper() and picture.n_frames == 3 and picture.size == (384, 384)
    for place, step in enumerate([0, 4, 20]):
        picture.seek(place)
        seen = np.asarray(picture.convert("RGB"), float).reshape(32, 12, 32, 12, 3).mean((1, 3))
        assert np.abs(seen - to_rgb(cable.run(U, step).numpy())).mean() < 12  # both formats lose some colour


@pytest.mark.parametrize("kind", ["WebP", "GIF"])
def test_a_film_too_large_is_made_smaller_and_refused_when_that_is_not_enough(kind, monkeypatch):
    limit = len(film(Cable(0.0, 0.001), U, [0, 1], to_rgb, kind)) - 1
    monkeypatch.setattr(films, "MOST_BYTES", limit)
    content = film(Cable(0.0, 0.001), U, [0, 1], to_rgb, kind)
    assert len(content) <= limit and Image.open(io.BytesIO(content)).width < 384
    monkeypatch.setattr(films, "MOST_BYTES", 100)
    with pytest.raises(ExplorerError, match="take fewer frames"):
        film(Cable(0.0, 0.001), U, [0, 1], to_rgb, kind)


def test_a_diverging_film_needs_no_nan_and_no_warning():
    assert Image.open(io.BytesIO(film(Cable(3.0, 0.5), U, [0, 500, 5000], to_rgb))).n_frames > 1


def test_steps_are_spread_from_first_to_last():
    assert steps_of(0, 10, 3) == [0, 5, 10]
    assert steps_of(3, 5, 100) == [3, 4, 5]
    for wrong in ((5, 5, 10), (0, 10, 1), (0, 10, 101)):
        with pytest.raises(ExplorerError):
            steps_of(*wrong)
    with pytest.raises(ExplorerError, match="kind is 'MP4'"):
        film(Cable(1, 0.1), U, [0, 1], to_rgb, "MP4")
