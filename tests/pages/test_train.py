"""The Train page without a browser: real store, fabricated runs, no training process."""

import time

import numpy as np
import pytest
import torch

from explorer import paths
from explorer.data import samples
from explorer.networks import evaluation
from explorer.networks.stack import PRESETS as STACKS
from explorer.networks.stack import parse
from explorer.training.recipe.recipe import LIMITS, preset
from explorer.training.store import publish, sweeps
from explorer.training.work import metrics
from tests.training.helpers import trained

CABLE = {"cable.0": {"phi": [[2.0, 3.0]], "psi": [[1.0, 4.0]], "tau": [[0.1, 0.2]]}}


@pytest.fixture
def train(store, open_page):
    def train(**params):
        return checked(open_page("Train", **params))

    return train


def checked(page):
    assert not page.exception and not page.error, [box.value for box in (*page.exception, *page.error)]
    return page


def made(store, state="finished", *, epochs=3, done=3, owner="someone", name="", **changes):
    """A run as it lies on the disk in this state."""
    return done_as(store, store.create(preset("digits", epochs=epochs, **changes), owner=owner, name=name), state, done)


def done_as(store, run, state, done=3, host=""):
    """The run brought to this state, with the curves of `done` epochs."""
    if state == "queued":
        return run
    epochs = run.recipe["epochs"]
    store.claim(run.id, "cpu", host)
    for epoch in range(1, done + 1):
        metrics.append(
            run.folder,
            {
                "epoch": epoch,
                "train_loss": 1 / epoch,
                "train_accuracy": 90 + epoch,
                "test_loss": 2 / epoch,
                "test_accuracy": 80 + epoch,
                "learning_rate": 0.2,
                "images_per_second": 1000.0,
                "cable": CABLE,
            },
        )
    (run.folder / "log.txt").write_text("epoch 1: all is well\n")
    if state in ("running", "stopping"):
        metrics.write_progress(
            run.folder,
            {
                "epoch": done,
                "epochs": epochs,
                "batch": 5,
                "batches": 10,
                "eta": 3e7,
                "phase": "training",
                "time": time.time(),
            },
        )
    else:
        store.settle(run.id, state, "a reason" if state != "finished" else "")
    return store.get(run.id)


def text(page):
    elements = [*page.markdown, *page.caption, *page.info, *page.warning, *page.metric, *page.subheader, *page.button]
    words = [f"{getattr(element, 'label', '')} {element.value}" for element in elements]
    return "\n".join([*words, *(element.proto.body for element in page.get("html"))])


def tick(page, key):
    return checked(page.button(key=key).click().run())


def test_an_empty_page_says_what_to_do_and_start_queues_the_preset(store, train):
    page = train()
    assert "press Start" in page.info[0].value
    tick(page, "start")
    (run,) = store.all()
    assert run.recipe == preset("digits").to_dict() and run.state == "queued"
    assert run.id in page.query_params["run"]
    assert "next in the queue" in text(page)


def test_what_is_changed_lands_in_the_recipe(store, train):
    page = train(preset="good")
    page.number_input(key="train.good.epochs").set_value(2)
    page.selectbox(key="train.good.dataset").set_value("optdigits")
    page.run()
    page.number_input(key="train.good.learning_rate").set_value(0.05)
    page.checkbox(key="train.good.flip").set_value(False)
    page.text_input(key="train.name").set_value("ours")
    tick(page, "start")
    (run,) = store.all()
    expected = preset("good", epochs=2, dataset="optdigits", learning_rate=0.05, flip=False, device="auto")
    assert run.recipe == expected.to_dict() and run.name == "ours"


def test_a_recipe_that_cannot_be_is_said_in_one_sentence_and_not_started(store, train, monkeypatch):
    page = train(preset="cifar-steps")
    page.text_input(key="train.cifar-steps.milestones").set_value("1, x").run()
    assert page.error[0].value.startswith("Milestones is '1, x': give epochs")
    assert "start" not in [button.key for button in page.button]


