"""What a job of ray_launcher.py runs on its node:

    python -m explorer.training.dispatch.ray_job FOLDER NAME [KIND NUMBER]

It sees that the runs folder is the app's own, and that its job is still the one the run wants; then it becomes the
run, whose log the pages show. With KIND and NUMBER (GPU 1, or CPU 2) every process of the run is a worker of Ray
Train that has so many, wherever the cluster has room: the same loop, joined by Ray instead of torchrun.
"""

import json
import logging
import os
import platform
import sys
from pathlib import Path
from typing import NoReturn

JOB = "job.txt"  # in the run's folder: the name of the one job that may train there
REFUSED, BROKEN = 65, 75  # exit codes; the second of a run whose workers were lost


def main(folder: Path, job: str, kind: str = "", number: str = "") -> int:
    try:
        enter(folder, job)
    except OSError as error:
        print(error)
        return REFUSED
    gpus = os.environ.get("CUDA_VISIBLE_DEVICES")
    print(f"Ray job {job} on {platform.node()}{f', GPU {gpus}' if gpus else ''}", flush=True)
    count = json.loads((folder / "recipe.json").read_text())["processes"]
    if kind:
        return spread(folder, job, count, kind, int(number))
    from explorer.training.dispatch.launcher import command

    words = command(folder, count)
    return os.execv(words[0], words)


def enter(folder: Path, job: str) -> None:
    """Makes this process one of the run: its log, and datasets in data/ beside the runs folder, as they are at home."""
    here = f"node {platform.node()}"
    try:
        seen = (folder / JOB).read_text()
    except OSError:
        seen = ""
    if seen != job:
        raise OSError(
            f"the runs folder {folder.parent} of the app is not the one on {here}: set EXPLORER_RUNS to a folder that "
            f"the app and every node share under one path"
        )
    try:
        log = os.open(folder / "log.txt", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    except OSError as error:
        raise OSError(f"{here} cannot write to the runs folder ({error}): give its user the right to") from None
    for number in (1, 2):
        os.dup2(log, number)
    os.chdir(folder.parent.parent)


def spread(folder: Path, job: str, count: int, kind: str, number: int) -> int:
    import ray
    from ray.train import RunConfig, ScalingConfig
    from ray.train.torch import TorchConfig, TorchTrainer

    from explorer.training.work.parallel import BACKENDS

    ray.init(log_to_driver=False, logging_level=logging.WARNING)  # the workers write into the run's log themselves
    trainer = TorchTrainer(
        work,
        train_loop_config={"folder": str(folder), "job": job},
        torch_config=TorchConfig(backend=BACKENDS["cuda" if kind == "GPU" else "cpu"], timeout_s=300),
        scaling_config=ScalingConfig(num_workers=count, use_gpu=kind == "GPU", resources_per_worker={kind: number}),
        run_config=RunConfig(name="train", storage_path=str(folder / "ray")),
    )
    try:
        trainer.fit()
    except Exception as error:
        print(f"{type(error).__name__}: {str(error)[:1000]}", flush=True)
        return BROKEN
    return 0


def work(config: dict) -> None:
    """One worker."""
    folder = Path(config["folder"])
    enter(folder, config["job"])
    from explorer.training.work import loop

    loop.main(str(folder))


def begin() -> NoReturn:
    folder, *rest = sys.argv[1:]
    sys.exit(main(Path(folder), *rest))


if __name__ == "__main__":
    begin()
