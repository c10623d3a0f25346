"""The other methods of the CNN from scratch's table I, on the same digits of 8 x 8 pixels, by scikit-learn.

    python -m benchmarks.digits           # chooses, trains, tests, some minutes of a core
    python -m benchmarks.digits --record  # and keeps what came out, for the page Results

The settings of each method are chosen by five-fold cross-validation over the training images, the first of equals.
Then it learns from all of them, once a seed where it draws numbers, and sees the test images once.
"""

import sys
from typing import Any

from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.neural_network import MLPClassifier
from sklearn.svm import SVC

from benchmarks.common import exit_code, measurement, report
from explorer.data import dataset
from explorer.results.methods import DATASET, TESTED

SEEDS, FOLDS = range(5), 5
# by the names of explorer/papers.py: the method, whether it draws numbers, and what is tried
METHODS: dict[str, tuple[Any, bool, dict[str, list]]] = {
    "logistic regression": (LogisticRegression(max_iter=5000), False, {"C": [0.01, 0.1, 1, 10, 100]}),
    "neural network": (
        MLPClassifier(max_iter=1000),
        True,
        {"hidden_layer_sizes": [(32,), (100,)], "alpha": [1e-4, 1e-2, 1]},
    ),
    "random forest": (RandomForestClassifier(500), True, {"max_features": [4, 8, 16], "min_samples_leaf": [1, 2]}),
    "support vectors": (SVC(), False, {"C": [1, 10, 100], "gamma": [0.01, 0.03, 0.1]}),
    "boosting": (HistGradientBoostingClassifier(), False, {"learning_rate": [0.05, 0.1, 0.2]}),
}


def main() -> int:
    options = measurement("digits", __doc__).parse_args()
    rows = [measured(name) for name in METHODS]
    best = max(rows, key=lambda row: sum(row["right"]) / len(row["right"]))
    share = 100 * sum(best["right"]) / len(best["right"]) / TESTED
    figure = f"the best of five other methods, {best['method']}, is right on {share:.2f} % of {TESTED:,} test images"
    return report("digits", rows, figure, record=options.record, facts={"images": TESTED, "folds": FOLDS})


def measured(name: str) -> dict:
    """A method's line: what was chosen and how well it did on the folds, and its right answers seed by seed."""
    method, draws, tried = METHODS[name]
    (images, labels), (unseen, truth) = (pixels(split) for split in ("train", "test"))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    if draws:
        method.set_params(random_state=0)
    search = GridSearchCV(method, tried, cv=folds, refit=False).fit(images, labels)
    right = []
    for seed in SEEDS if draws else SEEDS[:1]:
        own = {"random_state": seed} if draws else {}
        model = method.set_params(**search.best_params_, **own).fit(images, labels)
        right.append(int((model.predict(unseen) == truth).sum()))
    return {
        "method": name,
        "chosen": ", ".join(f"{key} {value}" for key, value in search.best_params_.items()),
        "tried": len(search.cv_results_["params"]),
        "on the folds, %": round(100 * float(search.best_score_), 2),
        "right": right,
    }


def pixels(split: str):
    """Images as rows of numbers from 0 to 1, and what they are."""
    digits = dataset(DATASET, split)
    return digits.images.flatten(1).numpy() / 255, digits.labels.numpy()


if __name__ == "__main__":
    sys.exit(exit_code(main))
