"""The two ends of a run: the network that a recipe asks for, and its weights, card and evaluation when it is done."""

import copy
import os
from pathlib import Path

import torch

from explorer.machine import processor
from explorer.networks import described, evaluation, weights
from explorer.networks.cable_layer import CableLayer, Stencil
from explorer.training.recipe.recipe import Recipe
from explorer.training.work import metrics
from explorer.training.work.augment import Images
from explorer.training.work.checkpoint import versions


def network(recipe: Recipe, split) -> torch.nn.Module:
    """Fresh weights, the same for the same seed, fitted to the images and classes of the dataset split."""
    shape = tuple(split.images.shape[1:])
    return described.network(recipe.model, recipe.stack, len(split.classes), shape, recipe.width, recipe.seed).train()


def cable(model: torch.nn.Module) -> dict:
    """Φ, Ψ and τ of every cable layer, {layer: {phi, psi, tau: [[out x in]]}}, four significant digits."""
    return {
        name: {"phi": _listed(module.phi), "psi": _listed(module.psi), "tau": _listed(module.tau)}
        for name, module in model.named_modules()
        if isinstance(module, CableLayer)
    }


def kernels(model: torch.nn.Module) -> dict:
    """The kernels (out, in, 3, 3) of the layers that stand where a cable layer could, four significant digits."""
    return {
        name: _listed(module.kernel())
        for name, module in model.named_modules()
        if isinstance(module, Stencil) and not isinstance(module, CableLayer)
    }


def _listed(values) -> list:
    if isinstance(values, torch.Tensor):
        values = values.detach().float().tolist()
    return [_listed(value) if isinstance(value, list) else float(f"{value:.4g}") for value in values]


def spread(layers: dict) -> dict:
    """Mean and standard deviation of 1/Φ², 1/Ψ² and τ over all channel pairs of all layers, for the card."""

    def flat(name):
        return torch.tensor([value for layer in layers.values() for row in layer[name] for value in row])

    if not layers:
        return {}
    quantities = {"1/phi^2": flat("phi") ** -2, "1/psi^2": flat("psi") ** -2, "tau": flat("tau")}
    return {
        name: {
            "mean": float(values.mean()),
            "std": float(values.std()) if len(values) > 1 else 0.0,
            "least": float(values.min()),
            "most": float(values.max()),
        }
        for name, values in quantities.items()
    }


def write(run) -> float:
    """Weights, card and evaluation into the run's folder; returns the accuracy of the weights as written: float16
    numbers in a float32 network, which is what everyone who loads them gets."""
    model, split = rounded(run.plain), run.splits.test()
    test = Images(split, run.device)
    logits = evaluation.logits_of(model, test, poll=run.control.check if run.ranks.world == 1 else None)
    result = evaluation.evaluation(logits, test.labels, metrics.read(run.folder))
    weights.save(model.cpu(), card(run, split, model, result.accuracy), run.folder, name="weights")
    evaluation.write(Path(run.folder) / "eval.npz", result)
    return result.accuracy


def rehearse(run) -> None:
    """Everything that weights and card will need, asked before the first epoch, so that nothing is trained for
    nothing: the name of a class that no card can hold, a network that its card does not describe."""
    weights.packed(run.plain, card(run, run.splits.watched, run.plain, 0.0), "weights")


def rounded(model):
    """A copy whose numbers are what float16 keeps of them."""
    model = copy.deepcopy(model).float()
    with torch.no_grad():
        for tensor in (*model.parameters(), *model.buffers()):
            if tensor.is_floating_point():
                half = tensor.half()
                tensor.copy_(half if half.isfinite().all() else tensor)
    return model


def card(run, split, model, accuracy: float) -> weights.Card:
    """`split` holds the images that the accuracy is of."""
    recipe = run.recipe
    started = cable(network(recipe, run.splits.train))
    curves = f" The curves are those of {run.splits.watched.source}." if recipe.holdout else ""
    return weights.Card(
        model="stack" if recipe.stack else recipe.model,
        width=recipe.width,
        dataset=recipe.dataset,
        classes=tuple(split.classes),
        size=split.images.shape[2],
        channels=split.images.shape[1],
        mean=tuple(split.mean),
        std=tuple(split.std),
        recipe=recipe.to_dict(),
        accuracy=round(accuracy, 4),
        split={
            "name": split.split,
            "images": len(split.labels),
            "source": split.source,
            "training images": len(run.splits.train),
        },
        seed=recipe.seed,
        hardware=hardware(run.device),
        versions=versions(),
        stack=recipe.stack or None,
        cable={"start": spread(started), "trained": spread(cable(model)), "layers": cable(model)} if started else {},
        notes=f"Trained in {run.precision}; the accuracy is that of these float16 weights, computed in float32, taken "
        f"once after the last epoch.{curves}",
    )


def hardware(device: torch.device) -> str:
    if device.type == "cuda":
        return f"{torch.cuda.get_device_name(device)}, {os.environ.get('WORLD_SIZE', '1')} in use"
    return f"{processor()}, {torch.get_num_threads()} threads of {os.cpu_count()} cores"
