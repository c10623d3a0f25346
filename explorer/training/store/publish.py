"""A finished run's weights, card and evaluation, copied to where models are looked for.

NAME.safetensors, NAME.json and NAME.eval.npz, each complete or not at all.
"""

import re
from pathlib import Path

from explorer import files
from explorer.errors import ExplorerError
from explorer.networks import weights
from explorer.training.store.runs import Run

PARTS = {"weights.safetensors": ".safetensors", "weights.json": ".json", "eval.npz": ".eval.npz"}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")


def suggested(run: Run) -> str:
    """A name that says what it is: cabeq-rn-2-w16-cifar10-ab12."""
    model = "stack" if run.recipe.get("stack") else run.recipe.get("model", "model")
    return f"{model}-w{run.recipe.get('width', 64)}-{run.recipe.get('dataset', 'data')}-{run.id[-4:]}".replace(":", "-")


def has_weights(run: Run) -> bool:
    return (run.folder / "weights.safetensors").exists() and (run.folder / "weights.json").exists()


def publish(run: Run, folder: str | Path, name: str = "") -> list[Path]:
    """Copies what there is, after loading it once; an existing name is refused, never overwritten."""
    folder, name = Path(folder), name or suggested(run)
    if not has_weights(run):
        raise ExplorerError(f"the run {run.id} has no weights yet: let it finish first")
    if name.startswith(("run-", "untrained-")) or name == "stack":
        raise ExplorerError(f"the name {name[:60]!r} means something else in a link: choose one that begins otherwise")
    if not _NAME.fullmatch(name):
        raise ExplorerError(f"the name {name[:60]!r} cannot be used: letters, digits, dots, - and _, at most 60")
    weights.load("weights", run.folder)
    targets = {run.folder / part: folder / f"{name}{ending}" for part, ending in PARTS.items()}
    taken = [target.name for target in targets.values() if target.exists()]
    if taken:
        raise ExplorerError(f"{taken[0]} exists already in {folder}: choose another name")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        made = []
        for source, target in targets.items():  # the weights first: a card without them is never seen
            if source.exists():
                files.write(target, source.read_bytes())
                made.append(target)
        return made
    except OSError as error:
        raise ExplorerError(f"{folder} cannot be written ({error.strerror}): choose another folder") from None
