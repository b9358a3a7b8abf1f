"""What each part of understanding is worth: the development questions with one part taken away at a time.

    python benchmarks/understanding.py ablation [--sample 60]
    python benchmarks/understanding.py choosing [--sample 40]

ablation: everything; nothing found by meaning; no threshold (every draft is answered); no grammar (the llm is told what
was grounded and writes freely, one try); no grounding (the llm chooses metric and shape from the catalog alone, under a
grammar of its names). The last two write with the llm, so they take a seeded sample of the questions.

choosing: the likeliest reading against the choice of each llm among the same candidates, wide ones: a reading for every
metric that is named or found by meaning.

Milliseconds are of the CPU, in this process, and not of the wall. The llm's writings are kept: a second run is free.
"""

from __future__ import annotations

import math
import random
import re
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from t2sql.agent import Agent
from t2sql.catalog import GRAINS, Catalog
from t2sql.errors import T2sqlError
from t2sql.evaluation.calibrating.drafts import Grounded, Rightness, ground_case, is_measurable
from t2sql.evaluation.calibrating.kept import KeptLlm
from t2sql.evaluation.calibrating.variants import SMALL, Variant, open_variant
from t2sql.evaluation.cases.files import askable, day_of, read_cases
from t2sql.evaluation.cases.golds import Golds
from t2sql.evaluation.cases.nouns import Case
from t2sql.flow import Answer, Context
from t2sql.generation.drafting import MOST_TOKENS, write_draft
from t2sql.generation.grammar import build_grammar
from t2sql.generation.llm import Writing
from t2sql.generation.prompt import TAIL, build_prefix, build_suffix
from t2sql.opening import load_llm
from t2sql.reading.composing import exact_metrics
from t2sql.reading.leftovers import leftovers
from t2sql.reading.readings import readings
from t2sql.settings import Settings, load

ROOT = Path(__file__).parent.parent
EVALS = ROOT / "tests" / "evals"
FILES = ("bank_first.yml", "bank_dev.yml", "bank_tune.yml", "bank_fresh.yml", "bad_inputs.yml")
MOST_WIDE = 8
WRITTEN_TOKENS = 120
FUNCTIONS = ("yoy", "yoy_diff", "mom", "mom_diff", "qoq", "qoq_diff", "prev_diff", "share", "ytd", "rank")
FREE = "start: /[^\\n]+/\n"
app = typer.Typer(add_completion=False, help=__doc__)
Work = Annotated[Path | None, typer.Option(help="keep the llm's writings and what was right here")]
Sample = Annotated[int, typer.Option(help="questions for what only the llm writes")]
Seed = Annotated[int, typer.Option()]
Part = Annotated[list[str] | None, typer.Option(help="only this row; may be repeated")]


@dataclass(frozen=True, slots=True)
class End:
    """How one question ended."""

    outcome: str
    semantic_sql: str
    cpu_ms: float


@dataclass(frozen=True, slots=True)
class Asked:
    """One case with what judges it."""

    case: Case
    day: date
    right: Rightness


def every_case(judging: Agent, settings: Settings, work: Path, opened: ExitStack) -> list[Asked]:
    """The cases of the development files that stand alone and can be judged."""
    found = []
    for name in FILES:
        if not (EVALS / name).is_file():
            continue
        file = read_cases(EVALS / name)
        golds = Golds(
            file, agent=judging, today=date.today(), source=settings.database,
            memory_limit=settings.memory_limit, threads=settings.warehouse_threads or None,
        )  # fmt: skip
        right = Rightness(judging, file, opened.enter_context(golds), work)
        opened.callback(right.keep)
        cases = [case for case in askable(file) if is_measurable(case)]
        found += [Asked(case, day_of(file, case, date.today()), right) for case in cases]
    return found


@app.command()
def ablation(work: Work = None, sample: Sample = 60, seed: Seed = 7, part: Part = None) -> None:
    """One table: a row for each part that is taken away."""
    settings = load()
    work = work or settings.cache_dir / "calibration"
    with ExitStack() as opened:
        whole, blind = (_opened(v, settings, work, opened) for v in ("as is", "no retrieval"))
        asked = every_case(whole, settings, work, opened)
        some = sorted(random.Random(seed).sample(range(len(asked)), min(sample, len(asked))))
        ended: dict[int, End] = {}

        def as_is(one: Asked) -> End:
            if id(one) not in ended:
                ended[id(one)] = ask(whole, one)
            return ended[id(one)]

        rows: list[tuple[str, list[int], Callable[[Asked], End]]] = [
            ("everything", list(range(len(asked))), as_is),
            ("without retrieval", list(range(len(asked))), lambda a: ask(blind, a)),
            ("without confidence", list(range(len(asked))), lambda a: ask_unguarded(whole, a, as_is(a))),
            ("everything, the sample", some, as_is),
            ("without grammar", some, lambda a: ask_written(whole, a, _freely)),
            ("without grounding", some, lambda a: ask_written(whole, a, _ungrounded)),
        ]
        print(f"{'':<24}{'questions':>10}{'right':>8}{'silent':>8}{'back':>7}{'refused':>9}{'p50 ms':>9}")
        for name, places, answer in rows:
            if not part or name in part:
                print(_row(name, [asked[i] for i in places], answer), flush=True)


