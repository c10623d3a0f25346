"""A lesson and its steps: a page in a certain state, a question with its answers, what to do and what is to be seen."""

from dataclasses import dataclass, field

from explorer.errors import ExplorerError

COVERS = ("picture", "meter", "kernel", "numbers", "tab")  # what a step may cover until someone has answered
HIDES = ("picture", "numbers", "window")  # what it may leave out, so that what it is about stands in sight


@dataclass(frozen=True)
class Ticks:
    """The numbers of which one is guessed: whole multiples of a tick, each of them an answer of the step."""

    low: int  # in ticks
    high: int
    near: int  # so many ticks off still count as right
    digits: int = 0  # behind the point: a tick is 10 to the power of minus so many
    unit: str = ""

    @property
    def span(self) -> str:
        return f"from {self._number(self.low)} to {self.text(self.high)}"

    def answers(self) -> tuple[str, ...]:
        return tuple(map(self.text, range(self.low, self.high + 1)))

    def text(self, ticks: int) -> str:
        return f"{self._number(ticks)} {self.unit}".strip()

    def told(self, right: int) -> str:
        """The answer that is right, and what counts as right beside it."""
        near = f", give or take {self._number(self.near)}" if self.near else ""
        return self.text(self.low + right) + near

    def real(self, ticks: int) -> float:
        return ticks / 10**self.digits

    def place(self, number: object) -> int:
        """Which of the answers a number is, from whoever sent it."""
        if isinstance(number, int | float) and self.real(self.low) <= number <= self.real(self.high):
            return round(number * 10**self.digits) - self.low
        raise ExplorerError(f"that is no guess here: write a number {self.span}")

    def _number(self, ticks: int) -> str:
        return f"{self.real(ticks):,.{self.digits}f}".replace("-", "−")


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
    scale: Ticks | None = None  # of a number that is guessed, in place of answers to choose from

    def hits(self, answer: int) -> bool:
        return abs(answer - self.right) <= (self.scale.near if self.scale else 0)


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
