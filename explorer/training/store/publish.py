"""A finished run's weights, card and test results under a name of their own: exported into any folder, or published.

Published runs lie in a folder beside the runs, where every page finds them, until they are unpublished; what is shipped
stays as it is. NAME.safetensors, NAME.json and NAME.eval.npz, each complete or not at all.
"""

import re
from contextlib import suppress
from pathlib import Path

from explorer import files, paths
from explorer.errors import ExplorerError
from explorer.networks import weights
from explorer.networks.card import Card
from explorer.training.store.runs import Run, Store

PARTS = {
    "weights.safetensors": ".safetensors",  # first: a card without its weights is never seen
    "weights.json": ".json",
    "eval.npz": ".eval.npz",
}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")


def suggested(run: Run) -> str:
    """A name that says what it is: cabeq-rn-2-w16-cifar10-ab12."""
    model = "stack" if run.recipe.get("stack") else run.recipe.get("model", "model")
    return f"{model}-w{run.recipe.get('width', 64)}-{run.recipe.get('dataset', 'data')}-{run.id[-4:]}".replace(":", "-")


def has_weights(run: Run) -> bool:
    return (run.folder / "weights.safetensors").exists() and (run.folder / "weights.json").exists()


def export(run: Run, folder: str | Path, name: str = "") -> list[Path]:
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
        for source, target in targets.items():
            if source.exists():
                files.write(target, source.read_bytes())
                made.append(target)
        return made
    except OSError as error:
        raise ExplorerError(f"{folder} cannot be written ({files.trouble(error)}): choose another folder") from None


def publish(run: Run, name: str = "") -> str:
    """Offers the run's network on every page; returns its name there."""
    name = name or suggested(run)
    if (paths.PRETRAINED / f"{name}.json").exists():
        raise ExplorerError(f"the name {name} is that of a shipped network: choose another")
    if name in published():
        raise ExplorerError(f"the name {name} is that of a published network: choose another, or unpublish that one")
    export(run, paths.published(), name)
    return name


def published() -> dict[str, Card]:
    return weights.cards(paths.published())


def published_as(run: Run) -> list[str]:
    """The names of published networks that have the weights of this run as they are now."""
    if not has_weights(run) or not (found := published()):
        return []
    with suppress(ExplorerError):
        own = weights.read_card("weights", run.folder).sha256
        return [name for name, card in found.items() if card.sha256 == own]
    return []


def origin(store: Store, card: Card) -> Run | None:
    """The run that has these weights now; none once it was deleted or has gone on."""
    for run in filter(has_weights, store.all()):
        with suppress(ExplorerError):
            if weights.read_card("weights", run.folder).sha256 == card.sha256:
                return run
    return None


def unpublish(name: str) -> None:
    """Takes a published network from all pages; its run, where it still exists, stays as it is."""
    there, folder = published(), paths.published()
    if name not in there:
        known = f"there are {', '.join(there)}" if there else "there is nothing published"
        raise ExplorerError(f"NAME is {name[:60]!r}, and nothing is published as that: {known}")
    try:
        for ending in (".json", *(ending for ending in PARTS.values() if ending != ".json")):  # the card first
            (folder / f"{name}{ending}").unlink(missing_ok=True)
    except OSError as error:
        raise ExplorerError(f"{folder} cannot be written ({files.trouble(error)}): mend it") from None
