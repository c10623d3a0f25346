"""A process that looks like a training run to the dispatcher, without torch, so that tests of processes stay quick.

python standin.py FOLDER              a run: what it does is chosen by the seed of FOLDER/recipe.json
python standin.py --dispatch ROOT N   a dispatcher whose runs are stand-ins, on N places beside the CPU; behind it
                                      after how much silence it takes over the lead, and gives a run up
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

QUICK, FAILS, CRASHES, DEAF, ENDLESS = range(5)  # seeds
ASLEEP = 0.02


def main(folder: Path) -> int:
    recipe = json.loads((folder / "recipe.json").read_text())
    with open(folder / "starts.txt", "a") as file:
        file.write(f"{os.getpid()}\n")
    print("the stand-in begins", flush=True)
    kind, told = recipe["seed"], []
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda number, frame: told.append(signal.Signals(number).name))
    if kind == FAILS:
        return outcome(folder, "failed", "the loss is nan in epoch 1: lower the learning rate", 1)
    if kind == CRASHES:
        print("it cannot go on", flush=True)
        return 5
    state = folder / "state.txt"
    epoch = int(state.read_text()) if state.exists() else 0
    while epoch < recipe["epochs"]:
        progress = {"epoch": epoch, "epochs": recipe["epochs"], "batch": 0, "batches": 1, "phase": "training"}
        replace(folder / "progress.json", json.dumps(progress))
        time.sleep(ASLEEP)
        if kind != DEAF and (told or (folder / "stop").exists()):
            return outcome(folder, "stopped", told[0] if told else "asked to stop")
        if kind in (QUICK, ENDLESS):
            epoch += 1
            replace(state, str(epoch))
    return outcome(folder, "finished", "")


def outcome(folder: Path, state: str, reason: str, code: int = 0) -> int:
    replace(folder / "outcome.json", json.dumps({"state": state, "reason": reason}))
    return code


def replace(path: Path, text: str) -> None:
    temporary = path.with_suffix(".tmp")
    temporary.write_text(text)
    temporary.replace(path)


def dispatch(root: str, gpus: str = "0", lease: str = "600", silence: str = "600") -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from explorer.training.dispatch.dispatcher import Dispatcher
    from explorer.training.dispatch.launcher import Local
    from explorer.training.store.runs import Store

    launcher = Local(gpus=int(gpus), program=(str(Path(__file__).resolve()),))
    desk = Dispatcher(
        Store(root), launcher, pause=0.05, idle=1.0, patience=0.5, lease=float(lease), silence=float(silence)
    )
    won = desk.run()
    print("worked" if won else "another one works", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "--dispatch":
        dispatch(*sys.argv[2:])
    else:
        sys.exit(main(Path(sys.argv[1])))
