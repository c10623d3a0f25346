"""What is known of each dataset without loading it: classes, sizes, counts, normalisation, and where its files lie.

A picture enters a network as (x / 255 - mean) / std, one mean and one std a channel, and a trained network needs the
very numbers it was trained with. No torch here: the home page and the image picker read this module.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from explorer.errors import ExplorerError


@dataclass(frozen=True)
class Known:
    title: str
    size: int  # pixels along a side
    channels: int
    classes: tuple[str, ...]
    mean: tuple[float, ...]  # of x / 255
    std: tuple[float, ...]
    images: tuple[int, int]  # how many, for training and for the test
    download: str = ""  # what the first use fetches, "" where nothing is
    loader: str = ""  # the class of torchvision.datasets that fetches it, and the folder it keeps it in
    folder: str = ""
    embedded: bool = False  # in the package
    photos: bool = False  # of any size and shape, from which squares of `size` were cut and made
    box: int = 0  # where a picture is ink on black: the pixels of its longer side; else 0

    def official(self, root: Path) -> bool:
        """Whether torchvision's own files are there."""
        return bool(self.folder) and (root / self.folder).is_dir()


def unknown(kind: str, name: object, names: Iterable[str]) -> ExplorerError:
    """The error for a name that is not one of `names`, with the nearest one that is."""
    names = list(names)
    near = difflib.get_close_matches(str(name)[:100].lower(), names, 1, 0.5)
    remedy = f"did you mean {near[0]}? " if near else ""
    return ExplorerError(f"{kind} {name!r:.60} is not known: {remedy}take one of {', '.join(names)}")


_CIFAR100 = """
    apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can
    castle caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin
    elephant flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster
    man maple_tree motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck
    pine_tree plain plate poppy porcupine possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk
    skyscraper snail snake spider squirrel streetcar sunflower sweet_pepper table tank telephone television tiger
    tractor train trout tulip turtle wardrobe whale willow_tree wolf woman worm
"""
DIGITS = tuple("0123456789")
CIFAR10 = tuple(["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"])
CIFAR100 = tuple(_CIFAR100.split())
STL10 = tuple(["airplane", "bird", "car", "cat", "deer", "dog", "horse", "monkey", "ship", "truck"])
KANA = tuple(["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"])
IMAGENET = tuple(Path(__file__).with_name("imagenet.txt").read_text(encoding="utf-8").splitlines())  # as torchvision
FASHION = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot")

# CIFAR-10 and STL-10: the numbers printed in the cable-equation paper (its CIFAR-10 standard deviations are means of
# the images' own, smaller than those of all pixels, 0.2470, 0.2435, 0.2616). CIFAR-100: the values in common use.
# The others: over all pixels of the training images; `python -m benchmarks.normalisation` computes them again.
KNOWN = {
    "cifar10": Known(
        "CIFAR-10", 32, 3, CIFAR10, (0.4914, 0.4822, 0.4465), (0.2023, 0.1994, 0.2010),
        (50_000, 10_000), "170 MB", "CIFAR10", "cifar-10-batches-py",
    ),
    "cifar100": Known(
        "CIFAR-100", 32, 3, CIFAR100, (0.5071, 0.4865, 0.4409), (0.2673, 0.2564, 0.2762),
        (50_000, 10_000), "169 MB", "CIFAR100", "cifar-100-python",
    ),
    "stl10": Known(
        "STL-10", 96, 3, STL10, (0.44671097, 0.4398105, 0.4066468), (0.2603405, 0.25657743, 0.27126738),
        (5_000, 8_000), "2.6 GB", "STL10", "stl10_binary",
    ),
    "mnist": Known(
        "MNIST", 28, 1, DIGITS, (0.1307,), (0.3081,), (60_000, 10_000), "12 MB", "MNIST", "MNIST/raw", box=20
    ),
    "kmnist": Known(
        "Kuzushiji-MNIST", 28, 1, KANA, (0.1918,), (0.3483,), (60_000, 10_000), "21 MB", "KMNIST", "KMNIST/raw", box=28
    ),
    "fashion-mnist": Known(
        "Fashion-MNIST", 28, 1, FASHION, (0.2860,), (0.3530,),
        (60_000, 10_000), "31 MB", "FashionMNIST", "FashionMNIST/raw", box=28,
    ),
    "optdigits": Known("UCI digits", 8, 1, DIGITS, (0.3078,), (0.3771,), (3_823, 1_797), embedded=True, box=8),
}  # fmt: skip
# What networks that come from elsewhere were trained on: no picture of it is here and none is fetched, so it is nothing
# to train on. The mean and standard deviation are the customary ones for photographs; a card has its network's own.
ELSEWHERE = {
    "imagenet": Known(
        "ImageNet", 224, 3, IMAGENET, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225), (1_281_167, 50_000), photos=True
    ),
}
EVERYDAY = "imagenet"  # whose networks know what is on a photo of one's own
_ALL = KNOWN | ELSEWHERE
CLASSES = {name: known.classes for name, known in _ALL.items()}
STATISTICS = {name: (known.mean, known.std) for name, known in _ALL.items()}  # name -> mean, std


def names() -> list[str]:
    return list(KNOWN)


def at_hand(name: str, split: str, root: Path) -> bool:
    """Whether a dataset with a name can be read without a download."""
    known = KNOWN[name]
    return known.embedded or known.official(root) or (root / name / split).is_dir()


def of_photos(name: str) -> bool:
    """Whether its networks learned from photos of any size and shape, as visitors have them."""
    return name in _ALL and _ALL[name].photos


def title(name: str) -> str:
    """What people call the dataset; a folder of someone's own has no other name than its path."""
    return _ALL[name].title if name in _ALL else name
