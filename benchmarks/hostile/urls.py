"""Every tab of every page opened with bad values in its URL by Streamlit's own test client: no browser, the same code.

A value stands in every parameter at once; where the page then refuses it in a sentence, which may hide what comes
after, it stands in those alone that are widgets. Parameters that are no widget get values one by one, and then come
several different ones together. The first tab of a page meets every value, the others some.
"""

import logging
import random
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from streamlit import config
from streamlit.logger import set_log_level
from streamlit.testing.v1 import AppTest

from explorer.errors import ExplorerError

ROOT = Path(__file__).resolve().parents[2]
VALUES = [
    "", "nan", "inf", "-inf", "1e309", "1e308", "-1e308", "-1", "0", "2.5", "1e-320", "1e18", "9" * 400, "9" * 5000,
    "true", "null", "[]", "{}", "\0", "\u0663", "\u202eabc", "\ufffd", "\N{PILE OF POO}", "<script>alert(1)</script>",
    "![](x)$\\frac{1}{0}$", "../../etc/passwd", "%00", "x" * 20_000, "'; DROP TABLE runs;--", "eJwDAAAAAAE",
    "20261121-083012-ab12", "cifar10-3.5", "cifar10-999999", "pattern-../x", "run-../..", "untrained-", "stack",
]  # fmt: skip
READ_DIRECTLY = (  # no widget's, and names that only our own functions know
    "image", "present", "run", "rows", "stack", "own", "model", "models", "layer", "tab", "lock", "data", "home", "off",
    "slug", "label", "icon", "help", "width", "params", "key",
)  # fmt: skip
KINDS = (
    "button_group", "checkbox", "multiselect", "number_input", "radio", "select_slider", "selectbox", "slider",
    "text_area", "text_input", "toggle",
)  # fmt: skip
TABS = ("tab", "view")  # the parameters that open one
SOME = 8  # values that are tried where all would take too long


class Ear(logging.Handler):
    """Hears what a page hides from its visitor: the log of errors that are bugs."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.heard = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(str(record.exc_info[1]) if record.exc_info else record.getMessage())


def visit(page: str, ear: Ear, params: Mapping[str, str]) -> AppTest:
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


def configure() -> None:
    """The project's own settings of Streamlit: a process that works in an empty folder does not find them."""
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    for part in ("client", "global", "runner", "browser"):
        for name, value in settings[part].items():
            config.set_option(f"{part}.{name}", value)
    set_log_level("error")  # it notes at every visit that there is no server


def opened(page: str, ear: Ear, run: str) -> Iterator[tuple[dict[str, str], list[str]]]:
    """({what opens a tab}, the parameters that the page then has) for every tab of a page."""
    base = {"run": run} if "Train" in page else {}
    first, seen = visit(page, ear, base), []
    for choice in [{}, *({name: tab.label} for tab in first.tabs for name in TABS)]:
        app = visit(page, ear, base | choice) if choice else first
        widgets = [widget.key for kind in KINDS for widget in getattr(app, kind) if widget.key]
        found = sorted({key.removesuffix("-box") for key in widgets})
        if found not in seen or not choice:  # else it opened nothing: another parameter's tab, or one without widgets
            seen.append(found)
            yield base | choice, sorted({*found, *READ_DIRECTLY} - set(choice))


def urls(run: str) -> Iterator[tuple[str, Callable[[], object]]]:
    """`run` is one in the store: a page that shows none has nothing to ask about."""
    configure()
    ear, chance = Ear(), random.Random(0)
    logging.getLogger("explorer").addHandler(ear)
    for file in [ROOT / "app.py", *sorted((ROOT / "pages").glob("[0-9]_*.py"))]:
        page = str(file.relative_to(ROOT))
        for tab, keys in opened(page, ear, run):
            refused = []

            def knock(params: dict, page=page, tab=tab, refused=refused):
                try:
                    return visit(page, ear, tab | params)
                except ExplorerError:
                    refused.append(params)
                    raise

            def case(params: dict, page=page, tab=tab, knock=knock):
                short = {key: value[:20] for key, value in params.items()}
                what = ascii(short) if len(params) < 6 else f"everywhere {next(iter(short.values()))!a}"
                return f"{page} {tab or ''} {what}", lambda: knock(params)

            whole = set(tab) <= {"run"}  # the page as it opens
            for value in VALUES if whole else chance.sample(VALUES, SOME):
                refused.clear()
                yield case(dict.fromkeys(keys, value))
                if refused:
                    yield case(dict.fromkeys((key for key in keys if key not in READ_DIRECTLY), value))
            for key in READ_DIRECTLY if whole else ():
                for value in chance.sample(VALUES, SOME):
                    yield case({key: value})
            for _ in range(SOME):
                several = chance.sample(keys, min(len(keys), chance.randrange(2, 6)))
                yield case({key: chance.choice(VALUES) for key in several})
