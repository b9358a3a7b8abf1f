"""A report's page in a real browser, from a file, with the network cut: no request, no script of others, every control
by keyboard.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from t2sql.evaluation.reports.diff import compare_reports
from t2sql.evaluation.reports.figures import find_figures
from t2sql.evaluation.reports.gates import Limits, check_gates, parse_accuracy
from t2sql.evaluation.reports.page import MOST_DRAWN, difference_page, report_page

from made_reports import drawn, report, result, wrong
from page_serving import CHROMIUM, CHROMIUM_OPTIONS
from page_setup import needs

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow

PROMPT_MS = 10_000

HOSTILE = (
    "<script>document.title='x'</script>",
    "<img src=x onerror=\"document.title='x'\">",
    "</pre></details></main><h1>x</h1>",
    "\"><svg onload=document.title='x'>",
    "'; DROP TABLE loan_snapshot; -- &lt;b&gt; &amp;",
    "<a href='http://a.example/'>http://a.example/</a>",
    "{{ 7*7 }} ${7*7} <!-- --> ]]>",
)


@dataclass
class Reading:
    """A page, and what it asked for or complained of."""

    page: Page
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


Opener = Callable[..., Reading]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    needs(CHROMIUM.is_file(), str(CHROMIUM))
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
        yield opened
        opened.close()


@pytest.fixture
def read(browser: Browser, tmp_path: Path) -> Iterator[Opener]:
    """Open a page's text from a file; afterwards, that it asked for nothing and nothing of it failed."""
    contexts, readings = [], []

    def open_page(text: str, width: int = 1280, language: str = "en-US", scheme: str = "light") -> Reading:
        path = tmp_path / "page.html"
        path.write_text(text, encoding="utf-8")
        context = browser.new_context(
            offline=True, locale=language, viewport={"width": width, "height": 900},
            color_scheme="dark" if scheme == "dark" else "light",
        )  # fmt: skip
        contexts.append(context)
        reading = Reading(context.new_page())
        readings.append(reading)
        reading.page.on("request", lambda request: reading.asked.append(request.url))
        reading.page.on("console", lambda message: reading.complaints.append(message.text))
        reading.page.on("pageerror", lambda error: reading.complaints.append(str(error)))
        reading.page.on("dialog", lambda dialog: reading.complaints.append(dialog.message))
        reading.page.goto(path.as_uri())
        return reading

    yield open_page
    for reading in readings:
        assert [url for url in reading.asked if not url.startswith(("file:", "data:,"))] == []
        assert len([url for url in reading.asked if url.startswith("file:")]) == 1
        assert reading.complaints == []
    for context in contexts:
        context.close()


def _page(cases: int = 40) -> str:
    made = drawn(cases)
    return report_page(made, find_figures(made), check_gates(made, Limits(min_accuracy=parse_accuracy("95%"))))


def _difference() -> str:
    return difference_page(compare_reports(drawn(40), report(drawn(40, seed=2).results, clock="2020-01-01")))


def test_hostile_text_is_shown_letter_by_letter(read: Opener) -> None:
    results = [
        wrong(
            f"q{i}",
            question=text,
            category=text,
            detail=text,
            told=text,
            semantic_sql=text,
            physical_sql=text,
            gold=text,
        )
        for i, text in enumerate(HOSTILE)
    ]
    made = report(results, cases="cases.yml", llm=HOSTILE[0], settings={HOSTILE[1]: HOSTILE[2]})
    page = read(report_page(made, find_figures(made))).page
    assert page.title() == "t2sql · cases.yml"
    assert page.locator(".case .asked").all_text_contents() == list(HOSTILE)
    for case in page.locator(".case").all():
        case.locator("summary").click()
    assert page.locator(".case pre").all_text_contents() == [text for text in HOSTILE for _ in range(3)]
    assert page.locator("main :is(img, script, a, svg[onload])").count() == 0
    assert page.locator("h1").count() == 1


DRAWN = "[...document.querySelectorAll('.case .asked')].filter(e => e.checkVisibility({contentVisibilityAuto: true}))"


@pytest.mark.parametrize(("cases", "media"), [(120, "screen"), (120, "print"), (MOST_DRAWN + 50, "print")])
def test_cases_out_of_sight_are_drawn_for_a_picture_of_the_whole_page(
    cases: int, media: Literal["screen", "print"], read: Opener
) -> None:
    page = read(_page(cases)).page
    page.emulate_media(media=media)
    # What is in sight is found out with the next frame.
    page.evaluate("new Promise(next => requestAnimationFrame(() => requestAnimationFrame(next)))")
    assert page.evaluate(f"{DRAWN}.length") == cases


