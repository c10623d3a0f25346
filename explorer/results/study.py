"""The study of whether the cable layer helps: which networks are trained how often.

docs/STUDY.md is its protocol, written before the first run and only appended to. `runs()` lists what is to be
trained, the most wanted first; keeping.py keeps what has come out, evidence.py says what it means.
"""

from dataclasses import dataclass

from explorer.training.recipe.recipe import Recipe, preset

BASELINE, CABLE = "original", "cabeq-sd-1"
WORDS = {  # what stands in front of the ResNet
    BASELINE: "nothing",
    "front-bn": "BatchNorm and ReLU alone",
    "front-blur": "a fixed blur",
    "front-depthwise": "a free kernel a channel",
    "front-free": "a free convolution",
    CABLE: "the cable layer",
    "cabeq-soft-1": "cable, started smoothing",
    "cabeq-smooth-1": "cable, held to smoothing",
}
ARMS = tuple(WORDS)


@dataclass(frozen=True)
class Experiment:
    key: str
    title: str
    arms: tuple[str, ...]
    seeds: tuple[int, ...]
    recipe: Recipe
    folds: bool = False  # a seed is a fold of the labelled images, its own test images
    weights: bool = True  # whether they are kept

    def made(self, arm: str, seed: int) -> Recipe:
        return self.recipe.changed(model=arm, seed=seed, **({"fold": seed + 1} if self.folds else {}))

    @property
    def dataset(self) -> str:
        return self.recipe.dataset

    @property
    def width(self) -> int:
        return self.recipe.width


@dataclass(frozen=True)
class StudyRun:
    experiment: Experiment
    arm: str
    seed: int

    @property
    def name(self) -> str:
        return f"{self.experiment.key}-{self.arm}-{self.seed}"

    @property
    def recipe(self) -> Recipe:
        return self.experiment.made(self.arm, self.seed)


def _experiments() -> tuple[Experiment, ...]:
    held = {"dataset": "cifar10", "width": 8, "epochs": 12, "early_crop": 24, "holdout": 5000, "precision": "bfloat16"}
    usual = preset("good", **held, muon_rate=0.03)
    few = {"epochs": 60, "batch_size": 32, "learning_rate": 0.1, "muon_rate": 0.03}
    few |= {"early_crop": 48, "crop_padding": 12, "cutout": 16, "width": 8, "precision": "bfloat16"}
    return (
        Experiment("main", "CIFAR-10, width 8", ARMS, tuple(range(10)), usual),
        Experiment(
            "paper",
            "CIFAR-10, width 8, the paper's regime",
            (BASELINE, CABLE),
            tuple(range(10)),
            preset("paper", **held),
        ),
        Experiment(
            "stl10",
            "STL-10, width 8, five folds",
            (BASELINE, CABLE, "cabeq-smooth-1"),
            tuple(range(5)),
            preset("good", dataset="stl10", **few),
            folds=True,
        ),
        Experiment(
            "wide",
            "CIFAR-10, width 16",
            (BASELINE, CABLE, "front-depthwise"),
            tuple(range(5)),
            usual.changed(width=16),
            weights=False,
        ),
    )


EXPERIMENTS = _experiments()


def runs() -> list[StudyRun]:
    """Every run, experiment after experiment, and in each all arms of a seed before the next seed."""
    return [
        StudyRun(experiment, arm, seed)
        for experiment in EXPERIMENTS
        for seed in experiment.seeds
        for arm in experiment.arms
    ]
