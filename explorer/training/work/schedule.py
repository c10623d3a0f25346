"""The learning rate and the crop of every step, as plain functions of the step: nothing to save or to restore.

one-cycle: cosine from peak/25 up to the peak over the first 30% of the steps, cosine down to peak/250,000 over the
rest (Smith and Topin; the same numbers as torch's OneCycleLR). steps: times factor at every milestone.
"""

import math

from explorer.training.recipe.recipe import Recipe

WARM_UP, FIRST, LAST = 0.3, 1 / 25, 1 / 250_000
RESTART_PEAK = 0.1  # of the recipe's peak, when a finished run is extended
EARLY = 0.75  # of the epochs train on small crops, where the recipe has them


def learning_rate(recipe: Recipe, step: int, steps_per_epoch: int) -> float:
    """The rate of step `step`, counted from 0 over the whole run."""
    epoch = step // steps_per_epoch
    if recipe.schedule == "constant":
        return recipe.learning_rate
    if recipe.schedule == "steps":
        passed = sum(milestone <= epoch for milestone in recipe.milestones)
        return recipe.learning_rate * recipe.factor**passed
    begin = max((restart for restart in recipe.restarts if restart <= epoch), default=0)
    end = min((restart for restart in recipe.restarts if restart > epoch), default=recipe.epochs)
    peak = recipe.learning_rate * (RESTART_PEAK if begin else 1)
    return _one_cycle(peak, step - begin * steps_per_epoch, (end - begin) * steps_per_epoch)


def crop_side(recipe: Recipe, epoch: int, size: int) -> int:
    """The side of the training images of an epoch, counted from 0."""
    epochs = (*recipe.restarts, recipe.epochs)[0]
    return min(recipe.early_crop, size) if recipe.early_crop and epoch < EARLY * epochs else size


def _one_cycle(peak: float, step: int, steps: int) -> float:
    top, bottom = WARM_UP * steps - 1, steps - 1
    if step <= top:
        return _cosine(peak * FIRST, peak, step / top)
    top = max(top, 0)  # so few steps that there is no way up
    return _cosine(peak, peak * LAST, (step - top) / max(bottom - top, 1))


def _cosine(start: float, end: float, share: float) -> float:
    return end + (start - end) / 2 * (1 + math.cos(math.pi * share))
