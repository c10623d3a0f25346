"""Where runs run when EXPLORER_RAY=http://HEAD:8265 names a cluster: each is a job of Ray's Jobs API.

    queued ─submit─▶ PENDING ─▶ RUNNING ─▶ SUCCEEDED · FAILED · STOPPED      in Ray's words
    queued ──────────────────▶ running ─▶ finished · failed · interrupted · stopped      in the store's

A run asks for one GPU a process, or for EXPLORER_RAY_CPUS cores, on one node; when no node has so many, for as many
single ones. Its job is named by the run and the moment it was queued, so whoever comes next finds it. The package
travels with the job; the runs folder is shared, and the job (ray_job.py) sees whether it is.
"""

import secrets
import shlex
import time
from collections.abc import Iterator
from pathlib import Path

from explorer import files
from explorer.errors import ExplorerError
from explorer.paths import SHIPPED
from explorer.training.dispatch.ending import at, outcome, verdict
from explorer.training.dispatch.launcher import HERE, Local, prepare
from explorer.training.dispatch.ray_cluster import Cluster, first
from explorer.training.dispatch.ray_job import BROKEN, JOB
from explorer.training.dispatch.ray_needs import cores, environment, lacks, needed
from explorer.training.store.runs import Run

LATE = 30.0  # seconds after its end in which a shared folder may still hide what a run wrote
AGAIN = 3.0  # seconds after which a job that was not taken is sent once more
MOST_WAITING = 100  # of our jobs in Ray's queue; the rest wait in ours
DRIVER_MEMORY = 2**28  # of the process that looks after the others on their nodes


