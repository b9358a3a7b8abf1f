"""Conversations in batches: a turn follows those before it, also where a batch goes on from its kept records."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from t2sql.evaluation.batch.answering import Asking, answer_all
from t2sql.evaluation.batch.record_files import RecordFile
from t2sql.evaluation.records import Asked, Record

from batch_shop import build_big_shop, no_llm, settings_of

TURNS = [
    Asked("a1", "2024年1月上海的销售收入", conversation="a"),
    Asked("a2", "北京呢", conversation="a"),
    Asked("a3", "那2月呢", conversation="a"),
    Asked("b1", "2024年5月北京的销售收入", conversation="b"),
    Asked("b2", "上海呢", conversation="b"),
]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop, whose index is built by the first batch."""
    return build_big_shop(tmp_path_factory.mktemp("shop"))


def ask(shop: Path, path: Path, turns: list[Asked], *, resume: bool = False) -> dict[str, Record]:
    """The records of `turns`, kept at `path`."""
    how = Asking(settings_of(shop), no_llm, date(2026, 7, 10), concurrency=2)
    with RecordFile.open(path, {}, resume=resume) as kept:
        answer_all(turns, kept, how)
        return {one.id: kept.record(one.id) for one in turns}


@pytest.mark.slow
def test_turns_follow_one_another_and_go_on_from_kept_records(shop: Path, tmp_path: Path) -> None:
    whole = ask(shop, tmp_path / "whole", TURNS)
    drafts = {name: record["drafted_sql"] for name, record in whole.items()}
    assert "'2024-01'" in drafts["a1"] and "'上海'" in drafts["a1"]
    assert drafts["a2"] == drafts["a1"].replace("'上海'", "'北京'")
    assert drafts["a3"] == drafts["a2"].replace("'2024-01'", "'2024-02'")
    assert whole["a3"]["notes"][0]["code"] == "carried" and whole["a1"]["notes"] == []
    assert drafts["b2"] == drafts["b1"].replace("'北京'", "'上海'")

    ask(shop, tmp_path / "kept", TURNS[:1])
    again = ask(shop, tmp_path / "kept", TURNS, resume=True)
    assert {name: record["drafted_sql"] for name, record in again.items()} == drafts
