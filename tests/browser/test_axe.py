"""axe-core finds nothing on any page or tab in either theme, and in what opens over them: WCAG 2.2, AA."""

import re

import pytest

from explorer.ui.shared import state
from tests import system
from tests.browser.chromium import ROOT, settle
from tests.training.helpers import trained

AXE = ROOT / "node_modules/axe-core/axe.min.js"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
STREAMLITS = "[data-testid=stMultiSelect] input"  # as narrow as what is typed in it; the box around it takes the click
FIND = """async ([levels, apart]) => {
  const { violations } = await axe.run({ exclude: apart }, { runOnly: levels, resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, any, all, none }) =>
    `${id}: ${[...any, ...all, ...none][0]?.message}: ${html.slice(0, 200)}`));
}"""


# what was stale until now comes back by and by, and what is half there has half its contrast; no part is still to come
RESTS = """() => !document.querySelector("[data-testid=stSkeleton]") && document.getAnimations().every((one) =>
  one.playState !== "running" || one.effect?.getComputedTiming().iterations === Infinity)"""
# and the page has had the time that it takes itself until what scrolls is a stop of Tab (REST of manners.js)
QUIET = """() => new Promise((go) => {
  let timer;
  const wait = () => { clearTimeout(timer); timer = setTimeout(() => { changes.disconnect(); go(); }, 300); };
  const changes = new MutationObserver(wait);
  changes.observe(document.body, { childList: true, subtree: true });
  wait();
})"""


def faults(page) -> list[str]:
    settle(page)
    page.wait_for_function(RESTS)
    page.evaluate(QUIET)
    page.wait_for_function(RESTS)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    return page.evaluate(FIND, [LEVELS, [STREAMLITS]])


def behind(page, row, way: str = "") -> dict[str, list[str]]:
    """What is found behind each tab of a row, and behind those of the row that a tab holds."""
    found = {}
    for name in row.get_by_role("tab").all_inner_texts():
        tab = row.get_by_role("tab", name=name, exact=True)
        tab.click()
        page.wait_for_function("tab => tab.ariaSelected === 'true'", arg=tab.element_handle())
        found[f"{way}{name}"] = faults(page)
        inner = page.locator("[role=tabpanel] [role=tablist]:visible").first
        if not way and inner.count():
            found |= behind(page, inner, f"{name}: ")
    return found


def press(page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).last.click()


def test_axe_sees_what_cannot_be_read(open_page):
    """A check that cannot fail would be none."""
    system.need("axe")
    page = open_page("", app="app.py")
    page.evaluate("document.querySelector('h1').style.color = '#ddd'")
    assert any(re.search("color-contrast.*Cable Explorer", fault) for fault in faults(page))


@pytest.mark.parametrize(("theme", "width", "height"), [("light", 1280, 900), ("dark", 1280, 900), ("dark", 390, 844)])
@pytest.mark.parametrize("slug", [page.slug for page in state.pages()])
def test_nothing_keeps_anybody_out(open_page, slug, theme, width, height):
    system.need("axe")
    page = open_page(slug, app="app.py", theme=theme, width=width, height=height)
    found = {"": faults(page)}
    row = page.get_by_role("tablist").first
    if row.count():
        found |= behind(page, row)
    assert {name: those for name, those in found.items() if those} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_opens_over_a_page_keeps_nobody_out(open_page, store, theme):
    system.need("axe")
    run = trained(store)
    page, found = open_page(f"Train?run={run.id}", theme=theme), {}

    def opened(what: str, seen) -> None:
        seen.wait_for()
        found[what] = faults(page)

    press(page, "More")
    opened("a run's menu", page.get_by_role("button", name="Publish", exact=True))
    press(page, "Delete …")
    opened("the question before deleting", page.get_by_role("button", name="Delete it"))
    press(page, "Keep it")
    press(page, "Publish")
    opened("the question before publishing", page.get_by_role("button", name="Publish it"))
    press(page, "Publish it")
    opened("what is published", page.get_by_text("Published: 1"))
    page.keyboard.press("Escape")
    page.get_by_text("Published: 1").click()
    press(page, "Unpublish …")
    opened("the question before unpublishing", page.get_by_role("button", name="Unpublish it"))
    press(page, "Unpublish it")  # published models lie beside the runs of the server
    page.get_by_role("button", name="Unpublish it").wait_for(state="detached")
    for name in ("Draw", "Upload", "Camera", "Pattern"):
        page.get_by_role("radio", name=name).click()
        opened(name, page.get_by_role("radio", name=name, checked=True))
    page.get_by_role("radio", name="Draw").click()
    press(page, "Open the pad")
    opened("the pad", page.get_by_role("button", name="Use this drawing"))
    assert {name: those for name, those in found.items() if those} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_menus_keep_nobody_out(open_page, theme):
    system.need("axe")
    page, found = open_page("Diffusion?tab=Take+away", app="app.py", theme=theme), {}
    press(page, "For a slide or a course page")
    page.get_by_text("<iframe").wait_for()
    found["a slide"] = faults(page)
    page = open_page("Diffusion?lesson=dendrite-to-network&at=4&present=1", app="app.py", theme=theme)
    for name in ("Image", "Class", "Lesson"):
        press(page, name)
        page.get_by_role("dialog").wait_for()
        found[name] = faults(page)
        page.keyboard.press("Escape")
        page.get_by_role("dialog").wait_for(state="hidden")
    assert {name: those for name, those in found.items() if those} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("at", [1, 4])  # a number, and answers to choose from
def test_a_class_keeps_nobody_out(open_page, theme, at):
    system.need("axe")
    projector = open_page(f"?lesson=dendrite-to-network&at={at}", theme=theme)
    press(projector, "Class")
    press(projector, "Open a class")
    code = projector.locator(".class-code").inner_text().replace(" ", "")
    phone = open_page(f"?join={code}", beside=projector, theme=theme, width=390, height=844)
    found = {"opened": faults(projector), "waiting": faults(phone)}
    for name, seen in (
        ("Open the question", "You may change your answer"),
        ("Close the question", "The question is closed"),
        ("Show what happens", "See."),
    ):
        press(projector, name)
        phone.get_by_text(seen).first.wait_for()
        found |= {f"{name}, phone": faults(phone), f"{name}, projector": faults(projector)}
    assert {name: those for name, those in found.items() if those} == {}
