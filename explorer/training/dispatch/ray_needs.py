"""What a run asks of a Ray cluster: one GPU a process, or EXPLORER_RAY_CPUS cores; on one node, or over nodes."""

import os
from dataclasses import dataclass

from explorer.machine import whole
from explorer.training.dispatch.ray_cluster import Cluster

STOP_SECONDS = 30  # between SIGTERM and SIGKILL, to save
AT_HOME = ("EXPLORER_RAY", "EXPLORER_RAY_CPUS", "EXPLORER_HOST", "EXPLORER_THREADS")  # true of the app's machine


@dataclass(frozen=True)
class Needs:
    kind: str  # GPU or CPU
    number: int
    spread: bool = False  # over nodes

    def __str__(self) -> str:
        return f"{self.number} {self.kind}{'s' * (self.number != 1)}{' over nodes' * self.spread}"


def needed(recipe: dict, cluster: Cluster) -> Needs:
    count, device = recipe.get("processes", 1), recipe.get("device", "auto")
    on_gpus = cluster.total("GPU") >= count if device == "auto" else device != "cpu"
    kind, number = ("GPU", count) if on_gpus else ("CPU", cores() * count)
    return Needs(kind, number, count > 1 and cluster.largest(kind) < number)


def lacks(recipe: dict, cluster: Cluster) -> str:
    """Why a run of several processes waits for the cluster to grow: how it is sent depends on the nodes."""
    needs = needed(recipe, cluster)
    total = cluster.total(needs.kind)
    return f"asks for {needs}, and the cluster has {total:g} in all" if needs.spread and total < needs.number else ""


def cores() -> int:
    return whole("EXPLORER_RAY_CPUS", 2)


def environment(needs: Needs, processes: int) -> dict[str, str]:
    """What the run is told: our settings, threads for its cores, and no GPU where it asked for none."""
    env = {key: value for key, value in os.environ.items() if key.startswith("EXPLORER_") and key not in AT_HOME}
    env |= {"PYTHONUNBUFFERED": "1", "OMP_WAIT_POLICY": os.environ.get("OMP_WAIT_POLICY", "PASSIVE")}
    env |= {"RAY_JOB_STOP_WAIT_TIME_S": str(STOP_SECONDS), "RAY_TRAIN_ENABLE_PRINT_PATCH": "0"}
    if needs.kind == "CPU":
        env |= {"CUDA_VISIBLE_DEVICES": "", "OMP_NUM_THREADS": str(needs.number // processes)}
    return env