def _row(name: str, asked: list[Asked], answer: Callable[[Asked], End]) -> str:
    """Shares of all questions; back and refused are of the answerable ones."""
    right = silent = back = refused = 0
    spent = []
    for one in asked:
        end = answer(one)
        spent.append(end.cpu_ms)
        is_right = end.outcome in one.case.expected
        if end.outcome == "answer" and is_right:
            is_right = one.right.of(one.case, end.semantic_sql) is True
        right += is_right
        silent += end.outcome == "answer" and not is_right
        is_lost = one.case.expected == {"answer"} and not is_right
        back += is_lost and end.outcome == "clarification"
        refused += is_lost and end.outcome == "refusal"
    answerable = sum(one.case.expected == {"answer"} for one in asked) or 1
    total = len(asked)
    return (
        f"{name:<24}{total:>10}{right / total:>8.1%}{silent / total:>8.1%}{back / answerable:>7.1%}"
        f"{refused / answerable:>9.1%}{statistics.median(spent):>9,.0f}"
    )


def ask(agent: Agent, asked: Asked) -> End:
    """Through the product."""
    case = asked.case
    question = agent.question(case.asked.text, principal=case.asked.principal, today=asked.day, hints=case.asked.hints)
    started = time.process_time()
    try:
        outcome = agent.ask(question)
    except T2sqlError:
        return End("failure", "", (time.process_time() - started) * 1000)
    sql = outcome.draft.semantic_sql if isinstance(outcome, Answer) else ""
    return End(outcome.outcome, sql, (time.process_time() - started) * 1000)


def ask_unguarded(agent: Agent, asked: Asked, end: End) -> End:
    """Whatever is drafted is answered, if it can be computed. `end`: how it ends as it is."""
    if end.outcome not in ("clarification", "refusal") or (grounded := _grounded(agent, asked)) is None:
        return end
    started = time.process_time()
    drafted = write_draft(grounded.context, grounded.catalog, agent.llm)
    spent = end.cpu_ms + (time.process_time() - started) * 1000
    return End(end.outcome, "", spent) if drafted is None else _computed(asked, drafted.draft.semantic_sql, spent)


def ask_written(agent: Agent, asked: Asked, write: Callable[[Agent, Grounded], Writing]) -> End:
    """What the llm writes is answered, if it can be computed; what text alone refuses stays refused."""
    grounded = _grounded(agent, asked)
    if grounded is None:
        return ask(agent, asked)
    try:
        writing = write(agent, grounded)
    except T2sqlError:
        return End("failure", "", 0.0)
    return _computed(asked, writing.text.strip(), writing.total_ms)


def _computed(asked: Asked, semantic_sql: str, spent: float) -> End:
    is_computed = asked.right.of(asked.case, semantic_sql) is not None
    return End("answer" if is_computed else "failure", semantic_sql, spent)


def _grounded(agent: Agent, asked: Asked) -> Grounded | None:
    """None where the text alone is refused or defined."""
    return ground_case(agent, asked.case, asked.day)


def _freely(agent: Agent, found: Grounded) -> Writing:
    """Told everything that was grounded, and free to write anything."""
    context = found.context
    suffix = build_suffix(context, found.catalog, [m.name for m in context.metrics]) + "\n" + "; ".join(_known(context))
    return _write(agent, found.catalog, suffix, FREE)


def _known(context: Context) -> Iterator[str]:
    """What was grounded, as pieces of semantic SQL."""
    for period in context.periods:
        same = f"{period.grain} = '{period.first}'"
        yield same if period.first == period.last else f"{period.grain} BETWEEN '{period.first}' AND '{period.last}'"
    yield from (f"{v.dimension} {'<>' if v.is_negated else '='} '{v.value}'" for v in context.values)
    yield from (f"by {d.name}" for d in (*context.dimensions, *context.grains))
    yield from (f"{c.name}(…)" for c in context.comparisons)
    for q in context.quantities:
        yield (
            f"first {q.value:.0f}"
            if q.kind == "limit"
            else f"{q.operator} {q.value:g}"
            if q.kind == "threshold"
            else "ordered"
        )


def _ungrounded(agent: Agent, found: Grounded) -> Writing:
    """Told nothing, and held to the names of the catalog."""
    return _write(agent, found.catalog, " ".join(found.context.question.text.split()), catalog_grammar(found.catalog))


def _write(agent: Agent, catalog: Catalog, suffix: str, grammar: str) -> Writing:
    return agent.llm().write(build_prefix(catalog), suffix, grammar, max_tokens=WRITTEN_TOKENS, tail=TAIL)


