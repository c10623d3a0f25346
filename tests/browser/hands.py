"""What is there to press on a page, and how each kind of it is pressed: the hands of the walk in presses.py."""

import contextlib
import re
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Error, TimeoutError
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.chromium import eventually

MANY, MENU = 8, 16  # in a group or among options that differ in a number alone, in a menu
NUMBER = re.compile(r"\d[\d.,]*")
PRESS = 20_000  # milliseconds until a control counts as one that cannot be pressed
TRIES = 5  # to open a menu

FIND = Path(__file__).with_name("controls.js").read_text("utf-8")
FOUND = "name => window.found.find((one) => one.name === name)?.element"
# the script has ended, and no skeleton stands where a component will be
RESTS = """!!document.querySelector("[data-testid=stApp][data-test-script-state=notRunning]")
  && !document.querySelector("[data-testid=stSkeleton]")"""
# Options by their place; those out of sight are not in the DOM. Where one is wanted it stays in sight.
LISTED = """async (list, wanted) => {
  const found = {}, frame = () => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
  for (let at = 0; at < list.scrollHeight; at += list.clientHeight / 2) {
    list.scrollTop = at;
    await frame();
    const here = list.querySelectorAll("[role=option]");
    here.forEach((one, place) => { found[one.ariaPosInSet ?? place + 1] = one.innerText; });
    if (Object.values(found).includes(wanted)) break;
  }
  return found;
}"""


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
    """What is pressed; or an option of the menu `menu`. Where it was found: the address of the page, and the presses
    that lead to it from the page as it opens."""

    name: str
    role: str
    menu: str = ""
    at: str = ""
    way: tuple["Control", ...] = ()

    @property
    def pressed(self) -> str:
        """What has to be in sight: the menu of an option."""
        return self.menu or self.name


class Hands:
    def __init__(self, page):
        self.page = page
        self.runs = Runs(page)
        self.seen: dict[str, dict] = {}  # at the last look

    def present(self) -> dict[str, dict]:
        self.seen = {one["name"]: one for one in self.page.evaluate(FIND, [MANY])}
        return self.seen

    def rested(self) -> dict[str, dict]:
        """What is there once no more comes: a component draws itself after the script has ended."""
        seen = []

        def rests():
            self.page.wait_for_timeout(50)
            eventually(self.page, lambda: not self.runs.asked and self.page.evaluate(RESTS))
            seen.append(self.present())
            return len(seen) > 1 and seen[-1] == seen[-2]

        eventually(self.page, rests)
        return seen[-1]

    def over(self) -> dict[str, dict]:
        """What is there when what lies over the page is away."""
        self.page.keyboard.press("Escape")
        return self.rested()

    def act(self, control: Control) -> None:
        element = self.element(control.pressed)
        if not control.menu:
            pressed = element.evaluate_handle("e => e.type === 'checkbox' ? e.closest('label') ?? e : e").as_element()
            pressed.click(timeout=PRESS)
        elif (text := control.name.removeprefix(f"{control.menu} = ")) and element.evaluate("e => !!e.options"):
            element.select_option(label=text, timeout=PRESS)
        else:
            self.choose(control.menu, text)

    def element(self, name: str):
        """It is looked for anew: a run may have replaced the elements."""
        if name not in self.present():
            raise Error(f"{name} is gone")
        return self.page.evaluate_handle(FOUND, name).as_element()

    def options(self, menu: Control) -> list[str]:
        if menu.role == "select":
            texts = self.element(menu.name).evaluate("e => [...e.options].map((one) => one.label)")
        else:
            listed = self.opened(menu.name).evaluate(LISTED)
            texts = [listed[place] for place in sorted(listed, key=int) if listed[place].strip()]
            self.closed(menu.name)
        few = (0, 1, len(texts) // 2, -1)
        alike = len({NUMBER.sub("#", text) for text in texts}) == 1
        return [texts[place] for place in few] if len(texts) > (MANY if alike else MENU) else texts

    def choose(self, menu: str, text: str) -> None:
        listed = self.opened(menu)
        if text not in listed.evaluate(LISTED, text).values() and self.took(menu, text):
            listed = self.opened(menu)
            listed.evaluate(LISTED, text)
        option = listed.locator("[role=option]").get_by_text(text, exact=True)
        if not option.count():
            raise Error(f"{text} is not in the menu {menu}")
        option.first.click(timeout=PRESS)
        self.closed(menu)

    def opened(self, menu: str):
        """The list of a menu, which it opens, anew where a run that ended meanwhile has closed it."""
        for _ in range(TRIES):
            box = self.element(menu)
            if not (name := box.get_attribute("aria-controls")):
                box.click(timeout=PRESS)
                with contextlib.suppress(AssertionError):
                    name = eventually(self.page, lambda box=box: box.get_attribute("aria-controls"), PRESS // TRIES)
            listed = self.page.locator(f"[id='{name}']")
            with contextlib.suppress(TimeoutError):
                listed.locator("[role=option]").first.wait_for(timeout=PRESS / TRIES)
                return listed
        raise Error(f"{menu} does not open")

    def closed(self, menu: str) -> None:
        """A menu of which one chooses several stays open, and while it is, nothing else can be pressed."""
        if self.page.evaluate(f"name => ({FOUND})(name)?.ariaExpanded === 'true'", menu):
            self.page.keyboard.press("Escape")

    def took(self, menu: str, text: str) -> bool:
        """Where one chooses several, what is chosen is no longer in the menu, and a full one offers none: it, or the
        first that is chosen, is taken out."""
        here = self.over()
        place = menu.rpartition("combobox ")[0] + "Selected values > "
        chosen = [name for name in here if name.startswith(place)]
        handles = {name: self.element(name) for name in chosen}
        chosen.sort(key=lambda name: handles[name].get_attribute("aria-label") != f"Remove {text}")
        for name in chosen[:1]:
            handles[name].click(timeout=PRESS)
            self.rested()
        return bool(chosen)
