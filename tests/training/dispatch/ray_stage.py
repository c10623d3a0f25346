"""A real Ray cluster on this machine for test_ray.py: no room on its head, two nodes of one CPU, one
of one GPU, or so Ray believes.

    python ray_stage.py PORT

is told line by line what to do and answers each with that line: `add NAME CPUS GPUS`, `kill NAME`. At the end of its
input it takes everything down and says what Ray has left behind.
"""

import ctypes
import os
import socket
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parents[3]
MEMORY = 80 * 2**20  # of a node's object store, the least that Ray takes
REAPER = 36  # PR_SET_CHILD_SUBREAPER: a process that loses its parent becomes our child, so none is overlooked
DISPATCH = """
import sys
from explorer.training.dispatch.dispatcher import Dispatcher
from explorer.training.dispatch.ray_launcher import Ray
from explorer.training.store.runs import Store
store = Store(sys.argv[1])
Dispatcher(store, Ray(sys.argv[2], store.root), idle=3600).run()
"""


class Stage:
    """The cluster as a process, and a dispatcher that sends the runs of a store there."""

    def __init__(self, folder: Path, root: Path):
        (folder / "ray").mkdir()  # where Ray writes the cluster's address, and wants the folder to be there
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        self.log = folder / "stage.log"
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])  # a job's `python`
        ray = {"RAY_TMPDIR": folder, "RAY_USAGE_STATS_ENABLED": "0"}
        ray |= {"RAY_health_check_period_ms": "500"}  # five in vain, and a node is dead
        self.process = self.start(str(Path(__file__)), str(port), PATH=path, **ray)
        self.hear("up")
        self.tell("add one 1 0")
        self.tell("add two 1 0")
        self.tell("add three 0 1")
        self.dispatcher = self.start("-c", DISPATCH, str(root), self.address, EXPLORER_RAY_CPUS="1", PYTHONPATH=HERE)

    def start(self, *arguments: str, **variables) -> subprocess.Popen:
        env = {**os.environ, **{key: str(value) for key, value in variables.items()}}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        with open(self.log, "a") as log:
            return subprocess.Popen([sys.executable, *arguments], env=env, stderr=log, **pipes)

    def tell(self, line: str) -> None:
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        self.hear(line)

    def hear(self, wanted: str) -> None:
        """Waits until the cluster says so; it may say other things before."""
        for line in self.process.stdout:
            if line.strip() == wanted:
                return
        raise AssertionError(f"the cluster ended before it said {wanted!r}:\n{self.log.read_text()[-5000:]}")

    def close(self) -> str:
        """The last words of the cluster."""
        if self.dispatcher.poll() is None:
            self.dispatcher.terminate()
        self.dispatcher.communicate()
        return self.process.communicate()[0] if not self.process.stdin.closed else ""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def main(port: str) -> None:
    import psutil
    from ray.cluster_utils import Cluster

    ctypes.CDLL(None).prctl(REAPER, 1, 0, 0, 0)
    head = {"num_cpus": 0, "include_dashboard": True, "dashboard_host": "127.0.0.1", "dashboard_port": int(port)}
    head |= {"dashboard_agent_listen_port": None, "object_store_memory": MEMORY}  # None: a free one
    head |= {"session_name": "s"}  # sockets lie below it, and no path of a socket has more than 107 bytes
    cluster = Cluster(True, head_node_args=head)
    nodes = {}
    print("up", flush=True)
    try:
        for line in sys.stdin:
            word, name, *room = line.split()
            if word == "add":
                room = dict(zip(("num_cpus", "num_gpus"), map(int, room), strict=True))  # Ray believes what it is told
                nodes[name] = cluster.add_node(node_name=name, object_store_memory=MEMORY, **room)
            else:
                cluster.remove_node(nodes.pop(name), allow_graceful=False)
            print(line.strip(), flush=True)
    finally:
        cluster.shutdown()
        _, left = psutil.wait_procs(psutil.Process().children(recursive=True), timeout=60)
        for process in left:
            process.kill()
        print(f"left behind: {[process.name() for process in left]}", flush=True)
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