def catalog_grammar(catalog: Catalog) -> str:
    """Every metric, dimension, grain and function of semantic SQL in its usual shapes; values and numbers are free."""

    def one_of(names: Iterator[str] | tuple[str, ...]) -> str:
        return " | ".join(f'"{name}"' for name in names)

    return rf"""
start: "SELECT " column (", " column (", " column (", " column)?)?)? " FROM {catalog.name}" where? order?
where: " WHERE " condition (" AND " condition (" AND " condition (" AND " condition)?)?)?
condition: dated | dimension (" = " | " <> ") TEXT | metric (" > " | " < ") NUMBER
dated: grain " = " PERIOD | grain " BETWEEN " PERIOD " AND " PERIOD
order: " ORDER BY " measure " DESC"? (" LIMIT " INTEGER)?
column: dimension | grain | measure
measure: metric | function "(" metric ")"
metric: {one_of(iter(catalog.metrics))}
dimension: {one_of(iter(catalog.dimensions))}
grain: {one_of(tuple(GRAINS))}
function: {one_of(FUNCTIONS)}
PERIOD: /'20[0-9][0-9](-(0[1-9]|1[0-2]|Q[1-4]|H[12]))?'/
TEXT: /'[^'\n]{{1,20}}'/
NUMBER: /[0-9]{{1,12}}(\.[0-9]{{1,4}})?/
INTEGER: /[1-9][0-9]?/
"""


@app.command()
def choosing(work: Work = None, sample: Sample = 40, seed: Seed = 7) -> None:
    """The likeliest reading against each llm's choice, where one of the candidates is right."""
    settings = load()
    work = work or settings.cache_dir / "calibration"
    with ExitStack() as opened:
        agent = _opened("as is", settings, work, opened)
        llms = {name: _kept(name, settings, work) for name in (SMALL, settings.llm)}
        cases = every_case(agent, settings, work, opened)
        random.Random(seed).shuffle(cases)
        taken: dict[bool, list[tuple[Asked, Grounded, list[str]]]] = {True: [], False: []}
        for one in cases:
            grounded = _grounded(agent, one) if one.case.golds else None
            if grounded is None:
                continue
            kind = taken[bool(exact_metrics(grounded.context))]
            texts = wide(agent, grounded) if len(kind) < sample // 2 else []
            if len(texts) > 1 and any(one.right.of(one.case, text) for text in texts):
                kind.append((one, grounded, texts))
        for is_named, found in taken.items():
            first = sum(one.right.of(one.case, texts[0]) is True for one, _, texts in found)
            told = "a metric is named" if is_named else "no metric is named"
            print(f"{told}: {len(found)} questions, the likeliest reading is right on {first}", flush=True)
            for name, llm in llms.items():
                _choose(name, llm, found)


def _choose(name: str, llm: KeptLlm, taken: list[tuple[Asked, Grounded, list[str]]]) -> None:
    right, sure, spent = [], [], []
    for one, grounded, texts in taken:
        catalog = grounded.catalog
        metrics = list(dict.fromkeys(n for text in texts for n in re.findall(r"\w+", text) if n in catalog.metrics))
        suffix = build_suffix(grounded.context, catalog, metrics)
        writing = llm.write(build_prefix(catalog), suffix, build_grammar(texts), max_tokens=MOST_TOKENS, tail=TAIL)
        right.append(one.right.of(one.case, writing.text.strip()) is True)
        sure.append(math.prod(choice.probability for choice in writing.choices))
        spent.append(writing.total_ms)
    for least in (0.0, 0.5, 0.7, 0.9):
        kept = [r for r, s in zip(right, sure, strict=True) if s >= least]
        print(f"  {name}: probability from {least}: {sum(kept)} right of {len(kept)}", end="")
        print(f"; p50 {statistics.median(spent):,.0f} ms" if not least and spent else "", flush=True)


def wide(agent: Agent, found: Grounded) -> list[str]:
    """The readings of the likeliest rank, then one for each metric that is named or found by meaning."""
    context, catalog = found.context, found.catalog
    best = sorted(readings(context, catalog), key=lambda r: (bool(leftovers(context, r.semantic_sql, catalog)), r.rank))
    texts = [r.semantic_sql for r in best if r.rank == best[0].rank]
    near = [name for name, _score in agent.index().search(context.question.text, frozenset(catalog.metrics))]
    for name in dict.fromkeys([*(m.name for m in exact_metrics(context)), *near[:MOST_WIDE]]):
        texts += [r.semantic_sql for r in readings(context, catalog, pool=[name])[:1]]
    return list(dict.fromkeys(texts))[:MOST_WIDE]


def _kept(name: str, settings: Settings, work: Path) -> KeptLlm:
    own = settings.model_copy(update={"llm": name})
    return KeptLlm(lambda: load_llm(own), name, work / "writings")


def _opened(variant: Variant, settings: Settings, work: Path, opened: ExitStack) -> Agent:
    agent = open_variant(variant, settings, load_llm, distractors=EVALS / "distractors.yml", work=work)
    opened.callback(agent.close)
    return agent


if __name__ == "__main__":
    app()
