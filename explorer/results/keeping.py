"""What is kept of the study's runs, in pretrained/study/:

NAME.json         the card, with the hash of the protocol when the run began; or why it has no weights
NAME.safetensors  the weights, float16, where the experiment keeps them
NAME.npz          answers to the test images and the right ones, curves, and Φ, Ψ, τ or the kernel by epoch
NAME.robust.json  the accuracy under every disturbance, measured afterwards from the weights
"""

import contextlib
import hashlib
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from explorer import files, paths
from explorer.errors import ExplorerError
from explorer.networks import evaluation, gains, robustness, weights
from explorer.results.study import StudyRun
from explorer.training.recipe.recipe import Recipe
from explorer.training.work.splits import splits

PROTOCOL, KEPT = paths.ROOT / "docs" / "STUDY.md", paths.PRETRAINED / "study"
HASH = "protocol.sha256"  # in the run's folder, from its beginning on
MEASURED = "robust.json"  # in the run's folder
# as training/work/run.py says it in training, and networks/weights.py when the weights are written
_LEFT_THE_NUMBERS = re.compile(r"the (loss|gradient) is -?(nan|inf) in epoch|the weights of \S+ are not all finite")


def protocol() -> str:
    """The hash of the protocol as it is now."""
    return hashlib.sha256(PROTOCOL.read_bytes()).hexdigest()


def began(folder: Path) -> None:
    """Notes in a run's folder, once, the protocol under which it begins."""
    if not (folder / HASH).exists():
        files.write(folder / HASH, protocol().encode())


def ended(folder: Path) -> bool:
    """Whether the run has its result: weights, or a loss that left the numbers, which no second try changes."""
    return (folder / "weights.json").exists() or bool(left_the_numbers(folder))


def left_the_numbers(folder: Path) -> str:
    """Why a run has no weights, where its loss, gradient or weights became infinite or no number; else nothing."""
    try:
        reason = str(json.loads((folder / "outcome.json").read_text(encoding="utf-8")).get("reason", ""))
    except (OSError, ValueError, AttributeError):
        return ""
    return reason if _LEFT_THE_NUMBERS.match(reason) else ""


def collect(run: StudyRun, folder: Path, kept: Path | None = None) -> bool:
    """Keeps what a run's folder holds, if it has ended and is not kept already; whether it was new."""
    kept = kept or KEPT
    new = _collect(run, folder, kept)
    target = kept / f"{run.name}.robust.json"
    if not target.exists() and has(run, kept) and (folder / MEASURED).exists():
        found = robustness.read(folder / MEASURED, weights.read_card(run.name, kept).sha256)
        if found.images == found.of:
            files.write(target, (folder / MEASURED).read_bytes())
            return True
    return new


def _collect(run: StudyRun, folder: Path, kept: Path) -> bool:
    if has(run, kept) or not ended(folder):
        return False
    kept.mkdir(parents=True, exist_ok=True)
    begun = (folder / HASH).read_text(encoding="utf-8")
    if reason := left_the_numbers(folder):
        failed = {"recipe": run.recipe.to_dict(), "failed": reason, "protocol": begun}
        files.write(kept / f"{run.name}.json", (json.dumps(failed, indent=1) + "\n").encode())
        return True
    card = weights.read_card("weights", folder)
    if Recipe.from_dict(card.recipe).fingerprint != run.recipe.fingerprint:
        raise ExplorerError(f"{folder} holds a run by another recipe than that of {run.name}: delete the folder")
    if run.experiment.weights:
        files.write(kept / f"{run.name}.safetensors", (folder / "weights.safetensors").read_bytes())
    write_record(kept / f"{run.name}.npz", evaluation.read(folder / "eval.npz"))
    card = replace(card, name=run.name, protocol=begun)
    files.write(kept / f"{run.name}.json", card.json().encode())  # last: a card is never seen without the rest
    return True


