"""How often networks of CIFAR-10 are right on test images that were made to fool them, before and after diffusion.

    python -m benchmarks.fooled                       # the shipped networks and the study's, one step of the attack
    python -m benchmarks.fooled --record              # and keeps what came out, for the page Classify
    python -m benchmarks.fooled cifar10-w16-original  # one

Each network is attacked with its own slopes (explorer/classify/fooling.py), on the first test images. Diffusion, three
steps without leak, is not known to the attack.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import torch
from torch import Tensor

from benchmarks.common import exit_code, measurement, report
from explorer import data, subjects
from explorer.classify.fooling import GREYS, fooled
from explorer.classify.predict import probabilities, standardised
from explorer.data.disturb import blur
from explorer.errors import ExplorerError
from explorer.networks import weights
from explorer.networks.subject import Subject
from explorer.paths import DATA
from explorer.results import keeping, study
from explorer.results.evidence import MAIN
from explorer.results.fooled import DIFFUSED, IMAGES, LEVELS

DATASET = "cifar10"
LARGEST = 10_000_000  # parameters; width 64 takes minutes a network


def options() -> argparse.Namespace:
    asked = measurement("fooled", __doc__)
    asked.add_argument("names", nargs="*", metavar="NAME", help="shipped networks; those of the study as well without")
    asked.add_argument("--data", type=Path, default=DATA, metavar="FOLDER", help="where the datasets lie (%(default)s)")
    return asked.parse_args()


def networks(names: list[str]) -> Iterator[tuple[Subject, dict]]:
    """Each network with what its row begins with: the shipped ones, then the study's, arm after arm."""
    shipped = [name for name, card in weights.cards().items() if card.dataset == DATASET and card.parameters <= LARGEST]
    if odd := [name for name in names if name not in shipped]:
        raise ExplorerError(
            f"no network of CIFAR-10 with up to {LARGEST:,} parameters is called {odd[0]!r:.60}: take one of "
            f"{', '.join(shipped)}"
        )
    for name in names or shipped:
        yield subjects.pretrained(name), {"network": name}
    for run in [] if names else study.runs():
        if run.experiment.key == MAIN and (keeping.KEPT / f"{run.name}.safetensors").exists():
            yield subjects.pretrained(run.name, keeping.KEPT), {"network": run.name, "arm": run.arm, "seed": run.seed}


def rights(subject: Subject, fields: Tensor, labels: Tensor) -> dict[str, list[int]]:
    """Right answers at each ε, as attacked and diffused after that."""
    attacked = diffused = torch.zeros(len(LEVELS), dtype=torch.int64)
    epsilon = torch.tensor(LEVELS) / GREYS
    for field, label in zip(fields, labels, strict=True):
        pictures = fooled(subject, field[None], label[None], epsilon)
        softened = blur.diffused(pictures.permute(0, 2, 3, 1).numpy(), DIFFUSED, leak=False)
        attacked = attacked + _right(subject, pictures, label)
        diffused = diffused + _right(subject, torch.from_numpy(softened).permute(0, 3, 1, 2), label)
    return {"attacked": attacked.tolist(), "diffused": diffused.tolist()}


def _right(subject: Subject, fields: Tensor, label: Tensor) -> Tensor:
    return torch.from_numpy(probabilities(subject, standardised(subject, fields)).argmax(1)) == label


def main() -> int:
    asked = options()
    torch.set_num_threads(1)
    split = data.dataset(DATASET, "test", asked.data)
    if len(split) < IMAGES:
        raise ExplorerError(f"in {asked.data} are {len(split)} test images of CIFAR-10: {IMAGES} are wanted")
    fields, labels = split.images[:IMAGES].float() / 255, split.labels[:IMAGES]
    rows = []
    for subject, told in networks(asked.names):
        rows.append(told | rights(subject, fields, labels))
        print(f"{told['network']}: {rows[-1]['attacked']} of {IMAGES}, diffused {rows[-1]['diffused']}", flush=True)
    facts = {"images": IMAGES, "levels": list(LEVELS), "steps of diffusion": DIFFUSED}
    worst = min(row["attacked"][LEVELS.index(1.0)] for row in rows)
    best = max(row["attacked"][LEVELS.index(1.0)] for row in rows)
    figure = f"at ε of one grey level the {len(rows)} networks are right on {worst} to {best} of {IMAGES} test images"
    return report("fooled", rows, figure, record=asked.record, facts=facts, whole=not asked.names)


if __name__ == "__main__":
    sys.exit(exit_code(main))
