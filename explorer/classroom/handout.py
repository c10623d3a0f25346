"""A lesson on paper: questions with space, the answers on a sheet apart, one's own answers, a teacher's plan."""

from collections.abc import Mapping
from html import escape
from urllib.parse import urlencode

from explorer.classroom.lesson import Lesson, Step

STYLE = """@page { size: A4; margin: 18mm; }
body { font: 11pt/1.4 system-ui, sans-serif; color: #111; background: #fff; }
body { max-width: 44rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5em; } h2 { font-size: 1.1em; margin: 0 0 .25em; }
section { break-inside: avoid; margin: 1.2em 0; }
ul { list-style: none; padding: 0; margin: .4em 0; } li::before { content: "☐ "; }
.right { font-weight: bold; } .right::before { content: "☒ "; }
.space { height: 3.2em; border-bottom: 1px solid #999; }
p { margin: .3em 0; }"""
BLANK = '<div class="space"></div>'


def _page(lesson: Lesson, what: str, parts: list[str]) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(lesson.title)}{what}</title>'
        f"<style>{STYLE}</style></head><body><h1>{escape(lesson.title)}{what}</h1>{''.join(parts)}</body></html>"
    )


def _heading(lesson: Lesson, n: int, step: Step) -> str:
    minutes = f" ({step.minutes} min)" if step.minutes else ""
    return f"<h2>{lesson.called(n)}: {escape(step.title)}{minutes}</h2>"


def _said(word: str, text: str) -> str:
    return f"<p><b>{word}</b> {escape(text)}</p>" if text else ""


def _offered(step: Step) -> str:
    """What there is to answer: boxes to tick, or a line for a number."""
    if step.scale:
        return f"<p>A number {escape(step.scale.span)}: ____________</p>"
    return f"<ul>{''.join(f'<li>{escape(answer)}</li>' for answer in step.answers)}</ul>"


def _told(step: Step) -> str:
    if step.scale:
        return f"<ul><li class=right>{escape(step.scale.told(step.right))}</li></ul>"
    ticks = (
        f"<li{' class=right' * (place == step.right)}>{escape(answer)}</li>"
        for place, answer in enumerate(step.answers)
    )
    return f"<ul>{''.join(ticks)}</ul>"


def sheet(lesson: Lesson) -> str:
    """The questions of every step with their answers to tick, what to do, and space for what was seen."""
    parts = [_said("Name", " "), f"<p>{escape(lesson.about)}</p>"]
    for n, step in enumerate(lesson.steps, 1):
        seen = f"<p><b>What I saw</b></p>{BLANK}{BLANK}" if not step.check else f"<p><b>Because</b></p>{BLANK}"
        parts.append(
            f"<section>{_heading(lesson, n, step)}<p>{escape(step.ask)}</p>{_offered(step)}"
            f"{_said('Do', step.do)}{seen}</section>"
        )
    return _page(lesson, "", parts)


def answers(lesson: Lesson) -> str:
    """What is right in every step, and why."""
    parts = []
    for n, step in enumerate(lesson.steps, 1):
        parts.append(
            f"<section>{_heading(lesson, n, step)}<p>{escape(step.ask)}</p>{_told(step)}"
            f"{_said('See', step.see)}{_said('Then', step.then)}</section>"
        )
    return _page(lesson, ": the answers", parts)


def text(words: str) -> str:
    """Words as Markdown shows them: no sign of theirs is markup."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]()<>#+-.!|~$" else sign for sign in words)


def own(lesson: Lesson, given: Mapping[int, int]) -> str:
    """One's own answers as Markdown; `given` are their places by the number of the step."""
    lines = [f"# {text(lesson.title)}: my answers", ""]
    for n, step in enumerate(lesson.steps, 1):
        if n in given:
            exact, right = given[n] == step.right, text(step.answers[step.right])
            mark = ("right" if step.hits(given[n]) else "not so") + ("" if exact else f"; it is: {right}")
            lines += [
                f"## {lesson.called(n)}: {text(step.title)}",
                "",
                text(step.ask),
                "",
                f"I said: {text(step.answers[given[n]])} ({mark})",
                "",
            ]
    right = sum(lesson.steps[n - 1].hits(answer) for n, answer in given.items())
    return "\n".join([*lines, f"{right} of {len(given)} right.", ""])


def _planned(step: Step) -> str:
    if step.scale:
        return f"a number {step.scale.span}: **{step.scale.told(step.right)}**"
    return " · ".join(f"**{one}**" if place == step.right else one for place, one in enumerate(step.answers))


def plan(lesson: Lesson, app: str) -> str:
    """The lesson for its teacher as Markdown, every step a link into the app at that address; for a trusted text."""
    lines = [f"# {lesson.title}: {lesson.minutes} minutes", "", lesson.about, ""]
    for n, step in enumerate(lesson.steps, 1):
        begin = lesson.begins(n)
        minutes = f" (minutes {begin} to {begin + step.minutes})" if step.minutes else ""
        query = urlencode({**step.params, "lesson": lesson.key, "at": n})
        address = f"{app}/{step.page}?{query}"
        lines += [
            f"## {lesson.called(n)}: {step.title}{minutes}",
            "",
            f"[Open]({address}) · [on a projector]({address}&present=1)",
            "",
            f"**Ask.** {step.ask}  ",
            f"**Answers.** {_planned(step)}.",
        ]
        for word, words in (("Do", step.do), ("See", step.see), ("Then", step.then)):
            if words:
                lines[-1] += "  "
                lines.append(f"**{word}.** {words}")
        lines.append("")
    return "\n".join(lines)
