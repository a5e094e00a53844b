"""Access to the page in a real browser: rules of axe-core, the keyboard alone, narrow and enlarged, forced colours and no motion.

The states are those of tests/tour.py; a tab that is new is checked by its name alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests import test_browser as web
from tests import tour

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
browser = web.browser

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"]}
VIEWS = tuple((colours, width) for colours in ("light", "dark") for width in (1920, 360))

CUT = """() => [...document.querySelectorAll('button, label, h1, h2, h3, legend, [role=tab], .badge, .notice p')].filter((one) => {
  if (one.closest('.unseen, thead, [aria-hidden=true]') || !one.checkVisibility()) return false;
  const box = one.getBoundingClientRect();
  const hidden = getComputedStyle(one).overflowX === 'hidden' && one.scrollWidth > one.clientWidth + 1;
  return box.width && (hidden || box.right > innerWidth + 1 || box.left < -1);
}).map((one) => one.outerHTML.slice(0, 120))"""
"""What can't be read whole, because it is cut off or stands beyond the window."""
LONGEST = """() => {
  let longest = [0, ''];
  for (const one of document.querySelectorAll('p, li, dd, blockquote, .answer, .info, .page-text')) {
    if (!one.checkVisibility() || one.closest('.unseen, table') || one.querySelector('p, li, .answer')) continue;
    const lines = new Map(), walk = document.createTreeWalker(one, NodeFilter.SHOW_TEXT), range = document.createRange();
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      for (const word of node.data.matchAll(/\\S+\\s?/g)) {
        range.setStart(node, word.index);
        range.setEnd(node, word.index + word[0].length);
        if (range.getClientRects().length > 1) continue;
        const top = Math.round(range.getBoundingClientRect().top / 8);
        lines.set(top, (lines.get(top) ?? 0) + word[0].length);
      }
    }
    const most = lines.size > 1 ? Math.max(...lines.values()) : 0;
    if (most > longest[0]) longest = [most, one.textContent.slice(0, 100)];
  }
  return longest;
}"""
"""The most characters that stand in one line of a text that goes over several, and how that text begins."""
FOCUS = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), look = getComputedStyle(one);
  const names = [one.ariaLabel, one.labels?.[0]?.textContent, one.getAttribute('aria-labelledby') && document.getElementById(one.getAttribute('aria-labelledby'))?.textContent, one.textContent, one.title];
  return {
    name: (names.find((name) => name?.trim()) ?? '').trim().replace(/\\s+/g, ' '),
    seen: look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2 && box.width > 0 && box.bottom > 0 && box.top < innerHeight,
    tag: one.tagName, html: one.outerHTML.slice(0, 150),
  };
}"""


@pytest.fixture(scope="module")
def page(browser: Browser, toured: str) -> Iterator[Page]:
    """One page for all states, since each begins where the reader left."""
    context = browser.new_context(viewport={"width": 1920, "height": 900})
    context.set_default_timeout(20_000)
    made = context.new_page()
    made.goto(toured)
    made.get_by_label("Your question").wait_for()
    yield made
    context.close()


@pytest.fixture(scope="module")
def faults() -> Callable[[Page], list[str]]:
    """What axe-core finds wrong with a page as it is, a line for each element."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed: pip install axe-playwright-python").Axe()

    def found(page: Page, again: bool = True) -> list[str]:
        page.evaluate("'axe' in window") or page.evaluate(axe.axe_script)
        rules: list[dict[str, Any]] = page.evaluate("rules => axe.run(rules).then(found => found.violations)", RULES)
        if rules and again:  # what Gradio fades while it waits for the server is not a fault that stays
            page.wait_for_timeout(800)
            return found(page, again=False)
        return [
            f"{rule['id']} ({rule['impact']}): {node['target']} {node['html'][:150]} {[each['message'] for each in node['any']]}"
            for rule in rules for node in rule["nodes"]
        ]  # fmt: skip

    return found


