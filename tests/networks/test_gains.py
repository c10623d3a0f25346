"""What a layer does to waves: against the scheme's own law, against images of waves, and in words."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from explorer.diffusion.cable import Cable
from explorer.networks import gains, weights, zoo
from explorer.networks.cable_layer import CabEqConv2d, CableLayer
from explorer.networks.controls import FRONTS, Blur, Depthwise, Free, SmoothCabEqConv2d, SoftCabEqConv2d

kernels = arrays.arrays(np.float64, (3, 2, 3, 3), elements=st.floats(-3, 3, allow_subnormal=False))
wave = st.integers(0, 7)


def one_channel(cable: Cable) -> np.ndarray:
    return gains.kernel_of(np.full((1, 1), cable.phi), np.full((1, 1), cable.psi), np.full((1, 1), cable.tau))


def test_a_cable_layers_gain_is_the_amplification_of_the_scheme():
    cable = Cable(alpha=1.3, tau=0.2, h_x=1.2, h_y=0.8)
    found = gains.of_kernel(one_channel(cable))
    for place, k in enumerate(found.waves):
        for direction, way in ((gains.ALONG_X, (k, 0)), (gains.ALONG_Y, (0, k)), (gains.DIAGONAL, (k, k))):
            assert found.average[direction][place] == pytest.approx(abs(cable.amplification(*way)), abs=1e-12)
            assert found.worst[direction][place] == pytest.approx(abs(cable.amplification(*way)), abs=1e-12)


@settings(max_examples=50, deadline=None)
@given(kernels, wave, wave)
def test_the_gain_is_what_a_convolution_does_to_an_image_of_the_wave(kernel, x, y):
    """Periodic, 8 pixels: the wave is an eigenvector, and G of it is read off the image."""
    k_x, k_y = 2 * np.pi * x / 8, 2 * np.pi * y / 8
    rows, columns = np.mgrid[:8, :8]
    picture = np.exp(1j * (k_x * columns + k_y * rows))
    expected = gains.matrices(kernel, np.array([k_x]), np.array([k_y]))[0]
    for out, into in np.ndindex(expected.shape):
        turned = sum(
            kernel[out, into, 1 + down, 1 + right] * np.roll(picture, (-down, -right), (0, 1))
            for down in (-1, 0, 1)
            for right in (-1, 0, 1)
        )
        np.testing.assert_allclose(turned, expected[out, into] * picture, atol=1e-9)


@settings(max_examples=50, deadline=None)
@given(kernels)
def test_the_average_is_what_chance_colours_keep_and_no_colour_keeps_more_than_the_worst(kernel):
    found = gains.of_kernel(kernel)
    draw = np.random.default_rng(0).normal(size=(4000, 2))
    kept = np.linalg.norm(draw @ found.flat.T, axis=1) / np.linalg.norm(draw, axis=1)
    assert (kept <= found.worst[gains.DIAGONAL][0] * (1 + 1e-9) + 1e-12).all()
    assert np.sqrt((np.linalg.norm(draw @ found.flat.T, axis=1) ** 2).mean() / (draw**2).sum(1).mean()) == (
        pytest.approx(found.average[gains.DIAGONAL][0], rel=0.06, abs=1e-9)
    )
    assert all((found.average[way] <= found.worst[way] + 1e-9).all() for way in found.average)


@pytest.mark.parametrize(("layer", "words"), [
    (Blur(3, 3), "takes the finest detail away"),
    (SoftCabEqConv2d(3, 3), "smooths ×0.2"),
    (SmoothCabEqConv2d(3, 3), "smooths ×0.2"),
    (Depthwise(3, 3), "smooths ×0.21"),
    (CabEqConv2d(3, 3), "sharpens ×"),
])  # fmt: skip
def test_the_words_of_what_stands_in_the_zoo(layer, words):
    found = gains.of(layer)
    assert found.words.startswith(words) and found.words in found.sentence and found.sentence.endswith(".")


def test_the_words_of_the_ends():
    free = Free(3, 3)
    kernel = torch.zeros(3, 3, 3, 3)

    def words(kernel):
        with torch.no_grad():
            free.weight.copy_(kernel.flatten(2))
        return gains.of(free).words

    kernel[range(3), range(3), 1, 1] = 0.7
    assert words(kernel) == "is nearly the identity"
    assert words(-kernel) == "is nearly the identity"  # a minus is BatchNorm's business
    kernel[0, 1, 1, 1] = 0.7
    assert words(kernel) == "treats flat areas and fine detail alike"
    edges = torch.zeros(3, 3, 3, 3)
    edges[:, :] = torch.tensor([[0, 1, 0], [1, -4, 1], [0, 1, 0.0]])
    assert words(edges) == "keeps only fine detail" and "lets next to nothing" in gains.of(free).sentence
    assert words(torch.zeros(3, 3, 3, 3)) == "lets nothing through" and "zero" in gains.of(free).sentence


def test_phi_psi_and_tau_over_the_epochs_give_the_kernels_that_the_layer_has():
    layer = CabEqConv2d(3, 3)
    phi, psi, tau = (values.detach().double().numpy() for values in (layer.phi, layer.psi, layer.tau))
    np.testing.assert_allclose(gains.kernel_of(phi, psi, tau), layer.kernel().detach().numpy(), atol=1e-6)
    both = gains.kernel_of(np.stack([phi, 2 * phi]), np.stack([psi, 2 * psi]), np.stack([tau, tau]))
    course = gains.course(both)
    assert course[0] == pytest.approx(gains.of(layer).ratio, rel=1e-5) and course[1] < course[0]


@pytest.mark.parametrize("name", ["cabeq-rn-1", *FRONTS])
def test_the_start_is_made_again_from_the_cards_seed(name, tmp_path):
    model = zoo.build(name, width=2, seed=11)
    card = weights.Card(
        name, 2, "cifar10", tuple("abcdefghij"), 32, 3, (0.5,) * 3, (0.2,) * 3, {}, None, {}, 11, "", {}
    )
    start = gains.at_start(card)
    assert {*start} == {*gains.layers(model)}
    for path, layer in gains.layers(model).items():
        np.testing.assert_allclose(start[path].flat, gains.of(layer).flat, atol=1e-7)


def test_every_shipped_cable_layer_is_said_to_do_what_it_does_to_noise():
    """White noise through the layer: sharpened has more of the finest waves than flat ones, smoothed less."""
    name = next(name for name, card in weights.cards().items() if card.model == "cabeq-sd-1")
    layer = next(iter(gains.layers(weights.load(name)[0]).values()))
    assert isinstance(layer, CableLayer)
    noise = torch.randn(400, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    spectrum = (
        torch.fft.fft2(
            torch.nn.functional.conv2d(torch.nn.functional.pad(noise, (1,) * 4, "circular"), layer.kernel())
        ).abs()
        ** 2
    )
    ratio = (spectrum[:, :, 8, 8].mean() / spectrum[:, :, 0, 0].mean()).sqrt()
    assert float(ratio) == pytest.approx(gains.of(layer).ratio, rel=0.15)
