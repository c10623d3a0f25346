"""What can be done with a run: stop, go on, use, name, publish, delete."""

import streamlit as st

from explorer.data.samples import SAMPLE_SETS
from explorer.subjects import RUN
from explorer.training.dispatch.submit import resume
from explorer.training.store import limits
from explorer.training.store.publish import has_weights, publish, published_as, suggested
from explorer.training.store.runs import Run, Store
from explorer.training.store.status import Status
from explorer.ui.shared import caches
from explorer.ui.shared.layout import attempt, plain
from explorer.ui.shared.state import page_link
from explorer.ui.training import viewer

ASKED = "train.asked"  # (what of QUESTIONS, run id, values) that waits for a second yes
QUESTIONS = {  # what to ask, yes and no; what is done then is in _act
    "stop": ("Stop it all the same?", "Stop it", "Let it run"),
    "resume": ("Let it go on all the same?", "Let it go on", "Leave it"),
    "keep": ("Change its name and note all the same?", "Change them", "Leave them"),
    "publish": ("Publish it all the same?", "Publish it", "Leave it"),
    "delete": (
        "Delete this run with its curves, checkpoints and weights? There is no way back.", "Delete it", "Keep it",
    ),
}  # fmt: skip


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
        if _waits(run) in ("keep", "publish", "delete"):
            _question(store, run)  # in the menu that asked, which would cover any other place
            st.divider()
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
        "Stopping …" if stopping else "Stop the run",
        icon=":material/stop:",
        disabled=stopping,
        key=f"stop.{run.id}",
        help="It saves first; Resume goes on from there.",
    ):
        _ask(store, run, "stop")


def _go_on(store: Store, run: Run) -> None:
    if run.state != "finished":
        if st.button("Resume", icon=":material/play_arrow:", key=f"resume.{run.id}", type="primary"):
            _ask(store, run, "resume", 0)
        return
    with st.popover("Extend", icon=":material/add:"):
        if _waits(run) == "resume":
            _question(store, run)
            st.divider()
        room = limits.most_epochs() - run.recipe.get("epochs", 0)
        if room < 1:
            st.caption("This run has as many epochs as this server allows.")
            return
        count = st.number_input("How many more", 1, room, min(5, room), key=f"more.{run.id}")
        if st.button(f"Train {count} more", type="primary", key=f"extend.{run.id}"):
            _ask(store, run, "resume", count)


def _ask(store: Store, run: Run, what: str, *values) -> None:
    """Does it, or puts the second question first: before there is no way back, and before a run of someone else's."""
    if what == "delete" or viewer.whose(run.owner):
        st.session_state[ASKED] = (what, run.id, values)
    else:
        _act(store, run, what, *values)
    st.rerun()


def _act(store: Store, run: Run, what: str, *values) -> None:
    def keep(name: str, note: str) -> None:
        store.rename(run.id, name)
        store.annotate(run.id, note)

    done = attempt(
        {
            "stop": lambda: store.stop(run.id),
            "resume": lambda more: resume(store, run, viewer.visitor(), more),
            "keep": keep,
            "publish": lambda name: publish(run, name),
            "delete": lambda: store.delete(run.id),
        }[what],
        *values,
    )
    if done and what == "publish":
        caches.cards.clear()
        st.toast(f"Published as {plain(values[0])}.", icon=":material/check:")


def _more(store: Store, run: Run) -> None:
    name = st.text_input("Name", run.name, max_chars=60, key=f"name.{run.id}")
    note = st.text_area("Note", run.note, max_chars=2000, height=80, key=f"note.{run.id}")
    if st.button("Keep name and note", key=f"keep.{run.id}", disabled=(name, note) == (run.name, run.note)):
        _ask(store, run, "keep", name, note)
    if has_weights(run):
        st.divider()
        file = st.text_input(
            "Publish as",
            suggested(run),
            max_chars=60,
            key=f"publish.name.{run.id}",
            help="Offers it on Classify, Feature maps and Results, for everybody here, until it is unpublished.",
        )
        if st.button("Publish", icon=":material/publish:", key=f"publish.{run.id}"):
            _ask(store, run, "publish", file)
        if names := published_as(run):
            st.caption(f"Published as {', '.join(map(plain, names))}; below, under Published, is the way back.")
    if not run.alive:
        st.divider()
        if st.button("Delete …", icon=":material/delete:", key=f"delete.{run.id}"):
            _ask(store, run, "delete")


def confirm(store: Store, run: Run) -> None:
    """The second question of a button that stands in no menu, in its own box until it is answered."""
    if _waits(run) == "stop" or (_waits(run) == "resume" and run.state != "finished"):
        with st.container(border=True, key="confirm"):
            _question(store, run)


def _waits(run: Run) -> str:
    """What waits for a second yes and can still be done with this run."""
    what, run_id, _ = st.session_state.get(ASKED, ("", "", ()))
    late = (what == "stop" and not run.active) or (what in ("delete", "resume") and run.alive)
    return what if run_id == run.id and not late else ""


def _question(store: Store, run: Run) -> None:
    what, _, values = st.session_state[ASKED]
    question, yes, no = QUESTIONS[what]
    st.markdown(f":material/help: {plain(f'{viewer.whose(run.owner)} {question}'.strip())}")
    with st.container(horizontal=True):
        if st.button(yes, type="primary", key=f"yes.{what}.{run.id}"):
            del st.session_state[ASKED]
            _act(store, run, what, *values)
            st.rerun()
        if st.button(no, key=f"no.{what}.{run.id}"):
            del st.session_state[ASKED]
            st.rerun()