def looked_at(page: Page, colours: str, width: int) -> None:
    """Shows the page in these colours and this width, and waits until it has taken them."""
    page.emulate_media(color_scheme="dark" if colours == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_function("([dark, width]) => document.body.classList.contains('dark') === dark && innerWidth === width", arg=[colours == "dark", width])
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def unread(page: Page) -> list[str]:
    """What can't be read without scrolling sideways, or at all."""
    return [*page.evaluate(CUT), *([] if web.no_sideways_scroll(page) else ["the page scrolls sideways"])]


@pytest.mark.parametrize("state", tour.STATES, ids=lambda state: state.__name__)
def test_a_state_breaks_no_rule_and_reads_well_at_any_size(page: Page, faults: Callable[[Page], list[str]], state: tour.State) -> None:
    looked_at(page, "light", 1920)
    state(page)
    longest, text = page.evaluate(LONGEST)
    wrong: dict[str, Any] = {"lines": f"{longest} characters: {text}" if longest > 95 else ""}
    for colours, width in VIEWS:
        looked_at(page, colours, width)
        wrong[f"axe, {colours}, {width}"] = faults(page)
        wrong[f"cut off at {width}"] = unread(page)
    for width in (320, 640, 1024):  # 400 and 200 per cent of 1280, and a small window
        looked_at(page, "light", width)
        wrong[f"cut off at {width}"] = unread(page)
    assert {where: what for where, what in wrong.items() if what} == {}


def test_a_tab_that_no_state_names_breaks_no_rule_either(page: Page, faults: Callable[[Page], list[str]]) -> None:
    looked_at(page, "light", 1920)
    names = tour.tabs(page)
    assert {"Ask", "Findings", "Documents"} <= {*names}
    for name in names:
        panel = page.get_by_role("tabpanel", name=name, exact=True)
        tour.tab(page, name)
        assert panel.is_visible(), f"{name} has a panel that is named by its tab"
        for colours, width in VIEWS if name not in ("Ask", "Findings", "Documents") else ():
            looked_at(page, colours, width)
            assert faults(page) + unread(page) == [], f"{name}, {colours}, {width}"
        looked_at(page, "light", 1920)


# the keyboard alone


def to(page: Page, name: str, key: str = "Tab", most: int = 60) -> None:
    """Goes from stop to stop until the one whose name begins so; each has to be seen to have the focus."""
    passed: list[str] = []
    for _ in range(most):
        page.keyboard.press(key)
        here = page.evaluate(FOCUS)
        assert here["seen"], f"this stop does not show that it has the focus: {here}"
        if str(here["name"]).startswith(name):
            return
        passed.append(here["name"])
    pytest.fail(f"{name!r} is not reached by {key}, only {passed}")


def has_focus(page: Page, css: str) -> None:
    page.wait_for_function("css => document.activeElement.matches(css)", arg=css)


def test_asking_reading_and_judging_need_only_keys(browser: Browser, toured: str) -> None:
    with web.opened(browser, toured) as page:
        page.locator("body").press("Tab")
        page.get_by_label("Your question").focus()
        page.keyboard.type("drawn")
        page.keyboard.press("Enter")
        page.wait_for_function("document.querySelector('.turn')?.getAttribute('aria-busy') === 'false'")
        to(page, "Source 1")
        page.keyboard.press("Enter")
        has_focus(page, ".viewer h3")
        to(page, "Next source")
        page.keyboard.press("Enter")
        page.locator("#sources .card.open[data-number='2']").wait_for()
        has_focus(page, ".viewer h3")
        to(page, "200")
        page.keyboard.press(" ")
        page.locator("button[data-zoom='2'][aria-pressed=true], button[data-event=zoom][aria-pressed=true]", has_text="200").wait_for()
        to(page, "Back to the answer", key="Shift+Tab")
        page.keyboard.press("Enter")
        has_focus(page, ".turn .cite[data-number='2']")
        to(page, "Not useful")
        page.keyboard.press("Enter")
        has_focus(page, "form.opinion legend")
        to(page, "No more")
        page.keyboard.press("Enter")
        page.locator("form.opinion").wait_for(state="detached")


def test_findings_and_documents_need_only_keys(browser: Browser, toured: str) -> None:
    with web.opened(browser, toured) as page:
        page.get_by_label("Your question").focus()
        to(page, "Findings", key="Shift+Tab")
        page.keyboard.press("Enter")
        page.locator("table.inspections").wait_for()
        to(page, "Service")
        page.keyboard.type("cole")
        page.get_by_role("option", name="Cole Grove").wait_for()
        page.keyboard.press("Escape")
        to(page, "Page 1 of ashby-2019.pdf")
        page.keyboard.press("Enter")
        has_focus(page, "#finding-page h3")
        to(page, "Back to the table")
        page.keyboard.press("Enter")
        has_focus(page, "[data-document='ashby-2019.pdf']")
        page.get_by_role("tab", name="Findings").focus()
        to(page, "Documents")
        page.keyboard.press("Enter")
        page.locator("table.documents").wait_for()
        to(page, "Choose Ashby Court")
        page.keyboard.press(" ")
        to(page, "Remove ticked")
        page.keyboard.press("Enter")
        has_focus(page, "#confirm h3")
        to(page, "Yes, remove")
        to(page, "No, keep")
        page.keyboard.press("Enter")
        page.locator("#confirm").wait_for(state="hidden")
        has_focus(page, "[data-event=choose]")


# what readers ask of their system


def test_who_wants_no_motion_gets_none_and_forced_colours_keep_the_marks(browser: Browser, toured: str) -> None:
    with web.opened(browser, toured) as page:
        page.emulate_media(reduced_motion="reduce", forced_colors="active")
        tour.viewer(page)
        assert page.locator(".marks span").first.evaluate("mark => parseFloat(getComputedStyle(mark).outlineWidth)") >= 2
        mark, around = (page.locator(css).first.evaluate("one => getComputedStyle(one).backgroundColor") for css in (".page-text mark", ".page-text"))
        assert mark != around
        assert page.locator("button[data-event=zoom][aria-pressed=true]").evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
        moving = "[...document.querySelectorAll('*')].filter((one) => [getComputedStyle(one)].some((look) => Math.max(parseFloat(look.transitionDuration), parseFloat(look.animationDuration)) > 0.1)).map((one) => one.outerHTML.slice(0, 90))"
        assert page.evaluate(moving) == []
