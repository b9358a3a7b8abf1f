"""Semantic SQL to certified physical SQL, as an ordered list of steps. Pure: sqlglot only, no database, no llm, no
page.
"""

from __future__ import annotations

from sqlglot import exp
from sqlglot.errors import SqlglotError

from t2sql.catalog import Catalog, Dimension
from t2sql.compiler.certify import MOST_BYTES, certify
from t2sql.compiler.composing.composition import Composer
from t2sql.compiler.composing.scope import finished
from t2sql.compiler.composing.statement import statement, told_apart
from t2sql.compiler.describe import written
from t2sql.compiler.engines.dialects import write_sql
from t2sql.compiler.facts.loads import loads_query
from t2sql.compiler.facts.sources import FactSource
from t2sql.compiler.words.parse import nested_too_deeply, parse
from t2sql.compiler.words.spelling import spell
from t2sql.errors import CertifyError, CompilerDefect, NotComputable
from t2sql.flow import Certified, Guard, Loads, Plan
from t2sql.policy import Narrowed

LIST_LIMIT = 1_000_000
_UNFORESEEN = (AssertionError, LookupError, ValueError, AttributeError, TypeError)

__all__ = ["certify", "compile_loads", "compile_sql", "compile_values"]


def compile_sql(
    text: str, narrowed: Narrowed, loads: Loads, *, row_limit: int = 100_000, dialect: str = "duckdb"
) -> Plan:
    """The plan for semantic SQL, as `narrowed`'s principal may run it on an engine of `dialect`.

    Raises QueryError (RefusedSyntax, UnknownName, NotComputable) for what a person or an llm can mend; CompilerDefect
    for anything else, with its cause chained.
    """
    try:
        return _compile(text, narrowed, loads, row_limit, dialect)
    except RecursionError:
        raise nested_too_deeply() from None
    except (*_UNFORESEEN, SqlglotError, CertifyError) as cause:
        raise _unforeseen() from cause


def _unforeseen() -> CompilerDefect:
    """What a person is told where the compiler itself is wrong."""
    return CompilerDefect(
        "This SQL cannot be read: the compiler met something that it was not made for.",
        "Write it in a simpler form, and report it together with this SQL.",
        zh=("无法解读这条 SQL：编译器遇到了未预料到的写法。", "请换一种更简单的写法，并反馈这条 SQL。"),
    )


def _compile(text: str, narrowed: Narrowed, loads: Loads, row_limit: int, dialect: str) -> Plan:
    tree = spell(parse(text), narrowed.catalog)
    relation = told_apart(Composer(narrowed, loads).compile(tree))
    query = statement(finished(relation, row_limit + 1), relation.ctes)
    physical = _certified(query, narrowed, dialect, row_limit)
    guards = tuple(
        Guard(_certified(statement(c.query, relation.ctes), narrowed, dialect, 1), c.message, c.hint, c.zh)
        for c in relation.checks
    )
    return Plan(
        semantic_sql=written(tree),
        physical=physical,
        columns=tuple(c.column for c in relation.columns),
        provenance=relation.provenance,
        notes=relation.notes,
        guards=guards,
        understood=relation.understood,
    )


def _certified(query: exp.Expr, narrowed: Narrowed, dialect: str, row_limit: int) -> Certified:
    text = write_sql(query, dialect)
    if len(text.encode()) > MOST_BYTES:
        raise NotComputable("That asks for more than one SELECT can hold.", "Ask for fewer columns or periods at once.")
    return certify(text, narrowed.grants, dialect=dialect, row_limit=row_limit)


def compile_values(
    narrowed: Narrowed, dimension: Dimension, *, dialect: str = "duckdb", is_counted: bool = False
) -> Certified:
    """Distinct (value, alias, alias …) of one dimension among the rows the principal may see; with `is_counted`, and in
    how many of them each stands. For the value look-up only.
    """
    dataset = narrowed.catalog.datasets[dimension.dataset]
    fact = FactSource(narrowed, dataset)
    role = dimension.role if narrowed.catalog.is_restated(dimension) else ""
    plain = Dimension(dimension.name, dimension.dataset, dimension.field, role, dimension.display, ())
    columns = [fact.dimension(plain).as_("value")]
    columns += [name.as_(f"alias_{i}") for i, name in enumerate(fact.other_names(plain))]
    counts = [exp.alias_(exp.Count(this=exp.Star()), "rows")] * is_counted
    select = fact.attach(exp.select(*columns, *counts), "", (), False)
    select = select.group_by(*(c.this.copy() for c in columns)).order_by("value").limit(LIST_LIMIT)
    return certify(write_sql(select, dialect), narrowed.grants, dialect=dialect, row_limit=LIST_LIMIT)


def compile_loads(catalog: Catalog, *, dialect: str = "duckdb") -> dict[str, Certified]:
    """Dataset name -> (as-of date, rows), unfiltered: the load calendars are nobody's secret and must not move with
    rights.
    """
    found = {}
    for dataset in catalog.facts():
        select, grants = loads_query(catalog, dataset)
        text = write_sql(select.limit(LIST_LIMIT), dialect)
        found[dataset.name] = certify(text, grants, dialect=dialect, row_limit=LIST_LIMIT)
    return found
