"""The processes of one run: one, or several under torch.distributed.run or Ray Train, each on its own device.

Every process records its pid in the run's folder and leaves when its parent, the agent, is gone, so a SIGKILL of the
agent leaves nothing behind. Decisions (stop, save) are taken by all at the same step: one number reduced a step.
"""

import contextlib
import ctypes
import json
import os
import signal
import threading
import time
from datetime import timedelta
from pathlib import Path

import torch
import torch.distributed as dist
from torch import nn

from explorer import files
from explorer.errors import ExplorerError
from explorer.machine import whole

WATCH_SECONDS = 0.3
BACKENDS = {"cuda": "cpu:gloo,cuda:nccl", "cpu": "gloo"}
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # of glibc's mallopt


class Ranks:
    """This process among its equals; with one process every method is the identity."""

    def __init__(self, recipe):
        self.rank = int(os.environ.get("RANK", "0"))
        self.world = int(os.environ.get("WORLD_SIZE", "1"))
        if self.world != recipe.processes:
            raise ExplorerError(
                f"processes is {recipe.processes}, but {self.world} were started: start the run with "
                f"python -m torch.distributed.run --standalone --nproc-per-node {recipe.processes}"
            )
        self.device = pick_device(recipe.device, int(os.environ.get("LOCAL_RANK", "0")) if self.world > 1 else None)
        if self.world > 1:
            leave_with_parent()
            if self.device.type == "cuda":
                torch.cuda.set_device(self.device)
            if not dist.is_initialized():  # Ray Train has done it already
                dist.init_process_group(BACKENDS[self.device.type], timeout=timedelta(minutes=5))

    @property
    def first(self) -> bool:
        return self.rank == 0

    def record(self, folder) -> None:
        files.write(
            Path(folder) / f"rank-{self.rank}.json", json.dumps({"pid": os.getpid(), "time": time.time()}).encode()
        )

    def wrap(self, model: nn.Module) -> nn.Module:
        """DistributedDataParallel. SyncBatchNorm exists on CUDA only; on the CPU each process normalises by its own
        share of the batch and the running statistics are those of rank 0."""
        if self.world == 1:
            return model
        if self.device.type == "cuda":
            model = nn.SyncBatchNorm.convert_sync_batchnorm(model)
            return nn.parallel.DistributedDataParallel(model, device_ids=[self.device.index])
        return nn.parallel.DistributedDataParallel(model)

    def highest(self, number: int) -> int:
        """The highest of all processes' numbers, over gloo: no device has to wait for it."""
        if self.world == 1:
            return number
        shared = torch.tensor(number)
        dist.all_reduce(shared, op=dist.ReduceOp.MAX)
        return int(shared)

    def total(self, tensor: torch.Tensor) -> torch.Tensor:
        """The sum over all processes, a new tensor."""
        tensor = tensor.clone()
        if self.world > 1:
            dist.all_reduce(tensor)
        return tensor

    def share_buffers(self, model: nn.Module) -> None:
        """Rank 0's running statistics for everyone, before they are tested or saved."""
        if self.world > 1:
            for buffer in model.buffers():
                dist.broadcast(buffer, 0)

    def close(self, together: bool) -> None:
        """Leave the group; after a stop or an end all at once, since who hangs up first aborts who still listens."""
        if self.world > 1 and dist.is_initialized():
            if together:
                self.highest(0)
            dist.destroy_process_group()


def pick_device(wanted: str, local_rank: int | None = None) -> torch.device:
    if wanted == "cpu" or (wanted == "auto" and not torch.cuda.is_available()):
        return torch.device("cpu")
    index = local_rank if local_rank is not None else int(wanted.partition(":")[2] or 0)
    if not torch.cuda.is_available() or index >= torch.cuda.device_count():
        raise ExplorerError(
            f"device is {wanted}: this machine has {torch.cuda.device_count()} CUDA GPUs; give auto or cpu"
        )
    return torch.device("cuda", index)


def leave_with_parent() -> None:
    """End this process, wherever it waits, once the process that started it is gone."""
    parent = os.getppid()

    def watch():
        while os.getppid() == parent:
            time.sleep(WATCH_SECONDS)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True, name="leave-with-parent").start()


def set_up_torch(device: torch.device) -> None:
    """Threads for a CPU that someone else is using too; fast arithmetic where nobody sees the difference."""
    if device.type == "cuda":
        torch.backends.cudnn.benchmark = True
        torch.set_float32_matmul_precision("high")
        return
    if threads := whole("EXPLORER_THREADS"):
        torch.set_num_threads(threads)
    torch.set_flush_denormal(True)
    keep_freed_memory()


def keep_freed_memory() -> None:
    """Let glibc keep what a step frees for the next step: fetching the pages again costs a tenth of a step."""
    with contextlib.suppress(OSError, AttributeError):  # another C library
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(M_MMAP_THRESHOLD, 32 << 20)
        mallopt(M_TRIM_THRESHOLD, 2**31 - 1)
