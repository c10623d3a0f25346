"""What the last dense layer of a network reads of pictures: the numbers by which it tells them apart."""

import numpy as np
import torch
from torch import Tensor, nn

from explorer.classify.predict import parts
from explorer.errors import ExplorerError
from explorer.inside.tracing import hear, leaves
from explorer.networks.subject import Subject


def last_dense(model: nn.Module) -> str:
    """The name of the last dense layer, "" where there is none."""
    return ([name for name, layer in leaves(model).items() if isinstance(layer, nn.Linear)] or [""])[-1]


def features(subject: Subject, batch: Tensor) -> np.ndarray:
    """(N, D) of pictures as the network sees them; of a network without a dense layer what it puts out."""
    name = last_dense(subject.model)
    with torch.inference_mode():
        read = [hear(subject.model, part, name).inputs[0] if name else subject.model(part) for part in parts(batch)]
    found = torch.cat(read).flatten(1).float().numpy()
    if not np.isfinite(found).all():
        raise ExplorerError(f"what {subject.key} makes of these pictures is no numbers: its weights are damaged")
    return found
