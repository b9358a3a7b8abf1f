"""Batches as they run: real worker processes over a real database, killed, stopped, starved and resumed."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import platformdirs
import pytest
from openpyxl import load_workbook

from t2sql import cli
from t2sql.errors import ConfigError, WarehouseUnavailable
from t2sql.evaluation.batch.answer_words import named_in
from t2sql.evaluation.batch.answering import Asking, Tally, answer_all, made_of
from t2sql.evaluation.batch.lacking import MOST_LACKING, Lack
from t2sql.evaluation.batch.record_files import RecordFile
from t2sql.evaluation.batch.recording import Told
from t2sql.evaluation.batch.workers import cores, shared_out
from t2sql.evaluation.records import Asked, Record

from batch_shop import (
    QUESTIONS,
    ROOT,
    SLOW,
    asked,
    build_big_shop,
    children_of,
    entries,
    is_alive,
    kept_lines,
    kill_hard,
    no_llm,
    settings_of,
    start_batch,
    times_asked,
    wait_for,
    write_jsonl,
)

TODAY = date(2026, 7, 10)
BANK = [
    f"{year}年{month}月末{place}的{figure}"
    for year in (2024, 2025)
    for month in range(1, 13)
    for place in ("各区域", "全行", "华东区")
    for figure in ("存款余额", "贷款余额", "不良贷款率")
][:200]
"""Questions of the demo bank that need no llm, no two alike."""
KEYS = {
    *("question", "outcome", "route", "confidence", "semantic_sql", "physical_sql", "dialect", "columns", "rows"),
    *("truncated", "explanation", "provenance", "notes", "timings_ms", "tokens", "error"),
    *("id", "principal", "language", "conversation", "hints", "failed", "readings", "headings"),
    *("drafted_sql", "duplicate_of", "definitions", "topics"),
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop, whose index is built by the first batch."""
    return build_big_shop(tmp_path_factory.mktemp("shop"))


def asking(folder: Path, **keys: Any) -> Asking:
    return Asking(settings_of(folder), no_llm, TODAY, **keys)


@contextmanager
def kept_in(folder: Path, questions: Sequence[Asked], how: Asking, *, resume: bool = False) -> Iterator[RecordFile]:
    with RecordFile.open(folder / "kept", made_of(questions, how), resume=resume) as kept:
        yield kept


@dataclass(frozen=True)
class Ran:
    """A batch that has run."""

    tally: Tally
    records: dict[str, Record]
    heard: list[int]
    ended: list[str]
    """Ids as they finished."""


