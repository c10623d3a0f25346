"""Every case of the Backward tab: stages that lead to the gradient, and no difference from autograd."""

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.layers.backward import LAYERS, Settings, run


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize(
    "given",
    [
        Settings(),
        Settings(size=7, channels=2, outputs=3, kernel=2, stride=3, padding=1, dilation=2, batch=3, seed=9),
        Settings(size=2, kernel=2, stride=1, batch=1, seed=4),
    ],
)
def test_by_hand_is_autograd_and_the_last_stage_is_the_gradient(name, given):
    case = run(name, given)
    assert max(case.apart.values()) < 1e-6
    np.testing.assert_array_equal(list(case.back.x_stages.values())[-1], case.back.x)
    if case.back.weight_stages:
        np.testing.assert_array_equal(list(case.back.weight_stages.values())[-1], case.back.weight)
    assert len(LAYERS[name].signs) == len(case.back.x_stages) - 1
    assert case.inputs and np.abs(next(iter(case.inputs.values()))).max() <= 3


def test_the_stages_of_a_convolution_are_the_formulas():
    stages = run("conv", Settings(stride=2, padding=1)).back.x_stages
    assert [array.shape[-1] for array in stages.values()] == [3, 5, 9, 3, 7, 5]
    spread = stages["dilate(dL/dY, s)"]
    np.testing.assert_array_equal(spread[..., ::2, ::2], stages["dL/dY"])
    assert spread[..., 1::2, :].sum() == 0 == np.abs(spread[..., 1::2]).sum()


@pytest.mark.parametrize(("given", "said"), [(Settings(size=2), "does not fit"), (Settings(padding=2), "padding")])
def test_impossible_settings_are_said(given, said):
    with pytest.raises(ExplorerError, match=said):
        run("maxpool", given)


def test_an_unknown_layer_is_said():
    with pytest.raises(ExplorerError, match="unknown"):
        run("attention", Settings())
