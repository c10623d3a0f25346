"""The fields of a recipe as options of the command line."""

import argparse
from dataclasses import fields
from pathlib import Path

from explorer.data import tree
from explorer.training.recipe.recipe import PRECISIONS, SCHEDULES, Recipe

CHOICES = {"schedule": SCHEDULES, "precision": PRECISIONS}
DEFAULTS = "A default in brackets holds where the preset does not say otherwise."


def add(command: argparse.ArgumentParser, without: tuple[str, ...] = ()) -> None:
    for field in fields(Recipe):
        if field.name not in without:
            _add(command, field)


def _add(command, field) -> None:
    """One option a field of the recipe; its limits are checked where the recipe is made."""
    option, text = f"--{field.name.replace('_', '-')}", field.metadata["help"].replace("%", "%%")
    if field.name == "stack":
        command.add_argument(option, type=Path, metavar="FILE", help="JSON of a stack from the Layers page")
    elif field.name == "milestones":
        command.add_argument(option, type=int, nargs="+", metavar="epoch", help=f"{text} (default: none)")
    elif field.type is bool:
        command.add_argument(option, action=argparse.BooleanOptionalAction, help=f"{text} (default: no)")
    elif field.name in CHOICES:
        command.add_argument(option, choices=CHOICES[field.name], help=f"{text} (default: {field.default})")
    elif field.type in (int, float, str):
        kind = field.type
        command.add_argument(option, type=kind, metavar=kind.__name__, help=f"{text} (default: {field.default})")


def given(options: argparse.Namespace) -> dict:
    """The recipe's fields that were given; a folder by its whole path, since the run may start from another one."""
    names = {field.name for field in fields(Recipe)}
    changes = {name: value for name, value in vars(options).items() if name in names and value is not None}
    if changes.get("dataset", "").startswith("folder:"):
        base, limit = tree.permitted(changes["dataset"].removeprefix("folder:"))
        tree.choose(base, "train", limit)
        changes["dataset"] = f"folder:{base}"
    return changes
