"""One dendrite against the analytic profile, the charging curves and the image's scheme."""

import math

import numpy as np
import pytest
import torch
from scipy.special import erf

from explorer.diffusion.cable import Cable
from explorer.diffusion.neuron import Neuron, Pulse
from explorer.errors import ExplorerError


@pytest.mark.parametrize(("lambda_m", "tau_m"), [(1.0, 1.0), (0.6, 3.0)])
def test_a_steady_current_makes_the_exponential_profile(lambda_m, tau_m):
    neuron = Neuron(lambda_m, tau_m, length=24 * lambda_m, dx=lambda_m / 10, r_m=2.0)
    pulse = Pulse(neuron.x[len(neuron.x) // 2], strength=1.5)
    settled = neuron.simulate(pulse, 14 * tau_m).v[-1]
    near = np.abs(neuron.x - pulse.place) < 6 * lambda_m
    expected = neuron.steady(neuron.x, pulse)
    np.testing.assert_allclose(settled[near], expected[near], rtol=4e-3)  # the grid decays by 2·asinh(dx/2λ), not dx/λ
    grid_decay = np.exp(-2 * np.arcsinh(neuron.dx / (2 * lambda_m)) * np.abs(neuron.x - pulse.place) / neuron.dx)
    np.testing.assert_allclose(settled[near] / settled.max(), grid_decay[near], rtol=1e-4)


def test_it_charges_as_the_analytic_curves():
    neuron = Neuron(1.0, 2.0, length=20.0, dx=0.1)
    pulse = Pulse(neuron.x[100], start=0.5)
    trace = neuron.simulate(pulse, 6.0)
    times = trace.t > 0.8
    for distance in (0.0, 1.0, 2.5):
        place = trace.x[100 + round(distance / neuron.dx)]
        expected = neuron.charging(place, trace.t, pulse)
        np.testing.assert_allclose(trace.at(place)[times], expected[times], atol=0.006)
    at_place = neuron.charging(pulse.place, trace.t[times], pulse)
    np.testing.assert_allclose(at_place, 0.5 * erf(np.sqrt((trace.t[times] - 0.5) / 2.0)), rtol=1e-12)
    assert np.isfinite(neuron.charging(np.array([0.0, 1e4]), np.array([[0.0], [0.5001], [1e6]]), pulse)).all()


def test_a_uniform_current_charges_the_membrane_as_one_minus_e():
    neuron = Neuron(1.0, 3.0, length=4.0, dx=0.5, dt=0.003, r_m=2.0)
    trace = neuron.simulate(lambda x, t: np.ones_like(x), 9.0)
    expected = 2.0 * (1 - np.exp(-trace.t / 3.0))
    np.testing.assert_allclose(trace.v, np.broadcast_to(expected[:, None], trace.v.shape), atol=2e-3)


def test_without_current_it_is_the_scheme_of_the_image():
    neuron = Neuron(0.7, 2.0, length=3.0, dx=0.25, dt=0.04)
    kick = np.random.default_rng(0).random(12)
    trace = neuron.simulate(lambda x, t: kick if t == 0 else np.zeros_like(x), 20 * neuron.dt, frames=20)
    cable = Cable(neuron.lambda_m**2, neuron.dt / neuron.tau_m, neuron.dx)
    expected = Cable(0, cable.tau).run(torch.zeros(1, 12, dtype=torch.float64), 1) + torch.tensor(kick) * cable.tau
    flat = Cable(cable.alpha, cable.tau, cable.h_x, 1e9)  # one row: nothing to exchange with rows above and below
    np.testing.assert_allclose(trace.v[-1], flat.run(expected, 19)[0].numpy(), rtol=1e-9)


def test_a_pulse_ends_and_the_potential_decays():
    neuron = Neuron(length=4.0, dx=0.2)
    trace = neuron.simulate(Pulse(1.0, start=0.5, duration=1.0), 4.0)
    peak = trace.at(1.0).argmax()
    assert trace.t[peak] == pytest.approx(1.5, abs=0.05)
    assert (trace.v[trace.t <= 0.5] == 0).all()
    total = trace.v.sum(1)
    late = trace.t > 1.6
    np.testing.assert_allclose(np.diff(np.log(total[late])), np.log(1 - neuron.dt) / neuron.dt * np.diff(trace.t[late]))


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"lambda_m": 0}, "lambda_m is 0"),
        ({"tau_m": -1}, "tau_m is -1"),
        ({"length": math.inf}, "length is inf"),
        ({"dx": 8.0}, "dx is 8: give at most half"),
        ({"dt": 0.1}, "dt is 0.1: give at most 0.00125"),
        ({"dt": "x"}, "dt is 'x'"),
    ],
)
def test_bad_values_are_named(values, named):
    with pytest.raises(ExplorerError, match=named):
        Neuron(**values)


def test_a_simulation_that_would_take_minutes_is_refused():
    with pytest.raises(ExplorerError, match=r"duration is 1e.06"):
        Neuron(dx=0.01).simulate(Pulse(1.0), 1e6)
