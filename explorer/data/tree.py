"""A folder of class folders, read as a list: which files, which class, which side of the split.

    PATH/{train,test}/CLASS/...   as they are ("val" or "valid" serve where there is no "test")
    PATH/CLASS/...                a fifth of every class is held out, chosen by the hash of the file's name, so that
                                  the same files always fall on the same side

On a public server EXPLORER_FOLDERS limits which folders may be read: "off" for none, or a folder that they must lie in.
"""

import os
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

from explorer.errors import ExplorerError

HELD_OUT = ("test", "val", "valid")
Labelled = list[tuple[str, int]]  # path, class


def permitted(path: str) -> tuple[Path, Path | None]:
    """The folder with its links resolved, and the folder that every file must lie in, if there is one."""
    rule = os.environ.get("EXPLORER_FOLDERS", "")
    if rule == "off":
        raise ExplorerError("folder: datasets are switched off on this server: take one of the named datasets")
    if not path.isprintable() or not 0 < len(path) <= 1000:  # no bytes that a name cannot have, no endless ones
        raise ExplorerError(f"folder {path!r:.60} is not a path: write folder:/path/to/pictures")
    limit = Path(rule).resolve() if rule else None
    try:
        base = Path(limit or "", path).expanduser().resolve()  # may be given as seen from the permitted folder
        if limit and not base.is_relative_to(limit):
            raise ExplorerError(f"folder {path!r} lies outside the one that this server permits: take one inside it")
        if not base.is_dir():
            raise ExplorerError(f"folder {path!r} is no folder here: give the path of a folder of class folders")
    except (OSError, RuntimeError) as error:
        raise ExplorerError(f"folder {path!r} cannot be opened ({error}): give another") from error
    return base, limit


def listing(base: Path, limit: Path | None = None) -> dict[str, list[str]]:
    """Class folder -> its files, sorted; hidden names and links that lead out of `limit` are left out."""
    if not base.is_dir() or not _inside(base, limit):
        return {}
    classes = {}
    for folder in sorted(base.iterdir()):
        if folder.name.startswith(".") or not folder.is_dir() or not _inside(folder, limit):
            continue
        files = sorted(path for path in _files(folder) if _inside(path, limit))
        if files:
            classes[folder.name] = files
    return classes


def _files(folder: Path) -> Iterator[str]:
    for where, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name[0] != "."]  # copies of pictures, such as .ipynb_checkpoints
        yield from (os.path.join(where, name) for name in names if name[0] != ".")


def _inside(path: str | Path, limit: Path | None) -> bool:
    return limit is None or not os.path.islink(path) or Path(path).resolve().is_relative_to(limit)


def choose(base: Path, split: str, limit: Path | None) -> tuple[Labelled, tuple[str, ...], str]:
    """The files of one side with their classes, the names of the classes, and what the files are."""
    train = listing(base / "train", limit)
    held_out = next((found for name in HELD_OUT if (found := listing(base / name, limit))), {})
    if train and held_out:
        classes, chosen = sorted({*train, *held_out}), train if split == "train" else held_out
        what = f"{'training' if split == 'train' else 'test'} images of the folder {base.name}"
    else:
        found = train or listing(base, limit)
        classes, chosen = list(found), {folder: _side(paths, split) for folder, paths in found.items()}
        what = f"images of the folder {base.name}, {'four fifths' if split == 'train' else 'a fifth'} of every class"
    if len(classes) < 2:
        raise ExplorerError(f"folder {str(base)!r} has {len(classes)} class folders with files: give at least 2")
    return [(path, classes.index(name)) for name in sorted(chosen) for path in chosen[name]], tuple(classes), what


def _side(paths: list[str], split: str) -> list[str]:
    ranked = sorted(paths, key=lambda path: blake2b(os.path.basename(os.fsencode(path))).digest())
    held = round(len(paths) / 5) or int(len(paths) > 1)
    return sorted(ranked[:held] if split == "test" else ranked[held:])
