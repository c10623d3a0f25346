"""The active cable against Nagumo's front, py-pde, the passive scheme, and what pulses must do."""

import json
import subprocess
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch

from explorer.diffusion.cable import Cable
from explorer.diffusion.nerve import BRIGHT, EXCITED, FIBRE, LEVELS, PRESETS, RANGES, STEP, Nerve, beginning

JS = Path(__file__).parents[2] / "explorer" / "ui" / "components" / "nerve" / "excitable.js"


def run(law: Nerve, fields, steps: int):
    v, w, passive = fields
    for _ in range(steps):
        v, w = law.step(v, w, passive)
    return v, w, passive


def front(v: np.ndarray) -> float:
    """Where the last excited cell of a fibre goes over into one that is not."""
    last = np.flatnonzero(v[0] > EXCITED).max()
    return float(last + (v[0, last] - EXCITED) / (v[0, last] - v[0, last + 1]))


@pytest.mark.parametrize(("threshold", "coupling"), [(0.05, 2.4), (0.1, 2.4), (0.2, 2.0)])
def test_a_front_that_never_recovers_is_as_fast_as_nagumos(threshold, coupling):
    law = Nerve(threshold, 0.0, coupling)
    start = run(law, beginning(PRESETS["One pulse"], 0).fields(), 800)
    later = run(law, start, 800)
    assert (front(later[0]) - front(start[0])) / (800 * STEP) == pytest.approx(law.limit, rel=0.06)  # the grid slows it


def test_a_pulse_runs_at_one_speed_and_keeps_its_shape():
    law, fields, places, widths = Nerve(), beginning(PRESETS["One pulse"], 0).fields(), [], []
    fields = run(law, fields, 1000)
    for _ in range(4):
        fields = run(law, fields, 500)
        places.append(front(fields[0]))
        widths.append(int((fields[0] > EXCITED).sum()))
    steps = np.diff(places)
    assert steps.max() - steps.min() < 0.01 * steps.mean() and 0.5 < steps.mean() / (500 * STEP) < law.limit
    assert max(widths) - min(widths) <= 1 < min(widths)


