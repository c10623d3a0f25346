"""Bad values in the URL of a page; `python -m benchmarks.hostile urls` tries hundreds on every page."""

import pytest

from benchmarks.hostile.urls import READ_DIRECTLY, Ear, visit


@pytest.mark.parametrize("value", ["1e309", "<script>"])
def test_no_value_in_the_url_breaks_a_page(value, tmp_path, monkeypatch):
    """A whole number that is infinite once did, in the widget itself."""
    monkeypatch.chdir(tmp_path)
    keys = [*READ_DIRECTLY, "step", "size", "alpha", "tau", "h_x"]
    assert visit("pages/1_Diffusion.py", Ear(), dict.fromkeys(keys, value)).title
