"""Accuracy of every shipped network on its disturbed test images, kept beside its weights.

    python -m benchmarks.robustness                         # all, the cheap ones first
    python -m benchmarks.robustness cifar10-w16-original    # one
    python -m benchmarks.robustness --images 2000           # the first 2,000 test images of each
    python -m benchmarks.robustness --list                  # what is there

Nine disturbances at five strengths each, and diffusion with its leak beside them. It can be stopped at any time and
goes on where it was; --images of a later call may be larger. One thread, so that it can run beside other work (nice).
"""

import argparse
import sys
import time
from pathlib import Path

import torch

from benchmarks.common import exit_code, measurement, positive, report, table
from explorer import data
from explorer.data.disturb import DISTURBANCES
from explorer.errors import ExplorerError
from explorer.networks import robustness, weights
from explorer.networks.robustness import Robustness
from explorer.paths import DATA, PRETRAINED


def options() -> argparse.Namespace:
    asked = measurement("robustness", __doc__)
    asked.add_argument("names", nargs="*", metavar="NAME", help="shipped networks; all without")
    asked.add_argument("--images", type=positive, metavar="N", help="the first so many test images; all without")
    asked.add_argument("--data", type=Path, default=DATA, metavar="FOLDER", help="where the datasets lie (%(default)s)")
    asked.add_argument("--threads", type=positive, default=1, metavar="N", help="%(default)s without")
    asked.add_argument("--list", action="store_true", help="show what is measured, measure nothing")
    return asked.parse_args()


def chosen(names: list[str]) -> list[str]:
    """The shipped networks asked for, the cheapest first."""
    cards = {name: card for name, card in weights.cards().items() if not card.source}  # those tested here
    if odd := [name for name in names if name not in cards]:
        raise ExplorerError(f"no network called {odd[0]!r:.60} was trained here: take one of {', '.join(cards)}")

    def cost(name: str) -> int:
        card = cards[name]
        return card.parameters * card.size**2 if card.model not in ("mlp", "digits-cnn") else card.parameters

    return sorted(names or cards, key=cost)


def file(name: str) -> Path:
    return PRETRAINED / f"{name}.robust.json"


def there(name: str) -> Robustness | None:
    return robustness.read(file(name), weights.read_card(name).sha256) if file(name).is_file() else None


def measure(name: str, images: int | None, folder: Path) -> None:
    model, card = weights.load(name)
    split = data.dataset(card.dataset, "test", folder)
    if len(split) != card.split["images"] or (split.mean, split.std) != (card.mean, card.std):
        raise ExplorerError(f"{name} was tested on {card.tested}, and in {folder} are {split.source}: take those")
    begin = time.perf_counter()

    def told(found: Robustness) -> None:
        print(f"{name}: {found.images:,} of {found.of:,} test images, {time.perf_counter() - begin:.0f} s", flush=True)

    found = robustness.measure(model, split, file(name), weights=card.sha256, images=images, told=told)
    print(f"{name}: {found.percent(found.clean)[0]:.2f} % clean, {found.percent(_mean(found))[0]:.2f} % disturbed")


def _mean(found: Robustness) -> float:
    strengths = found.mean()
    return sum(strengths) / len(strengths)


def row(name: str, found: Robustness | None) -> dict:
    if found is None:
        return {"network": name, "images": "none yet"}
    shares = {one: sum(found.under[one]) / len(found.under[one]) for one in DISTURBANCES}
    cells = {"clean": found.clean, "disturbed": _mean(found)} | shares
    return {"network": name, "images": f"{found.images:,} of {found.of:,}"} | {
        key: round(found.percent(right)[0], 2) for key, right in cells.items()
    }


def main() -> int:
    asked = options()
    names = chosen(asked.names)
    if asked.list:
        print(table([row(name, there(name)) for name in names]))
        return 0
    torch.set_num_threads(asked.threads)
    for name in names:
        measure(name, asked.images, asked.data)
    rows = [row(name, there(name)) for name in names]
    figure = f"{len(rows)} networks; each number is the mean over five strengths"
    return report("robustness", rows, figure, record=asked.record, whole=not asked.names)


if __name__ == "__main__":
    sys.exit(exit_code(main))