class Ray(Local):
    here = False

    def __init__(self, address: str, root: Path):
        super().__init__()
        self.cluster, self.root, self.told, self.again = Cluster(address), root, set(), 0.0

    def look(self) -> str:
        try:
            cores()
        except ExplorerError as error:
            return str(error)
        return self.cluster.look()

    def plan(self, active: list[Run]) -> Iterator[tuple[Run, str, list[str] | str]]:
        """Submits what waits in our queue, takes over what Ray has begun, stops what nobody wants any more."""
        jobs, wanted = self.cluster.jobs, {name(run) for run in active}
        living = {key: job for key, job in jobs.items() if not job.status.is_terminal()}
        ours = {key for key, job in living.items() if (job.metadata or {}).get("explorer") == self._identity()}
        for key in ours - wanted - self.told:
            self._withdraw(key)
            self.told.add(key)
        leaving = {key.rpartition("-")[0] for key in ours - wanted if living[key].status == "RUNNING"}
        waiting = sum(living[key].status == "PENDING" for key in ours)
        for run in active:
            job = jobs.get(name(run))
            if run.state != "queued":
                continue
            if job is None and (run.id in leaving or waiting >= MOST_WAITING):
                yield run, "wait", "waits for earlier jobs"
            elif job is None and (lacking := lacks(run.recipe, self.cluster)):
                yield run, "wait", lacking
            elif job is None and time.monotonic() >= self.again:
                waiting += 1
                yield self._submit(run)
            elif job is None:
                continue
            elif job.status == "PENDING":
                yield run, "wait", self._why(run)
            elif job.status != "FAILED" or job.driver_node_id:
                yield run, "start", [self._where(job)]
            elif job.error_type in ("JOB_SUPERVISOR_ACTOR_START_TIMEOUT", "JOB_SUPERVISOR_ACTOR_UNSCHEDULABLE"):
                self.cluster.forget(name(run))  # Ray gives up a job that waits for long; we do not
            else:
                yield run, "refuse", f"the cluster could not begin it: {first(job.message)}"

    def _withdraw(self, key: str) -> None:
        """Ray stops no job before it begins; one that begins nevertheless finds nothing to do."""
        file = self.root / key.rpartition("-")[0] / JOB
        if file.exists() and file.read_text() == key:
            file.unlink()
        self.cluster.stop(key)

    def _submit(self, run: Run) -> tuple[Run, str, str]:
        needs, client = needed(run.recipe, self.cluster), self.cluster.client
        named = run.recipe.get("device", "auto").startswith("cuda:")  # which of a node's GPUs is Ray's business
        words = ["python", "-m", "explorer.training.dispatch.ray_job", str(run.folder), name(run)]
        room = {f"entrypoint_num_{needs.kind.lower()}s": needs.number}
        if needs.spread:
            words += [needs.kind, str(needs.number // run.recipe["processes"])]
            room = {"entrypoint_memory": DRIVER_MEMORY}
        try:
            prepare(run, {**run.recipe, "device": "cuda"} if named else run.recipe)
            files.write(run.folder / JOB, name(run).encode())
        except OSError as error:
            return run, "refuse", f"it could not be started: {error}"
        try:
            client.submit_job(
                entrypoint="exec " + shlex.join(words),
                submission_id=name(run),
                metadata={"explorer": self._identity(), "asks": str(needs)},
                runtime_env={
                    "py_modules": [f"{HERE}/explorer"],
                    "excludes": ["__pycache__/", f"{SHIPPED}/"],  # the app and its weights, in an installed package
                    "env_vars": environment(needs, run.recipe.get("processes", 1)),
                },
                **room,
            )
            self.cluster.jobs[name(run)] = client.get_job_info(name(run))
        except (OSError, RuntimeError, ValueError) as error:
            self.again = time.monotonic() + AGAIN
            return run, "wait", f"the cluster does not take it yet ({first(error)})"
        return run, "wait", self._why(run)

    def _why(self, run: Run) -> str:
        key, needs = name(run), needed(run.recipe, self.cluster)
        if self.cluster.jobs[key].status != "PENDING":
            return "the cluster begins it"
        text = f"{self.cluster.place(key)}, asks for {self.cluster.jobs[key].metadata['asks']}"
        if needs.spread or (most := self.cluster.largest(needs.kind)) >= needs.number:
            return text
        return f"{text}; no node has so many ({most:g} at most), so it waits for one that has"

    def _where(self, job) -> str:
        return f"{self._node(job)}, {job.metadata['asks']}"

    def _node(self, job) -> str:
        node = self.cluster.nodes.get(job.driver_node_id)
        return node.node_name if node else "a lost node"

    def start(self, run: Run, places: list[str]) -> tuple[int, str]:
        return 0, name(run)

    def find(self, run: Run) -> tuple[int, str] | None:
        if run.host:  # a process of this machine, from before the cluster
            return super().find(run)
        return (0, name(run)) if name(run) in self.cluster.jobs else None

    def alive(self, run: Run) -> bool:
        if run.host:
            return super().alive(run)
        job = self.cluster.jobs.get(run.born)
        if job is None or not job.status.is_terminal():
            return job is not None
        hidden = job.status == "SUCCEEDED" and not outcome(run.folder)
        return hidden and abs(time.time() - (job.end_time or 0) / 1000) < LATE

    def end(self, run: Run, sign: int) -> None:
        if run.host:
            super().end(run, sign)
        else:
            self.cluster.stop(run.born)

    def verdict(self, run: Run, means: str) -> tuple[str, str]:
        if run.host:
            return super().verdict(run, means)
        job, said = self.cluster.jobs.get(run.born), outcome(run.folder)
        if said or run.state == "stopping":
            return verdict(run, said, None, means, False)
        if job is None:
            return "interrupted", f"the cluster does not know its job any more{at(run.folder)}"
        if job.driver_exit_code == BROKEN:
            return "interrupted", f"a node with one of its processes was lost{at(run.folder)}"
        if job.driver_exit_code is not None:
            words = (job.message or "").partition("Running entrypoint")[2].splitlines()[1:]
            if lines := [line for line in words if line.strip()]:  # what it said before it had its own log
                return "failed", lines[-1].strip()[:400]
            return verdict(run, said, job.driver_exit_code, means, False)
        if job.status == "STOPPED":
            return "interrupted", f"stopped on the cluster{at(run.folder)}"
        node = self.cluster.nodes.get(job.driver_node_id)
        if node is None or node.state != "ALIVE":
            return "interrupted", f"its node died ({self._node(job)}){at(run.folder)}"
        return "interrupted", f"the cluster lost it{at(run.folder)}: {first(job.message)}"

    def _identity(self) -> str:
        """Of this store, whatever the path under which a machine sees it."""
        file = self.root / "cluster.id"
        if not file.exists():
            files.write(file, secrets.token_hex(8).encode())
        return file.read_text()


def name(run: Run) -> str:
    return f"{run.id}-{round(run.queued * 1000):x}"
