"""Every page opened with bad values in its URL, as Streamlit's own test client opens it: no browser, the same code."""

import logging
import random
from collections.abc import Callable, Iterator
from pathlib import Path

from streamlit.testing.v1 import AppTest

from explorer.errors import ExplorerError

ROOT = Path(__file__).resolve().parents[2]
VALUES = [
    "", "nan", "inf", "-inf", "1e309", "-1", "0", "1e-320", "9" * 400, "9" * 5000, "true", "null", "[]", "{}", "\0",
    "\u0663", "\u202eabc", "\N{PILE OF POO}", "<script>alert(1)</script>", "![](x)$\\frac{1}{0}$", "../../etc/passwd",
    "%00", "x" * 20_000, "'; DROP TABLE runs;--", "eJwDAAAAAAE", "20261121-083012-ab12", "cifar10-3.5",
]  # fmt: skip
READ_DIRECTLY = ("image", "present", "run", "rows", "stack", "model", "layer", "tab", "lock")  # beside widgets' keys
KINDS = (
    "button_group", "checkbox", "multiselect", "number_input", "radio", "select_slider", "selectbox", "slider",
    "text_area", "text_input", "toggle",
)  # fmt: skip
VISITS = 12  # of every page with a few wrong values, after one visit for each value in every place


class Ear(logging.Handler):
    """Hears what a page hides from its visitor: the log of errors that are bugs."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.heard = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(str(record.exc_info[1]) if record.exc_info else record.getMessage())


def visit(page: str, ear: Ear, params: dict[str, str]) -> AppTest:
    """Opens the page; an error that the visitor is told is raised as such, anything else as a RuntimeError."""
    ear.heard.clear()
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=600)
    for name, value in params.items():
        app.query_params[name] = value
    if page != "app.py":
        app.switch_page(page)
    app.run()
    if app.exception or ear.heard:
        raise RuntimeError("; ".join([*(each.value for each in app.exception), *ear.heard]))
    if app.error:
        raise ExplorerError(" ".join(app.error[0].value.split()))
    return app


def urls(folder: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    ear, chance = Ear(), random.Random(0)
    logging.getLogger("explorer").addHandler(ear)
    for file in [ROOT / "app.py", *sorted((ROOT / "pages").glob("[0-9]_*.py"))]:
        page = str(file.relative_to(ROOT))
        clean = visit(page, ear, {})
        widgets = [widget.key for kind in KINDS for widget in getattr(clean, kind) if widget.key]
        keys = sorted({*widgets, *READ_DIRECTLY})
        for value in VALUES:
            params = dict.fromkeys(keys, value)
            yield f"{page} with {value[:30]!r} everywhere", lambda page=page, params=params: visit(page, ear, params)
        for _ in range(VISITS):
            params = {key: chance.choice(VALUES) for key in chance.sample(keys, min(len(keys), chance.randrange(1, 5)))}
            what = f"{page}?{'&'.join(f'{key}={value[:20]!r}' for key, value in params.items())}"
            yield what, lambda page=page, params=params: visit(page, ear, params)
