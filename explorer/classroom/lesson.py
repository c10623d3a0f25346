"""A lesson and its steps: a page in a certain state, a question with its answers, what to do and what is to be seen."""

from dataclasses import dataclass, field

COVERS = ("picture", "meter", "kernel", "numbers", "tab")  # what a step may cover until someone has answered
HIDES = ("picture", "numbers", "window")  # what it may leave out, so that what it is about stands in sight


@dataclass(frozen=True)
class Step:
    title: str
    ask: str
    answers: tuple[str, ...]
    right: int  # which of the answers
    see: str
    page: str = ""  # as in the URL; "" is Home
    params: dict[str, str] = field(default_factory=dict)
    minutes: int = 0
    do: str = ""
    then: str = ""  # what to try afterwards
    cover: tuple[str, ...] = ()  # of COVERS
    hide: tuple[str, ...] = ()  # of HIDES
    check: bool = False  # a concept check at the end: it stays where the step before it was


@dataclass(frozen=True)
class Lesson:
    key: str  # lesson=KEY
    title: str
    about: str
    steps: tuple[Step, ...]

    @property
    def minutes(self) -> int:
        return sum(step.minutes for step in self.steps)

    def begins(self, n: int) -> int:
        """The minute at which step n, counted from 1, begins."""
        return sum(step.minutes for step in self.steps[: n - 1])

    def called(self, n: int) -> str:
        """How step n is counted: step 3 of 12, or check 1 of 2."""
        checks = [place for place, step in enumerate(self.steps, 1) if step.check]
        if n in checks:
            return f"Check {checks.index(n) + 1} of {len(checks)}"
        return f"Step {n} of {len(self.steps) - len(checks)}"
