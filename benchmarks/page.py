"""How long people wait on the page: for its first paint, the first step, the answer, and a table they can use.

    .venv/bin/python benchmarks/page.py [--people 5] [--questions 6] [--repeat 5]

Runs `t2sql serve` over the demo bank with a journal of its own, and drives headless Chromium; both share this machine's
cores with the server. Wall milliseconds, as a person sees them:

first paint   from opening the address, the server warm, to the box that takes a question (page_paints.py)
first step    from Enter to the first line that says what is being done
answer        from Enter to the sentence with the figure
table         from opening a link to a table of so many rows that can be scrolled

Then several people at once, each asking one question after another without a pause:

served        without browsers: what the server alone needs to find the answers and make their pages (page_sessions.py)
journal       what the record tells of the same answers: the agent's own part
browsers      in as many browsers, which draw on the same cores: the longest time, too, that any page's own thread was
              busy without a break

And the places in the queue that people who wait for the llm are told, checked (page_queue.py).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from page_paints import BOX, empty_page, measure_paints  # noqa: E402
from page_queue import measure_queue  # noqa: E402
from page_sessions import Session  # noqa: E402

from t2sql import settings as configured  # noqa: E402
from t2sql.agent import Agent  # noqa: E402
from t2sql.errors import LlmUnavailable  # noqa: E402
from t2sql.flow import Answer  # noqa: E402
from t2sql.generation.llm import Llm  # noqa: E402
from ui.words import WORDS  # noqa: E402

from page_serving import CHROMIUM, CHROMIUM_OPTIONS, served  # noqa: E402

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

WAIT_MS = 180_000
ROWS = (100, 10_000, 100_000)
QUESTIONS = (
    "2026年6月各分行的不良贷款率",
    "2026年6月贷款余额最高的5个分行",
    "2025年每个季度的新发放贷款额",
    "2026年6月末存款余额同比增长多少",
    "2025年各月各区域的新发放贷款额",
    "上海分行2026年6月的拨备覆盖率",
    "2026年6月各产品的贷款余额占比",
    "2025年12月各区域的存款余额",
)
BUSY = """() => { window.longest = 0; new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.longest = Math.max(window.longest, entry.duration)
}).observe({ type: "longtask", buffered: true }) }"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=5)
    parser.add_argument("--questions", type=int, default=6)
    parser.add_argument("--repeat", type=int, default=5)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = write_settings(folder)
        links = {rows: record(path, rows) for rows in ROWS}
        with served(path, folder / "log") as address, empty_page(folder) as empty:
            asyncio.run(measure(address, empty, path, links, chosen))


def write_settings(folder: Path) -> Path:
    """This installation's demo bank and weights, with a cache in `folder`."""
    own = configured.load()
    (folder / "cache").mkdir()
    (folder / "cache" / "llms").symlink_to(own.llm_dir)
    lines = (
        f"metrics = {str(ROOT / 'metrics' / 'bank')!r}", f"source = {str(own.database)!r}",
        f"cache_dir = {str(folder / 'cache')!r}", "demo = true", "principal = 'hq'", "row_limit = 200000",
    )  # fmt: skip
    path = folder / "t2sql.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def record(path: Path, rows: int) -> str:
    """Ask for so many rows, as a person who writes semantic SQL; the id that a link names."""

    def refuse() -> Llm:
        raise LlmUnavailable("It is not needed.")

    agent = Agent.open(configured.load(path), llm=refuse)
    try:
        sql = f"SELECT customer_no, month, loan_balance FROM bank WHERE year IN ('2025', '2026') LIMIT {rows}"
        question = agent.question(f"{rows} rows of loan balance by customer and month")
        answer = agent.ask(question, semantic_sql=sql)
        assert isinstance(answer, Answer), answer
        assert len(answer.result.rows) == rows, len(answer.result.rows)
        return question.id
    finally:
        agent.close()


async def measure(address: str, empty: str, path: Path, links: dict[int, str], chosen: argparse.Namespace) -> None:
    """One person, then many."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
        page = await open_page(browser, address)
        await page.get_by_text(WORDS["warming"][0]).wait_for(state="detached", timeout=WAIT_MS)
        await ask(page, QUESTIONS[0])
        await page.context.close()
        await measure_paints(browser, address, empty, chosen.repeat)
        await alone(browser, address, links, chosen.repeat)
        await served_together(address, path, chosen.people, chosen.questions)
        await together(browser, address, chosen.people, chosen.questions)
        await measure_queue(address)
        await browser.close()


async def open_page(browser: Browser, address: str) -> Page:
    """A page of a person's own, ready for a question."""
    context = await browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    page = await context.new_page()
    await page.goto(address)
    await page.locator(BOX).wait_for(timeout=WAIT_MS)
    await page.evaluate(BUSY)
    return page


