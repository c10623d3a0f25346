"""One training run, from a recipe and a folder to weights: `train(recipe, folder)`, or as a process of its own,

    python -m explorer.training.work.loop FOLDER          runs FOLDER/recipe.json

The folder then holds recipe.json, metrics.jsonl (a line an epoch), progress.json (twice a second), last.pt and
prev.pt, and at the end weights.safetensors with its card, eval.npz and outcome.json. A run whose folder has a
checkpoint continues from it, in the middle of an epoch if need be, and is then bit for bit the run that was never
interrupted (same machine, same thread count): permutation, augmentation and dropout of a batch are drawn from
(seed, epoch, batch, rank) alone.
"""

import contextlib
import json
import os
import sys
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import NoReturn

from filelock import FileLock, Timeout

from explorer import files
from explorer.errors import ExplorerError
from explorer.training.recipe.recipe import Recipe
from explorer.training.work.control import DELETED, FULL, FULL_CODE, LOCK, Control, Outcome, Stopped
from explorer.training.work.run import NotFinite, Trainer

__all__ = ["Outcome", "train"]


class Busy(Exception):
    """Another process trains in this folder; nothing there may be touched."""


def train(recipe: Recipe, folder, *, should_stop=None, on_progress=None) -> Outcome:
    """Run the recipe to its end, or to a stop, and say how it went; nothing a run can meet is raised."""
    folder = Path(folder)
    control, run, outcome = Control(folder, should_stop), None, None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with control.listening(), alone(folder):
            (folder / "outcome.json").unlink(missing_ok=True)
            run = Trainer(recipe, folder, control, on_progress)
            outcome = run.to_the_end()
    except Stopped as stop:
        outcome = Outcome("stopped", str(stop), run.epoch if run else 0)
    except (ExplorerError, NotFinite) as error:
        outcome = Outcome("failed", str(error), run.epoch if run else 0)
    except Busy as busy:
        return Outcome("failed", str(busy))
    except OSError as error:
        outcome = Outcome("failed", said(error, folder), run.epoch if run else 0)
    except Exception as error:  # the log gets all of it, the page one line
        traceback.print_exc()
        outcome = Outcome("failed", f"{type(error).__name__}: {str(error)[:300]}", run.epoch if run else 0)
    finally:
        if run:
            run.ranks.close(together=outcome is not None and outcome.state != "failed")
    assert outcome  # neither of the two contexts swallows an exception
    print(f"{outcome.state}{': ' + outcome.reason if outcome.reason else ''}", flush=True)
    if not run or run.ranks.first:
        try:
            files.write(folder / "outcome.json", json.dumps(asdict(outcome)).encode())
        except OSError as error:
            print(f"outcome.json could not be written: {error}", flush=True)
    return outcome


def said(error: OSError, folder: Path) -> str:
    """What the disk would not do, and what is left."""
    if isinstance(error, FileNotFoundError) and not folder.is_dir():
        return DELETED
    if files.is_full(error):
        return FULL
    words = files.trouble(error) + (f": {Path(error.filename).name}" if error.filename else "")
    return f"a file could not be written or read ({words}); the checkpoint before it is whole"


@contextlib.contextmanager
def alone(folder: Path):
    """One run a folder at a time; the lock is the first process's and ends with it, however it ends."""
    if os.environ.get("RANK", "0") != "0":
        yield
        return
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise Busy(f"another process trains in {folder.name}: stop it first") from None
    try:
        yield
    finally:
        lock.release()


def main(folder: str) -> int:
    try:
        recipe = Recipe.from_json((Path(folder) / "recipe.json").read_bytes())
    except (OSError, ExplorerError) as error:
        print(f"failed: {error}", flush=True)
        return 1
    outcome = train(recipe, folder)
    if outcome.reason == FULL:
        return FULL_CODE
    return 1 if outcome.state == "failed" else 0


def begin() -> NoReturn:
    code = main(sys.argv[1])
    sys.stdout.flush()
    os._exit(code)  # an interpreter that takes itself apart may be aborted by threads of torch.distributed


if __name__ == "__main__":
    begin()
