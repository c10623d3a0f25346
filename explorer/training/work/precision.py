"""float32 or bfloat16: decided by three steps of each on the run's own model and batch, and said why.

Cable layers stay in float32 under autocast; they see to that themselves.
"""

import copy
import time

import torch
import torch.nn.functional as F

from explorer.networks.evaluation import autocast

TRIAL_STEPS = 3


def step_seconds(model, images, labels, precision: str, steps: int = TRIAL_STEPS) -> float:
    """Seconds of a forward and backward pass of a copy of the model, the best after one to warm up. On a CPU they are
    seconds of processor time, which what else the machine does hardly changes."""
    device, model = images.device, copy.deepcopy(model)
    clock = time.perf_counter if device.type == "cuda" else time.process_time

    def step():
        with autocast(device, precision):
            loss = F.cross_entropy(model(images).float(), labels)
        loss.backward()

    step()
    taken = []
    for _ in range(steps):
        _wait(device)
        start = clock()
        step()
        _wait(device)
        taken.append(clock() - start)
    return min(taken)


def choose(model, images, labels) -> tuple[str, str]:
    """The faster precision for this model on this device, and the reason in words."""
    if images.device.type == "cuda" and not torch.cuda.is_bf16_supported(including_emulation=False):
        return "float32", "float32: this GPU has no bfloat16"
    seconds = {name: step_seconds(model, images, labels, name) for name in ("float32", "bfloat16")}
    best = min(seconds, key=seconds.__getitem__)
    other = "float32" if best == "bfloat16" else "bfloat16"
    return best, (
        f"{best}: {1000 * seconds[best]:.3g} ms a step of {len(images)} images against "
        f"{1000 * seconds[other]:.3g} ms in {other}, best of {TRIAL_STEPS}"
    )


def _wait(device):
    if device.type == "cuda":
        torch.cuda.synchronize(device)
