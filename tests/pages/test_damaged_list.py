"""What a damaged list of runs does to the pages that read it: Train says so, and all of them go on."""

import shutil
import time

import pytest

from benchmarks.hostile.lists import FILES, ROWS
from explorer.training.work import metrics
from tests.training.helpers import trained


@pytest.mark.parametrize("kind", ["a recipe that is no JSON", "a text as epochs", "an unknown state", "an id of bytes"])
def test_a_damaged_run_is_left_out_of_train_and_can_be_deleted_there(store, open_page, kind):
    good, bad = trained(store, name="the good one"), trained(store, name="the bad one")
    ROWS[kind](store.file, bad.id)
    page = open_page("Train")
    assert not page.error and not page.exception
    assert "the good one" in page.subheader[0].value
    assert "1 damaged run is left out" in [one.label for one in page.expander]
    delete = [button for button in page.button if button.key == f"damaged.yes.{bad.id}"]
    if kind == "an id of bytes":
        assert not delete
        return
    page = delete[0].click().run()
    assert not page.error and store.listed()[1] == [] and store.all() == [good] and not bad.folder.exists()
    assert "1 damaged run is left out" not in [one.label for one in page.expander]


@pytest.mark.parametrize("kind", ["random bytes behind the first page", "a dropped table", "random bytes throughout"])
def test_train_says_what_to_do_about_a_lost_list_and_broke_nothing(store, open_page, kind):
    FILES[kind](store.file, trained(store).id)
    page = open_page("Train")
    (said,) = {box.value for box in page.error}
    assert not page.exception and said.startswith("The list of runs") and "move it away" in said


def test_an_open_train_page_says_so_in_its_own_words_and_recovers(store, open_page):
    trained(store, name="ours")
    page = open_page("Train")
    content = store.file.read_bytes()
    FILES["a dropped table"](store.file, "")
    page.run()
    assert not page.exception and "no such table" in page.error[0].value and page.button(key="start")
    store.file.write_bytes(content)
    page.run()
    assert not page.error and "ours" in page.subheader[0].value


@pytest.mark.parametrize("slug", ["Classify", "Feature_maps"])
@pytest.mark.parametrize("kind", ["a recipe that is a list", "an added column", "random bytes behind the first page"])
def test_the_pages_that_offer_runs_go_on_without_those_that_are_damaged(store, open_page, slug, kind):
    run = trained(store, name="ours")
    (ROWS | FILES)[kind](store.file, run.id)
    page = open_page(slug)
    assert not page.error and not page.exception
    offered = {option for box in (*page.selectbox, *page.multiselect) for option in box.options}
    named = any(option.endswith(f" · {run.id[-4:]}") for option in offered)
    assert offered and (slug == "Classify" or named == (kind == "an added column"))


def test_no_word_of_a_broken_store_tells_where_it_lies(store, open_page):
    shutil.rmtree(store.root)
    store.root.write_text("a file")
    page = open_page("Train")
    (said,) = {box.value for box in page.error}
    assert "The runs folder runs cannot be used" in said and str(store.root.parent) not in said


def test_what_is_lost_of_a_run_is_said_where_it_is_shown(store, open_page):
    run = trained(store, name="ours")
    progress = {"epoch": 1, "time": time.time() + 60, "note": "last.pt cannot be read; started from the beginning"}
    metrics.write_progress(run.folder, progress)
    (run.folder / "log.txt").write_text(f"a traceback through {run.folder}/last.pt\n")
    page = open_page("Train", view="Log")
    (said,) = page.warning
    assert said.value == "When it began: last.pt cannot be read; started from the beginning."
    assert page.code[0].value == f"a traceback through runs/{run.id}/last.pt"
    shutil.rmtree(run.folder)
    (said,) = page.run().warning
    assert said.value.startswith("The folder of this run was deleted") and not page.error
