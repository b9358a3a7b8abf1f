"""What the command line says to a person: steps as they come, progress, errors. All on stderr; stdout is data.

A spinner moves only on a terminal; elsewhere each new step is one line. Nothing from data or a question is written raw.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from t2sql.errors import T2sqlError
from t2sql.wording import visible

if TYPE_CHECKING:
    from rich.status import Status

    from t2sql.catalog import Language
    from t2sql.flow import Context, Step


class Speech:
    """One command's voice; a context, so that the spinner is gone before anything else is printed."""

    def __init__(self, language: Language = "en") -> None:
        self.language = language
        self._status: Status | None = None
        self._last = ""

    def __enter__(self) -> Speech:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.text import Text

            self._status = Console(stderr=True).status(Text("…"))
            self._status.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self.quiet()

    def quiet(self) -> None:
        """Stop the spinner, if there is one."""
        if self._status is not None:
            self._status.stop()
            self._status = None

    def say(self, text: str) -> None:
        """One or more lines that stay."""
        tell(text)

    def now(self, text: str) -> None:
        """What is being done: in the spinner on a terminal, else a line the first time."""
        if self._status is not None:
            from rich.text import Text

            self._status.update(Text(visible(text)))
        elif text != self._last:
            self.say(f"· {text}")
        self._last = text

    def progress(self, text: str, fraction: float) -> None:
        """How far something is: a share of one; only a terminal sees the number move."""
        if self._status is not None:
            self.now(f"{text} {fraction:.0%}")
        else:
            self.now(text)

    def step(self, step: Step) -> None:
        """What the agent has just made, and so what it does next."""
        if text := describe_step(step, self.language):
            self.now(text)


def describe_step(step: Step, language: Language) -> str:
    """One line about a step, "" for the last one, which is printed as the answer."""
    from t2sql.flow import Context, Draft, Plan, Question, Result

    is_chinese = language == "zh"
    if isinstance(step, Question):
        return "理解问题" if is_chinese else "Reading the question"
    if isinstance(step, Context):
        found = "、".join(_recognised(step)) if is_chinese else ", ".join(_recognised(step))
        return (f"识别到 {found}" if is_chinese else f"Recognised {found}") if found else ""
    if isinstance(step, Draft):
        return ("语义 SQL：" if is_chinese else "Semantic SQL: ") + " ".join(step.semantic_sql.split())
    if isinstance(step, Plan):
        return "已编译并校验，正在查询" if is_chinese else "Compiled and certified; running it"
    if isinstance(step, Result):
        rows, seconds = len(step.rows), step.milliseconds / 1000
        return f"返回 {rows} 行，{seconds:.2f} 秒" if is_chinese else f"{counted(rows, 'row')} in {seconds:.2f} s"
    return ""


def counted(number: int, noun: str) -> str:
    """A number of things in English: 1 row, 2 rows."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _recognised(context: Context) -> list[str]:
    periods = [p.first if p.first == p.last else f"{p.first}..{p.last}" for p in context.periods]
    return [*(m.name for m in context.metrics[:1]), *periods, *(v.value for v in context.values)]


def tell(text: str) -> None:
    """Lines for a person."""
    print(visible(text, keep_newlines=True), file=sys.stderr, flush=True)


def tell_error(error: T2sqlError) -> None:
    """What is wrong and what to do now."""
    tell(f"{error.message}\n  → {error.hint}" if error.hint else error.message)


@contextmanager
def cancelling() -> Iterator[threading.Event]:
    """An event that Ctrl-C sets, so that native code can stop where it is safe; a second Ctrl-C interrupts at once."""
    event = threading.Event()

    def stop(_number: int, _frame: Any) -> None:
        if event.is_set():
            raise KeyboardInterrupt
        event.set()
        os.write(2, b"\nCancelling; once more to stop at once.\n")

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield event
    finally:
        signal.signal(signal.SIGINT, before)
