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


@pytest.mark.parametrize("kind", ["WebP", "GIF"])
def test_a_film_that_takes_too_long_is_given_up_at_the_next_frame(kind):
    shares, times = [], iter([0.0, 1.0, films.MOST_SECONDS, films.MOST_SECONDS + 0.1])
    with pytest.raises(ExplorerError, match="more than 40 s: take fewer frames"):
        film(Cable(0.0, 0.001), U, list(range(9)), to_rgb, kind, shares.append, lambda: next(times))
    assert shares == [0, 1 / 9]


@pytest.mark.parametrize("kind", ["WebP", "GIF"])
@pytest.mark.parametrize(
    ("alpha", "steps", "pause"), [(2.6, range(12), 200), (2.6, range(0, 24, 2), 100), (1, range(12), 100)]
)
def test_a_film_flashes_less_than_three_times_a_second(alpha, steps, pause, kind):
    """A flash is a turn to dark and a turn back, and only a step of the other parity turns a picture over."""
    board = torch.as_tensor(np.indices((32, 32)).sum(0) % 2, dtype=torch.float64)[None]
    cable = Cable(alpha, 0.1)
    picture = Image.open(io.BytesIO(film(cable, board, list(steps), to_rgb, kind)))
    seen, stands = [], []
    for place in range(picture.n_frames):
        picture.seek(place)
        seen.append(np.asarray(picture.convert("L"), float)[6, 6])
        stands.append(picture.info["duration"])
    changes = np.diff(seen)
    ways = np.sign(changes[np.abs(changes) > 25])  # a tenth of the scale: what counts as a change
    flashes_a_second = (np.diff(ways) != 0).sum() / 2 / (sum(stands) / 1000)
    assert set(stands) == {pause} and flashes_a_second <= 3
    assert (flashes_a_second > 1.5) == (pause == 200)


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
