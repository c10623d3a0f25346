"""`export`, `publish`, `unpublish` and `published` of the command line: a run's network under a name of its own."""

from pathlib import Path

from explorer.paths import STARTED
from explorer.training.store import publish
from explorer.training.store.runs import Run


def add(commands, find) -> None:
    """The four commands; `find` brings the run of an id from the store."""
    out = _one(commands, "export", "copy weights, card and test results into a folder", _export, find, "id")
    out.add_argument("--to", type=Path, default=STARTED, metavar="FOLDER", help="the current folder without it")
    out.add_argument("--name", default="", help="of the files, without ending")
    shown = _one(
        commands, "publish", "offer a run's network on every page, beside the shipped ones", _publish, find, "id"
    )
    shown.add_argument("--name", default="", help="of the network")
    _one(commands, "unpublish", "take a published network from all pages; its run stays", _unpublish, find, "name")
    _one(commands, "published", "the networks that were published", _published, find)


def names(run: Run) -> str:
    """A line for each name under which a run is published as it is now."""
    return "".join(f"published as {name}\n" for name in publish.published_as(run))


def _one(commands, name, text, act, find, argument=""):
    one = commands.add_parser(name, help=text, description=text[:1].upper() + text[1:] + ".")
    one.set_defaults(act=lambda store, options: act(lambda: find(store, options.id), options))
    if argument:
        one.add_argument(argument, metavar=argument.upper())
    return one


def _export(run, options) -> int:
    for path in publish.export(run(), options.to, options.name):
        print(path)
    return 0


def _publish(run, options) -> int:
    print(publish.publish(run(), options.name))
    return 0


def _unpublish(_, options) -> int:
    publish.unpublish(options.name)
    print(f"{options.name}: unpublished")
    return 0


def _published(*_) -> int:
    for name, card in publish.published().items():
        accuracy = "" if card.accuracy is None else f"{card.accuracy:6.2f} %"
        print(f"{name:<40} {accuracy:<9} {card.model}, {card.dataset}, seed {card.seed}")
    return 0
