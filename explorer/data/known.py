"""The datasets with names: embedded, torchvision's files, unpacked pictures, or a download."""

from pathlib import Path

import numpy as np
import torch
from filelock import FileLock

from explorer.data import Dataset, tree
from explorer.data.catalogue import KNOWN
from explorer.data.decoding import decoded
from explorer.data.download import timeout, unreachable
from explorer.errors import ExplorerError


def load(name: str, split: str, root: Path) -> Dataset:
    known = KNOWN[name]
    if known.embedded:
        return _embedded(split)
    official = known.official(root)
    if official:
        try:
            return _official(name, split, root, download=False)
        except ExplorerError:  # an interrupted download is taken up again where there is a network
            if unreachable(address(name)):
                raise
    if not official and (root / name / split).is_dir():
        return _unpacked(name, split, root)
    if not known.loader:
        raise ExplorerError(f"dataset {name!r} is not in {root}: put its pictures there as {name}/{split}/CLASS/*.png")
    if why := unreachable(where := address(name)):
        raise ExplorerError(
            f"dataset {name!r} is not in {root} and cannot be downloaded from {where} ({why}): connect to the "
            f"internet ({KNOWN[name].download}), or unpack it as {root}/{name}/train/CLASS/*.png and {root}/{name}/"
            f"test/CLASS/*.png, or take 'optdigits', which is embedded"
        )
    return _downloaded(name, split, root)


def _dataset(name: str, split: str, images, labels, source: str, skipped: int = 0) -> Dataset:
    known = KNOWN[name]
    images = torch.from_numpy(np.ascontiguousarray(images))
    labels = torch.from_numpy(np.asarray(labels).astype(np.int64))
    return Dataset(name, split, images, labels, known.classes, known.mean, known.std, source, skipped)


def _embedded(split: str) -> Dataset:
    """UCI digits: of every 4x4 block of a 32x32 scan the count of inked dots, 0 to 16, as round(255/16 * count)."""
    with np.load(Path(__file__).with_name("optdigits.npz"), allow_pickle=False) as file:
        counts, labels = file[f"{split}_x"], file[f"{split}_y"]
    images = np.rint(counts[:, None] * (255 / 16)).astype(np.uint8)
    who = "30 people" if split == "train" else "13 people who wrote none of the training images"
    return _dataset("optdigits", split, images, labels, f"{len(labels):,} handwritten digits of {who}")


def _downloaded(name: str, split: str, root: Path) -> Dataset:
    """Fetched by whoever asks first; who asks meanwhile waits, and then finds it there."""
    try:
        root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(root / f".{name}.lock").acquire()
    except OSError as error:
        raise ExplorerError(f"nothing can be kept in {root} ({error.strerror}): let the app write there") from error
    with lock, timeout(30):
        return _official(name, split, root, download=True)


def loader(name: str):
    """torchvision's class for it: imported when a dataset is opened, for it takes as long as torch itself."""
    from torchvision import datasets

    return getattr(datasets, KNOWN[name].loader)


def address(name: str) -> str:
    """Where its files are downloaded from."""
    found = loader(name)
    return found.mirrors[-1 if name == "mnist" else 0] if hasattr(found, "mirrors") else found.url


def _official(name: str, split: str, root: Path, download: bool) -> Dataset:
    """torchvision checks the sums of every download, and of CIFAR's and STL-10's files before it opens them."""
    which = {"split": split} if name == "stl10" else {"train": split == "train"}
    try:
        data = loader(name)(root, download=download, **which)
        images = data.data.numpy()[:, None] if "mnist" in name else data.data
        images = images.transpose(0, 3, 1, 2) if "cifar" in name else images
        labels = np.asarray(data.labels if name == "stl10" else data.targets)
    except (OSError, RuntimeError, ValueError, AssertionError, EOFError, IndexError) as error:
        raise _broken(name, root, f"{type(error).__name__}: {str(error)[:120]}") from error
    known = KNOWN[name]
    if images.shape != (len(labels), known.channels, known.size, known.size) or not len(labels):
        raise _broken(name, root, f"{len(labels)} labels for images of shape {tuple(images.shape)}")
    if not 0 <= labels.min() <= labels.max() < len(known.classes):
        raise _broken(name, root, f"labels from {labels.min()} to {labels.max()}")
    side = "training" if split == "train" else "test"
    return _dataset(name, split, images, labels, f"{known.title}'s official {len(labels):,} {side} images")


def _broken(name: str, root: Path, why: str) -> ExplorerError:
    return ExplorerError(
        f"dataset {name!r} in {root / KNOWN[name].folder} cannot be read ({why}): delete that folder and ask again, "
        f"which downloads {KNOWN[name].download}"
    )


def _unpacked(name: str, split: str, root: Path) -> Dataset:
    """root/NAME/SPLIT/CLASS/*.png, in the order of the files' numbers where all have one: the dataset's own order."""
    known, base = KNOWN[name], root / name
    found = tree.listing(base / split)
    order = {wanted: label for label, wanted in enumerate(known.classes)}
    order |= {str(label): label for label in range(len(known.classes))}
    if set(found) - set(order) or not found:
        wanted = ", ".join(known.classes[:3])
        raise ExplorerError(f"{base / split} has folders {sorted(found)[:3]}: name them {wanted}, ... or delete {base}")
    files = [(path, order[folder]) for folder, paths in found.items() for path in paths]
    if all(Path(path).stem.isdecimal() for path, _ in files):
        files.sort(key=lambda file: int(Path(file[0]).stem))
    arrays = decoded(f"{name}-{split}", files, base, known.size, known.channels, root)
    count = len(arrays["labels"])
    if not count:
        raise ExplorerError(f"{base / split} has no readable picture: delete {base} to download {known.title}")
    source = f"{count:,} {'training' if split == 'train' else 'test'} images of {known.title}"
    if name == "stl10" and count < 5000:  # the labelled training images shared out; the official test set has 8,000
        source = f"{count:,} of STL-10's 5,000 labelled training images"
        source += ", held out from training (not the official test images)" if split == "test" else ""
    return _dataset(name, split, arrays["images"], arrays["labels"], source, int(arrays["skipped"]))
