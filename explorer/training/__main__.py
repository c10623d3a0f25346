"""Training from the command line, in the same store as the page.

    python -m explorer.training start --preset digits --wait
    python -m explorer.training list
    python -m explorer.training show ID | stop ID | resume ID --epochs +5 | export ID --to FOLDER
    python -m explorer.training publish ID --name NAME | unpublish NAME | published
    python -m explorer.training sweep --preset good --models original,cabeq-rn-2 --widths 16,64 --seeds 0,1,2

An id may be shortened to any piece that only one run has; show, stop and resume take a sweep's name as well. With
--wait a bar follows the run until it ends (a line for each epoch where there is no terminal), and Ctrl-C stops it: it
saves and can be resumed. The exit code is 0 for finished, 1 for failed, 3 for stopped.
"""

import argparse
import contextlib
import getpass
import json
import os
import re
import signal
import sys
import time

from explorer.errors import ExplorerError
from explorer.training import publish_command, sweep_command
from explorer.training.bar import follower
from explorer.training.dispatch import submit
from explorer.training.dispatch.ending import log_tail
from explorer.training.dispatch.on_demand import ensure
from explorer.training.recipe import flags
from explorer.training.recipe.recipe import PRESETS, preset
from explorer.training.store import sweeps
from explorer.training.store.runs import Run, Store
from explorer.training.store.status import sentence, status, title

CODES = {"finished": 0, "stopped": 3}
COMMANDS = "start | sweep | list | show | stop | resume | export | publish | unpublish | published"
PROG = "python -m explorer.training"
BROKEN_PIPE = 141  # as a shell says of a command that wrote to nobody


def main(arguments: list[str] | None = None, prog: str = PROG) -> int:
    options = parser(prog).parse_args(arguments)
    try:
        code = options.act(Store(), options)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # nobody reads on, as after `list | head`; what is still to be written has nowhere to go
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except ExplorerError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def parser(prog: str = PROG) -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog=prog, description="Start, watch, stop and resume training runs.")
    commands = top.add_subparsers(required=True, metavar=COMMANDS)
    one = commands.add_parser(
        "start", help="queue a run", description=f"Queue a run: a preset, and what differs. {flags.DEFAULTS}"
    )
    one.set_defaults(act=start)
    one.add_argument("--preset", choices=PRESETS, default="digits", help="default: digits")
    one.add_argument("--name", default="", help="of the run, in lists")
    one.add_argument("--note", default="", help="what to remember of it")
    flags.add(one)
    one.add_argument("--wait", action="store_true", help="follow it; Ctrl-C stops it")
    grid = commands.add_parser(
        "sweep",
        help="queue a grid of runs",
        description=f"Queue one recipe for many networks. {flags.DEFAULTS}",
    )
    grid.set_defaults(act=sweep)
    grid.add_argument("--preset", choices=PRESETS, default="good", help="default: good")
    sweep_command.add_options(grid)
    flags.add(grid, without=(*sweeps.VARIED, "stack"))
    _command(commands, "list", show_all, "all runs, newest first", id=False)
    _command(commands, "show", show, "one run: recipe, curves so far, end of the log")
    _command(commands, "stop", stop, "save and leave", wait=True)
    again = _command(commands, "resume", resume, "go on where it ended", wait=True)
    again.add_argument("--epochs", default="0", metavar="+N", help="so many epochs more")
    publish_command.add(commands, _find)
    return top


def _command(commands, name, act, text, *, id=True, wait=False):
    one = commands.add_parser(name, help=text, description=text[:1].upper() + text[1:] + ".")
    one.set_defaults(act=act)
    if id:
        one.add_argument("id", metavar="ID")
    if wait:
        one.add_argument("--wait", action="store_true", help="until it has ended")
    return one


def start(store: Store, options) -> int:
    changes = flags.given(options)
    if "stack" in changes:
        try:
            changes["stack"] = changes["stack"].read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ExplorerError(f"stack is {options.stack}: it cannot be read ({error})") from None
    recipe = preset(options.preset, **changes)
    run = submit.submit(store, recipe, _owner(), name=options.name, note=options.note)
    print(run.id)
    return _follow(store, run, options.wait)


def sweep(store: Store, options) -> int:
    return sweep_command.sweep(store, options, flags.given(options), _owner())


