"""What commands over many questions share: the settings that options change, the day, and how far asking is.

Like cli.py it holds no business rule, and imports what a command needs inside the functions.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from t2sql.errors import AccessDenied, ConfigError, GenerationError, LlmUnavailable, QuestionError

if TYPE_CHECKING:
    from collections.abc import Callable

    from t2sql.evaluation.batch.tally import Tally
    from t2sql.settings import Settings

LINE_SECONDS, LINE_SHARE, LINE_QUESTIONS = 10.0, 0.05, 5


def changed_settings(
    metrics: Path | None, source: str, llm: str, principal: str, *, is_one_file: bool = False
) -> Settings:
    """The installation's, with what the options replace. `is_one_file`: only a DuckDB file will do. Raises what they
    cannot be.
    """
    from t2sql import settings
    from t2sql.warehouse.sources import refuse_missing, source_of, with_source

    chosen = settings.load()
    if principal and not chosen.demo:
        raise AccessDenied(
            "--as works only in a demo.", "Leave --as out, or set demo = true where the data is made up."
        )
    changes: dict[str, Any] = {"llm": llm} if llm else {}
    if metrics is not None:
        changes["metrics"] = metrics.resolve()
    chosen = chosen.model_copy(update=changes)
    if source:
        chosen = with_source(chosen, source)
    found = source_of(chosen)
    if is_one_file and found.kind != "duckdb":
        raise ConfigError(
            f"Golds run on a DuckDB file, and the source is {found.shown!r}.",
            "Give --source a DuckDB file with the same data; `t2sql batch` asks any source.",
        )
    refuse_missing(chosen)
    return chosen


def clock_of(given: datetime | None, partial: Path | None = None) -> date:
    """The day asked for, else that of the batch which is gone on with, else today."""
    from t2sql.cli_speech import tell
    from t2sql.evaluation.batch.record_files import header_of

    if given is not None:
        return given.date()
    before = header_of(partial) if partial else None
    if before and "clock" in before:
        day = date.fromisoformat(before["clock"])
        if day != date.today():
            tell(f"The clock is {day}, as when the batch began.")
        return day
    return date.today()


def share_of(option: str, text: str) -> float:
    """A share of one out of "0.05" or "5%". Raises QuestionError."""
    number, sign = text.strip().removesuffix("%"), text.strip().endswith("%")
    try:
        share = float(number) / (100 if sign else 1)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise QuestionError(f"{option} {text!r} is no share.", "Write one such as 0.05 or 5%.")
    return share


def llm_sha256(chosen: Settings, *, is_named: bool = False) -> str:
    """Of the weights, or of what a server tells of itself; "" for weights of the settings that are not there, which
    only questions that need the llm tell.

    Raises LlmUnavailable, GenerationError for a server that cannot be reached, and for weights that `is_named` on the
    command line: an hour's questions must not fail one by one for a slip of the hand.
    """
    from t2sql.llms.store import find
    from t2sql.opening import reach_llm

    try:
        if chosen.is_llm_served:
            with closing(reach_llm(chosen)) as served:
                return served.fingerprint
        return find(chosen.llm, chosen).sha256
    except (LlmUnavailable, GenerationError):
        if is_named or chosen.is_llm_served:
            raise
        return ""


@contextmanager
def asking_progress() -> Iterator[Callable[[Tally], None]]:
    """How far it is: a bar on a terminal, else a line every ten seconds or twentieth."""
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn
        from rich.text import Text

        columns = (BarColumn(), TextColumn("{task.description}"))
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("starting", total=None)
            notes = _Notes()

            def draw(tally: Tally) -> None:
                for line in notes.new(tally):
                    bar.console.print(Text(line))
                bar.update(task, total=tally.total, completed=tally.done, description=_line(tally))

            yield draw
        return
    yield _Lines().show


class _Notes:
    """What the database no longer bears, told once."""

    def __init__(self) -> None:
        self._is_told = False

    def new(self, tally: Tally) -> list[str]:
        """The lines to tell now; [] before a worker knows, and after they were told."""
        if self._is_told or not tally.notes:
            return []
        self._is_told = True
        return [f"! {note.en}" for note in tally.notes]


class _Lines:
    """Progress where no line can be drawn over."""

    def __init__(self) -> None:
        self._notes = _Notes()
        self._last_time, self._last_done = time.monotonic(), 0

    def show(self, tally: Tally) -> None:
        """A line, when there is something new to say."""
        from t2sql.cli_speech import tell

        for line in self._notes.new(tally):
            tell(line)
        now = time.monotonic()
        is_due = tally.done >= self._last_done + max(LINE_QUESTIONS, tally.total * LINE_SHARE)
        if tally.done < tally.total and (is_due or now >= self._last_time + LINE_SECONDS):
            self._last_time, self._last_done = now, tally.done
            tell(f"· {_line(tally)}")


def _line(tally: Tally) -> str:
    left = tally.seconds_left
    parts = [
        f"{tally.done:,}/{tally.total:,}",
        f"{tally.a_minute:,.0f} a minute" if tally.a_minute else "starting",
        f"{duration(left)} left" if left is not None else "",
        f"{tally.failed:,} failed" if tally.failed else "",
    ]
    return ", ".join(part for part in parts if part)


def duration(seconds: float) -> str:
    """Hours, minutes and seconds, as far as there are any: 1:02:03, 2:03, 7 s."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minutes:02}:{rest:02}"
    return f"{minutes}:{rest:02}" if minutes else f"{rest} s"
