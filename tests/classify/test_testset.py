import numpy as np
import pytest

from explorer.classify import testset
from explorer.errors import ExplorerError
from explorer.networks.evaluation import Evaluation


def result(probabilities, labels):
    probabilities, labels = np.asarray(probabilities, np.float16), np.asarray(labels)
    predictions = probabilities.argmax(1)
    confusion = np.zeros((probabilities.shape[1],) * 2, int)
    np.add.at(confusion, (labels, predictions), 1)
    return Evaluation(predictions, probabilities, labels, confusion, confusion.diagonal(), {}, {})


def random(seed, count=500, classes=4):
    generator = np.random.default_rng(seed)
    return generator.dirichlet(np.full(classes, 0.4), count), generator.integers(0, classes, count)


def test_calibration_against_a_loop():
    one = result(*random(0))
    sure = one.probabilities.astype(float).max(1)
    found, total = testset.calibration(one, 5), 0.0
    for place in range(5):
        inside = (sure > place / 5) & (sure <= (place + 1) / 5)
        assert found.counts[place] == inside.sum()
        if inside.any():
            right = (one.predictions == one.labels)[inside].mean()
            assert found.accuracy[place] == pytest.approx(right)
            assert found.confidence[place] == pytest.approx(sure[inside].mean())
            total += inside.sum() * abs(right - sure[inside].mean())
    assert found.error == pytest.approx(total / len(sure))
    assert found.counts.sum() == len(sure)


def test_a_perfectly_sure_and_right_model_has_no_calibration_error():
    labels = np.arange(4)
    assert testset.calibration(result(np.eye(4), labels)).error == 0


def test_an_oracle_drawn_from_its_own_probabilities_is_calibrated():
    generator = np.random.default_rng(1)
    shares = generator.dirichlet(np.full(3, 0.7), 20_000)
    labels = (generator.random((20_000, 1)) > shares.cumsum(1)).sum(1).clip(0, 2)
    assert testset.calibration(result(shares, labels)).error < 0.02


def test_a_cell_holds_its_images_surest_first():
    one = result(*random(2))
    true, said = testset.worst_cell(one)
    found = testset.cell(one, true, said)
    assert true != said and len(found) == one.confusion[true, said]
    assert (one.labels[found] == true).all() and (one.predictions[found] == said).all()
    assert (np.diff(one.probabilities[found, said].astype(float)) <= 0).all()
    assert one.confusion[true, said] == (one.confusion - np.diag(one.confusion.diagonal())).max()


def test_disagreement_splits_the_test_set_in_four():
    shares, labels = random(3)
    first, second = result(shares, labels), result(random(4)[0], labels)
    found = testset.disagreement(first, second)
    assert found.both + len(found.first) + len(found.second) + found.neither == len(labels)
    assert (first.predictions == labels)[found.first].all() and not (second.predictions == labels)[found.first].any()
    swapped = testset.disagreement(second, first)
    assert swapped.z == pytest.approx(-found.z)
    assert found.z == pytest.approx(
        (len(found.first) - len(found.second)) / np.sqrt(len(found.first) + len(found.second))
    )


def test_a_model_agrees_with_itself():
    one = result(*random(5))
    found = testset.disagreement(one, one)
    assert len(found.first) == len(found.second) == 0 and found.z == 0


def test_different_test_images_cannot_be_compared():
    with pytest.raises(ExplorerError, match="different images"):
        testset.disagreement(result(*random(6)), result(*random(7)))
