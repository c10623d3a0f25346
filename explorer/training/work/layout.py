"""How a network and its images lie in memory while it trains: channels last, which is faster, wherever that is safe.

In float32 on a CPU with AVX2, oneDNN computes the gradient of the weights of a 1x1 window that moves by more than one
pixel in a workspace too small where fewer channels than fill a register lie last: it writes past its end, and the
process dies, or computes nonsense (uxlfoundation/oneDNN, issue 6035).
"""

import torch
from torch import nn

REGISTER = 8  # numbers of float32


def layout(model: nn.Module, device: torch.device) -> torch.memory_format:
    if device.type == "cpu" and any(_overflows(one) for one in model.modules()):
        return torch.contiguous_format
    return torch.channels_last


def laid(images: torch.Tensor, how: torch.memory_format) -> torch.Tensor:
    """Images whose channels lie last, so: with one channel only a copy tells where it lies."""
    return images if how == torch.channels_last else images.clone(memory_format=how)


def _overflows(module: nn.Module) -> bool:
    if not isinstance(module, nn.Conv2d):
        return False
    return set(module.kernel_size) == {1} and max(module.stride) > 1 and module.in_channels // module.groups < REGISTER
