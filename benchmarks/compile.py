"""How long compiling takes as the catalog grows, and how compiled SQL runs beside SQL written by hand.

    .venv/bin/python benchmarks/compile.py [--rounds 3] [--only compile|run] [--bank PATH]

compile  The case files' semantic SQL that 45 signed metrics can answer, compiled and certified over catalogs of 45, 500
         and 5,000 metrics. The larger catalogs hold the same 45 and copies of them under other names. Catalogs are
         alternated SQL by SQL, so that all see the same machine. Milliseconds of one `compile_sql`, first calls left
         out: definitions are parsed once a process.
run      Cases marked `speed: true`: their compiled SQL and their check SQL on the demo bank, alternated, each ratio the
         median of its rounds. Checks that take 20 ms or less are left out, and counted.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import sqlglot
from ruamel.yaml import YAML

from t2sql import settings
from t2sql.catalog import Catalog, Display
from t2sql.compiler import compile_loads, compile_sql
from t2sql.errors import T2sqlError
from t2sql.flow import Load, Loads
from t2sql.metric_names import made_of
from t2sql.ossie import read_catalog
from t2sql.policy import Narrowed, Policies

ROOT = Path(__file__).parent.parent
SIZES = (45, 500, 5_000)
SHORTEST_MS = 20.0


def cases() -> Iterator[dict[str, Any]]:
    """Every case that is answered."""
    for path in sorted((ROOT / "tests" / "cases").rglob("*.yml")):
        for case in YAML(typ="safe").load(path.read_text(encoding="utf-8")):
            if "check_sql" in case:
                yield case


def of_size(catalog: Catalog, size: int) -> Catalog:
    """`catalog` with `size` metrics: its first ones with what they stand on, then copies under other names."""
    kept: dict[str, None] = {}
    for name in catalog.metrics:
        wanted = [*sorted(made_of(name, catalog.metrics)), name]
        if len({*kept, *wanted}) <= SIZES[0]:
            kept.update(dict.fromkeys(wanted))
    metrics = {name: metric for name, metric in catalog.metrics.items() if name in kept}
    originals, copy = list(metrics.values()), 0
    while len(metrics) < size:
        copy += 1
        for metric in originals[: size - len(metrics)]:
            name = f"{metric.name}_{copy}"
            metrics[name] = replace(metric, name=name, display=Display(f"{metric.display.zh}{copy}", name), synonyms=())
    return replace(catalog, metrics=metrics, fingerprint=f"{catalog.fingerprint}{size}")


def quantile(values: list[float], share: float) -> float:
    """The value that `share` of `values` do not pass."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def compare_catalogs(catalog: Catalog, policies: Policies, loads: Loads, rounds: int) -> None:
    """Print p50 and p99 of compiling, a row a catalog."""
    narrowed: dict[int, Narrowed] = {
        size: policies.narrow(of_size(catalog, size), policies.principal("hq")) for size in SIZES
    }
    texts = []
    for case in cases():
        try:
            compile_sql(case["sql"], narrowed[SIZES[0]], loads)
        except T2sqlError:
            continue  # asks for a metric that the 45 leave out
        texts.append(case["sql"])
    took: dict[int, list[float]] = {size: [] for size in SIZES}
    for turn in range(rounds + 1):
        for text in texts:
            for size in SIZES:
                started = time.perf_counter()
                compile_sql(text, narrowed[size], loads)
                if turn:
                    took[size].append((time.perf_counter() - started) * 1000)
    kind = "compiled" if find_spec("sqlglot.expressions.core__mypyc") else "interpreted"
    print(f"compile: {len(texts)} questions, {rounds} rounds, sqlglot {sqlglot.__version__} ({kind})")
    print(f"{'metrics':>9}{'p50 ms':>9}{'p99 ms':>9}{'p50 / p50 of 45':>17}")
    base = statistics.median(took[SIZES[0]])
    for size, values in took.items():
        middle = statistics.median(values)
        print(f"{size:>9,}{middle:>9.2f}{quantile(values, 0.99):>9.2f}{middle / base:>17.2f}")


def compare_runs(bank: Path, narrowed: Narrowed, loads: Loads, rounds: int) -> None:
    """Print how long compiled SQL takes for each second that the SQL written by hand takes."""
    ratios: list[float] = []
    short = 0
    with duckdb.connect(str(bank), read_only=True, config={"threads": 2}) as connection:

        def milliseconds(sql: str) -> float:
            started = time.perf_counter()
            connection.execute(sql).fetchall()
            return (time.perf_counter() - started) * 1000

        print(f"\nrun: compiled SQL against SQL written by hand, median of {rounds} alternated rounds")
        print(f"{'compiled ms':>12}{'by hand ms':>12}{'ratio':>8}  case")
        for case in (c for c in cases() if c.get("speed")):
            ours, theirs = compile_sql(case["sql"], narrowed, loads).physical.sql, case["check_sql"]
            milliseconds(ours), milliseconds(theirs)
            pairs = [(milliseconds(ours), milliseconds(theirs)) for _ in range(rounds)]
            mine, hand = (statistics.median(side) for side in zip(*pairs, strict=True))
            if hand <= SHORTEST_MS:
                short += 1
                continue
            ratios.append(statistics.median(a / b for a, b in pairs))
            print(f"{mine:>12.1f}{hand:>12.1f}{ratios[-1]:>8.2f}  {case['name']}")
    if ratios:
        print(f"{len(ratios)} cases: median ratio {statistics.median(ratios):.2f}, worst {max(ratios):.2f}")
    print(f"{short} left out: by hand they take {SHORTEST_MS:g} ms or less")


def main() -> int:
    """Run what `--only` names, or both."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=("compile", "run"))
    parser.add_argument("--bank", type=Path, help="DuckDB file; the settings' own if left out")
    chosen = parser.parse_args()
    catalog = read_catalog(ROOT / "metrics" / "bank")
    policies = Policies.read(ROOT / "metrics" / "bank", catalog)
    bank = chosen.bank or settings.load(ROOT / "t2sql.toml").database
    if not bank.is_file():
        print(f"There is no demo bank at {bank}. Run `t2sql demo build` first.", file=sys.stderr)
        return 2
    with duckdb.connect(str(bank), read_only=True) as connection:
        asked = compile_loads(catalog).items()
        found = {name: connection.execute(one.sql).fetchall() for name, one in asked}
    loads = Loads({name: tuple(Load(*row) for row in rows) for name, rows in found.items()})
    if chosen.only != "run":
        compare_catalogs(catalog, policies, loads, chosen.rounds)
    if chosen.only != "compile":
        compare_runs(bank, policies.narrow(catalog, policies.principal("hq")), loads, chosen.rounds)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
