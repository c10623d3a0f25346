"""003's equations (19) to (35) with the numbers of a chain: the formulas in LaTeX, and what each of them does."""

import math
from dataclasses import dataclass

import numpy as np

from explorer.layers.chain import Chain
from explorer.ui.shared.grids import tidy

NUMBERS = range(19, 36)


@dataclass(frozen=True)
class Equation:
    words: str
    lines: tuple[str, ...]  # LaTeX


def equations(chain: Chain, step: float, a: int, b: int) -> dict[int, Equation]:
    """All of them for the weight W_ab, by their number."""
    return {
        **_asked(chain),
        **_softmax(chain),
        **_layer(chain, a, b),
        **_arrived(chain),
        **_corrected(chain, step, a, b),
    }


def _asked(chain: Chain) -> dict[int, Equation]:
    q, kept = chain.shares[chain.truth], chain.decay > 0
    rest = f"+{_n(chain.penalty)}" if kept else ""
    weight = r"\partial W_{a,b}"
    surprise = rf"\frac{{\partial(-\sum_x p(x)\ln q(x))}}{{{weight}}}"
    penalty = rf"\frac{{\partial(\lambda R(W))}}{{{weight}}}"
    left = r"+\,2\lambda W_{a,b}" if kept else ""
    return {
        19: Equation(
            "The loss of one image: how surprising its true class is, and the penalty on the weights.",
            (rf"L=-\sum_x p(x)\ln q(x)+\lambda R(W)=-\ln {q:.6f}{rest}={_n(chain.loss)}",),
        ),
        20: Equation(
            "How it changes with one weight of the layer below: two parts.",
            (rf"\frac{{\partial L}}{{{weight}}}={surprise}+{penalty}",),
        ),
        21: Equation(
            "The penalty stays, and gives 2λ·W." if kept else "With λ = 0 the penalty falls away.",
            (rf"\frac{{\partial L}}{{{weight}}}={surprise}{left}",),
        ),
        22: Equation(
            f"p is 1 for the true class, {chain.truth}, and 0 for all others: of the sum one logarithm is left.",
            (rf"\frac{{\partial L}}{{{weight}}}=-\frac{{\partial\ln q_i}}{{{weight}}}{left},\qquad i={chain.truth}",),
        ),
    }


def _softmax(chain: Chain) -> dict[int, Equation]:
    i, q, slopes = chain.truth, chain.shares, chain.softmax_slopes
    powers = "+".join(rf"e^{{{_n(z)}}}" for z in chain.scores)
    slope = r"\frac{\partial q_i}{\partial z_%d}"
    return {
        23: Equation(
            "The slope of the logarithm, at the share of the true class.",
            (rf"\frac{{d\ln q}}{{dq}}=\frac1q,\qquad\frac1{{q_i}}={_n(1 / q[i] if q[i] else math.inf)}",),
        ),
        24: Equation(
            "The chain rule: a change goes through what lies between.",
            (r"\frac{\partial b}{\partial t}=\frac{\partial b}{\partial a}\,\frac{\partial a}{\partial t}",),
        ),
        25: Equation(
            "From the loss through q to every z, from there to the weight. The text has one j and no sum.",
            (
                r"\frac{\partial L}{\partial W_{a,b}}=-\frac1{q_i}\sum_j\frac{\partial q_i}{\partial z_j}"
                r"\frac{\partial z_j}{\partial W_{a,b}}",
            ),
        ),
        26: Equation(
            "q is the softmax of z.",
            (
                r"q_i=\frac{e^{z_i}}{\sum_j e^{z_j}}"
                rf"=\frac{{e^{{{_n(chain.scores[i])}}}}}{{{powers}}}={q[i]:.6f}",
            ),
        ),
        27: Equation(
            "A larger z of its own makes the true class's share larger.",
            (rf"j=i={i}:\quad{slope % i}=q_i(1-q_i)={q[i]:.6f}\cdot{1 - q[i]:.6f}={slopes[i]:.6f}",),
        ),
        28: Equation(
            "A larger z of another class makes it smaller.",
            tuple(
                rf"j={j}\neq i:\quad{slope % j}=-q_i\,q_{j}=-{q[i]:.6f}\cdot{q[j]:.6f}={slopes[j]:.6f}"
                for j in range(len(q))
                if j != i
            ),
        ),
    }


