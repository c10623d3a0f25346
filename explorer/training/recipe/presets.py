"""The recipes that have a name: what differs from a Recipe's own defaults, and which paper says so."""

CROP_AND_FLIP = {"crop_padding": 4, "flip": True}
PRESETS = {
    # the cable-equation paper, section 4: SGD 0.9, one-cycle with peak 0.5, 100 epochs; it does not give its batch size
    "paper": {
        "dataset": "cifar10",
        "model": "cabeq-rn-2",
        "width": 64,
        "epochs": 100,
        "batch_size": 128,
        "learning_rate": 0.5,
        "schedule": "one-cycle",
        **CROP_AND_FLIP,
    },
    "good": {
        "dataset": "cifar10",
        "model": "cabeq-rn-2",
        "width": 16,
        "epochs": 30,
        "batch_size": 128,
        "learning_rate": 0.2,
        "schedule": "one-cycle",
        "nesterov": True,
        "weight_decay": 5e-4,
        "label_smoothing": 0.1,
        **CROP_AND_FLIP,
    },
    # the CNN from scratch, section III: plain SGD
    "digits": {
        "dataset": "optdigits",
        "model": "digits-cnn",
        "epochs": 30,
        "batch_size": 64,
        "learning_rate": 0.2,
        "momentum": 0.0,
        "precision": "float32",
    },
    # the survey of MLP to ResNet, section 3.1 and table 1
    "mnist": {"dataset": "mnist", "model": "survey-cnn", "epochs": 50, "batch_size": 500, "learning_rate": 0.01},
    "cifar-steps": {
        "dataset": "cifar10",
        "model": "resnet-20",
        "epochs": 49,
        "batch_size": 128,
        "learning_rate": 0.1,
        "schedule": "steps",
        "milestones": (14, 29, 39),
        "factor": 0.2,
        "weight_decay": 5e-4,
        "rotation": 10.0,
        **CROP_AND_FLIP,
    },
    # one cable network, small enough for a laptop without a GPU, on the embedded digits: about a minute
    "quick": {
        "dataset": "optdigits",
        "model": "cabeq-rn-2",
        "width": 8,
        "epochs": 8,
        "batch_size": 64,
        "learning_rate": 0.2,
        "schedule": "one-cycle",
        "nesterov": True,
        "weight_decay": 5e-4,
    },
}
