"""What a class answered once the question is closed, on the projector and on phones alike: a bar for each answer, or
the numbers along their scale."""

from collections.abc import Sequence
from html import escape

from explorer.classroom import spread
from explorer.classroom.lesson import Step, Ticks


def tally(step: Step, counts: Sequence[int], shown: bool, mine: int | None = None) -> str:
    """The answers of a step's question; before it is closed, without counts, what there is to answer."""
    if step.scale:
        return _along(step, step.scale, counts, shown, mine)
    return bars(step.answers, counts, step.right if shown else None, mine)


def bars(answers: Sequence[str], counts: Sequence[int] = (), right: int | None = None, mine: int | None = None) -> str:
    """Without counts the answers alone; `right` once it may be known, `mine` for the one who looks."""
    total = sum(counts)
    rows = []
    for place, answer in enumerate(answers):
        kinds = " ".join(kind for kind, those in (("right", right), ("mine", mine)) if those == place)
        signs = (" <b>✓</b>" if place == right else "") + (" <i>your answer</i>" if place == mine else "")
        rows.append(
            f'<li class="{kinds}"><span class="answer">{escape(answer)}{signs}</span>'
            f"{_bar(counts[place], total) if place < len(counts) else ''}</li>"
        )
    return f'<ol class="class-answers{" counted" * bool(counts)}">{"".join(rows)}</ol>'


def _bar(count: int, total: int) -> str:
    share = 100 * count / total if total else 0
    return (
        f'<span class="track"><span class="bar" style="width: {share:.1f}%"></span></span>'
        f'<span class="count">{share:.0f} % <small>({count})</small></span>'
    )


def _along(step: Step, scale: Ticks, counts: Sequence[int], shown: bool, mine: int | None) -> str:
    """The guesses as columns along the scale, with one's own; the true number and its surroundings once shown."""
    if not counts:
        return f'<p class="lesson-line">A number {escape(scale.span)}</p>'
    columns = spread.bins(counts)
    most, ticks = max(1, *columns), spread.wide(len(counts)) * len(columns)

    def share(place: float) -> str:
        return f"{100 * min(max(place, 0), len(counts)) / ticks:.2f}%"

    drawn = "".join(
        f'<i style="height: {100 * count / most:.1f}%">{f"<small>{count}</small>" if count else ""}</i>'
        for count in columns
    )
    if shown:
        left, right = step.right - scale.near, step.right + scale.near + 1
        drawn += (
            f'<span class="near" style="left: {share(left)}; right: calc(100% - {share(right)})"></span>'
            f'<span class="truth" style="left: {share(step.right + 0.5)}"></span>'
        )
    if mine is not None:
        drawn += f'<span class="mine" style="left: {share(mine + 0.5)}"></span>'
    own = f"<p>Your answer: <b>{escape(step.answers[mine])}</b></p>" if mine is not None else ""
    truth = f'<p class="right">{escape(spread.verdict(step, scale, counts))}</p>' if shown else ""
    middle, end = (len(counts) - 1) // 2, len(counts) - 1
    marks = "".join(
        f'<span style="left: {share(place + 0.5)}">{escape(step.answers[place])}</span>' for place in (0, middle, end)
    )
    return (
        f'<figure class="class-answers class-along counted"><div class="columns" aria-hidden="true">{drawn}</div>'
        f'<div class="marks" aria-hidden="true">{marks}</div>'
        f"<figcaption>{own}<p>{escape(spread.words(step, counts))}</p>{truth}</figcaption></figure>"
    )
