import pytest
import torch

from explorer.data.catalogue import KNOWN
from explorer.training.dispatch import launcher, trial
from explorer.training.dispatch.trial import Trial, ask, key
from explorer.training.recipe.recipe import preset
from explorer.training.work import splits
from tests.training.helpers import recipe, until


def test_time_grows_with_epochs_and_images():
    one = Trial(image=1e-3, images=(3000, 300))
    assert one.seconds(2) - one.seconds(1) == pytest.approx(3.1)


def test_recipes_that_cost_the_same_share_a_trial():
    assert key(preset("digits")) == key(preset("digits", epochs=500, seed=9, learning_rate=1.0))
    assert key(preset("digits")) != key(preset("digits", batch_size=32))


def test_three_batches_are_timed_in_a_process_and_the_answer_is_kept(tmp_path):
    wish = recipe()
    assert ask(tmp_path, wish) is None
    found = until(lambda: ask(tmp_path, wish), 200)
    assert not found.problem and found.image > 0 and found.images == (3823, 1797)
    assert "3 batches of" in found.how and found.how.endswith("float32 on cpu")
    assert ask(tmp_path, wish.changed(epochs=99)) == found


def test_a_trial_takes_the_threads_of_the_run(tmp_path, monkeypatch):
    started = {}
    keep = trial.processes.detached
    monkeypatch.setattr(
        trial.processes, "detached", lambda *all: started.update(all[2]) or keep([*all[0][:1], "-c", ""], *all[1:])
    )
    monkeypatch.setattr(launcher, "cores", lambda: 4)
    for number, device in enumerate(("cpu", "auto")):
        ask(tmp_path / str(number), recipe(device=device))
        assert (started["OMP_NUM_THREADS"], started["OMP_WAIT_POLICY"]) == ("3", "PASSIVE")
    before = torch.get_num_threads()
    monkeypatch.setenv("EXPLORER_THREADS", str(before + 1))
    try:
        trial.measure(recipe())
        assert torch.get_num_threads() == before + 1
    finally:
        torch.set_num_threads(before)
        torch.set_flush_denormal(False)


def test_counts_are_those_of_the_data():
    from explorer.data import dataset

    assert KNOWN["optdigits"].images == tuple(len(dataset("optdigits", split)) for split in ("train", "test"))


@pytest.mark.parametrize("changes", [{}, {"holdout": 800}, {"fold": 2}, {"fold": 5, "holdout": 400}])
def test_what_is_set_aside_is_neither_trained_on_nor_forgotten(changes):
    sides = splits.splits(recipe(**changes))
    found = trial._shared(recipe(**changes), *KNOWN["optdigits"].images)
    assert found == pytest.approx((len(sides.train), len(sides.watched)), abs=9)  # a fold is a fifth of each class


def test_more_than_half_set_aside_is_said_before_it_is_started():
    with pytest.raises(trial.ExplorerError, match="give 1,911 or fewer"):
        trial.measure(recipe(holdout=2000))


def test_a_recipe_that_cannot_run_is_said_before_it_is_started():
    with pytest.raises(trial.ExplorerError, match="width is 63"):
        trial.measure(recipe(width=63, model="digits-cnn"))