def test_more_processes_than_cores_are_refused_before_anything_is_queued(store, train, monkeypatch):
    monkeypatch.setattr("explorer.training.dispatch.launcher.cores", lambda: 4)
    monkeypatch.setattr("explorer.training.dispatch.launcher.count_gpus", lambda: 0)
    page = train()
    page.number_input(key="train.digits.processes").set_value(64).run()
    page = page.button(key="start").click().run()
    assert "this machine has 4 cores" in page.error[0].value and not store.all()


def test_a_download_is_announced_with_its_size_and_the_digits_offered(store, train, monkeypatch):
    monkeypatch.setattr("explorer.ui.training.launch.at_hand", lambda name, split, root: name == "optdigits")
    page = train(preset="mnist")
    assert "downloads 12 MB" in page.warning[0].value
    page = tick(page, "train.embedded")
    assert not page.warning and page.selectbox(key="train.mnist.dataset").value == "optdigits"


def test_a_stack_from_layers_takes_the_models_place(store, open_page):
    rows = [{"kind": "flatten"}, {"kind": "dense", "units": 10}]
    sent = parse({"rows": rows, "input": [1, 8, 8]})
    page = checked(open_page("Train", own=sent.link()))  # as Layers links to it
    assert not page.warning
    tick(page, "start")
    assert store.all()[0].recipe["stack"] == sent.json()
    tick(page, "train.unstack")
    assert "own" not in page.query_params and "takes the place" not in text(page)


def test_a_stack_built_for_other_images_says_so_and_offers_a_dataset_with_such(store, train):
    page = train(own=STACKS["notebook"].link())
    said = "built for 28 × 28 pixels, UCI digits have 8 × 8 pixels: train on MNIST."
    assert said in page.warning[0].value and "start" not in [button.key for button in page.button]
    tick(page, "train.fitting")
    assert page.selectbox(key="train.digits.dataset").value == "mnist"
    assert not any("built for" in box.value for box in page.warning)
    tick(page, "start")
    assert (store.all()[0].recipe["dataset"], store.all()[0].recipe["epochs"]) == ("mnist", 30)


def test_a_stack_that_no_known_dataset_fits_says_why(store, open_page):
    rows = [{"kind": "flatten"}, {"kind": "dense", "units": 7}]
    page = open_page("Train", own=parse({"rows": rows, "input": [1, 28, 28]}).link())
    assert "end it with flatten and a dense row of 10 units" in page.error[0].value and not page.warning
    broken = checked(open_page("Train", own="eJwD"))
    assert "copy the whole link again" in broken.warning[0].value and "start" in [b.key for b in broken.button]


def test_a_server_may_limit_what_is_started(store, train, monkeypatch):
    monkeypatch.setenv("EXPLORER_MAX_EPOCHS", "10")
    monkeypatch.setenv("EXPLORER_MAX_QUEUE", "1")
    page = train()
    assert page.number_input(key="train.digits.epochs").value == 10
    tick(page, "start")
    page.button(key="start").click().run()
    assert "this server allows 1" in page.error[0].value and len(store.all()) == 1


def test_training_may_be_switched_off_while_runs_stay_visible(store, train, monkeypatch):
    monkeypatch.setenv("EXPLORER_TRAINING", "off")
    run = made(store)
    page = train()
    assert "switched off" in page.info[0].value
    keys = [button.key for button in page.button]
    assert f"choose.{run.id}" in keys and not {"start", f"delete.{run.id}", f"keep.{run.id}"} & set(keys)


def test_a_running_run_shows_where_it_is(store, train):
    run, waiting = made(store, "running", epochs=10), made(store, "queued")
    page = train(run=run.id)
    shown = {metric.label: metric.value for metric in page.metric}
    assert shown == {"Test accuracy": "83.00 %", "Epoch of 10": "3", "Images/s": "1,000", "Time left": "8,333.3 h"}
    assert "width:35.0%" in text(page) and "next in the queue" in text(page)
    assert f"delete.{run.id}" not in [button.key for button in page.button]
    assert f"choose.{waiting.id}" in [button.key for button in page.button]


def test_a_run_that_sets_images_aside_says_that_its_curves_are_theirs(store, train):
    page = train(run=made(store, "running", epochs=10, holdout=500).id)
    assert page.metric[0].label == "Held-out accuracy" and page.metric[0].value == "83.00 %"
    assert page.number_input(key="train.digits.holdout").max == LIMITS["holdout"][1]
    page.number_input(key="train.digits.holdout").set_value(700).run()
    tick(page, "start")
    page.button(key="start").click().run()
    assert store.all()[0].recipe["holdout"] == 700


