"""Every page opens, with bad values in its URL too; `python -m benchmarks.hostile urls` tries hundreds on each."""

import pytest

from benchmarks.hostile.urls import READ_DIRECTLY, Ear, visit
from explorer.ui.shared import state


@pytest.mark.parametrize("slug", [page.slug for page in state.pages()])
def test_every_page_opens(open_page, slug):
    app = open_page(slug)
    assert app.title and not app.exception and not app.error


@pytest.mark.parametrize("value", ["1e309", "<script>", ""])
def test_no_value_in_the_url_breaks_a_page(value, tmp_path, monkeypatch):
    """A whole number that is infinite once did, in the widget itself."""
    monkeypatch.chdir(tmp_path)
    keys = [*READ_DIRECTLY, "step", "size", "alpha", "tau", "h_x"]
    assert visit("pages/1_Diffusion.py", Ear(), {key: value for key in keys}).title


@pytest.mark.parametrize(
    "params",
    [{"scale": ""}, {"tab": "Where it looks", "method": ""}, {"image": "", "present": "", "model": "", "x": ""}],
)
def test_a_parameter_left_empty_is_none(params, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    app = visit("pages/3_Feature_maps.py", Ear(), params)
    assert app.title and all(app.query_params.get(name) != [""] for name in params)