def _layer(chain: Chain, a: int, b: int) -> dict[int, Equation]:
    i = chain.truth
    below = rf"x_{b}={_n(chain.x[b])}" if chain.hidden[a] > 0 else "0"
    return {
        29: Equation(
            "What is still unknown: how z changes with the weight.",
            (r"\frac{\partial z_j}{\partial W_{a,b}}",),
        ),
        30: Equation(
            "z is what the last layer makes of the outputs x′ below it.",
            (
                rf"z_j=\max\Big(0,\sum_a x'_a W'_{{a,j}}\Big),\qquad "
                rf"z_{i}=\max\big(0,\ {_products(chain.hidden, chain.last[:, i])}\big)={_n(chain.scores[i])}",
            ),
        ),
        31: Equation(
            "So it changes as every x′ does, times its weight. W_ab moves only x′_a, and only if that is not silent.",
            (
                r"\frac{\partial z_j}{\partial W_{a,b}}=\sum_a\frac{\partial(x'_aW'_{a,j})}{\partial x'_a}"
                r"\frac{\partial x'_a}{\partial W_{a,b}}",
                rf"\frac{{\partial x'_{a}}}{{\partial W_{{{a},{b}}}}}={below}",
            ),
        ),
        32: Equation(
            "What reaches x′_a, from all classes together. The text adds up the weights W′ alone; each belongs to its "
            "own x′_a, so the sum goes over the classes.",
            (
                rf"\frac{{\partial L}}{{\partial x'_{a}}}=\sum_j\frac{{\partial L}}{{\partial z_j}}W'_{{{a},j}}"
                rf"={_products(chain.passed, chain.last[a])}={_n(chain.by_hidden[a])}",
            ),
        ),
    }


def _arrived(chain: Chain) -> dict[int, Equation]:
    q, i = chain.shares, chain.truth
    others = [j for j in range(len(q)) if j != i]
    left = r"\frac{\partial L}{\partial z_%d}"
    printed = ", ".join(f"{chain.printed[j]:.6f}" for j in others)
    return {
        33: Equation(
            "The true class: its z is to grow, the more the less sure the network is.",
            (rf"j=i={i}:\quad{left % i}=-(1-q_i)=-(1-{q[i]:.6f})={chain.by_score[i]:.6f}",),
        ),
        34: Equation(
            "Another class: its z is to shrink, the more the surer of it the network is. **The text prints 1 − q_j**, "
            f"here {printed}; from its (25) and (28) follows −1/q_i · (−q_i·q_j) = **q_j**. One sees it without them, "
            "too: the same number added to every z changes no share, so what goes back to all z sums to 0. With q_j it "
            f"does; as printed the sum is {tidy(float(chain.printed.sum()), 4)}.",
            tuple(rf"j={j}\neq i:\quad{left % j}=q_{j}={chain.by_score[j]:.6f}" for j in others),
        ),
    }


def _corrected(chain: Chain, step: float, a: int, b: int) -> dict[int, Equation]:
    slope, weight = chain.by_first[a, b], chain.first[a, b]
    kept = r"+2\lambda W_{a,b}" if chain.decay else ""
    decay = rf"+2\cdot{_n(chain.decay)}\cdot{_signed(weight)}" if chain.decay else ""
    below = chain.x[b] if chain.hidden[a] > 0 else 0.0
    name = f"W_{{{a},{b}}}"
    return {
        35: Equation(
            "The correction: the gradient times the learning step. It is taken off the weight.",
            (
                rf"\frac{{\partial L}}{{\partial {name}}}=\frac{{\partial L}}{{\partial x'_{a}}}\cdot"
                rf"\frac{{\partial x'_{a}}}{{\partial {name}}}{kept}={_signed(chain.by_hidden[a])}\cdot"
                rf"{_signed(below)}{decay}={_n(slope)}",
                rf"k=\nabla L\cdot s={_signed(slope)}\cdot{_n(step)}={_n(step * slope)},\qquad "
                rf"{name}-k={_n(weight)}-{_signed(step * slope)}={_n(weight - step * slope)}",
            ),
        )
    }


def _n(value: float) -> str:
    return tidy(value, 4).replace("−", "-")


def _signed(value: float) -> str:
    return f"({_n(value)})" if value < 0 else _n(value)


def _products(these: np.ndarray, those: np.ndarray) -> str:
    return "+".join(rf"{_signed(one)}\cdot{_signed(other)}" for one, other in zip(these, those, strict=True))
