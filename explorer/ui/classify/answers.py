"""The first view: what each network sees and says, and whether they agree."""

import streamlit as st

from explorer.classify.predict import Prediction, doubts, vocabulary
from explorer.figures import classify as figures
from explorer.render import enlarge, number, size, to_rgb
from explorer.ui.classify.source import Asked
from explorer.ui.shared.layout import numbers, plain

ACROSS = 2
CHART = {"displayModeBar": False, "staticPlot": False}


def draw(picked, dataset: str, asked: list[Asked], said: list[Prediction], fit: str) -> None:
    true = picked.label if picked.dataset == dataset else ""
    reasons = dict.fromkeys(reason for one in asked for reason in doubts(one.subject, picked.image, picked.dataset))
    if reasons:
        st.warning(f"The answer may mean little: {plain('; '.join(reasons))}.", icon=":material/warning:")
    _verdict(said, true)
    if words := vocabulary(asked[0].subject.classes, picked.label):
        st.info(plain(words), icon=":material/category:")
    across = min(ACROSS, len(asked))
    for first in range(0, len(asked), across):
        columns = st.columns(across, gap="medium")
        for column, one, answer in zip(columns, asked[first:], said[first:], strict=False):
            with column.container(border=True):
                _one(picked, one, answer, true, fit)


def _verdict(said: list[Prediction], true: str) -> None:
    given = [answer.answer for answer in said]
    commonest = max(given, key=given.count)
    same, answer = given.count(commonest), plain(commonest)
    if same == len(given):
        agree = ("All say" if same > 1 else "It says", answer)
    elif same == 1:
        agree = ("They disagree", f"{len(given)} answers")
    else:
        agree = (f"{same} of {len(given)} say", answer)
    sure = [float(answer.probabilities.max()) for answer in said]
    facts = [
        agree,
        ("Least sure", f"{min(sure):.1%}", "The lowest of the networks' highest probabilities")
        if len(sure) > 1
        else ("Sure", f"{sure[0]:.1%}", "The probability of its answer"),
        ("Time", f"{number(sum(answer.milliseconds for answer in said))} ms", "All of them, one image, on this server"),
    ]
    if true:
        right = sum(name == true for name in given)
        facts.insert(1, ("Right", f"{right} of {len(given)}", f"It is: {plain(true)}"))
    numbers(facts)


def _one(picked, one: Asked, answer: Prediction, true: str, fit: str) -> None:
    picture, words = st.columns([1, 2.6], vertical_alignment="center", gap="small")
    subject = one.subject
    picture.image(
        enlarge(to_rgb(subject.shown(subject.sees(picked.image, fit)).numpy()), 96),
        width=96,
        alt=f"{picked.name}, as {one.name} sees it",
    )
    mark = "" if not true else " ✓" if answer.answer == true else f" ✗, it is {plain(true)}"
    words.markdown(f"**{plain(one.words)}**  \n{plain(answer.answer)}{mark}")
    words.caption(
        f"sees {subject.size} × {subject.size} · {subject.parameters:,} parameters, {size(subject.parameters)} · "
        f"{number(answer.milliseconds)} ms",
        help=plain(subject.about),
    )
    top = answer.top(5)
    alt = f"{one.name}: " + ", ".join(f"{name} {share:.1%}" for name, share in top)
    st.plotly_chart(figures.top(top, true, one.key), key=f"top.{one.key}", config=CHART, alt=alt)
