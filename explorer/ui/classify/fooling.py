"""Fool it: noise that nobody sees, made for one network, and what all of them say of it; then diffused again."""

from dataclasses import dataclass

import numpy as np
import streamlit as st
from torch import Tensor

from explorer.classify import fooling
from explorer.classify.fooling import GREYS
from explorer.classify.predict import changes, course, diffused, pixels, without_leak
from explorer.data.disturb.blur import ALPHA, TAU
from explorer.diffusion.cable import Cable
from explorer.figures import classify as figures
from explorer.figures.theme import OKABE_ITO
from explorer.render import enlarge, to_rgb
from explorer.ui.classify import attacked
from explorer.ui.classify.source import Asked, one_of
from explorer.ui.shared import caches
from explorer.ui.shared.layout import matters, plain, side_by_side
from explorer.ui.shared.widgets import URL, choice, named

AWAY = "away"
LEVELS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)
MOST, STEP, USUAL = LEVELS[-1], 0.25, 1.0
ONE, TEN = "One step", "Ten steps"
UNDO = 12  # steps of diffusion that are tried
SCHEME = without_leak(Cable(ALPHA, TAU))
TWO = 2  # networks, and classes of each, that can be told apart in one chart
CHART = {"displayModeBar": False}


@dataclass(frozen=True)
class Attack:
    """Against one network and one picture."""

    network: Asked
    field: Tensor  # the picture as the network gets it
    start: int  # what it shows, or what the network says where nobody knows
    aim: int | None  # what it is to be taken for; None: anything else
    steps: int

    def along(self, levels: list[float]) -> Tensor:
        """The picture at each ε, in grey levels."""
        target, aimed = (self.start, False) if self.aim is None else (self.aim, True)
        fractions = [level / GREYS for level in levels]
        return fooling.course(self.network.subject, self.field, target, fractions, steps=self.steps, aimed=aimed)


def draw(picked, dataset: str, asked: list[Asked], fit: str, controls) -> None:
    with controls:
        with matters("epsilon"):
            epsilon = st.slider(
                "ε: how far a pixel may move, in grey levels of 255",
                0.0,
                MOST,
                USUAL,
                STEP,
                key="epsilon",
                bind=URL,
                persist_state="session",
            )
        network = one_of(asked)
        classes = network.subject.classes
        aims = {AWAY: "anything else"} | {str(place): one for place, one in enumerate(classes)}
        aim = named("It shall say", "aim", aims, AWAY)
        steps = 1 if choice("Along the slope", "way", [ONE, TEN], ONE) == ONE else 10
    others = [one for one in asked if _alike(one, network)]
    levels = sorted({*LEVELS, epsilon})
    here = levels.index(epsilon)
    with caches.gate():
        attack = _attack(picked, dataset, network, fit, None if aim == AWAY else int(aim), steps)
        fields = attack.along(levels)
        fooled = {one.name: course(one.subject, fields) for one in others}
        again = diffused(fields[here], SCHEME, range(UNDO + 1))
        undone = {one.name: course(one.subject, again) for one in others}
    pictures, answers = st.columns([1.3, 1], gap="medium", vertical_alignment="center")
    with pictures:
        _pictures(attack.field, fields[here], epsilon)
    with answers:
        st.markdown("\n".join(_answer(one, fooled[one.name][[0, here]]) for one in others))
    shown = _shown(attack.start, [fooled[one.name][here] for one in others])
    left, right = st.columns(2, gap="medium")
    with left:
        figure = figures.courses(levels, fooled, classes, shown, figures.Axis("ε, grey levels"))
        figure.add_vline(epsilon, line_dash="dot", line_width=1, line_color=OKABE_ITO["grey"])
        st.plotly_chart(figure, key="against", config=CHART, alt="Probabilities against ε")
    with right:
        figure = figures.courses(range(UNDO + 1), undone, classes, shown, figures.Axis("then diffused, steps"))
        st.plotly_chart(figure, key="undone", config=CHART, alt="Probabilities of the fooled image as it diffuses")
    _words(classes, fooled, undone, levels)
    if left_aside := [plain(one.name) for one in asked if one not in others]:
        st.caption(f"Left aside, since they see other pixels or know other classes: {', '.join(left_aside)}.")
    st.caption(
        "The noise is the sign of the slope of the network's loss at the image: every pixel ε lighter or ε darker. It "
        "is made for one network and shown to all; where the others err as well it carries over. Whoever made it "
        "did not know that it would be diffused: noise made for the network behind the diffusion would not be undone "
        "so easily. Diffusion here has α = 2, τ = 0.06 and no leak."
    )
    attacked.draw(asked)


def _attack(picked, dataset: str, network: Asked, fit: str, aim: int | None, steps: int) -> Attack:
    subject = network.subject
    field = pixels(subject, picked.image, fit)
    if picked.dataset == dataset and picked.label in subject.classes:
        start = subject.classes.index(picked.label)
    else:
        start = int(course(subject, field[None]).argmax())
    return Attack(network, field, start, aim, steps)


def _shown(start: int, answers: list[np.ndarray]) -> list[int]:
    """What the image shows and what it is most taken for; of more networks than can be told apart the first alone."""
    other = np.sum(answers, axis=0)
    other[start] = -1
    return [start, int(other.argmax())] if len(answers) <= TWO else [start]


def _alike(one: Asked, network: Asked) -> bool:
    """Whether both see the same pixels and know the same classes."""
    mine, theirs = one.subject, network.subject
    return (mine.classes, mine.size, mine.channels) == (theirs.classes, theirs.size, theirs.channels)


def _pictures(field: Tensor, fooled: Tensor, epsilon: float) -> None:
    larger = GREYS / (2 * epsilon) if epsilon else 0
    pictures = (
        (field, "the image", "The image as the network gets it"),
        ((fooled - field) * larger + 0.5, f"noise, {larger:.0f} times", "The noise, enlarged"),
        (fooled, "both together", f"The image with noise of ε = {epsilon:g} grey levels"),
    )
    with side_by_side("fooled"):
        places = st.columns(3, gap="small")
    for place, (shown, caption, alt) in zip(places, pictures, strict=True):
        place.image(enlarge(to_rgb(shown.clamp(0, 1).numpy()), 240), width="stretch", caption=caption, alt=alt)


def _answer(one: Asked, shares: np.ndarray) -> str:
    """What a network says of the image before and after."""
    before, after = (f"{plain(one.subject.classes[row.argmax()])} {row.max():.1%}" for row in shares)
    changed = shares[0].argmax() != shares[1].argmax()
    return f"- **{plain(one.words)}**  \n  {before} → {f'**{after}**' if changed else after}"


def _words(classes: tuple[str, ...], fooled: dict, undone: dict, levels: list[float]) -> None:
    """How little is enough, and whether diffusion brings the first answer back."""
    lines = []
    for name, shares in fooled.items():
        first, turns, back = shares[0].argmax(), changes(shares), undone[name].argmax(1)
        if turns:
            place, _, says = turns[0]
            said = f"says {plain(classes[says])} from ε = {levels[place]:g} on"
        else:
            said = f"says {plain(classes[first])} up to ε = {MOST:g}"
        if back[0] != first:
            home = np.flatnonzero(back == first)
            said += f"; {_undone(int(home[0]))}" if len(home) else "; diffusion does not undo it"
        lines.append(f"- **{plain(name)}** {said}")
    st.markdown("\n".join(lines))


def _undone(steps: int) -> str:
    return "one step of diffusion undoes it" if steps == 1 else f"{steps} steps of diffusion undo it"
