"""The answers to a question, each with its bar once the question is closed, on the projector and on phones alike."""

from collections.abc import Sequence
from html import escape


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
