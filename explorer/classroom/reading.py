"""A lesson from its text: Markdown that a teacher writes by hand, checked line by line.

    # From one dendrite to a trained network

    What it is about, and for whom.

    ## One dendrite
    Minutes: 4
    Open: Diffusion?tab=The+neuron
    Cover: tab
    Ask: How much of the potential is left one λ away?
    - [ ] 90 %
    - [x] 37 %
    Do: Look at the profile.
    See: A bright line that fades to both sides.
    Then: Double λ.

    ## Check: Why a checkerboard?
    Ask: …

Ask, two to four answers of which one is marked with an x, and See stand in every part; in place of the answers a number
may be guessed, `Number: 37 give or take 5, from 0 to 100 %`. What continues a line is indented or not. A part whose
heading begins with "Check:" is a concept check: it comes last and opens nothing of its own. The text is a stranger's:
it is measured and checked before anything of it is used, and whoever shows it shows it as plain text.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from explorer.classroom.lesson import COVERS, HIDES, Lesson, Step, Ticks
from explorer.errors import ExplorerError

MOST_BYTES = 64_000
MOST_STEPS = 40
MOST_VALUES = 30  # in an address
MOST_MINUTES = 120  # of one step
LONGEST = 1000  # characters of a text
SHORT = 100  # of a heading or an answer
ANSWERS = (2, 4)
MOST_TICKS = 1001  # numbers of a scale
FIELDS = ("Minutes", "Open", "Cover", "Hide", "Ask", "Number", "Do", "See", "Then")
NEEDED = ("Ask", "See")
OWN = {"lesson", "at", "present"}  # parameters that the app gives a step itself
UNSEEN = ("Cc", "Cf", "Cs")  # control signs, those that turn the direction of writing, and the like
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_FIELD = re.compile(rf"({'|'.join(FIELDS)}):\s*(.*)")
_LIKE_A_FIELD = re.compile(r"([A-Z][A-Za-z]{1,11}):(\s.*)?$")
_REAL = r"([-−]?\d{1,6}(?:\.\d{1,3})?)"
_NUMBER = re.compile(rf"{_REAL} (?:give or take|±) {_REAL}, from {_REAL} to {_REAL}(?: (\S.{{0,19}}))?", re.ASCII)
_ANSWER = re.compile(r"[-*] ?\[([ xX]?)\]\s*(.*)")


@dataclass
class _Part:
    """What stands under one heading, each text with the number of its line."""

    title: str
    line: int
    texts: dict[str, tuple[int, str]] = field(default_factory=dict)
    answers: list[tuple[int, str]] = field(default_factory=list)
    right: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class _Reader:
    file: str
    pages: Collection[str]

    def bad(self, line: int, what: str) -> ExplorerError:
        return ExplorerError(f"{self.file}, line {line}: {what}")

    def short(self, line: int, what: str, text: str, most: int = SHORT) -> str:
        if not text:
            raise self.bad(line, f"{what} is empty: write it behind the sign")
        if len(text) > most:
            raise self.bad(line, f"{what} has {len(text):,} characters: write at most {most:,}")
        return text

    def lesson(self, key: str, lines: list[str]) -> Lesson:
        title, about, parts = "", [], []
        last = ""  # the field, or the answer (""), that a line without a sign goes on with
        for number, line in enumerate(map(str.strip, lines), 1):
            if not line:
                last = "" if parts else last
            elif line.startswith("## "):
                parts.append(_Part(self.short(number, "the heading", line[3:].strip()), number))
                last = ""
            elif line.startswith("#") and not line.startswith("# "):
                raise self.bad(number, "a heading is # and a space for the title, ## and a space for a step: write so")
            elif line.startswith("# "):
                if title:
                    raise self.bad(number, "a second title: begin a step with ## and a heading")
                title = self.short(number, "the title", line[2:].strip())
            elif not title:
                raise self.bad(number, "a lesson begins with its title: # and a few words")
            elif not parts:
                about.append(line)
            else:
                last = self._line(parts[-1], number, line, last)
        if not title:
            raise self.bad(1, "a lesson begins with its title: # and a few words")
        words = " ".join(about)
        if len(words) > LONGEST:
            raise self.bad(2, f"the words under the title have {len(words):,} characters: write at most {LONGEST:,}")
        return Lesson(key, title, words, self._steps(parts, len(lines)))

    def _steps(self, parts: list[_Part], end: int) -> tuple[Step, ...]:
        if not parts:
            raise self.bad(end, "the lesson has no step: write ## and a heading, then Open, Ask, answers, See")
        if len(parts) > MOST_STEPS:
            raise self.bad(parts[MOST_STEPS].line, f"the lesson has {len(parts)} steps: write at most {MOST_STEPS}")
        steps: list[Step] = []
        for part in parts:
            steps.append(self._step(part, steps[-1] if steps else None))
        return tuple(steps)

    def _line(self, part: _Part, number: int, line: str, last: str) -> str:
        """One line of a part; returns what a line after it may go on with."""
        if answer := _ANSWER.match(line):
            if "Ask" not in part.texts:
                raise self.bad(number, "an answer before its question: write Ask: first")
            if answer[1].strip():
                part.right.append(len(part.answers))
            part.answers.append((number, answer[2].strip()))
            return "answer"
        if found := _FIELD.match(line):
            name, text = found[1], found[2].strip()
            if name in part.texts:
                raise self.bad(number, f"a second {name}: in “{part.title}”: leave one")
            part.texts[name] = number, text
            return name
        if line.startswith(("- ", "* ")):
            raise self.bad(number, f"“{line[:30]}” is no answer: write - [ ] before it, - [x] before the right one")
        near = line.partition(":")[0].strip("*_ ").capitalize()
        if near in FIELDS and ":" in line:
            raise self.bad(number, f"“{line[:30]}” is not known: write {near}: so, with nothing before it")
        if like := _LIKE_A_FIELD.match(line):
            raise self.bad(number, f"{like[1]}: is not known: write one of {', '.join(FIELDS)}")
        if last == "answer":
            first, text = part.answers[-1]
            part.answers[-1] = first, f"{text} {line}"
        elif last:
            first, text = part.texts[last]
            part.texts[last] = first, f"{text} {line}".strip()
        else:
            raise self.bad(number, f"“{line[:30]}” belongs to nothing: write one of {', '.join(FIELDS)} before it")
        return last

    def _step(self, part: _Part, before: Step | None) -> Step:
        check = part.title.startswith("Check:")
        title = self.short(part.line, "the heading", part.title.removeprefix("Check:").strip())
        for name in NEEDED:
            if name not in part.texts:
                raise self.bad(part.line, f"“{title}” has no {name}: write {name}: and a sentence")
        for name, (line, text) in part.texts.items():
            self.short(line, f"{name}:", text, LONGEST)
        answers, right, scale = self._number(part, title) if "Number" in part.texts else self._choice(part, title)
        page, params = self._address(part, before, check)
        if before and before.check and not check:
            raise self.bad(part.line, f"“{title}” stands behind a check: checks come last")
        texts = {name: text for name, (_, text) in part.texts.items()}
        return Step(
            title,
            texts["Ask"],
            answers,
            right,
            texts["See"],
            page,
            params,
            self._minutes(part),
            texts.get("Do", ""),
            texts.get("Then", ""),
            self._names(part, "Cover", COVERS),
            self._names(part, "Hide", HIDES),
            check,
            scale,
        )

    def _choice(self, part: _Part, title: str) -> tuple[tuple[str, ...], int, None]:
        low, high = ANSWERS
        if not low <= len(part.answers) <= high:
            raise self.bad(
                part.line,
                f"“{title}” has {len(part.answers)} answers: write {low} to {high}, each behind - [ ]",
            )
        for line, answer in part.answers:
            self.short(line, "the answer", answer)
        if len({answer for _, answer in part.answers}) < len(part.answers):
            raise self.bad(part.line, f"“{title}” has one answer twice: change one of them")
        if len(part.right) != 1:
            raise self.bad(part.line, f"“{title}” has {len(part.right)} right answers: mark one with - [x]")
        return tuple(answer for _, answer in part.answers), part.right[0], None

    def _number(self, part: _Part, title: str) -> tuple[tuple[str, ...], int, Ticks]:
        line, text = part.texts["Number"]
        if part.answers:
            raise self.bad(line, f"“{title}” has answers and a Number: leave one of them out")
        found = _NUMBER.fullmatch(text)
        if not found:
            raise self.bad(line, f"{text[:40]!r} is no number to guess: write 37 give or take 5, from 0 to 100 %")
        reals = [one.replace("−", "-") for one in found.groups()[:4]]
        digits = max(len(one.partition(".")[2]) for one in reals)
        right, near, low, high = (round(float(one) * 10**digits) for one in reals)
        if not low <= right <= high or low == high:
            raise self.bad(line, f"{reals[0]} does not lie from {reals[2]} to {reals[3]}: change one of them")
        if not 0 <= near < (high - low) / 2:
            raise self.bad(line, f"give or take {reals[1]} leaves nothing that is wrong: write less, and no sign")
        if high - low >= MOST_TICKS:
            raise self.bad(
                line, f"{high - low + 1:,} numbers can be guessed: write fewer digits, for at most {MOST_TICKS:,}"
            )
        scale = Ticks(low, high, near, digits, found[5] or "")
        return scale.answers(), right - low, scale

    def _address(self, part: _Part, before: Step | None, check: bool) -> tuple[str, dict[str, str]]:
        if check:
            if "Open" in part.texts:
                raise self.bad(part.texts["Open"][0], "a check opens nothing of its own: leave Open: out")
            if before is None:
                raise self.bad(part.line, "a lesson cannot begin with a check: write a step before it")
            return before.page, before.params
        if "Open" not in part.texts:
            raise self.bad(part.line, f"“{part.title}” has no Open: write Open: and a page of the app with its state")
        line, text = part.texts["Open"]
        address = urlsplit(text)
        page = address.path.strip("/")
        if address.scheme or address.netloc or page not in self.pages:
            named = ", ".join(sorted(filter(None, self.pages)))
            raise self.bad(
                line, f"{text[:40]!r} is no page of this app: begin with one of {named}, then ? and its state"
            )
        try:
            pairs = parse_qsl(
                address.query, keep_blank_values=True, strict_parsing=bool(address.query), max_num_fields=30
            )
        except ValueError:
            raise self.bad(line, "the state behind ? cannot be read: copy it from the browser's address") from None
        for name, _ in pairs:
            if not name.isidentifier():
                raise self.bad(
                    line, f"{name[:40]!r} is no name of a setting: copy the state from the browser's address"
                )
        return page, {name: value for name, value in pairs if name not in OWN}

    def _minutes(self, part: _Part) -> int:
        if "Minutes" not in part.texts:
            return 0
        line, text = part.texts["Minutes"]
        if not (text.isascii() and text.isdigit() and len(text) < 4 and int(text) <= MOST_MINUTES):
            raise self.bad(line, f"{text[:20]!r} is no number of minutes: write a whole number up to {MOST_MINUTES}")
        return int(text)

    def _names(self, part: _Part, name: str, known: tuple[str, ...]) -> tuple[str, ...]:
        line, text = part.texts.get(name, (part.line, ""))
        names = tuple(word.strip() for word in text.split(",")) if text else ()
        for one in names:
            if one not in known:
                raise self.bad(line, f"{one[:20]!r} is nothing to {name.lower()}: write one of {', '.join(known)}")
        return names


def read(content: bytes, file: str, pages: Collection[str]) -> Lesson:
    """The lesson in a file's bytes; `file` is what it is called, `pages` are the pages there are, as in the URL."""
    reader = _Reader(file, pages)
    key = file.removesuffix(".md")
    if not NAME.fullmatch(key):
        raise reader.bad(1, "call the file by small letters, digits and dashes, at most 60: my-lesson.md")
    if len(content) > MOST_BYTES:
        raise reader.bad(1, f"the file has more than {MOST_BYTES:,} bytes: make two lessons of it")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        raise reader.bad(line, "this is not text in UTF-8: save the file with that encoding") from None
    lines = text.replace("\r\n", "\n").split("\n")
    for number, line in enumerate(lines, 1):
        if odd := next((sign for sign in line if unicodedata.category(sign) in UNSEEN and sign != "\t"), ""):
            raise reader.bad(number, f"the sign U+{ord(odd):04X} cannot be shown: delete it")
    return reader.lesson(key, lines)