def test_two_pulses_annihilate():
    fields = run(Nerve(), beginning(PRESETS["Two pulses meet"], 0).fields(), 1500)
    excited = fields[0][0] > EXCITED
    assert excited[: FIBRE // 2].any() and excited[FIBRE // 2 :].any()
    np.testing.assert_allclose(fields[0], fields[0][:, ::-1], atol=1e-9)
    assert run(Nerve(), fields, 3000)[0].max() < 0.05


def test_a_short_passive_stretch_is_jumped_and_a_long_one_is_not():
    fields, reached = beginning(PRESETS["A passive stretch"], 0).fields(), np.zeros(FIBRE, bool)
    for _ in range(80):
        fields = run(Nerve(), fields, 100)
        reached |= fields[0][0] > EXCITED
    assert reached[:100].all() and reached[120:195].all() and not reached[208:].any()


def test_a_push_below_the_threshold_dies_and_one_above_it_fires():
    for level, fires in ((0.04, False), (0.2, True)):
        v, rest = np.full((1, 40), level), np.zeros((1, 40))
        most = max(run(Nerve(), (v, rest, rest > 0), steps)[0].max() for steps in (1, 200, 400))
        assert (most > 0.8) == fires


def test_at_rest_it_stays():
    rest = np.zeros((5, 7))
    v, w, _ = run(Nerve(), (rest, rest, rest > 0), 50)
    assert not v.any() and not w.any()


def test_where_it_is_passive_it_is_the_papers_scheme():
    law = Nerve(0.1, 0.02, 1.7)
    v = np.random.default_rng(0).random((9, 12))
    cable = Cable(law.coupling / law.threshold, law.threshold * STEP)  # α = D/a, and time counted in 1/a
    ours = run(law, (v, np.zeros_like(v), np.ones_like(v, bool)), 20)[0]
    np.testing.assert_allclose(ours, cable.run(torch.from_numpy(v), 20), atol=1e-12)


@pytest.mark.slow
def test_a_spiral_goes_on_where_a_ring_is_gone():
    alive = {}
    for name in ("A spiral", "A ring"):
        fields = run(Nerve(), beginning(PRESETS[name], 128).fields(), 6000)
        alive[name] = float((fields[0] > EXCITED).mean())
    assert alive["A spiral"] > 0.01 and alive["A ring"] == 0


def test_py_pde_takes_the_same_steps(monkeypatch):
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    law, noise = Nerve(0.1, 0.02, 1.5), np.random.default_rng(1).random((2, 8, 11))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations of its own
        import pde

        grid = pde.CartesianGrid([(0, 8), (0, 11)], [8, 11])
        active = f"{law.coupling} * laplace(v) + v * (1 - v) * (v - {law.threshold}) - w"
        equations = pde.PDE({"v": active, "w": f"{law.recovery} * (v - w)"}, bc={"derivative": 0})
        fields = pde.FieldCollection([pde.ScalarField(grid, field) for field in noise], labels=["v", "w"])
        settings = {"t_range": 30 * STEP, "dt": STEP, "solver": "euler", "backend": "numpy", "tracker": None}
        solved = equations.solve(fields, **settings)
    v, w, _ = run(law, (*noise, np.zeros((8, 11), bool)), 30)
    np.testing.assert_allclose(v, solved[0].data, atol=1e-10)
    np.testing.assert_allclose(w, solved[1].data, atol=1e-10)


def test_no_law_that_can_be_chosen_leaves_the_numbers():
    for threshold in RANGES["threshold"]:
        for recovery in RANGES["recovery"]:
            for coupling in RANGES["coupling"]:
                noise = np.random.default_rng(2).random((16, 16))
                v = run(Nerve(threshold, recovery, coupling), (noise, noise * 0, noise < 0.1), 300)[0]
                assert v.min() > -0.5 and v.max() < 1.2


def test_the_brightest_tenth_of_an_image_is_excited():
    made = beginning(PRESETS["The image"], 128, np.linspace(0, 1, 128 * 128).reshape(128, 128))
    assert (made.v == LEVELS).mean() == pytest.approx(BRIGHT, abs=1e-3) and made.v.ravel()[-1] == LEVELS
    assert set(np.unique(made.v)) == {0, LEVELS} and not made.w.any() and not made.passive.any()


@pytest.mark.needs("node")
@pytest.mark.parametrize("name", ["A passive stretch", "A wall with a gap"])
def test_the_browser_takes_the_same_steps(name):
    law, begin = Nerve(0.08, 0.012, 1.3), beginning(PRESETS[name], 128)
    height, width = begin.v.shape
    code = f"""
        import {{ Excitable }} from {json.dumps(JS.as_uri())};
        let text = "";
        for await (const chunk of process.stdin) text += chunk;
        const {{ law, arrays }} = JSON.parse(text), membrane = new Excitable({height}, {width});
        membrane.load(...arrays);
        for (let n = 0; n < 400; n++) membrane.step(law);
        const rows = Array.from({{ length: {height} }}, (_, y) => membrane.at(y, 0));
        const inside = (all) => rows.flatMap((begin) => Array.from(all.subarray(begin, begin + {width})));
        console.log(JSON.stringify([inside(membrane.v), inside(membrane.w)]));
    """
    arrays = [array.ravel().tolist() for array in (begin.v, begin.w, begin.passive)]
    asked = {"law": vars(law), "arrays": arrays}
    command = ["node", "--input-type=module", "-e", code]
    answer = subprocess.run(command, input=json.dumps(asked), capture_output=True, check=True, text=True)
    v, w, _ = run(law, begin.fields(), 400)
    for ours, theirs in zip((v, w), json.loads(answer.stdout), strict=True):
        np.testing.assert_allclose(np.reshape(theirs, ours.shape), ours, atol=2e-4)