def show_all(store: Store, _options) -> int:
    ensure(store)
    for run in store.all():
        now = status(store, run)
        accuracy = "" if now.best is None else f"{now.last:6.2f} %  best {now.best:6.2f} %"
        sweep = f"  [{run.sweep}]" if run.sweep else ""
        print(f"{run.id}  {run.state:<11} {now.epoch:>4}/{now.epochs:<4} {accuracy:<24} {title(run)}{sweep}")
    return 0


def show(store: Store, options) -> int:
    if name := sweep_command.find(store, options.id):
        return sweep_command.show(store, name)
    run = _find(store, options.id)
    ensure(store)
    now = status(store, run)
    print(f"{run.id}  {title(run)}\n{sentence(now)}{': ' + run.reason if run.reason else ''}")
    print("".join(f"{remark}\n" for remark in now.remarks), end="")
    print(f"epoch {now.epoch} of {now.epochs}", end="")
    if now.best is not None:
        print(f", {now.watched} accuracy {now.last:.2f} %, best {now.best:.2f} % in epoch {now.best_epoch}", end="")
    print(f"\nfolder {run.folder}{f', device {run.device}' if run.device else ''}")
    print(publish_command.names(run), end="")
    print(json.dumps(run.recipe, indent=1))
    print(log_tail(run.folder, 2000).rstrip())
    return 0


def stop(store: Store, options) -> int:
    if name := sweep_command.find(store, options.id):
        _refuse_for_sweep(name, options.wait, "--wait")
        print(f"{name}: asked {sweeps.stop(store, name)} runs to stop")
        return 0
    run = store.stop(_find(store, options.id).id)
    print(f"{run.id}  {run.state}")
    return _follow(store, run, options.wait)


def resume(store: Store, options) -> int:
    if not re.fullmatch(r"\+?\d{1,9}", options.epochs, re.ASCII):
        raise ExplorerError(f"epochs is {options.epochs[:40]!r}: give +N, for instance +5")
    if name := sweep_command.find(store, options.id):
        _refuse_for_sweep(name, options.wait, "--wait")
        _refuse_for_sweep(name, int(options.epochs), "--epochs")
        print(f"{name}: queued {submit.resume_sweep(store, name, _owner())} runs again")
        return 0
    run = submit.resume(store, _find(store, options.id), _owner(), int(options.epochs))
    print(f"{run.id}  {run.state}")
    return _follow(store, run, options.wait)


def _refuse_for_sweep(sweep: str, given, option: str) -> None:
    if given:
        raise ExplorerError(
            f"{option} is for one run, and {sweep} is a sweep: leave it out, or give the ids that `show {sweep}` lists"
        )


def _find(store: Store, piece: str) -> Run:
    found = [run for run in store.all() if piece in run.id]
    if len(found) != 1:
        what = "no run has" if not found else f"{len(found)} runs have"
        raise ExplorerError(f"ID is {piece[:40]!r}: {what} that in its id; `list` shows them")
    return found[0]


def _owner() -> str:
    return f"terminal:{getpass.getuser()}"


def _follow(store: Store, run: Run, wait: bool) -> int:
    """Sees that someone works on the queue; with `wait` shows how it goes until the run has ended."""
    ensure(store)
    if not wait:
        return 0
    asked = []
    before = signal.signal(signal.SIGINT, lambda *_: asked.append(True))
    try:
        with contextlib.closing(follower()) as shown:
            while True:
                now = status(store, store.get(run.id))
                shown.show(now)
                if not now.run.active:
                    break
                if asked and now.run.state in ("queued", "running"):
                    shown.say("Ctrl-C: asking the run to stop and save; once more to leave it alone")
                    store.stop(run.id)
                if len(asked) > 1:
                    return 130
                ensure(store)
                time.sleep(0.25)
    finally:
        signal.signal(signal.SIGINT, before)
    print(now.run.state + (f": {now.run.reason}" if now.run.reason else ""))
    if now.last is not None:
        print(f"{now.watched} accuracy {now.last:.2f} %, best {now.best:.2f} % in epoch {now.best_epoch}")
    return CODES.get(now.run.state, 1)


if __name__ == "__main__":
    sys.exit(main())
