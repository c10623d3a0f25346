"""A sample of the bad visitors of `python -m benchmarks.hostile`: nothing but ExplorerError comes out."""

from itertools import islice

import pytest

from benchmarks.hostile.surfaces import SURFACES
from explorer.errors import ExplorerError

VISITORS = 5000  # of which every twentieth is let in here


@pytest.mark.parametrize("surface", ["lists", "parameters", "recipes", "runs", "stacks", "weights"])
def test_bad_visitors_are_refused_in_one_sentence(surface, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    refused = 0
    for what, call in islice(SURFACES[surface](tmp_path), 3, VISITORS, 20):
        try:
            call()
        except ExplorerError as error:
            refused += 1
            assert str(error).isprintable() and len(str(error)) < 1000, what
        except Exception as error:
            raise AssertionError(f"{what}: {error!r}") from error
    assert refused > 10
