import os
import subprocess
import sys

import pytest
import torch

from explorer.data.catalogue import KNOWN
from explorer.errors import ExplorerError
from explorer.training.dispatch import launcher, processes, timing, trial
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


@pytest.mark.slow
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
        timing.measure(recipe())
        assert torch.get_num_threads() == before + 1
    finally:
        torch.set_num_threads(before)


def test_counts_are_those_of_the_data():
    from explorer.data import dataset

    assert KNOWN["optdigits"].images == tuple(len(dataset("optdigits", split)) for split in ("train", "test"))


@pytest.mark.parametrize("changes", [{}, {"holdout": 800}, {"fold": 2}, {"fold": 5, "holdout": 400}])
def test_what_is_set_aside_is_neither_trained_on_nor_forgotten(changes):
    sides = splits.splits(recipe(**changes))
    found = timing._shared(recipe(**changes), *KNOWN["optdigits"].images)
    assert found == pytest.approx((len(sides.train), len(sides.watched)), abs=9)  # a fold is a fifth of each class


def test_more_than_half_set_aside_is_said_before_it_is_started():
    with pytest.raises(ExplorerError, match="give 1,911 or fewer"):
        timing.measure(recipe(holdout=2000))


def test_a_recipe_that_cannot_run_is_said_before_it_is_started():
    with pytest.raises(ExplorerError, match="width is 63"):
        timing.measure(recipe(width=63, model="digits-cnn"))


def test_a_batch_of_a_trial_has_room_in_memory():
    huge = preset("paper", dataset="stl10", batch_size=8192, crop_padding=64, width=128)
    count = timing._fitting(huge, 3, 96)
    assert 1 < count < 8192 and count * 3 * 224**2 <= timing.ROOM
    assert timing._fitting(recipe(), 1, 8) == recipe().batch_size


GREEDY = """
import sys
from pathlib import Path
from explorer.training.dispatch import timing
timing.MEMORY, timing.SECONDS = {memory}, {seconds}
def measure(recipe):
    kept = []
    while True:
        kept.append(bytearray({step}))
timing.measure = measure
sys.exit(timing.main(sys.argv[1]))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("memory", "seconds", "step", "said"),
    [(100 * 2**20, 600, 2**20, "more than the 2 GB"), (2**40, 0.5, 0, "more than 90 s")],
)
def test_a_trial_that_takes_too_much_or_too_long_ends_itself_with_an_answer(tmp_path, memory, seconds, step, said):
    (tmp_path / "recipe.json").write_text(recipe().to_json())
    script = GREEDY.format(memory=memory, seconds=seconds, step=step)
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False, timeout=300)
    assert done.returncode == 1 and said in trial._read(tmp_path).problem


def test_a_trial_that_does_not_end_itself_is_ended_by_who_asks_next(tmp_path, monkeypatch):
    folder = tmp_path / "trials"
    folder.mkdir()
    stuck = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
    try:
        (folder / "busy").write_text(f"{stuck.pid} {processes.born(stuck.pid)}")
        assert ask(tmp_path, recipe()) is None and stuck.poll() is None
        os.utime(folder / "busy", (1, 1))
        monkeypatch.setattr(trial.processes, "detached", lambda *all: stuck)
        ask(tmp_path, recipe())
        assert stuck.wait(timeout=60) == -processes.KILL
    finally:
        stuck.kill()
        stuck.wait()


def test_answers_too_old_to_be_believed_are_swept_away(tmp_path, monkeypatch):
    monkeypatch.setattr(trial, "_busy", lambda folder: True)
    for name in ("old", "new"):
        (tmp_path / "trials" / name).mkdir(parents=True)
        (tmp_path / "trials" / name / "trial.json").write_text("{}")
    os.utime(tmp_path / "trials" / "old", (1, 1))
    ask(tmp_path, recipe())
    names = {file.name for file in (tmp_path / "trials").iterdir() if file.is_dir()}
    assert names == {"new", key(recipe())}
