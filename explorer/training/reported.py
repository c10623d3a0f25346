"""The test accuracies that the papers report, for the dashed line beside a run of the same network and dataset.

The cable paper: tables 2 and 4, ResNets of width 64. The CNN from scratch: its results table. The survey from MLP to
ResNet: its text, which rounds.
"""

_CABLE = ("original", "cabeq-sd-1", "cabeq-sd-2", "cabeq-sd-3", "cabeq-rn-1", "cabeq-rn-2", "cabeq-rn-3")
_TABLES = {
    ("cable paper", "cifar10"): dict(zip(_CABLE, (88.92, 89.41, 89.57, 89.4, 89.68, 89.83, 88.9), strict=True)),
    ("cable paper", "stl10"): dict(zip(_CABLE, (73.625, 75.68, 75.33, 70.8, 75.025, 75.6625, 75.45), strict=True)),
    ("CNN from scratch", "optdigits"): {"digits-cnn": 96.0},
    ("survey", "mnist"): {"mlp": 97.5, "lenet": 98.5, "cnn": 99.0},
    ("survey", "kmnist"): {"mlp": 90.5, "lenet": 93.5, "cnn": 95.0},
    ("survey", "cifar10"): {"mlp": 40.0, "resnet-20": 89.0},
}


def reported(recipe: dict) -> tuple[float, str] | None:
    """(percent, where it stands) for a recipe's network and dataset, or None; the width is said where it differs."""
    if recipe.get("stack"):
        return None
    for (paper, dataset), table in _TABLES.items():
        if dataset == recipe.get("dataset") and recipe.get("model") in table:
            width = ", width 64" if paper == "cable paper" and recipe.get("width") != 64 else ""
            return table[recipe["model"]], f"{paper}{width}"
    return None