def has(run: StudyRun, kept: Path | None = None) -> bool:
    """Whether the run is kept, by the very recipe of today."""
    try:
        values = json.loads(((kept or KEPT) / f"{run.name}.json").read_text(encoding="utf-8"))
        return Recipe.from_dict(values["recipe"]).fingerprint == run.recipe.fingerprint
    except (OSError, ValueError, KeyError, TypeError, ExplorerError):
        return False


def measured(run: StudyRun, kept: Path | None = None) -> bool:
    """Whether its accuracy under every disturbance is there; a run that left the numbers has none."""
    path = (kept or KEPT) / f"{run.name}.npz"
    if not path.exists():
        return True
    found = robust(run, kept)
    return found is not None and found.images == found.of


def robust(run: StudyRun, kept: Path | None = None) -> robustness.Robustness | None:
    """What is measured of it under disturbances, on however many test images."""
    kept = kept or KEPT
    path = kept / f"{run.name}.robust.json"
    return robustness.read(path, weights.read_card(run.name, kept).sha256) if path.exists() else None


def measure(run: StudyRun, folder: Path, kept: Path | None = None) -> None:
    """Measures it under every disturbance, in the run's folder, where it goes on if it is interrupted, and keeps that.
    The weights are those of the folder, or where they have gone those that are kept."""
    kept = kept or KEPT
    here = (folder / "weights.json").exists()
    model, card = weights.load("weights", folder) if here else weights.load(run.name, kept)
    folder.mkdir(parents=True, exist_ok=True)
    robustness.measure(model, splits(run.recipe).test(), folder / MEASURED, weights=card.sha256)
    collect(run, folder, kept)


def kernels(run: StudyRun, kept: Path | None = None) -> dict[str, np.ndarray]:
    """Of every filter before the stem the kernel after each epoch, (epochs, out, in, 3, 3)."""
    with _record(run, kept) as record:
        found = {name.removeprefix("kernels/"): record[name] for name in record.files if name.startswith("kernels/")}
        for name in (name for name in record.files if name.startswith("cable/") and name.endswith("/phi")):
            three = (record[name.removesuffix("phi") + quantity] for quantity in ("phi", "psi", "tau"))
            found[name.removeprefix("cable/").removesuffix("/phi")] = gains.kernel_of(*three)
        return found


def right(run: StudyRun, kept: Path | None = None) -> np.ndarray:
    """Of every test image whether the run's network recognises it."""
    with _record(run, kept) as record:
        return record["predictions"] == record["labels"]


@contextlib.contextmanager
def _record(run: StudyRun, kept: Path | None) -> Iterator:
    path = (kept or KEPT) / f"{run.name}.npz"
    try:
        with np.load(path, allow_pickle=False) as record:
            yield record
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise ExplorerError(
            f"{path.name} of the study cannot be read ({type(error).__name__}): fetch it again"
        ) from None


def write_record(path: Path, result: evaluation.Evaluation) -> None:
    """The evaluation without its probabilities, which are 15 times the rest."""
    arrays = {name: getattr(result, name).astype(np.uint8) for name in ("predictions", "labels")}
    arrays |= {f"curve/{name}": values for name, values in result.curves.items()}
    arrays |= {f"cable/{layer}/{name}": one for layer, three in result.cable.items() for name, one in three.items()}
    arrays |= {f"kernels/{layer}": values for layer, values in result.kernels.items()}
    with files.whole(path) as file:
        np.savez_compressed(file, **arrays)


def clear(folder: Path, run: StudyRun) -> Path:
    """The run's folder, ready to train in: what a run by another recipe left there is removed."""
    try:
        before = Recipe.from_json((folder / "recipe.json").read_bytes()).fingerprint
    except FileNotFoundError:
        before = run.recipe.fingerprint
    except ExplorerError:
        before = ""
    if before != run.recipe.fingerprint:
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    files.write(folder / "recipe.json", run.recipe.to_json().encode())
    began(folder)
    return folder
