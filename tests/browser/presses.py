"""Presses everything that a page holds: a walk over the controls that are found in the DOM, from no list of ours.

A control is a button, a tab, a switch, an option of a menu, a summary that folds. What a press brings to light is
pressed next, `DEEP` presses away from the page as it opens at most; opening a tab, a menu or a fold does not count. Of
many pictures in one group (`MANY`: samples, maps, cells) the first, second, middle and last stand for all. Streamlit's
own (help, toolbars) are left out. Whatever else was visible and enabled and could not be pressed is a fault like an
error is.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Error
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.chromium import eventually

DEEP, MANY = 1, 12
PRESS = 5_000  # milliseconds until a control counts as one that cannot be pressed

FIND = Path(__file__).with_name("controls.js").read_text("utf-8")
WRONG = ("[data-testid=stException]", "text=Something broke that should not", "text=Page not found")
OPENERS = {"tab", "summary", "combobox", "select"}
RESTS = "[data-testid=stApp][data-test-script-state=notRunning]"


class Runs:
    """Whether the script has answered all that the page asked of it, as the frames of their socket tell."""

    def __init__(self, page):
        self.asked = self.begun = False
        page.on("websocket", self.opened)

    def opened(self, socket) -> None:
        socket.on("framesent", self.sent)
        socket.on("framereceived", self.received)

    def sent(self, frame: bytes) -> None:
        if isinstance(frame, bytes) and BackMsg.FromString(frame).WhichOneof("type") == "rerun_script":
            self.asked, self.begun = True, False

    def received(self, frame: bytes) -> None:
        kind = ForwardMsg.FromString(frame).WhichOneof("type") if isinstance(frame, bytes) else None
        if kind == "new_session":
            self.begun = True
        elif kind == "script_finished" and self.begun:
            self.asked = False


@dataclass(frozen=True)
class Control:
    """What is pressed, and the presses that lead to it from the page as it opens; or an option of the menu `menu`."""

    name: str
    role: str
    way: tuple["Control", ...] = ()
    menu: str = ""


class Walk:
    """Presses all of the page that `load` opens; `errors` is where its console goes. `faults` are sentences."""

    def __init__(self, page, load: Callable[[], None], errors: list[str]):
        self.page, self.load, self.errors = page, load, errors
        self.runs = Runs(page)
        self.known: set[str] = set()
        self.pressed: list[str] = []
        self.faults: list[str] = []

    def all(self) -> None:
        self.load()
        waiting = self.new(())
        while waiting:
            here = self.present()
            control = next((one for one in waiting if (one.menu or one.name) in here), waiting[0])
            waiting.remove(control)
            try:
                try:
                    if (control.menu or control.name) not in here:
                        self.over()
                    waiting[:0] = self.press(control)
                except Error:  # something was pressed since it was found: from the beginning
                    self.again(control)
                    waiting[:0] = self.press(control)
            except Error as error:
                self.faults.append(f"{control.name} could not be pressed: {error.message.splitlines()[0]}")
            self.look(control)

    def present(self) -> dict[str, dict]:
        return {one["name"]: one for one in self.page.evaluate(FIND, [MANY])}

    def rested(self) -> dict[str, dict]:
        """What is there once no more comes: a component draws itself after the script has ended."""
        seen = []

        def rests():
            self.page.wait_for_timeout(80)
            eventually(self.page, lambda: not self.runs.asked)
            self.page.wait_for_selector(RESTS)
            seen.append(self.present())
            return len(seen) > 1 and seen[-1] == seen[-2]

        eventually(self.page, rests)
        return seen[-1]

    def new(self, way: tuple[Control, ...]) -> list[Control]:
        """Controls that nobody knew, all that can be pressed now."""
        if len([one for one in way if one.role not in OPENERS]) > DEEP:
            return []
        fresh = [one for one in self.rested().values() if not one["off"] and one["same"] not in self.known]
        self.known |= {one["same"] for one in fresh}
        return [Control(one["name"], one["role"], way) for one in fresh]

    def over(self) -> None:
        """Away with what lies over the page."""
        self.page.keyboard.press("Escape")
        self.rested()

    def again(self, control: Control) -> None:
        """The page anew, and on it the way to the control, as far as it has to be gone.

        Tabs and folds in which it lies may have been opened long before the press that brought it.
        """
        wanted = control.menu or control.name
        places = [f"{role} {place}" for place in wanted.split(" > ")[:-1] for role in ("summary", "tab")]
        self.load()
        for step in control.way:
            if wanted in self.rested():
                return
            self.act(step)
        for place in places:
            here = self.rested()
            opener = next((name for name in here if name.endswith(place)), None)
            if wanted not in here and opener:
                self.act(Control(opener, ""))
        self.rested()

    def press(self, control: Control) -> list[Control]:
        """What is to be pressed next."""
        if control.role not in ("combobox", "select"):
            self.act(control)
            self.pressed.append(control.name)
            return self.new((*control.way, control))
        options = self.options(control)
        return [Control(f"{control.name} = {text}", "choice", control.way, control.name) for text in options]

    def options(self, menu: Control) -> list[str]:
        element = self.element(menu.name)
        if menu.role == "select":
            return element.evaluate("e => [...e.options].map((one) => one.label)")
        options = self.opened(element)
        options.first.wait_for(timeout=PRESS)
        texts = [text for text in options.all_inner_texts() if text.strip()]
        self.page.keyboard.press("Escape")
        return texts

    def opened(self, box):
        """The options of a menu, which it opens; only those in sight are in the DOM."""
        box.click(timeout=PRESS)
        eventually(self.page, lambda: box.get_attribute("aria-controls"), PRESS)
        return self.page.locator(f"[id='{box.get_attribute('aria-controls')}'] [role=option]:visible")

    def act(self, control: Control) -> None:
        element = self.element(control.menu or control.name)
        if not control.menu:
            pressed = element.evaluate_handle("e => e.type === 'checkbox' ? e.closest('label') ?? e : e").as_element()
            pressed.click(timeout=PRESS)
        elif (text := control.name.removeprefix(f"{control.menu} = ")) and element.evaluate("e => !!e.options"):
            element.select_option(label=text, timeout=PRESS)
        else:
            self.not_chosen(text)
            options = self.opened(self.element(control.menu))
            options.first.wait_for(timeout=PRESS)
            option = options.get_by_text(text, exact=True)
            if not option.count():  # of a menu out of which one chooses several, when it is chosen already
                raise Error(f"{control.name} is not in the menu")
            option.first.click(timeout=PRESS)

    def not_chosen(self, text: str) -> None:
        """Where one chooses several, what is chosen is no longer in the menu: it is taken out first."""
        remove = "button Remove " + re.sub(r"[-−]?\d[\d.,]*", "#", text)
        if taken := next((name for name in self.present() if name.endswith(remove)), None):
            self.act(Control(taken, "button"))
            self.rested()

    def element(self, name: str):
        """It is looked for anew: a run may have replaced the elements, and one that has just begun brings them."""
        wanted = "name => window.found.find((one) => one.name === name)?.element"
        try:
            eventually(self.page, lambda: name in self.present(), PRESS)
        except AssertionError:
            raise Error(f"{name} is gone") from None
        return self.page.evaluate_handle(wanted, name).as_element()

    def look(self, control: Control) -> None:
        """What the press has broken; then the page is opened anew."""
        wrong = [self.page.locator(css).first.inner_text()[:300] for css in WRONG if self.page.locator(css).count()]
        if wrong or self.errors:
            before = ", ".join(self.pressed[-4:])
            self.faults.append(f"{control.name} (after {before}): {' | '.join([*wrong, *self.errors])}")
            self.errors.clear()
            self.load()
