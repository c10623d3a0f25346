"""A second scheme beside the first, from the same image, that differs from it in one thing."""

from dataclasses import dataclass, replace

from explorer.diffusion.cable import BOUNDARIES, Cable

EDGES = {f"against {edges} edges": edges for edges in BOUNDARIES}
ALPHA, IMPLICIT, SCALE = "against another α", "against implicit steps", "against the other colours"
VERSUS = (*EDGES, ALPHA, IMPLICIT, SCALE)


@dataclass(frozen=True)
class Rival:
    name: str  # of the comparison: another one begins at the image
    cable: Cable
    titles: tuple[str, str]  # of the first picture and of the rival's; empty where only their colours differ
    words: str  # what differs, and both verdicts
    implicit: bool = False  # its steps multiply a wave by 1/(1 + τ·rate), where explicit ones do by 1 - τ·rate


def rival(cable: Cable, versus: str, alpha: float) -> Rival:
    """What stands beside `cable`: one of VERSUS; `alpha` is the other one's."""
    verdict = cable.stability().verdict
    if versus == SCALE:
        return Rival(
            versus, cable, ("", ""), f"Only the colours differ: both are one field, and its scheme is {verdict}."
        )
    if versus == IMPLICIT:  # smooth whatever α and τ are: each value is a mean of its neighbours to come and its own
        titles = "explicit", "implicit"
        return Rival(versus, cable, titles, _words("the steps differ", titles, (verdict, "smooth")), implicit=True)
    if versus == ALPHA:
        name, other, what = f"{versus}: {alpha:g}", replace(cable, alpha=alpha), "α differs"
        titles = f"α = {cable.alpha:g}", f"α = {alpha:g}"
    else:
        name, other, what = versus, replace(cable, boundary=EDGES[versus]), "the edges differ"
        titles = f"{cable.boundary} edges", f"{other.boundary} edges"
    return Rival(name, other, titles, _words(what, titles, (verdict, other.stability().verdict)))


def _words(what: str, titles: tuple[str, str], verdicts: tuple[str, str]) -> str:
    (left, right), (first, second) = titles, verdicts
    if left == right:
        return f"Nothing differs: both have {left}, and are {first}."
    if first == second:
        return f"Only {what}: {left} and {right}, both {first}."
    return f"Only {what}: {left} is {first}, {right} is {second}."