def test_a_stranger_is_asked_before_a_run_stops_and_its_owner_is_not(store, train):
    theirs = made(store, "running", epochs=10)
    page = train(run=theirs.id)
    tick(page, f"stop.{theirs.id}")
    assert store.get(theirs.id).state == "running" and "Someone else started this run" in text(page)
    tick(page, f"no.stop.{theirs.id}")
    assert "Someone else" not in text(page)
    tick(page, f"stop.{theirs.id}")
    tick(page, f"yes.stop.{theirs.id}")
    assert store.get(theirs.id).state == "stopping"
    tick(page, "start")
    mine = store.all()[0]
    tick(page, f"stop.{mine.id}")
    assert store.get(mine.id).state == "stopped"


@pytest.mark.parametrize("what", ["resume", "extend", "keep", "publish", "delete"])
def test_whose_run_it_is_is_said_before_it_is_changed(store, train, what):
    """Someone else's is left alone until the second yes."""
    theirs = made(store, "stopped" if what == "resume" else "finished", owner="terminal:ada *")
    (theirs.folder / "weights.safetensors").touch()
    (theirs.folder / "weights.json").touch()
    before = store.get(theirs.id)
    page = train(run=theirs.id)
    if what == "keep":
        page.text_input(key=f"name.{theirs.id}").set_value("mine").run()
    page.button(key=f"{what}.{theirs.id}").click().run()
    assert "ada \\* started this run from a terminal" in text(page)
    assert store.get(theirs.id) == before
    page.button(key=f"no.{'resume' if what == 'extend' else what}.{theirs.id}").click().run()
    assert store.get(theirs.id) == before and "ada" not in text(page)


def test_of_ones_own_run_nothing_but_deleting_is_asked(store, train):
    page = train()
    tick(page, "start")
    run = store.all()[0]
    tick(page, f"stop.{run.id}")
    page.text_input(key=f"name.{run.id}").set_value("mine").run()
    tick(page, f"keep.{run.id}")
    tick(page, f"resume.{run.id}")
    assert store.get(run.id).name == "mine" and store.get(run.id).state == "queued"
    tick(page, f"stop.{run.id}")
    tick(page, f"delete.{run.id}")
    assert store.all() and "started this run" not in text(page)


def test_a_visitor_may_queue_five_runs_beside_those_of_others(store, train):
    for _ in range(4):
        made(store, "queued")
    page = train()
    for _ in range(5):
        tick(page, "start")
    page.button(key="start").click().run()
    assert "5 of your runs wait or run already: this server allows 5 a visitor" in page.error[0].value
    assert len(store.all()) == 9


def test_a_run_is_published_found_and_unpublished_without_a_trace_in_pretrained(store, train, open_page):
    run = trained(store)
    before = sorted(paths.PRETRAINED.iterdir())
    page = train(run=run.id)
    page.text_input(key=f"publish.name.{run.id}").set_value("mine").run()
    tick(page, f"publish.{run.id}")
    tick(page, f"yes.publish.{run.id}")
    assert "Published as mine." in [toast.value for toast in page.toast] and "Published as mine; below" in text(page)
    assert set(publish.published()) == {"mine"} and sorted(paths.PRETRAINED.iterdir()) == before
    image = f"optdigits-{samples('optdigits')[0].index}"
    classify = checked(open_page("Classify", image=image, models="mine", tab="Over the test set"))
    assert "mine" in classify.multiselect(key="networks.optdigits").value and not classify.info
    assert "mine" in checked(open_page("Feature_maps", image=image, model="mine")).selectbox(key="model-box").value
    tick(page, f"publish.{run.id}")
    tick(page, f"yes.publish.{run.id}")
    assert "The name mine is that of a published network" in page.toast[0].value
    tick(page, "unpublish.yes.mine")
    assert not publish.published() and "Published" not in [box.label for box in page.expander]
    classify = checked(open_page("Classify", image=image, models="mine"))
    assert "mine" not in classify.multiselect(key="networks.optdigits").options