def test_a_very_long_list_draws_what_is_in_sight(read: Opener) -> None:
    assert read(_page(MOST_DRAWN + 50)).page.evaluate(f"{DRAWN}.length") < MOST_DRAWN / 2


def test_hostile_text_in_a_difference_is_shown_letter_by_letter(read: Opener) -> None:
    before = report([result(f"q{i}", question=t, physical_sql=t) for i, t in enumerate(HOSTILE)])
    after = report(
        [wrong(f"q{i}", question=t, physical_sql=t + " ") for i, t in enumerate(HOSTILE)], principal=HOSTILE[0]
    )
    page = read(difference_page(compare_reports(before, after))).page
    assert page.locator(".case .asked").all_text_contents() == list(HOSTILE)
    assert page.locator("main :is(img, script, a, svg)").count() == 0


def test_cases_are_found_by_text_and_by_choice(read: Opener) -> None:
    page = read(_page()).page
    shown = page.locator("#shown")
    assert shown.inner_text() == "40 / 40"
    page.get_by_role("searchbox").fill("question １7")  # full-width digits find their half-width twins
    page.locator("#shown", has_text="1 / 40").wait_for(timeout=PROMPT_MS)
    assert page.locator(".case:visible .asked").all_text_contents() == ["NPL ratio by branch, question 17?"]
    page.get_by_role("button", name="Clear").click()
    page.get_by_role("combobox", name="Any end").select_option("silent error")
    silent = page.locator('.case[data-status="silent error"]').count()
    assert 0 < silent < 40
    assert shown.inner_text() == f"{silent} / 40"
    page.get_by_role("combobox", name="Any language").select_option("zh")
    assert all("个问题" in text for text in page.locator(".case:visible .asked").all_text_contents())
    page.get_by_role("button", name="Clear").click()
    assert shown.inner_text() == "40 / 40"


def test_everything_is_reached_by_keyboard(read: Opener) -> None:
    page = read(_page(5)).page
    page.get_by_role("searchbox").focus()
    names = []
    for _ in range(7):
        page.keyboard.press("Tab")
        names.append(
            page.evaluate("document.activeElement.getAttribute('aria-label') || document.activeElement.innerText")
        )
    assert [name.split("\n")[0] for name in names[:6]] == [
        "Any end", "Any reason", "Any category", "Any language", "Clear", "Open or close all",
    ]  # fmt: skip
    first = page.locator(".case").first
    assert first.get_attribute("open") is None
    page.keyboard.press("Enter")
    assert first.get_attribute("open") is not None
    assert first.locator("pre").first.is_visible()


def test_the_page_speaks_both_languages(read: Opener) -> None:
    page = read(_page(10), language="zh-CN").page
    assert page.locator("h1").inner_text().startswith("评测报告")
    assert page.get_by_role("combobox", name="任何结局").count() == 1
    page.get_by_role("button", name="English").click()
    assert page.locator("h1").inner_text().startswith("Evaluation")
    assert page.get_by_role("combobox", name="Any end").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_and_is_legible(read: Opener, width: int, scheme: str) -> None:
    for text in (_page(), _difference()):
        page = read(text, width=width, scheme=scheme).page
        page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        faint = page.evaluate(CONTRASTS)
        assert faint == []


def test_pictures_take_the_colours_of_the_page(read: Opener) -> None:
    page = read(_page(), scheme="dark").page
    assert page.locator("figure svg").count() == 4
    colours = page.evaluate(
        "[...new Set([...document.querySelectorAll('figure svg text')].map((t) => getComputedStyle(t).fill))]"
    )
    assert colours == [page.evaluate("getComputedStyle(document.body).color")]


CONTRASTS = """() => {
  const parse = (colour) => (colour.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = getComputedStyle(e).backgroundColor;
      if (colour.startsWith("rgb(")) return parse(colour);
    }
    return [255, 255, 255];
  };
  const found = new Set();
  for (const element of document.querySelectorAll("main *")) {
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || element.closest("svg") || !element.checkVisibility()) continue;
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(ground(element))];
    if ((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5) found.add(element.tagName + "." + element.className);
  }
  return [...found];
}"""
"""Elements with text whose contrast is under 4.5 to 1, WCAG 2.2's level AA."""
