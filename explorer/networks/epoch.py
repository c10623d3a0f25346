"""The numbers that an epoch of training leaves, in the order in which tables and files have them."""

CURVES = (
    "epoch",
    "train_loss",
    "train_accuracy",
    "test_loss",
    "test_accuracy",
    "learning_rate",
    "images_per_second",
    "gradient_norm",
)
