"""axe-core finds nothing on any page or tab in either theme: contrast, names, roles, sizes, by WCAG 2.2, level AA."""

import re

import pytest

from explorer.ui.shared import state
from tests import system
from tests.browser.chromium import ROOT, settle

AXE = ROOT / "node_modules/axe-core/axe.min.js"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
STREAMLITS = "[data-testid=stMultiSelect] input"  # as narrow as what is typed in it; the box around it takes the click
FIND = """async ([levels, apart]) => {
  const { violations } = await axe.run({ exclude: apart }, { runOnly: levels, resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, any, all, none }) =>
    `${id}: ${[...any, ...all, ...none][0]?.message}: ${html.slice(0, 200)}`));
}"""

pytestmark = pytest.mark.long


def faults(page) -> list[str]:
    settle(page)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    return page.evaluate(FIND, [LEVELS, [STREAMLITS]])


def test_axe_sees_what_cannot_be_read(open_page):
    """A check that cannot fail would be none."""
    system.need("axe")
    page = open_page("", app="app.py")
    page.evaluate("document.querySelector('h1').style.color = '#ddd'")
    assert any(re.search("color-contrast.*Cable Explorer", fault) for fault in faults(page))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("slug", [page.slug for page in state.pages()])
def test_nothing_keeps_anybody_out(open_page, slug, theme):
    system.need("axe")
    page = open_page(slug, app="app.py", theme=theme)
    found = {"": faults(page)}
    row = page.get_by_role("tablist").first
    for name in row.get_by_role("tab").all_inner_texts()[1:] if row.count() else []:
        tab = row.get_by_role("tab", name=name, exact=True)
        tab.click()
        page.wait_for_function("tab => tab.ariaSelected === 'true'", arg=tab.element_handle())
        found[name] = faults(page)
    assert {name: those for name, those in found.items() if those} == {}