@pytest.mark.parametrize("gone", [False, True])
def test_whose_run_a_published_one_is_is_said_before_it_goes(store, train, gone):
    run = trained(store, owner="terminal:ada *")
    publish.publish(run, "mine")
    if gone:
        store.delete(run.id)
    page = train()
    page.session_state["unpublish.mine"] = True
    said = text(checked(page.run()))
    assert ("whose it was is not known" if gone else "ada \\* started this run from a terminal") in said


def test_presenter_mode_offers_no_unpublishing(store, train):
    publish.publish(trained(store), "mine")
    assert "unpublish.yes.mine" in [button.key for button in train().button]
    assert "unpublish.yes.mine" not in [button.key for button in train(present="1").button]


def test_delete_is_asked_twice(store, train):
    run = made(store, "interrupted")
    page = train()
    tick(page, f"delete.{run.id}")
    assert "There is no way back" in text(page) and store.all()
    tick(page, f"yes.delete.{run.id}")
    assert store.all() == [] and not run.folder.exists()


def test_resume_extend_rename_and_note(store, train):
    ended, finished = made(store, "interrupted", done=1), made(store)
    page = train(run=ended.id)
    assert "A reason" in text(page).replace("\\", "")
    tick(page, f"resume.{ended.id}")
    tick(page, f"yes.resume.{ended.id}")
    assert store.get(ended.id).state == "queued"
    tick(page, f"choose.{finished.id}")
    page.number_input(key=f"more.{finished.id}").set_value(7).run()
    tick(page, f"extend.{finished.id}")
    tick(page, f"yes.resume.{finished.id}")
    assert store.get(finished.id).recipe["epochs"] == 10
    page.text_input(key=f"name.{finished.id}").set_value("**bold** $x$ <b>")
    page.text_area(key=f"note.{finished.id}").set_value("a note").run()
    tick(page, f"keep.{finished.id}")
    tick(page, f"yes.keep.{finished.id}")
    assert store.get(finished.id).name == "**bold** $x$ <b>"
    assert "\\*\\*bold\\*\\* \\$x\\$ \\<b\\>" in page.subheader[0].value, "shown as it was typed"


def test_every_view_of_a_finished_run_is_drawn(store, train):
    one = made(store)
    made(store, learning_rate=0.1)
    labels = np.arange(100) % 10
    logits = np.eye(10)[labels] * 5
    result = evaluation.evaluation(torch.tensor(logits), torch.tensor(labels), metrics.read(one.folder))
    evaluation.write(one.folder / "eval.npz", result)
    for view, expected in {
        "Curves": "",
        "Φ Ψ τ": "After epoch 3",
        "Classes": "100 test images: 100.00 %",
        "Compare": "learning rate",
        "Log": "all is well",
        "Files": '"learning_rate": 0.2',
    }.items():
        page = train(run=one.id, view=view)
        tables = "".join(table.value.to_string() for table in page.table)
        codes = "".join(code.value for code in page.code)
        assert expected in text(page) + tables + codes, view


@pytest.mark.parametrize("bad", ["../../etc", "20000101-000000-0000", "<script>", "é" * 300])
def test_an_id_in_the_url_that_is_none_shows_the_newest_run(store, train, bad):
    run = made(store)
    assert run.id in text(train(run=bad))


@pytest.fixture
def swept(store):
    """A sweep of two networks, two widths and two seeds, half done, beside a run of its own."""
    made(store)
    recipes = sweeps.grid("quick", {}, ["original", "cabeq-rn-2"], [8, 16], [0, 1])
    runs, _ = sweeps.queue(store, "quick-optdigits-abc123", recipes, "terminal:someone")
    for run, state in zip(runs, ["finished"] * 3 + ["running", "finished", "interrupted"], strict=False):
        done_as(store, run, state, done=1 + (run.recipe["seed"] == 1))
    return runs