async def alone(browser: Browser, address: str, links: dict[int, str], repeat: int) -> None:
    """What one person waits for."""
    firsts, answers = [], []
    for number in range(repeat):
        page = await open_page(browser, address)
        first, answer = await ask(page, QUESTIONS[number % len(QUESTIONS)])
        firsts.append(first)
        answers.append(answer)
        await page.context.close()
    print(f"first step           {told(firsts)}")
    print(f"answer               {told(answers)}")
    for rows, name in links.items():
        times, busy = [], 0.0
        for _ in range(min(repeat, 3)):
            began = time.perf_counter()
            page = await open_page(browser, f"{address}/?answer={name}")
            await page.locator("[data-testid=stDataFrame] canvas").first.wait_for(timeout=WAIT_MS)
            times.append(since(began))
            busy = max(busy, float(await page.evaluate("window.longest")))
            await page.context.close()
        print(f"table of {rows:>7,}     {told(times)}   page busy at most {busy:,.0f} ms")


async def served_together(address: str, path: Path, people: int, questions: int) -> None:
    """Several people without browsers, and what the journal tells of their answers."""
    sessions = [await Session.open(address) for _ in range(people)]
    told = len(recorded(path))

    async def work(number: int, session: Session) -> list[float]:
        texts = [QUESTIONS[(number + k) % len(QUESTIONS)] for k in range(questions)]
        return [(await session.ask(text)).answer * 1000 for text in texts]

    times = [t for one in await asyncio.gather(*(work(n, one) for n, one in enumerate(sessions))) for t in one]
    print(f"{people} at once, served     {spread(times)}")
    print(f"{people} at once, journal    {spread(recorded(path)[told:])}")
    for session in sessions:
        await session.close()


def recorded(path: Path) -> list[float]:
    """Milliseconds that the agent took for each answer, as the journal has them, the oldest first."""
    with closing(sqlite3.connect(configured.load(path).journal_file)) as connection:
        rows = connection.execute("SELECT body FROM entry WHERE kind = 'answer' ORDER BY id").fetchall()
    return [float(json.loads(body)["timings_ms"]["total"]) for (body,) in rows]


async def together(browser: Browser, address: str, people: int, questions: int) -> None:
    """Several people, each one question after another."""
    pages = [await open_page(browser, address) for _ in range(people)]

    async def work(number: int, page: Page) -> list[float]:
        return [(await ask(page, QUESTIONS[(number + k) % len(QUESTIONS)]))[1] for k in range(questions)]

    times = [t for one in await asyncio.gather(*(work(n, page) for n, page in enumerate(pages))) for t in one]
    busy = max([float(await page.evaluate("window.longest")) for page in pages])
    print(f"{people} at once, browsers   {spread(times)}; page busy at most {busy:,.0f} ms")
    for page in pages:
        await page.context.close()


async def type_in(page: Page, text: str) -> None:
    """Write a question and press Enter."""
    box = page.locator(BOX)
    await box.fill(text)
    await box.press("Enter")


async def ask(page: Page, text: str) -> tuple[float, float]:
    """Milliseconds from Enter to the first step, and to the sentence that answers."""
    number = await page.locator(".asked").count() + 1
    began = time.perf_counter()
    await type_in(page, text)
    turn = page.locator(f".st-key-turn-{number}")
    await turn.locator(":is(.steps, .headline)").first.wait_for(timeout=WAIT_MS)
    first = since(began)
    await turn.locator(".headline").first.wait_for(timeout=WAIT_MS)
    return first, since(began)


def spread(times: Sequence[float]) -> str:
    """Median and 95th percentile."""
    p95 = statistics.quantiles(times, n=20)[-1]
    return f"p50 {statistics.median(times):>7,.0f} ms   p95 {p95:>7,.0f} ms   of {len(times)} answers"


def since(began: float) -> float:
    """Milliseconds."""
    return (time.perf_counter() - began) * 1000


def told(times: Sequence[float], middle: Callable[[Sequence[float]], float] = statistics.median) -> str:
    """Median and largest."""
    return f"median {middle(times):>7,.0f} ms   largest {max(times):>7,.0f} ms   of {len(times)}"


if __name__ == "__main__":
    main()
