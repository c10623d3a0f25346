"""The lessons there are: those that are shipped, and those in the folder that EXPLORER_LESSONS names."""

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from explorer.classroom.lesson import Lesson
from explorer.classroom.reading import MOST_BYTES, read
from explorer.errors import ExplorerError

SHIPPED = Path(__file__).parent / "texts"
MOST = 100  # files of a folder that are read
OTHER = {".json", ".markdown", ".mdown", ".md", ".yaml", ".yml", ".toml"}  # who writes one means a lesson


@dataclass(frozen=True)
class Shelf:
    lessons: dict[str, Lesson]  # by their names in the URL, those that are shipped first
    problems: tuple[str, ...]  # a sentence for each that cannot be used

    def find(self, key: str) -> Lesson:
        if key not in self.lessons:
            named = ", ".join(self.lessons)
            raise ExplorerError(f"there is no lesson {key[:40]!r}: choose one of {named}")
        return self.lessons[key]


def folder() -> Path | None:
    """Where a teacher's own lessons lie, if anywhere."""
    return Path(own).absolute() if (own := os.environ.get("EXPLORER_LESSONS")) else None


def files(place: Path) -> list[Path]:
    """The Markdown files of a folder in the order of their names; nothing else, no folder, no pipe, is opened."""
    return sorted(file for file in place.iterdir() if file.suffix == ".md" and file.is_file())


def strays(place: Path) -> list[str]:
    """A sentence for each file that was meant as a lesson, and is none by its name."""
    those = sorted(file.name for file in place.iterdir() if file.suffix != ".md" and file.suffix.lower() in OTHER)
    return [f"{name[:80]}, line 1: a lesson is Markdown: save it as {Path(name[:80]).stem}.md" for name in those[:MOST]]


def shelf(pages: Collection[str], own: Path | None) -> Shelf:
    """The lessons that are shipped and those of a folder; one that cannot be used is a sentence, the others go on."""
    lessons: dict[str, Lesson] = {}
    problems: list[str] = []
    for place in [SHIPPED] if own is None else [SHIPPED, own]:
        try:
            found = files(place)
            problems += [f"{said}." for said in strays(place)]
        except OSError as problem:
            problems.append(f"The folder of EXPLORER_LESSONS cannot be read: {problem.strerror or 'look at its name'}.")
            continue
        if len(found) > MOST:
            problems.append(f"{place.name} holds {len(found)} lessons: the first {MOST} are offered.")
        for file in found[:MOST]:
            try:
                with file.open("rb") as opened:
                    lesson = read(opened.read(MOST_BYTES + 1), file.name, pages)
                if lesson.key in lessons:
                    raise ExplorerError(f"{file.name}, line 1: a lesson of this name is shipped: rename the file")
                lessons[lesson.key] = lesson
            except ExplorerError as problem:
                problems.append(f"{problem}.")
            except OSError as problem:
                problems.append(f"{file.name}: the file cannot be read: {problem.strerror}.")
    return Shelf(lessons, tuple(problems))
