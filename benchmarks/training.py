"""Training images a second beside the loop that people copy, on the same model and images, data loading included.

    python -m benchmarks.training [--seconds 20] [--rounds 3] [--widths 16 64]

The copied loop: a torchvision dataset with PIL transforms (crop, flip, to tensor, normalise), a DataLoader with two
workers, float32, NCHW, a `loss.item()` every step. Ours: the step of our trainer, as it runs, on the CPU. Both train
the cable paper's ResNet-18 on CIFAR-10 with batches of 128, in turns, each in a process of its own. The figure is the
median over the rounds of the ratio; the bound is 2.5 at every width. On a machine that is busy with other things
the second ratio, for each second of processor time, is the steadier one; the lower of the two counts.
"""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from PIL import Image
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import VisionDataset

from benchmarks.common import FULL, above_zero, exit_code, measurement, positive, report
from explorer.data import dataset
from explorer.networks import zoo
from explorer.training.recipe.recipe import preset
from explorer.training.work.control import Control
from explorer.training.work.run import Trainer

MODEL, BATCH, BOUND, WARM_UP = "original", 128, 2.5, 2
SECONDS, ROUNDS, WIDTHS = 20, 3, (16, 64)


class Pictures(VisionDataset):
    """torchvision.datasets.CIFAR10 as it is, but for where its arrays come from."""

    def __init__(self, split, transform):
        super().__init__(root="", transform=transform)
        self.data, self.targets = split.images.permute(0, 2, 3, 1).contiguous().numpy(), split.labels.tolist()

    def __len__(self):
        return len(self.data)

    def __getitem__(self, index):
        assert self.transform  # given above
        return self.transform(Image.fromarray(self.data[index])), self.targets[index]


class Copied:
    """The loop of a thousand tutorials."""

    def __init__(self, split, width):
        self.model = zoo.build(MODEL, width=width, seed=0)
        self.optimiser = torch.optim.SGD(self.model.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4)
        transform = transforms.Compose(
            [
                transforms.RandomCrop(32, padding=4),
                transforms.RandomHorizontalFlip(),
                transforms.ToTensor(),
                transforms.Normalize(split.mean, split.std),
            ]
        )
        self.loader = DataLoader(Pictures(split, transform), batch_size=BATCH, shuffle=True, num_workers=2)

    def steps(self):
        self.model.train()
        while True:
            for images, labels in self.loader:
                self.optimiser.zero_grad()
                loss = F.cross_entropy(self.model(images), labels)
                loss.backward()
                self.optimiser.step()
                yield loss.item()


class Ours:
    def __init__(self, folder, width):
        recipe = preset("good", model=MODEL, width=width, batch_size=BATCH, device="cpu", learning_rate=0.1)
        self.run = Trainer(recipe, Path(folder), Control(folder))
        self.run.plain.train()

    def steps(self):
        run, index = self.run, torch.randperm(len(self.run.train))
        while True:
            start = run.batch * BATCH % (len(index) - BATCH)
            run.step(index[start : start + BATCH])
            run.batch += 1
            run.decide()
            if run.progress.due():
                run.tell_training()
            yield


def measure(side: str, width: int, seconds: float, threads: int | None) -> dict:
    """Images a second, and images for each second of processor time, of one side alone in this process."""
    if threads:
        torch.set_num_threads(threads)
    with tempfile.TemporaryDirectory() as folder:
        loop = Ours(folder, width) if side == "ours" else Copied(dataset("cifar10", "train"), width)
        steps = loop.steps()
        for _ in range(WARM_UP):
            next(steps)
        count, begin, used = 0, time.perf_counter(), processor_seconds()
        while (passed := time.perf_counter() - begin) < seconds or count < 3 * BATCH:
            next(steps)
            count += BATCH
        steps.close()  # ends the loader's workers, whose time is then known
        return {"rate": count / passed, "per processor second": count / (processor_seconds() - used)}


def processor_seconds() -> float:
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def apart(side: str, width: int, options) -> dict:
    """The measurement in a process of its own, so that neither side's settings help the other."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.training",
        "--side",
        side,
        "--widths",
        str(width),
        "--seconds",
        str(options.seconds),
    ]
    if options.threads:
        command += ["--threads", str(options.threads)]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(output.splitlines()[-1])


def main() -> int:
    command = measurement("training", __doc__)
    command.add_argument("--seconds", type=above_zero, default=SECONDS, help=f"of each, {FULL}")
    command.add_argument("--rounds", type=positive, default=ROUNDS, help=FULL)
    command.add_argument("--widths", type=positive, nargs="+", default=WIDTHS, help="16 and 64 without")
    command.add_argument("--threads", type=positive, help="of either side; as many as there are cores without")
    command.add_argument("--side", choices=["ours", "copied"], help="measure one side in this process")
    options = command.parse_args()
    if options.side:
        print(json.dumps(measure(options.side, options.widths[0], options.seconds, options.threads)))
        return 0
    check(options.widths)
    rows = []
    for width in options.widths:
        rounds = []
        for number in range(options.rounds):
            copied, ours = (apart(side, width, options) for side in ("copied", "ours"))
            rounds.append((ours, copied))
            print(
                f"width {width}, round {number + 1}: {ours['rate']:.0f} against {copied['rate']:.0f} images/s; "
                f"{ours['per processor second']:.0f} against {copied['per processor second']:.0f} for each processor "
                "second",
                flush=True,
            )
        median = {
            key: [statistics.median(each[side][key] for each in rounds) for side in (0, 1)]
            for key in ("rate", "per processor second")
        }
        rows.append(
            {
                "width": width,
                "ours, images/s": median["rate"][0],
                "copied loop, images/s": median["rate"][1],
                "ratio": statistics.median(a["rate"] / b["rate"] for a, b in rounds),
                "ratio for each processor second": statistics.median(
                    a["per processor second"] / b["per processor second"] for a, b in rounds
                ),
                "rounds": options.rounds,
                "threads": options.threads or torch.get_num_threads(),
            }
        )
    whole = options.seconds >= SECONDS and options.rounds >= ROUNDS and set(options.widths) >= set(WIDTHS)
    return summary(rows, options.record, whole)


def check(widths: list[int]) -> None:
    """Refuses what a process of its own could not measure, before the first begins."""
    dataset("cifar10", "train")
    for width in widths:
        preset("good", model=MODEL, width=width)


def summary(rows: list[dict], record: bool, whole: bool) -> int:
    worst = min(min(row["ratio"], row["ratio for each processor second"]) for row in rows)
    return report(
        "training",
        rows,
        f"{worst:.2f} times the copied loop, the lowest of all ratios (bound: {BOUND})",
        worst >= BOUND,
        record=record,
        whole=whole,
    )


if __name__ == "__main__":
    sys.exit(exit_code(main))
