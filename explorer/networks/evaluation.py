"""What a model does on the test images: loss, accuracy, predictions, confusion; kept beside it as NAME.eval.npz.

Accuracy is in percent. Probabilities are the softmax of the output, kept as float16; the confusion matrix counts
[true class, predicted class].
"""

import contextlib
import io
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from explorer import files
from explorer.errors import ExplorerError
from explorer.networks.epoch import CURVES

MOST_BYTES = 64 * 2**20  # unpacked; 10,000 images of 100 classes take 2 MB


@dataclass(frozen=True)
class Evaluation:
    predictions: np.ndarray  # (N,) int64
    probabilities: np.ndarray  # (N, classes) float16
    labels: np.ndarray  # (N,) int64
    confusion: np.ndarray  # (classes, classes) int64
    per_class: np.ndarray  # (classes,) percent; nan for a class without test images
    curves: dict[str, np.ndarray]  # name -> (epochs,)
    cable: dict[str, dict[str, np.ndarray]]  # layer -> phi, psi, tau -> (epochs, out, in)
    kernels: dict[str, np.ndarray] = field(default_factory=dict)  # of a control's filter -> (epochs, out, in, 3, 3)

    @property
    def accuracy(self) -> float:
        return 100 * float((self.predictions == self.labels).mean())


def autocast(device: torch.device, precision: str):
    """The context of every forward pass in a precision."""
    if precision == "bfloat16":
        return torch.autocast(device.type, dtype=torch.bfloat16)
    return contextlib.nullcontext()


def logits_of(model, images, ranks=None, precision="float32", poll=None, batch_size: int = 500) -> torch.Tensor:
    """The model's output on every image, (N, classes) float32 on the CPU; several processes share the work."""
    model.eval()
    rank, world = (ranks.rank, ranks.world) if ranks else (0, 1)
    device, count, parts = images.labels.device, len(images), []
    bounds = [count * part // world for part in (rank, rank + 1)]
    with torch.inference_mode(), autocast(device, precision):
        for start in range(bounds[0], bounds[1], batch_size):
            if poll and world == 1:
                poll()
            parts.append(model(images.plain(slice(start, min(start + batch_size, bounds[1])))[0]).float())
    own = torch.cat(parts)
    if ranks is None or world == 1:
        return own.cpu()
    everyone = torch.zeros(count, own.shape[1], device=device)
    everyone[bounds[0] : bounds[1]] = own
    return ranks.total(everyone).cpu()


def loss_and_accuracy(logits: torch.Tensor, labels: torch.Tensor) -> tuple[float, float]:
    labels = labels.cpu()
    accuracy = 100 * (logits.argmax(1) == labels).double().mean()
    return float(F.cross_entropy(logits.double(), labels)), float(accuracy)


def evaluation(logits: torch.Tensor, labels: torch.Tensor, metrics: list[dict]) -> Evaluation:
    truth, classes = labels.cpu().numpy(), logits.shape[1]
    predictions = logits.argmax(1).numpy()
    confusion = np.zeros((classes, classes), np.int64)
    np.add.at(confusion, (truth, predictions), 1)
    with np.errstate(invalid="ignore"):
        per_class = 100 * confusion.diagonal() / confusion.sum(1)
    layers = metrics[-1].get("cable", {}) if metrics else {}
    cable = {
        layer: {name: np.array([line["cable"][layer][name] for line in metrics], np.float32) for name in values}
        for layer, values in layers.items()
    }
    curves = {name: np.array([line.get(name, np.nan) for line in metrics], np.float32) for name in CURVES}
    names = metrics[-1].get("kernels", ()) if metrics else ()
    kernels = {name: np.array([line["kernels"][name] for line in metrics], np.float32) for name in names}
    probabilities = logits.softmax(1).half().numpy()
    return Evaluation(predictions, probabilities, truth, confusion, per_class, curves, cable, kernels)


def write(path, result: Evaluation) -> None:
    arrays = {name: getattr(result, name) for name in ("probabilities", "confusion", "per_class")}
    small = np.uint8 if len(result.confusion) <= 256 else np.int64
    arrays |= {name: getattr(result, name).astype(small) for name in ("predictions", "labels")}
    arrays |= {f"curve/{name}": values for name, values in result.curves.items()}
    arrays |= {
        f"cable/{layer}/{name}": values for layer, three in result.cable.items() for name, values in three.items()
    }
    arrays |= {f"kernels/{layer}": values for layer, values in result.kernels.items()}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    files.write(Path(path), buffer.getvalue())


def read(path) -> Evaluation:
    """What `write` wrote; anything else is an ExplorerError."""
    try:
        content = io.BytesIO(Path(path).read_bytes())
        with zipfile.ZipFile(content) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_BYTES:
                raise ValueError(f"it unpacks to more than {MOST_BYTES // 2**20} MB")
        with np.load(content, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        curves, kernels = (
            {name.removeprefix(kind): values for name, values in arrays.items() if name.startswith(kind)}
            for kind in ("curve/", "kernels/")
        )
        cable: dict[str, dict] = {}
        for name, values in arrays.items():
            if name.startswith("cable/"):
                layer, quantity = name.removeprefix("cable/").rsplit("/", 1)
                cable.setdefault(layer, {})[quantity] = values
        _fit(arrays, curves)
        return Evaluation(
            arrays["predictions"].astype(np.int64),
            arrays["probabilities"],
            arrays["labels"].astype(np.int64),
            arrays["confusion"],
            arrays["per_class"],
            curves,
            cable,
            kernels,
        )
    except Exception as error:  # a damaged file can make the readers raise anything
        raise ExplorerError(f"{Path(path).name} is no evaluation ({str(error)[:80]}): fetch it again") from None


def _fit(arrays: dict[str, np.ndarray], curves: dict[str, np.ndarray]) -> None:
    images, classes = arrays["probabilities"].shape
    shapes = {"predictions": (images,), "labels": (images,), "confusion": (classes, classes), "per_class": (classes,)}
    for name, shape in shapes.items():
        if arrays[name].shape != shape or arrays[name].dtype.kind not in "iuf":
            raise ValueError(f"{name} does not fit the probabilities")
    numbers = [arrays[name] for name in ("labels", "predictions")]
    if not images or not all(0 <= one.min() <= one.max() < classes for one in numbers):
        raise ValueError("its classes are not those of its probabilities")
    if len({values.shape for values in curves.values()}) > 1 or any(values.ndim != 1 for values in curves.values()):
        raise ValueError("its curves differ in length")