def test_a_sweep_is_one_line_that_opens(store, train, swept):
    page = train()
    keys = [button.key for button in page.button]
    assert "sweep.quick-optdigits-abc123" in keys
    assert not {f"choose.{run.id}" for run in swept} & set(keys), "its runs have no lines of their own"
    assert "4 of 8 finished, 1 running, 2 queued, 1 interrupted" in text(page) and "<table>" not in text(page)
    page = tick(page, "sweep.quick-optdigits-abc123")
    assert page.query_params["sweep"] == "quick-optdigits-abc123"
    table = text(page)
    assert "<th>width 8</th><th>width 16</th><th>paper</th>" in table
    assert "<td><b>81.50 %</b><small>2 seeds</small></td>" in table
    assert "<td><b>81.00 %</b><small>1 of 2 seeds, 1 interrupted</small></td>" in table
    page = tick(page, "sweep.quick-optdigits-abc123")
    assert "<table>" not in text(page) and "sweep" not in page.query_params


def test_the_papers_figure_stands_beside_the_network(store, train):
    sweeps.queue(store, "good-cifar10-abc123", sweeps.grid("good", {}, ["original"], [16], [0]))
    assert "<b>88.92 %</b><small>cable paper, width 64</small>" in text(train(sweep="good-cifar10-abc123"))


def test_a_run_of_a_sweep_is_chosen_from_its_list(store, train, swept):
    page = train(sweep="quick-optdigits-abc123")
    (box,) = [box for box in page.selectbox if box.label == "Look at one of its runs"]
    assert box.value == swept[3].id, "the one at work, as without a sweep"
    page = checked(box.set_value(swept[4].id).run())
    assert page.query_params["run"] == swept[4].id
    assert "width 8, seed 1" in page.subheader[0].value.replace("\\", "")


def test_all_runs_of_a_sweep_stop_after_a_second_yes_and_resume(store, train, swept):
    name = "quick-optdigits-abc123"
    page = tick(train(sweep=name), f"sweep.stop.{name}")
    assert "someone started this run from a terminal. Stop 3 runs of this sweep?" in text(page)
    assert store.get(swept[3].id).state == "running"
    tick(page, f"no.sweep.{name}")
    tick(page, f"sweep.stop.{name}")
    tick(page, f"yes.sweep.{name}")
    states = [store.get(run.id).state for run in swept]
    assert states == ["finished"] * 3 + ["stopping", "finished", "interrupted", "stopped", "stopped"]
    store.settle(swept[3].id, "stopped")
    page = train(sweep=name)
    tick(page, f"sweep.resume.{name}")
    assert "someone started this run from a terminal" in text(page)
    assert not [run for run in swept if store.get(run.id).state == "queued"]
    tick(page, f"no.sweep.{name}")
    tick(page, f"sweep.resume.{name}")
    tick(page, f"yes.sweep.{name}")
    assert [store.get(run.id).state for run in swept].count("queued") == 4


def test_of_ones_own_sweep_nothing_but_stopping_is_asked(store, train):
    page = train()
    tick(page, "start")
    mine = store.all()[0]
    store._write("UPDATE runs SET sweep = 'quick-optdigits-abc123', state = 'stopped' WHERE id = ?", (mine.id,))
    page.query_params["sweep"] = "quick-optdigits-abc123"
    tick(checked(page.run()), "sweep.resume.quick-optdigits-abc123")
    assert store.get(mine.id).state == "queued"


def test_a_server_that_allows_less_refuses_to_resume_a_sweep_in_one_sentence(store, train, swept, monkeypatch):
    monkeypatch.setenv("EXPLORER_MAX_QUEUE", "3")
    name = "quick-optdigits-abc123"
    page = tick(tick(train(sweep=name), f"sweep.resume.{name}"), f"yes.sweep.{name}")
    assert store.get(swept[5].id).state == "interrupted"
    assert "this server allows 3" in page.toast[0].value


def test_switched_off_training_leaves_the_table_of_a_sweep(store, train, swept, monkeypatch):
    monkeypatch.setenv("EXPLORER_TRAINING", "off")
    page = train(sweep="quick-optdigits-abc123")
    assert "<table>" in text(page) and "sweep.stop.quick-optdigits-abc123" not in [one.key for one in page.button]


def test_a_run_on_another_machine_says_so(store, train, monkeypatch):
    monkeypatch.setenv("EXPLORER_HOST", "here")
    run = done_as(store, store.create(preset("digits")), "running", host="far-away")
    assert "cpu on far-away" in text(train(run=run.id))
