"""What can be done with a run: stop, go on, use, name, publish, delete."""

import streamlit as st

from explorer.data.samples import SAMPLE_SETS
from explorer.errors import ExplorerError
from explorer.subjects import RUN
from explorer.training.dispatch.dispatcher import ensure
from explorer.training.store import limits
from explorer.training.store.publish import has_weights, publish, suggested
from explorer.training.store.runs import Run, Store
from explorer.training.store.status import Status
from explorer.ui.shared import caches
from explorer.ui.shared.layout import sentence
from explorer.ui.shared.state import page_link
from explorer.ui.training import viewer

ASKED = "train.asked"  # ("stop" or "delete", run id) that waits for a second yes


def draw(store: Store, now: Status, present: bool) -> None:
    """The buttons; in presenter mode only those that a class may touch."""
    run = now.run
    if run.active:
        _stop(store, run)
    else:
        _go_on(store, run)
    if has_weights(run):
        for slug, label in (("Feature_maps", "Feature maps"), ("Classify", "Classify")):
            page_link(slug, label, help=f"Use this model in {label}", params={"model": f"{RUN}{run.id}", **_image(run)})
    if present:
        return
    with st.popover("More", icon=":material/more_horiz:"):
        _more(store, run)


def _image(run: Run) -> dict[str, str]:
    """An image of the run's own dataset for the next page, unless the chosen one is of it."""
    dataset = run.recipe.get("dataset", "")
    if dataset not in SAMPLE_SETS or str(st.query_params.get("image", "")).startswith(f"{dataset}-"):
        return {}
    return {"image": f"{dataset}-{caches.samples(dataset)[0].index}"}


def _stop(store: Store, run: Run) -> None:
    stopping = run.state == "stopping"
    if st.button(
        "Stopping …" if stopping else "Stop the run", icon=":material/stop:", disabled=stopping, key=f"stop.{run.id}",
        help="It saves first; Resume goes on from there.",
    ):  # fmt: skip
        if run.owner == viewer.token():
            _try(store.stop, run.id)
        else:
            st.session_state[ASKED] = ("stop", run.id)
        st.rerun()


def _go_on(store: Store, run: Run) -> None:
    if run.state != "finished":
        if st.button("Resume", icon=":material/play_arrow:", key=f"resume.{run.id}", type="primary"):
            _resume(store, run, 0)
        return
    with st.popover("Extend", icon=":material/add:"):
        room = limits.most_epochs() - run.recipe.get("epochs", 0)
        if room < 1:
            st.caption("This run has as many epochs as this server allows.")
            return
        count = st.number_input("How many more", 1, room, min(5, room), key=f"more.{run.id}")
        if st.button(f"Train {count} more", type="primary", key=f"extend.{run.id}"):
            _resume(store, run, count)


def _resume(store: Store, run: Run, more: int) -> None:
    def again():
        limits.check(store, run.recipe.get("epochs", 0) + more)
        store.resume(run.id, more)
        ensure(store)

    _try(again)
    st.rerun()


def _more(store: Store, run: Run) -> None:
    name = st.text_input("Name", run.name, max_chars=60, key=f"name.{run.id}")
    note = st.text_area("Note", run.note, max_chars=2000, height=80, key=f"note.{run.id}")
    if st.button("Keep name and note", key=f"keep.{run.id}", disabled=(name, note) == (run.name, run.note)):
        store.rename(run.id, name)
        store.annotate(run.id, note)
        st.rerun()
    if has_weights(run):
        st.divider()
        file = st.text_input(
            "Publish as",
            suggested(run),
            max_chars=60,
            key=f"publish.name.{run.id}",
            help="Copies weights, card and evaluation to pretrained/, for every page and viewer.",
        )
        if st.button("Publish", icon=":material/publish:", key=f"publish.{run.id}") and _try(_publish, run, file):
            st.success(f"Published as {file}.", icon=":material/check:")
    if not run.alive:
        st.divider()
        if st.button("Delete …", icon=":material/delete:", key=f"delete.{run.id}"):
            st.session_state[ASKED] = ("delete", run.id)
            st.rerun()


def _publish(run: Run, name: str) -> None:
    from explorer.networks.weights import PRETRAINED

    publish(run, PRETRAINED, name)
    caches.cards.clear()


def confirm(store: Store, run: Run) -> None:
    """The second question, in its own box until it is answered."""
    what, run_id = st.session_state.get(ASKED, ("", ""))
    if run_id != run.id or (what == "stop" and not run.active) or (what == "delete" and run.alive):
        return
    question, yes, no = {
        "stop": ("Someone else started this run. Stop it all the same?", "Stop it", "Let it run"),
        "delete": (
            "Delete this run with its curves, checkpoints and weights? There is no way back.",
            "Delete it",
            "Keep it",
        ),
    }[what]
    with st.container(border=True, key="confirm"):
        st.markdown(f":material/help: {question}")
        with st.container(horizontal=True):
            if st.button(yes, type="primary", key=f"yes.{what}.{run.id}"):
                del st.session_state[ASKED]
                _try(store.stop if what == "stop" else store.delete, run.id)
                st.rerun()
            if st.button(no, key=f"no.{what}.{run.id}"):
                del st.session_state[ASKED]
                st.rerun()


def _try(action, *arguments) -> bool:
    """What goes wrong is said in a toast, which the rerun that follows does not wipe away."""
    try:
        action(*arguments)
    except ExplorerError as problem:
        st.toast(sentence(problem), icon=":material/lightbulb:", duration="long")
        return False
    return True
