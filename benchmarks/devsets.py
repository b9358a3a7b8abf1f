"""Questions over databases that nobody has defined anything for: `t2sql init` with no hand edit, then `t2sql batch`,
beside the plain way (the whole DDL in the prompt, greedy, no checks) with the same weights in the same run.

    python benchmarks/devsets.py [--set business_en] [--every 1] [--no-plain] [--out FOLDER]

Prints, for each set: right, wrong (answered and wrong: silent errors), asked back or refused, the median seconds, and
McNemar's exact p of the two ways on the same questions.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from scipy.stats import binomtest

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from t2sql import settings as settings_room  # noqa: E402
from t2sql.opening import load_llm  # noqa: E402

from devsets import FOLDER, SETS, set_file  # noqa: E402

CLOCK = "2026-11-18"
ANY_SQL = 'start: /[^;]{5,1500}/ ";"'
TAIL = "<|im_end|>\n<|im_start|>assistant\n"


@dataclass(frozen=True, slots=True)
class Told:
    """What one way said to one question."""

    sql: str
    """"" where it gave none."""
    seconds: float


def main() -> None:
    """Run and print."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--set", choices=SETS, action="append")
    wanted.add_argument("--every", type=int, default=1)
    wanted.add_argument("--no-plain", action="store_true")
    wanted.add_argument("--out", type=Path)
    chosen = wanted.parse_args()
    folder = chosen.out or Path(tempfile.mkdtemp(prefix="t2sql-devsets-"))
    for name in chosen.set or SETS:
        lines = [json.loads(line) for line in set_file(name).read_text(encoding="utf-8").splitlines()][:: chosen.every]
        lines = [line for line in lines if not line.get("unstable")]
        ours = _by_product(lines, folder / name)
        plain = {} if chosen.no_plain else _plainly(lines)
        _report(name, lines, ours, plain, folder)


def _by_product(lines: list[dict[str, Any]], folder: Path) -> dict[str, Told]:
    """Every question by `t2sql init` and `t2sql batch`, a database at a time."""
    found: dict[str, Told] = {}
    for database in dict.fromkeys(line["db"] for line in lines):
        place = folder / Path(database).stem
        place.mkdir(parents=True, exist_ok=True)
        asked = [line for line in lines if line["db"] == database]
        keys = {"id": "id", "question": "question", "evidence": "hints"}
        rows = [{ours: line[theirs] or "" for theirs, ours in keys.items()} for line in asked]
        (place / "in.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
        began = time.monotonic()
        _t2sql(place, "init", "--source", str(FOLDER / database), "--out", "metrics")
        print(f"  {Path(database).stem}: drafted in {time.monotonic() - began:.1f} s", flush=True)
        batch = ["batch", "in.jsonl", "--out", "out.jsonl", "--clock", CLOCK, "--concurrency", "1", "--force"]
        _t2sql(place, *batch, "--max-failures", "1", settings=place / "metrics" / "t2sql.toml")
        for text in (place / "out.jsonl").read_text(encoding="utf-8").splitlines():
            told = json.loads(text)
            sql = told["physical_sql"] if told["outcome"] == "answer" else ""
            found[told["id"]] = Told(sql or "", (told["timings_ms"] or {}).get("total", 0.0) / 1000)
    return found


def _t2sql(folder: Path, *words: str, settings: Path | None = None) -> None:
    environ = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(Path.home())}
    if settings:
        environ["T2SQL_SETTINGS"] = str(settings)
    run = subprocess.run([sys.executable, "-m", "t2sql.cli", *words], cwd=folder, env=environ, text=True, check=False,
                         capture_output=True)  # fmt: skip
    if run.returncode:
        raise SystemExit(f"t2sql {' '.join(words)} ended with {run.returncode}:\n{run.stderr}")


def _plainly(lines: list[dict[str, Any]]) -> dict[str, Told]:
    llm = load_llm(settings_room.load())
    found = {}
    for line in lines:
        task = f"Write one DuckDB SELECT for the question. Today is {CLOCK}.\n{_ddl(FOLDER / line['db'])}"
        hints = f"\nHints: {line['evidence']}" if line["evidence"] else ""
        began = time.monotonic()
        try:
            writing = llm.write(
                f"<|im_start|>system\n{task}<|im_end|>\n<|im_start|>user\n",
                line["question"] + hints,
                ANY_SQL,
                max_tokens=400,
                tail=TAIL,
            )
            text = writing.text.rstrip(";")
        except Exception as error:
            text = f"-- {error}"
        found[line["id"]] = Told(text, time.monotonic() - began)
    return found


def _ddl(database: Path) -> str:
    with duckdb.connect(str(database), read_only=True) as connection:
        return "\n".join(_statements(connection))


def _statements(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    for table, comment in connection.execute("SELECT table_name, comment FROM duckdb_tables()").fetchall():
        columns = connection.execute(
            "SELECT column_name, data_type, comment FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index",
            [table],
        ).fetchall()
        inner = ", ".join(f"{name} {kind}" + (f" /* {told} */" if told else "") for name, kind, told in columns)
        yield f"CREATE TABLE {table} ({inner});" + (f" -- {comment}" if comment else "")


def _report(name: str, lines: list[dict[str, Any]], ours: dict[str, Told], plain: dict[str, Told], out: Path) -> None:
    verdicts = {}
    for way, told in (("t2sql", ours), ("plain", plain)):
        if not told:
            continue
        found = _verdicts(name, {line["id"]: told[line["id"]].sql for line in lines}, out / f"{name}-{way}")
        right = {question: verdict == "correct" for question, verdict in found.items()}
        verdicts[way] = right
        wrong = sum(verdict in ("wrong", "error") for verdict in found.values())
        errors = sum(verdict == "error" for verdict in found.values())
        seconds = statistics.median(told[question].seconds for question in found)
        print(
            f"  {way:6} right {sum(right.values())} of {len(right)} = {sum(right.values()) / len(right):.1%}, answered"
            f" and wrong {wrong} = {wrong / len(right):.1%} ({errors} do not run), not answered"
            f" {len(right) - wrong - sum(right.values())}, median {seconds:.1f} s"
        )
    if len(verdicts) == 2:
        ahead = sum(verdicts["t2sql"][q] and not verdicts["plain"][q] for q in verdicts["t2sql"])
        behind = sum(verdicts["plain"][q] and not verdicts["t2sql"][q] for q in verdicts["t2sql"])
        p = binomtest(ahead, ahead + behind).pvalue if ahead + behind else 1.0
        print(f"  only t2sql right {ahead}, only plain right {behind}, McNemar p {p:.2g}")
    sys.stdout.flush()


def _verdicts(name: str, sqls: dict[str, str], place: Path) -> dict[str, str]:
    """The set's own scorer on these questions, with its defaults; questions whose gold does not run are left out."""
    predictions, verdicts = place.with_suffix(".pred.jsonl"), place.with_suffix(".verdicts.jsonl")
    predictions.write_text("".join(json.dumps({"id": q, "sql": sql}) + "\n" for q, sql in sqls.items()), "utf-8")
    words = [FOLDER / "score.py", "--set", set_file(name), "--pred", predictions, "--out", verdicts, "--quiet"]
    subprocess.run([sys.executable, *map(str, words)], check=True, capture_output=True)
    told = [json.loads(line) for line in verdicts.read_text(encoding="utf-8").splitlines()]
    return {one["id"]: one["verdict"] for one in told if one["id"] in sqls and one["verdict"] != "gold_error"}


if __name__ == "__main__":
    main()
