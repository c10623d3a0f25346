"""The browser's engine, driven from a test: engine.mjs in node, one line there, one line back."""

import base64
import copy
import json
import subprocess
from pathlib import Path

import numpy as np
import torch
from torch import nn

from explorer.inside import tracing


class Engine:
    """`with Engine() as engine: engine.layers(graph, numbers, batch)`"""

    def __init__(self):
        script = Path(__file__).with_name("engine.mjs")
        self.process = subprocess.Popen(["node", str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *_) -> None:
        self.process.communicate()

    def ask(self, **task) -> dict:
        self.process.stdin.write(json.dumps(task) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        assert "error" not in answer, answer["error"]
        return answer

    def layers(self, graph: dict, numbers: bytes, batch: np.ndarray, plain: bool = False) -> dict[str, np.ndarray]:
        """Every layer's output, by name, flat; `plain` without WebAssembly."""
        found = self.ask(do="layers", graph=graph, numbers=text(numbers), input=text(batch), plain=plain)["layers"]
        return {name: np.frombuffer(base64.b64decode(values), np.float32) for name, values in found.items()}

    def resize(self, picture: np.ndarray, size: int, fit: str) -> np.ndarray:
        """What images.fit makes of an RGB picture (H, W, 3)."""
        rgb = self.ask(do="resize", **sent(picture), size=size, fit=fit)["rgb"]
        return np.frombuffer(base64.b64decode(rgb), np.uint8).reshape(size, size, 3)

    def see(self, picture: np.ndarray, wanted: dict, fit: str) -> np.ndarray:
        """What images.network_input makes of an RGB picture."""
        values = self.ask(do="see", **sent(picture), wanted=wanted, fit=fit)["input"]
        shape = wanted["channels"], wanted["size"], wanted["size"]
        return np.frombuffer(base64.b64decode(values), np.float32).reshape(shape)

    def draw(self, strokes: list[dict], side: int, ground: tuple[int, ...] = (0, 0, 0)) -> np.ndarray:
        """The pad's pixels (side, side, 3) after these strokes: points, radius (in shares of the side) and ink."""
        rgb = self.ask(do="draw", strokes=strokes, side=side, ground=ground)["rgb"]
        return np.frombuffer(base64.b64decode(rgb), np.uint8).reshape(side, side, 3)

    def centre(self, grey: np.ndarray, size: int, box: int) -> np.ndarray | None:
        """What ink.centred makes of a square of grey, RGB; None where there is no ink."""
        rgba = self.ask(do="centre", grey=text(grey), side=len(grey), size=size, box=box)["rgba"]
        return rgba and np.frombuffer(base64.b64decode(rgba), np.uint8).reshape(size, size, 4)[..., :3]


def text(values: np.ndarray | bytes) -> str:
    return base64.b64encode(
        np.ascontiguousarray(values).tobytes() if isinstance(values, np.ndarray) else values
    ).decode()


def sent(picture: np.ndarray) -> dict:
    height, width, _ = picture.shape
    alpha = np.full((height, width, 1), 255, np.uint8)
    return {"width": width, "height": height, "rgba": text(np.concatenate([picture, alpha], axis=2))}


def apart(model: nn.Module, batch: torch.Tensor, found: dict[str, np.ndarray]) -> dict[str, float]:
    """Of every layer the largest difference to torch's own, relative to the layer's largest value."""
    differences = {}
    for name, trace in tracing.trace(model, batch).items():
        true = trace.output[0].double().numpy().ravel()
        largest = np.abs(true).max()
        differences[name] = float(np.abs(found[name] - true).max() / (largest or 1.0))
    assert differences.keys() == found.keys()
    return differences


def rounding(model: nn.Module, batch: torch.Tensor) -> float:
    """How far torch's own single precision is from double, relative to a layer's largest value: of no two orders of
    sums can one ask to be nearer to each other."""
    precise = tracing.trace(copy.deepcopy(model).double(), batch.double())
    single = {name: trace.output[0].numpy().ravel() for name, trace in tracing.trace(model, batch).items()}
    worst = 0.0
    for name, trace in precise.items():
        true = trace.output[0].numpy().ravel()
        worst = max(worst, float(np.abs(single[name] - true).max() / (np.abs(true).max() or 1.0)))
    return worst
