"""How the numbers of a class lie: equal bins along the scale, and what one says of them in a sentence."""

from collections.abc import Sequence

from explorer.classroom.lesson import Step, Ticks

MOST = 40  # bins: more than that nobody tells apart from the last row


def wide(ticks: int) -> int:
    """How many ticks of a scale make one bin."""
    return -(-ticks // MOST)


def bins(counts: Sequence[int]) -> list[int]:
    """How many guessed a number of each bin; the last bin may reach beyond the scale."""
    step = wide(len(counts))
    return [sum(counts[begin : begin + step]) for begin in range(0, len(counts), step)]


def quantile(counts: Sequence[int], share: float) -> int:
    """The place on the scale below which, or at which, this share of the guesses lies."""
    reached, wanted = 0, share * sum(counts)
    for place, count in enumerate(counts):
        reached += count
        if reached and reached >= wanted:
            return place
    return len(counts) - 1


def words(step: Step, counts: Sequence[int]) -> str:
    """What the class guessed."""
    total = sum(counts)
    if not total:
        return "Nobody has guessed."
    if total == 1:
        return f"One guess: {step.answers[quantile(counts, 0.5)]}."
    low, middle, high = (step.answers[quantile(counts, share)] for share in (0.25, 0.5, 0.75))
    between = f", half of them between {low} and {high}" if low != high else ""
    return f"{total} guesses, the middle one {middle}{between}."


def verdict(step: Step, scale: Ticks, counts: Sequence[int]) -> str:
    """What is right, and how many guessed it."""
    right = sum(count for place, count in enumerate(counts) if step.hits(place))
    return f"It is {scale.told(step.right)}: {right} of {sum(counts)} right."
