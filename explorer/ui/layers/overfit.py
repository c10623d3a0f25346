"""Overfitting: a polynomial that follows a few points too closely, and what keeps it from it."""

import streamlit as st

from explorer.figures import layers as figures
from explorer.layers.overfit import Fit, points
from explorer.render import number
from explorer.ui.shared.frame import Frame
from explorer.ui.shared.layout import formula, numbers
from explorer.ui.shared.widgets import URL, whole

COUNT, MOST = 12, 11
PENALTIES = [0.0, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1]


def draw(page: Frame, controls) -> None:
    """003's figure 2, with both errors."""
    with controls:
        degree = st.slider("Degree of the curve", 0, MOST, 10, key="degree", bind=URL)
        penalty = st.select_slider(
            "λ of L2", PENALTIES, 0.0, key="fit_lambda", bind=URL, format_func=lambda x: f"{x:g}"
        )
        seed = whole("Seed of the points", "points_seed", 0, 9999, 0)
    x, y = points(COUNT, seed)
    fits = [Fit(x, y, one, penalty) for one in range(MOST + 1)]
    left, right = st.columns(2, gap="medium")
    left.plotly_chart(figures.fitted(fits[degree]), key="fitted", alt="Points, the curve, and the parabola they are of")
    right.plotly_chart(figures.fit_errors(fits, degree), key="fit-errors", alt="Both errors by the degree of the curve")
    numbers(
        [
            ("error on its points", number(fits[degree].error)),
            ("error on new points", number(fits[degree].unseen), "Of the same parabola, with the same noise"),
            ("numbers to choose", f"{degree + 1}", f"For {COUNT} points"),
        ]
    )
    formula(
        r"\min_c\ \frac1n\sum_k\big(f_c(x_k)-y_k\big)^2+\lambda\sum_i c_i^2",
        "The more numbers a curve may choose, the closer it comes to its points, and from some degree on the further "
        "it gets from all others: it learns the noise (AlexNet article, figure 2).  \nA penalty on the numbers "
        "calms it (equation 18). The curves of every run on Train show the same of networks.",
        "What is fitted",
    )
