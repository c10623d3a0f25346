"""Presets are what their names say."""

import pytest
import torch

from explorer.diffusion.cable import Cable
from explorer.diffusion.presets import PRESETS

VERDICTS = {
    "gentle": "smooth", "strong": "smooth", "decay": "smooth", "horizontal": "smooth",
    "edge": "ringing", "ringing": "ringing", "explosion": "divergent",
}  # fmt: skip


def noise(*shape, seed=0):
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def cable_of(preset, boundary="insulated"):
    return Cable(preset.alpha, preset.tau, preset.h_x, preset.h_y, boundary)


@pytest.mark.parametrize("name", PRESETS)
def test_presets_do_what_their_names_say(name):
    cable, u = cable_of(PRESETS[name]), noise(24, 24)
    assert cable.stability().verdict == VERDICTS[name]
    after_100 = cable.run(u, 100)
    if name == "decay":
        assert torch.allclose(after_100, (1 - cable.tau) ** 100 * u, rtol=1e-12)
    if name == "horizontal":
        assert (after_100.std(1) / after_100.mean(1)).max() < 0.3 < (u.std(1) / u.mean(1)).min()
        assert torch.allclose(after_100.mean(1), (1 - cable.tau) ** 100 * u.mean(1), rtol=1e-4)
    if name == "edge":
        y, x = torch.meshgrid(torch.arange(24), torch.arange(24), indexing="ij")
        finest = (-1.0) ** (x + y).double()
        periodic = cable_of(PRESETS[name], "periodic")
        assert torch.allclose(periodic.run(finest, 101), -finest, rtol=1e-9)
    if name == "explosion":
        assert after_100.abs().max() > 1e4