@pytest.fixture(scope="module")
def ran(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """One batch with every kind of question in it."""
    questions = [
        Asked("slow", SLOW),
        *asked(QUESTIONS[:12]),
        Asked("same", QUESTIONS[0]),
        Asked("hinted", QUESTIONS[0], hints="revenue = amount"),
        Asked("english", QUESTIONS[0], language="en"),
        Asked("refused", "删除所有数据"),
        Asked("nobody", QUESTIONS[0], principal="nobody"),
        *(Asked(f"{name}{turn}", QUESTIONS[turn], conversation=name) for turn in range(5) for name in ("x", "y")),
    ]
    folder, heard = tmp_path_factory.mktemp("ran"), []
    how = asking(shop, concurrency=4, timeout_seconds=4)
    with kept_in(folder, questions, how) as kept:
        tally = answer_all(questions, kept, how, progress=lambda t: heard.append(t.done))
        records = {one.id: kept.record(one.id) for one in questions}
        lines = (folder / "kept").read_text(encoding="utf-8").splitlines()[1:]
    assert not multiprocessing.active_children()
    return Ran(tally, records, heard, [json.loads(line)["id"] for line in lines])


def test_every_record_has_every_key(ran: Ran) -> None:
    assert all(set(record) == KEYS for record in ran.records.values())
    assert sorted(ran.ended) == sorted(ran.records)


def test_figures_are_exact(ran: Ran) -> None:
    expected = sum((Decimal(day) + Decimal("0.25") for day in range(31) if day % 2 == 0), Decimal())
    assert ran.records["q1"]["rows"][0][-1] == expected


def test_a_question_asked_before_is_answered_once(ran: Ran) -> None:
    assert ran.records["same"] == {**ran.records["q1"], "id": "same", "duplicate_of": "q1"}
    assert ran.records["hinted"]["hints"] == "revenue = amount"
    assert [name for name, record in ran.records.items() if record["duplicate_of"]] == ["same"]


def test_language_and_person_are_the_questions_own(ran: Ran) -> None:
    assert "January 2024" in ran.records["english"]["explanation"]
    assert ran.records["nobody"]["principal"] == "nobody" and ran.records["q1"]["principal"] == "analyst"


def test_a_refusal_is_no_failure(ran: Ran) -> None:
    refused = {name: ran.records[name] for name in ("refused", "nobody")}
    assert {name: (r["outcome"], r["error"]["code"], r["failed"]) for name, r in refused.items()} == {
        "refused": ("refusal", "read_only", False),
        "nobody": ("refusal", "access_denied", False),
    }


def test_a_slow_question_ends_in_time_and_stops_nobody(ran: Ran) -> None:
    slow = ran.records["slow"]
    assert slow["failed"] and slow["error"]["code"] == "timeout" and "longer than 4 s" in slow["error"]["message"]
    assert ran.tally.failures == {"timeout": 1}


def test_conversations_are_asked_in_order(ran: Ran) -> None:
    for name in "xy":
        assert [one for one in ran.ended if one[0] == name] == [f"{name}{turn}" for turn in range(5)]


def test_everything_is_counted(ran: Ran) -> None:
    tally = ran.tally
    assert (tally.total, tally.done, tally.copied, tally.resumed, tally.ended) == (28, 28, 1, 0, "done")
    assert tally.outcomes == {"answer": 25, "refusal": 2, "failure": 1} and tally.failed_share == 1 / 28
    assert tally.routes == {"composed": 25, "refused": 2}
    assert tally.cpu_seconds > 0 and tally.wall_seconds >= 4 and ran.heard == sorted(ran.heard)


def test_a_killed_worker_costs_nobody_an_answer(shop: Path, tmp_path: Path) -> None:
    questions, killed = asked(QUESTIONS), set()

    def kill_one(tally: Tally) -> None:
        workers = multiprocessing.active_children()
        if tally.done >= 10 and not killed and workers:
            killed.add(workers[0].pid)
            kill_hard(workers[0].pid or 0)

    how = asking(shop, concurrency=6)
    with kept_in(tmp_path, questions, how) as kept:
        tally = answer_all(questions, kept, how, progress=kill_one)
    assert killed and tally.outcomes == {"answer": len(QUESTIONS)}


@pytest.mark.nightly
def test_a_question_that_kills_its_worker_twice_is_a_failure(tmp_path: Path) -> None:
    shop = build_big_shop(tmp_path)
    questions, how = [*asked(QUESTIONS[:6]), Asked("poison", SLOW)], asking(shop, concurrency=2)
    deaths: list[int] = []

    def kill_who_asks_it(tally: Tally) -> None:
        # The journal has a question before it is worked on.
        if tally.done >= 6 and times_asked(shop, SLOW) > len(deaths):
            for worker in multiprocessing.active_children():
                kill_hard(worker.pid or 0)
            deaths.append(tally.done)

    with kept_in(tmp_path, questions, how) as kept:
        tally = answer_all(questions, kept, how, progress=kill_who_asks_it)
        record = kept.record("poison")
    assert tally.outcomes == {"answer": 6, "failure": 1} and len(deaths) == 2
    assert (record["error"]["code"], record["failed"]) == ("worker_died", True)


def test_without_its_database_a_batch_stops_and_goes_on_later(tmp_path: Path) -> None:
    shop = build_big_shop(tmp_path)
    texts = [*QUESTIONS, *(f"{text}合计" for text in QUESTIONS)]
    questions, how = asked(texts), asking(shop, concurrency=4)
    database, away = shop / "shop.duckdb", shop / "away.duckdb"

    def take_away(tally: Tally) -> None:
        if tally.done >= 8 and database.exists():
            database.rename(away)

    with kept_in(tmp_path, questions, how) as kept:
        tally = answer_all(questions, kept, how, progress=take_away)
    assert tally.ended == "lacking" and isinstance(tally.error, WarehouseUnavailable)
    assert tally.failures["warehouse_unavailable"] >= 20 and tally.done < len(texts)
    away.rename(database)
    with kept_in(tmp_path, questions, how, resume=True) as kept:
        again = answer_all(questions, kept, how)
    assert again.outcomes == {"answer": len(texts)} and again.resumed >= 8


def test_a_slow_question_does_not_hide_that_the_database_has_gone() -> None:
    gone = Told("q", "failure", "", WarehouseUnavailable.code, "gone")
    answered = Told("q", "answer", "composed", "")
    lack, before = Lack(), time.monotonic()
    for _ in range(MOST_LACKING - 1):
        assert lack.after(gone, before) is None
    assert lack.after(answered, before) is None
    assert isinstance(lack.after(gone, before), WarehouseUnavailable)


def test_an_answer_to_what_was_asked_later_shows_that_it_is_back() -> None:
    gone = Told("q", "failure", "", WarehouseUnavailable.code, "gone")
    lack, before = Lack(), time.monotonic()
    for _ in range(MOST_LACKING - 1):
        lack.after(gone, before)
    lack.after(Told("q", "answer", "composed", ""), time.monotonic())
    assert lack.after(gone, before) is None and lack.in_a_row == 1


def test_definitions_that_cannot_be_read_end_it_at_once(tmp_path: Path) -> None:
    shop = build_big_shop(tmp_path)
    questions, how = asked(QUESTIONS[:3]), asking(shop)
    (shop / "metrics" / "shop" / "model.yml").write_text("nonsense: 1\n", encoding="utf-8")
    with kept_in(tmp_path, questions, how) as kept, pytest.raises(ConfigError, match=r"model\.yml"):
        answer_all(questions, kept, how)


def test_memory_and_threads_of_the_database_are_shared_out(shop: Path) -> None:
    settings = settings_of(shop).model_copy(update={"memory_limit": "4 GB", "warehouse_threads": 8})
    share = shared_out(settings, 4)
    assert (share.memory_limit, share.warehouse_threads) == ("1.000GB", 2)


def run(folder: Path, *words: str, settings: Path | None = None) -> tuple[int, str]:
    """`t2sql batch WORDS` to its end: exit code and what it said."""
    batch = start_batch(folder, *words, **({"T2SQL_SETTINGS": str(settings)} if settings else {}))
    _out, err = batch.communicate(timeout=300)
    return batch.returncode, err


@pytest.mark.slow
def test_too_many_failures_show_in_the_exit_code(shop: Path, tmp_path: Path) -> None:
    rows = [
        {"id": "b", "question": QUESTIONS[1], "owner": "me"},
        {"id": "a", "question": "=1+1 2025年各城市的销售收入"},
        {"id": "c", "question": SLOW},
    ]
    questions = write_jsonl(tmp_path / "q.jsonl", rows)
    code, said = run(
        tmp_path, str(questions), "--out", "a.xlsx", "--result-sheets", "--clock", "2026-07-10", "--timeout", "8",
        "--metrics", str(shop / "metrics" / "shop"), "--source", str(shop / "shop.duckdb"), "--max-failures", "0.3",
        settings=shop / "t2sql.toml",
    )  # fmt: skip
    assert code == 11, said
    for told in ("not used: 'owner'", "failures: 1 timeout", "a minute", "Answers: a.xlsx"):
        assert told in said
    book = load_workbook(tmp_path / "a.xlsx")
    names, *lines = book["答案"].values
    answers = [dict(zip(map(named_in, map(str, names)), line, strict=True)) for line in lines]
    assert [one["id"] for one in answers] == ["b", "a", "c"]
    assert answers[0]["value"] == sum(day + 0.25 for day in range(31) if day % 2)
    assert answers[1]["question"].startswith("=1+1") and answers[2]["failed"] is True
    assert list(book[answers[0]["sheet"]].values)[-1][-1] == answers[0]["value"]
    # What failed can be asked again.
    assert (tmp_path / "a.xlsx.partial").exists() and "failed: c" in said


def test_nothing_is_overwritten_without_being_told(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(shop)
    questions = write_jsonl(tmp_path / "q.jsonl", [{"question": "x"}])
    out = tmp_path / "out.csv"
    out.write_text("mine", encoding="utf-8")
    assert cli.main(["batch", str(questions), "--out", str(out)]) == 2
    assert "--force" in capsys.readouterr().err and out.read_text(encoding="utf-8") == "mine"
    assert cli.main(["batch", str(questions), "--out", str(tmp_path / "o.csv"), "--source", "postgresql:x"]) == 3
    assert not (tmp_path / "o.csv").exists()
    assert cli.main(["batch", str(questions), "--out", str(tmp_path / "o.csv"), "--source", "nowhere.duckdb"]) == 8
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.csv", "q.jsonl"]


def test_only_a_demo_chooses_who_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = build_big_shop(tmp_path)
    monkeypatch.chdir(shop)
    text = (shop / "t2sql.toml").read_text(encoding="utf-8").replace("demo = true", "demo = false")
    (shop / "t2sql.toml").write_text(text, encoding="utf-8")
    questions = write_jsonl(shop / "q.jsonl", [{"question": "x"}, {"question": "y", "principal": "boss"}])
    assert cli.main(["batch", str(questions), "--out", "o.csv"]) == 6
    assert "q.jsonl:2: only a demo may choose who asks" in capsys.readouterr().err
    assert cli.main(["batch", str(questions), "--out", "o.csv", "--as", "boss"]) == 6


@pytest.mark.slow
def test_ctrl_c_says_how_to_go_on(shop: Path, tmp_path: Path) -> None:
    rows = [{"question": text} for text in [*QUESTIONS, SLOW]]
    questions = write_jsonl(tmp_path / "q.jsonl", rows)
    out = tmp_path / "a.jsonl"
    batch = start_batch(shop, str(questions), "--out", str(out), "--concurrency", "2")
    wait_for(lambda: kept_lines(tmp_path / "a.jsonl.partial") >= 3, "three records")
    workers = children_of(batch.pid)
    # As a terminal does: every process of the group hears it.
    os.killpg(batch.pid, signal.SIGINT)
    _out, said = batch.communicate(timeout=60)
    assert batch.returncode == 130, said
    assert "--resume" in said and "Traceback" not in said
    assert kept_lines(tmp_path / "a.jsonl.partial") >= 3 and not out.exists()
    wait_for(lambda: not any(map(is_alive, workers)), "the workers' end", 15)


@pytest.mark.slow
def test_killed_in_the_middle_of_200_and_resumed(demo_bank: Path, tmp_path: Path) -> None:
    questions = write_jsonl(tmp_path / "q.jsonl", [{"id": f"n{i}", "question": text} for i, text in enumerate(BANK)])
    journal = Path(platformdirs.user_cache_dir("t2sql")) / "journal.sqlite"
    words = [str(questions), "--out", str(tmp_path / "a.jsonl"), "--source", str(demo_bank), "--clock", "2026-07-10"]
    before = entries(journal)
    batch = start_batch(ROOT, *words)
    partial = tmp_path / "a.jsonl.partial"
    wait_for(lambda: kept_lines(partial) >= 60 or batch.poll() is not None, "sixty records")
    workers = children_of(batch.pid)
    kill_hard(batch.pid)
    batch.communicate(timeout=60)
    finished = kept_lines(partial)
    assert 60 <= finished < 200 and workers and not (tmp_path / "a.jsonl").exists()
    wait_for(lambda: not any(map(is_alive, workers)), "the workers' end", 30)
    code, said = run(ROOT, *words)
    assert code == 2 and "--resume" in said
    code, said = run(ROOT, *words, "--resume")
    assert code == 0, said
    records = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [record["id"] for record in records] == [f"n{i}" for i in range(200)]
    assert [record["question"] for record in records] == BANK
    assert all(record["outcome"] == "answer" and record["rows"] for record in records)
    assert f"{finished:,} records kept from before" in said and not partial.exists()
    # What was in flight at the kill is asked again, and nothing else.
    times = Counter(text for number, text in entries(journal).items() if number not in before)
    again = sum(times[text] - 1 for text in BANK)
    assert set(BANK) <= set(times) and again <= 200 - finished and again <= 4 * cores()
