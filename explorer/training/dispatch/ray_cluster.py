"""What is known of a Ray cluster: its jobs and its nodes, asked of the head's job server once a second.

Everything that can be wrong with it is one sentence in `trouble`, and then nothing is known of any job.
"""

import http.client
import json
import os
import time
import urllib.error
import urllib.request
from typing import Any

LOOK = 1.0  # seconds between two looks at the cluster, at least
ANSWER = 5.0  # seconds that the head may take to say which Ray it is


class Away(Exception):
    """Why the cluster cannot be used now, in one sentence."""


class Cluster:
    def __init__(self, address: str):
        self.address = address.rstrip("/")
        self.client: Any = None  # Ray's, which is imported when it is first asked
        self.jobs: dict[str, Any] = {}
        self.nodes: dict[str, Any] = {}
        self.looked, self.rest, self.trouble = 0.0, 0.0, ""

    def look(self) -> str:
        """Asks anew where the last look is old; why that was in vain, or nothing."""
        began = time.monotonic()
        if began - self.looked >= self.rest:
            try:
                self._ask()
                self.trouble = ""
            except Away as away:
                self.trouble = str(away)
            self.rest = max(LOOK, 5 * (time.monotonic() - began))  # a long list of jobs is asked for less often
            self.looked = time.monotonic()
        return self.trouble

    def _ask(self) -> None:
        theirs = version(self.address)
        try:
            import ray
            from ray.job_submission import JobSubmissionClient
            from ray.util.state import list_nodes
        except ImportError:
            raise Away("EXPLORER_RAY is set, but ray is not here: pip install -r requirements-cluster.txt") from None
        mismatch = (
            f"the cluster at {self.address} runs Ray {theirs} and this app has Ray {ray.__version__}, which do not "
            f"understand each other: install ray[default]=={theirs} here"
        )
        if theirs.split(".")[0] != ray.__version__.split(".")[0]:
            raise Away(mismatch)
        for variable in ("RAY_ADDRESS", "RAY_API_SERVER_ADDRESS"):  # Ray would believe them rather than us
            os.environ.pop(variable, None)
        try:
            self.client = self.client or JobSubmissionClient(self.address)
            self.jobs = {job.submission_id: job for job in self.client.list_jobs() if job.submission_id}
            nodes: list[Any] = list_nodes(address=self.address, limit=10_000, raise_on_missing_output=False)
            self.nodes = {node.node_id: node for node in nodes}
        except OSError as error:
            raise Away(f"the cluster at {self.address} does not answer ({first(error)}): is it still up?") from None
        except Exception as error:  # whatever an answer that Ray cannot read makes it raise
            raise Away(f"{mismatch} ({first(error)})") from None

    def largest(self, kind: str) -> float:
        """So many GPUs or CPUs has the largest living node, whether they are free or not."""
        return max(self._have(kind), default=0)

    def total(self, kind: str) -> float:
        return sum(self._have(kind))

    def _have(self, kind: str) -> list[float]:
        return [(node.resources_total or {}).get(kind, 0) for node in self.nodes.values() if node.state == "ALIVE"]

    def place(self, key: str) -> str:
        """Of a job that waits, among all that wait, whoever sent them."""
        waiting = [job for job in self.jobs.values() if job.status == "PENDING"]
        order = [job.submission_id for job in sorted(waiting, key=lambda job: job.start_time or 0)]
        return f"place {order.index(key) + 1} of {len(order)} in Ray's queue"

    def stop(self, key: str) -> None:
        try:
            self.client.stop_job(key)
        except (OSError, RuntimeError) as error:
            print(f"{key} could not be stopped ({first(error)})", flush=True)

    def forget(self, key: str) -> None:
        """A job that has ended leaves its name to another one."""
        try:
            self.client.delete_job(key)
            del self.jobs[key]
        except (OSError, RuntimeError) as error:
            print(f"{key} could not be deleted ({first(error)})", flush=True)


def version(address: str) -> str:
    """The Ray that answers there."""
    wrong = f"EXPLORER_RAY is {address[:80]}, {{}}: give the address of the head's job server, such as http://head:8265"
    if not address.startswith(("http://", "https://")):
        raise Away(wrong.format("which is no http address"))
    try:
        with urllib.request.urlopen(f"{address}/api/version", timeout=ANSWER) as answer:
            return str(json.loads(answer.read(10_000))["ray_version"])
    except (urllib.error.HTTPError, http.client.HTTPException, ValueError, KeyError, TypeError):
        raise Away(wrong.format("where something else than Ray's job server answers")) from None
    except OSError as error:
        reason = first(getattr(error, "reason", error))
        raise Away(f"the cluster at {address} cannot be reached ({reason}): start it or mend EXPLORER_RAY") from None


def first(words: object) -> str:
    """The first line of what an error says."""
    lines = str(words or "").strip().splitlines()
    return lines[0][:300] if lines else type(words).__name__
