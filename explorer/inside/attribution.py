"""Where a network looks: which pixels speak for one class, by three methods of captum.

    Grad-CAM               ReLU(Σ_k mean(∂s/∂A_k)·A_k): one layer's maps, weighted by what they do for the score s
    integrated gradients   (x - 0)·∫ ∂s/∂x along the straight line from grey to the image; sums to s(x) - s(0)
    occlusion              how much s falls when a grey square covers a place

The score s is the class's logit: after log-softmax, a network that is sure of itself has hardly any gradient left.
Each call works on a twin of the model, so that captum's hooks are gone with it.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.errors import ExplorerError
from explorer.inside import tracing
from explorer.inside.listing import Layer

METHODS = ("Grad-CAM", "integrated gradients", "occlusion")
STEPS = 32  # of the integral
PIXELS_AT_ONCE = 16 * 96 * 96  # of the images of one pass
LARGE = 128  # pixels a side from which squares that are covered do not overlap: each takes tens of milliseconds


@dataclass(frozen=True)
class Attribution:
    method: str
    target: int
    layer: str  # Grad-CAM's; "" for the others
    values: np.ndarray | None  # (height, width) of the image, or None where there is nothing to draw
    why_not: str  # then the reason, in a sentence
    score: float  # the class's logit
    note: str  # how to read the numbers


def attribute(model: nn.Module, image: Tensor, target: int, method: str, layer: str = "") -> Attribution:
    """One map of the image (1, C, H, W) for class `target`; Grad-CAM needs a layer with maps."""
    if method not in METHODS:
        raise ExplorerError(f"method is {method!r}: take one of {', '.join(METHODS)}")
    scores = logits(tracing.twin(model))
    with torch.no_grad():
        output = scores(image)[0]
    if not 0 <= target < len(output):
        raise ExplorerError(f"class is {target}: this network has 0 to {len(output) - 1}")
    score = float(output[target])
    if not np.isfinite(score):
        why = "The network's score for this class is not a number: its weights or the image are broken."
        return Attribution(method, target, layer, None, why, score, "")
    image = image.detach().clone().requires_grad_()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # captum announces the hooks that it sets
        if method == "Grad-CAM":
            values, note = _grad_cam(scores, image, target, layer)
        elif method == "integrated gradients":
            values, note = _integrated(scores, image, target)
        else:
            values, note = _occlusion(scores, image, target)
    why = _why_not(values, method, layer)
    return Attribution(method, target, layer, None if why else values, why, score, note)


def logits(model: nn.Module) -> nn.Module:
    """The network up to its logits."""
    if isinstance(model, nn.Sequential) and isinstance(model[-1], nn.LogSoftmax | nn.Softmax):
        return model[:-1]
    return model


def target_layer(layers: Sequence[Layer]) -> str:
    """The last layer that still has maps of more than one pixel: Grad-CAM's usual choice."""
    found = [layer.name for layer in layers[1:] if layer.has_maps and layer.shape[-1] > 1]
    if not found:
        raise ExplorerError("this network has no layer with maps: Grad-CAM needs one, take occlusion instead")
    return found[-1]


def _grad_cam(scores, image, target, layer) -> tuple[np.ndarray, str]:
    part = tracing.module(scores, layer)
    if layer == "input" or tracing.trace(scores, image.detach(), {layer})[layer].output.ndim != 4:
        raise ExplorerError(f"layer {layer} has no maps that Grad-CAM could weigh: choose a convolution or a pool")
    from captum.attr import LayerGradCam  # captum imports matplotlib: not before someone asks

    cam = LayerGradCam(scores, part).attribute(image, target=target, relu_attributions=True)
    assert isinstance(cam, torch.Tensor)  # a tuple only of several inputs
    large = F.interpolate(cam, image.shape[-2:], mode="bilinear", align_corners=False)
    size = " × ".join(map(str, cam.shape[-2:]))
    return large[0, 0].detach().numpy(), f"{size} values of layer {layer}, drawn smoothly over the image"


def _integrated(scores, image, target) -> tuple[np.ndarray, str]:
    from captum.attr import IntegratedGradients

    grey = torch.zeros_like(image)
    values = IntegratedGradients(scores).attribute(
        image, grey, target=target, n_steps=STEPS, internal_batch_size=min(8, _at_once(image))
    )
    with torch.no_grad():
        rise = float(scores(image)[0, target] - scores(grey)[0, target])
    total = float(values.sum())
    note = f"all pixels together {total:.3g}; the score rises by {rise:.3g} from a grey image to this one"
    return values[0].sum(0).detach().numpy(), note


def _occlusion(scores, image, target) -> tuple[np.ndarray, str]:
    from captum.attr import Occlusion

    side = max(2, image.shape[-1] // 8)
    stride = side if image.shape[-1] > LARGE else max(1, side // 2)
    values = Occlusion(scores).attribute(
        image,
        (image.shape[1], side, side),
        (image.shape[1], stride, stride),
        0,
        target,
        perturbations_per_eval=_at_once(image),
    )
    return values[0, 0].detach().numpy(), f"a grey square of {side} × {side} pixels, moved by {stride}"


def _at_once(image: Tensor) -> int:
    return max(1, min(16, PIXELS_AT_ONCE // (image.shape[-1] * image.shape[-2])))


def _why_not(values: np.ndarray, method: str, layer: str) -> str:
    if not np.isfinite(values).all():
        return f"{method} gave values that are not numbers: the gradients overflow in this network."
    if values.any():
        return ""
    if method == "Grad-CAM":
        return (
            f"Every value is 0: no place of layer {layer} speaks for this class (Grad-CAM keeps only what raises the "
            "score). Choose the predicted class, or an earlier layer."
        )
    return "Every value is 0: this class's score does not depend on the image, all its paths are silenced by ReLUs."
