"""Presses everything that a page holds: a walk over the controls that are found in the DOM, from no list of ours.

A control is a button, a tab, a switch, an option of a menu, a summary that folds. What a press brings to light is
pressed next, `DEEP` presses away from the page as it opens at most; opening a tab, a menu or a fold does not count. Of
many in one group or menu (`MANY`, `MENU` of hands.py: samples, maps, cells, options) the first, second, middle and last
stand for all. Streamlit's own (help, toolbars) are left out. Whatever else was visible and enabled and could not be
pressed is a fault like an error is.
"""

import contextlib
from collections.abc import Callable
from dataclasses import replace

from playwright.sync_api import Error

from tests.browser.hands import Control, Hands

DEEP = 1

WRONG = ("[data-testid=stException]", "text=Something broke that should not", "text=Page not found")
FOLDS = {"tab", "summary"}
OPENERS = FOLDS | {"combobox", "select"}


class Walk:
    """Presses all of the page that `load` opens, at a given address or as it opens first; `errors` is where its console
    goes. `faults` are sentences."""

    def __init__(self, page, load: Callable[..., None], errors: list[str]):
        self.page, self.load, self.errors = page, load, errors
        self.hands = Hands(page)
        self.known: set[str] = set()
        self.pressed: list[str] = []
        self.faults: list[str] = []

    def all(self) -> None:
        self.load()
        waiting = self.new(())
        while waiting:
            control = self.next(waiting)
            waiting.remove(control)
            try:
                waiting[:0] = self.reach(control)
            except Error as error:
                self.faults.append(f"{control.name} could not be pressed: {error.message.splitlines()[0]}")
            self.look(control)

    def next(self, waiting: list[Control]) -> Control:
        """What is in sight first; of that the tabs and folds, so that each is seen as the page opens it."""
        here = self.hands.present()
        return min(waiting, key=lambda one: (one.pressed not in here, one.role not in FOLDS))

    def new(self, way: tuple[Control, ...], before: frozenset[str] = frozenset()) -> list[Control]:
        """Controls that nobody knew, all that can be pressed now; what stood there before the last press lies deeper,
        and is not reached by it."""
        here = [one for one in self.hands.rested().values() if not one["off"]]
        if len([one for one in way if one.role not in OPENERS]) > DEEP:
            return []
        fresh = [one for one in here if not (self.known | before) & {one["same"], one["name"]}]
        self.known |= {one[of] for one in here for of in ("same", "name") if one["name"] not in before}
        return [Control(one["name"], one["role"], at=self.page.url, way=way) for one in fresh]

    def reach(self, control: Control) -> list[Control]:
        """Press it where the page stands; where something pressed since it was found has taken it away, anew: from the
        address at which it was found, and where that does not bring it, by the way that led to it."""
        with contextlib.suppress(Error):
            if control.pressed in self.hands.seen or control.pressed in self.hands.over():
                return self.press(control)
        self.load(control.at)
        if control.pressed not in self.places(control):
            self.led(control)
        return self.press(control)

    def led(self, control: Control) -> None:
        """To where it was found: by the last press of the way, from where that was pressed, or by the whole way."""
        last = control.way[-1:]
        for start, way in [*((one.at, last) for one in last), ("", control.way)]:
            self.load(start)
            with contextlib.suppress(Error):
                for step in way:
                    if control.pressed not in self.hands.rested():
                        self.hands.act(step)
                if control.pressed in self.places(control):
                    return

    def places(self, control: Control) -> dict[str, dict]:
        """What is there when the tabs and folds are open in which it lies: they may have been opened long before the
        press that brought it."""
        here = self.hands.rested()
        for place in control.pressed.split(" > ")[:-1]:
            for opener in [name for name in here if name.endswith((f"summary {place}", f"tab {place}"))]:
                if control.pressed not in here:
                    self.hands.act(Control(opener, ""))
                    here = self.hands.rested()
        return here

    def press(self, control: Control) -> list[Control]:
        """What is to be pressed next."""
        if control.role not in ("combobox", "select"):
            pressed = replace(control, at=self.page.url)
            self.hands.act(control)
            self.pressed.append(control.name)
            before = frozenset(name for name, one in self.hands.seen.items() if not one["off"])
            return self.new((*control.way, pressed), before)
        return [
            Control(f"{control.name} = {text}", "choice", control.name, control.at, control.way)
            for text in self.hands.options(control)
        ]

    def look(self, control: Control) -> None:
        """What the press has broken; then the page is opened anew."""
        wrong = [self.page.locator(css).first.inner_text()[:300] for css in WRONG if self.page.locator(css).count()]
        if wrong or self.errors:
            before = ", ".join(self.pressed[-4:])
            self.faults.append(f"{control.name} (after {before}): {' | '.join([*wrong, *self.errors])}")
            self.errors.clear()
            self.load()
