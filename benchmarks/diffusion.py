"""Ours beside others, step by step and for 1000 steps at once; and the server time of the Diffusion page's controls.

    python -m benchmarks.diffusion

One float64 channel, insulated edges, one run of one program, so the ratios are what counts; each time is the best of
several. `conv2d` is torch's, in both memory formats; `ndimage` is scipy's correlate with the same kernel; `py-pde` is
its explicit Euler solver on its NumPy backend. Bounds, at 512 x 512: an explicit step at least 10 times as fast as
ndimage and py-pde, and 1000 steps in one jump at least 200 times as fast as 1000 of either, at every size.
First come the page's controls, benchmarks.diffusion_page.
"""

import sys
import time
import warnings
from collections.abc import Callable

import numpy as np
import scipy.ndimage
import torch
import torch.nn.functional as F

from benchmarks import diffusion_page
from benchmarks.common import exit_code, measurement, report
from explorer.diffusion.cable import Cable

SIZES = (96, 128, 256, 512, 1024)
MEASURED = 512  # the size that the bound for one step is about
STEP, JUMP = 10, 200  # times
CABLE = Cable(1.0, 0.1)


def best(work: Callable[[], object], per: int = 1, seconds: float = 0.4) -> float:
    """Milliseconds, the least of as many calls as fit into the time, at least five and one before them."""
    work()
    taken, end = [], time.perf_counter() + seconds
    while len(taken) < 5 or time.perf_counter() < end:
        begin = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - begin) / per)
    return min(taken)


def py_pde(u: torch.Tensor) -> Callable[[int], object]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pde
        from pde.solvers.euler import EulerSolver

    height, width = u.shape
    grid = pde.CartesianGrid([(0, width), (0, height)], [width, height])
    equation = pde.PDE({"u": f"{CABLE.alpha} * laplace(u) - u"}, bc={"derivative": 0})
    field = pde.ScalarField(grid, u.numpy().T)
    stepper = EulerSolver(equation, backend="numpy").make_stepper(field, dt=CABLE.tau)
    return lambda n: stepper(field, 0, n * CABLE.tau)


def row(size: int) -> dict:
    u = torch.rand(size, size, generator=torch.Generator().manual_seed(size), dtype=torch.float64)
    kernel = CABLE.kernel()
    image, weight, padded = u[None, None], kernel[None, None], u.numpy()
    channels_last = image.to(memory_format=torch.channels_last)
    out, steps = np.empty_like(padded), 200 if size <= 256 else 60
    with torch.inference_mode():
        times = {
            "run": best(lambda: CABLE.run(u, steps), steps),
            "conv2d": best(lambda: F.conv2d(image, weight, padding=1)),
            "conv2d last": best(lambda: F.conv2d(channels_last, weight, padding=1)),
            "ndimage": best(lambda: scipy.ndimage.correlate(padded, kernel.numpy(), output=out, mode="nearest")),
        }
    solve = py_pde(u)
    times["py-pde"] = best(lambda: solve(5), 5)
    jump = best(lambda: CABLE.jump(u, 1000))
    others = [name for name in times if name != "run"]
    return {
        "size": size,
        **{f"{name}, ms": round(value, 4) for name, value in times.items()},
        **{f"{name} / run": round(times[name] / times["run"], 1) for name in others},
        "jump(1000), ms": round(jump, 2),
        **{f"1000 {name} / jump": round(1000 * times[name] / jump) for name in ("run", *others)},
    }


def main() -> int:
    record = measurement("diffusion", __doc__).parse_args().record
    page = diffusion_page.measure(record)
    rows = [row(size) for size in SIZES]
    (at,) = (row for row in rows if row["size"] == MEASURED)
    per_step = min(at["ndimage / run"], at["py-pde / run"])
    per_jump = min(row[f"1000 {name} / jump"] for row in rows for name in ("ndimage", "py-pde"))
    text = (
        f"at {MEASURED} x {MEASURED} a step is {at['ndimage / run']:.1f} times as fast as ndimage and "
        f"{at['py-pde / run']:.1f} times as py-pde (bound: {STEP}); 1000 steps at least {per_jump} times at every size "
        f"(bound: {JUMP})"
    )
    return max(page, report("diffusion", rows, text, per_step >= STEP and per_jump >= JUMP, record=record))


if __name__ == "__main__":
    sys.exit(exit_code(main))
