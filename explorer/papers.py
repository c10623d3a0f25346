"""What is typed from the five texts, and nothing of it anywhere else: their names, tables, counts and accuracies.

The accuracies are those of the cable paper, tables 2 and 4, ResNets of width 64; of the CNN from scratch, its results
table; and of the survey from MLP to ResNet, its text, which rounds.
"""

TEXTS = {  # number -> what it is called here, and what it is
    "000": ("cable paper", "R. M. Veziryan, R. N. Khachatryan: Convolutional Neural Network (CNN) Layer Development "
            "for Effectiveness of Classification Tasks, 2023"),
    "001": ("notebook", "C. Schupbach: CNN Architecture, 2020"),
    "002": ("CNN from scratch", "Tran The Trung: Convolutional Neural Networks (CNNs)"),
    "003": ("AlexNet article", "K. Pałczyński: Application of Convolutional Neuron Network for Image Processing and "
            "Interpretation, 2019"),
    "004": ("survey", "E. M. Munoz Vega: Startup Project B4, 2021"),
}  # fmt: skip
# 000, tables 2 and 4; 003, its table; 001, section 2.1.3
COUNTS = {
    "original": 11_181_642,
    "cabeq-sd-1": 11_181_675,
    "cabeq-sd-2": 11_181_708,
    "cabeq-sd-3": 11_181_741,
    "cabeq-rn-1": 11_181_708,
    "cabeq-rn-2": 11_181_774,
    "cabeq-rn-3": 11_181_840,
    "alexnet-227": 62_378_344,
    "notebook-cnn": 57_170,
}
# 002, its table I: other methods on the same digits, percent and 95 % confidence interval
DIGITS = {
    "logistic regression": (94.8, "93.8 to 95.8"),
    "neural network": (96.3, "95.3 to 97.1"),
    "random forest": (96.8, "96.1 to 97.8"),
    "support vectors": (97.5, "96.5 to 98.2"),
    "XGBoost": (96.1, "95.1 to 96.9"),
}
RANGES = {("cifar10", "cnn"): "75 to 80", ("cifar10", "alexnet"): "75 to 80"}  # 004, section 3.3
# single figures that are printed in a text's sentences, as printed
SAID = {
    "ensemble on digits": "99.67 %",  # 001, its first paragraph
    "ensemble on fashion": "93.55 %",
    "UCI digits": "5,620",  # 002, section III.A
    "softmax": "0.903784 and 0.096216",  # 003, equation 14
    "cross-entropy": "0.043935",  # 003, equations 16 and 17
    "inputs": "150 528",  # 003, section 1
    "ILSVRC 2012": "84.7 %",  # 003, section 7
    "ILSVRC 2012, second": "73.8 %",
    "dense weights": "79,400",  # 004, section 2.2
    "dense size": "0.6 MB",
    "MLP size": "1 MB",  # 004, section 3.1
    "CNN size": "300 KB",
    "own ResNet": "91 %",  # 004, section 3.3
    "own ResNet size": "40 MB",
    "ResNet size": "1 MB",
    "CIFAR-100 MLP": "15 %",  # 004, section 3.4
    "CIFAR-100 CNNs": "40 to 50 %",
    "CIFAR-100 ResNet": "70 %",
}
_CABLE = ("original", "cabeq-sd-1", "cabeq-sd-2", "cabeq-sd-3", "cabeq-rn-1", "cabeq-rn-2", "cabeq-rn-3")
_TABLES = {
    ("cable paper", "cifar10"): dict(zip(_CABLE, (88.92, 89.41, 89.57, 89.4, 89.68, 89.83, 88.9), strict=True)),
    ("cable paper", "stl10"): dict(zip(_CABLE, (73.625, 75.68, 75.33, 70.8, 75.025, 75.6625, 75.45), strict=True)),
    ("CNN from scratch", "optdigits"): {"digits-cnn": 96.0},
    ("survey", "mnist"): {"mlp": 97.5, "lenet": 98.5, "survey-cnn": 99.0},
    ("survey", "kmnist"): {"mlp": 90.5, "lenet": 93.5, "survey-cnn": 95.0},
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
