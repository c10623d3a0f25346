"""docs/SECURITY.md says the bounds that the code has."""

import re

from explorer.classroom import codes, reading, register, tries
from explorer.data import images
from explorer.diffusion import film
from explorer.networks.stack import plan
from explorer.paths import ROOT
from explorer.training.dispatch import timing
from explorer.training.store import limits
from explorer.ui.shared import caches, memory

MB = 2**20
SAID = (ROOT / "docs" / "SECURITY.md").read_text(encoding="utf-8")


def row(name: str) -> list[float]:
    """The numbers in the last cell of a row of the table of limits."""
    (cell,) = re.findall(rf"^\| {re.escape(name)}[^|]*\| ([^|]+) \|$", SAID, re.MULTILINE)
    return [float(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", cell)]


def test_each_limit_is_the_one_in_force():
    assert row("one upload") == [images.MOST_BYTES / MB, images.MOST_PIXELS / 1e6]
    assert row("uploads of a session") == [memory.MOST_UPLOADED / MB]
    assert row("a stack's parameters") == [plan.PARAMETER_LIMIT]
    assert row("the making of a film") == [film.MOST_SECONDS, film.MOST_BYTES / MB]
    assert row("networks' answers") == [caches.AT_ONCE]
    assert row("runs of a visitor") == [limits.QUEUE_EACH] and row("runs of all") == [limits.QUEUE]
    assert row("the trial of a form") == [timing.MEMORY / 2**30, timing.SECONDS]
    assert row("a code of a class") == [codes.LENGTH] and f"of {len(codes.SIGNS)} signs" in SAID
    assert row("wrong codes") == [tries.EACH, tries.ALL] and tries.SECONDS == 60
    assert row("classes at once") == [register.MOST_CLASSES, register.MOST_STUDENTS]
    assert row("a class lasts") == [register.LASTS / 3600]
    assert row("a lesson file") == [reading.MOST_BYTES]
