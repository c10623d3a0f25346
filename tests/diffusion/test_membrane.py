"""The constants of a membrane against numbers worked out by hand in SI units, and against the circuit itself."""

import math

import numpy as np
import pytest

from explorer.diffusion.membrane import DENDRITES, Membrane
from explorer.diffusion.neuron import Neuron, Pulse
from explorer.errors import ExplorerError

# 20 kΩ·cm² = 2 Ω·m², 1 µF/cm² = 0.01 F/m², 100 Ω·cm = 1 Ω·m, 2 µm = 2e-6 m
HAND = Membrane(20.0, 1.0, 100.0, 2.0)


def test_the_constants_are_those_worked_out_by_hand():
    assert HAND.tau_m == pytest.approx(20)  # 2 Ω·m² · 0.01 F/m² = 0.02 s
    assert HAND.lambda_m == pytest.approx(math.sqrt(2))  # √(2 · 2e-6 / 2) m = √(2e-6) m = √2 mm
    assert HAND.r_m == pytest.approx(159.1549431)  # 2 / (2π · 2e-6) Ω·m = 159,155 Ω·m = 159.155 MΩ·mm
    assert DENDRITES["purkinje"].membrane.tau_m == pytest.approx(53.0584)  # 4.574 Ω·m² · 0.0116 F/m²
    assert DENDRITES["purkinje"].membrane.lambda_m == pytest.approx(1.00819, abs=5e-6)  # √(4.574 · 1e-6 / 4.5) m
    assert DENDRITES["pyramidal"].membrane.lambda_m == pytest.approx(0.75)  # √(1.5 · 7.5e-7 / 2) m
    assert DENDRITES["pyramidal"].membrane.tau_m == pytest.approx(15)


def test_the_parts_of_a_segment_are_those_worked_out_by_hand():
    part = HAND.segment(100.0)
    assert part.along == pytest.approx(7.957747)  # 1 · 1e-4 / (π · 4e-12) Ω
    assert part.across == pytest.approx(1591.549431)  # 2 / (2π · 2e-6 · 1e-4) Ω
    assert part.capacity == pytest.approx(12.566371)  # 0.01 · 2π · 2e-6 · 1e-4 F


@pytest.mark.parametrize("membrane", [HAND, *(one.membrane for one in DENDRITES.values()), Membrane(1, 7, 30, 200)])
def test_the_constants_are_those_of_the_circuit(membrane):
    for length in (1.0, 250.0):
        part = membrane.segment(length)
        assert part.across * part.capacity / 1000 == pytest.approx(membrane.tau_m)  # MΩ·pF = µs
        assert length / 1000 * math.sqrt(part.across / part.along) == pytest.approx(membrane.lambda_m)


def test_the_neuron_settles_as_the_chain_of_segments_does():
    """Kirchhoff's laws in every node of the circuit, solved at once, are where the simulation ends."""
    neuron = Neuron(HAND.lambda_m, HAND.tau_m, 10.0, 0.1, r_m=HAND.r_m)
    cells = len(neuron.x)
    part = HAND.segment(100.0)
    flow = np.diag(np.full(cells, 1 / part.across))
    for node in range(cells - 1):
        flow[node : node + 2, node : node + 2] += np.array([[1, -1], [-1, 1]]) / part.along
    put_in = np.zeros(cells)
    put_in[40] = 0.01  # nA
    settled = neuron.simulate(Pulse(neuron.x[40], 0.01), 12 * HAND.tau_m).v[-1]
    np.testing.assert_allclose(settled, np.linalg.solve(flow, put_in), rtol=1e-4)  # MΩ·nA = mV


@pytest.mark.parametrize("wrong", [0.0, -1.0, math.nan, math.inf])
def test_what_no_membrane_has_is_refused(wrong):
    with pytest.raises(ExplorerError, match="radius is"):
        Membrane(radius=wrong)
