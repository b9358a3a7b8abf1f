"""Semantic SQL to certified physical SQL, as an ordered list of steps. Pure: sqlglot only, no database, no llm, no
page.
"""

from __future__ import annotations

from sqlglot import exp

from t2sql.catalog import Catalog, Dimension
from t2sql.compiler.certify import MOST_BYTES, certify
from t2sql.compiler.describe import describe_column, describe_metrics, describe_request, normalised, notes_of
from t2sql.compiler.names import resolve
from t2sql.compiler.parse import nested_too_deeply, parse
from t2sql.compiler.render import Renderer
from t2sql.compiler.sources import FactSource, loads_query
from t2sql.compiler.spelling import spell
from t2sql.compiler.windows import Windows
from t2sql.errors import NotComputable
from t2sql.flow import Certified, Guard, Loads, Plan
from t2sql.policy import Grant, Narrowed

DIALECT = "duckdb"
LIST_LIMIT = 1_000_000

__all__ = ["certify", "compile_loads", "compile_sql", "compile_values"]


def compile_sql(text: str, narrowed: Narrowed, loads: Loads, *, row_limit: int = 100_000) -> Plan:
    """The plan for semantic SQL, as `narrowed`'s principal may run it.

    Raises QueryError (RefusedSyntax, UnknownName, NotComputable) for what a person or an llm can mend; CertifyError
    never, unless there is a defect.
    """
    try:
        return _compile(text, narrowed, loads, row_limit)
    except RecursionError:
        raise nested_too_deeply() from None


def _compile(text: str, narrowed: Narrowed, loads: Loads, row_limit: int) -> Plan:
    tree = spell(parse(text), narrowed.catalog)
    request = resolve(text, tree, narrowed.catalog)
    renderer = Renderer(request, narrowed, row_limit)
    windows = Windows(request, renderer.atoms, loads)
    rendered = renderer.render(windows)
    text_made = _text(rendered.tree)
    if len(text_made.encode()) > MOST_BYTES:
        raise NotComputable("That asks for more than one SELECT can hold.", "Ask for fewer columns or periods at once.")
    physical = certify(text_made, narrowed.grants, dialect=DIALECT, row_limit=row_limit)
    guards = tuple(
        Guard(
            certify(_text(guard), narrowed.grants, dialect=DIALECT, row_limit=1),
            "There is no rate for currency {!r} on a day that is needed, so amounts cannot be converted.",
            "Load the missing rate, or ask for other currencies.",
        )
        for guard in rendered.guards
    )
    return Plan(
        semantic_sql=normalised(tree, request, windows),
        physical=physical,
        columns=tuple(describe_column(o, narrowed.catalog) for o in request.outputs),
        provenance=describe_metrics(renderer.metrics_used(), renderer.arithmetic, windows),
        notes=notes_of(windows, rendered.todays_attributes, narrowed.catalog),
        guards=guards,
        understood=describe_request(request, windows),
    )


def compile_values(narrowed: Narrowed, dimension: Dimension) -> Certified:
    """Distinct (value, alias, alias …) of one dimension among the rows the principal may see. For the value look-up
    only.
    """
    dataset = narrowed.catalog.datasets[dimension.dataset]
    item = narrowed.catalog.field_of(dimension)
    fact = FactSource(narrowed, dataset)
    plain = Dimension(dimension.name, dimension.dataset, dimension.field, "", dimension.display, ())
    columns = [fact.dimension(plain).as_("value")]
    columns += [fact.own(text).as_(f"alias_{i}") for i, text in enumerate(item.alias_expressions)]
    select = fact.attach(exp.select(*columns), "", (), False)
    select = select.group_by(*(c.this.copy() for c in columns)).order_by("value").limit(LIST_LIMIT)
    return certify(_text(select), narrowed.grants, dialect=DIALECT, row_limit=LIST_LIMIT)


def compile_loads(catalog: Catalog) -> dict[str, Certified]:
    """Dataset name -> (as-of date, rows), unfiltered: the load calendars are nobody's secret and must not move with
    rights.
    """
    found = {}
    for dataset in catalog.facts():
        calendar = dataset.load_calendar
        table = calendar.source if calendar else dataset.source
        columns = (
            {calendar.key_column, calendar.date_column, calendar.rows_column}
            if calendar
            else {dataset.fields[dataset.time_dimension].expression}
        )
        grants = {table: Grant(frozenset(columns), frozenset())}
        found[dataset.name] = certify(
            _text(loads_query(dataset).limit(LIST_LIMIT)), grants, dialect=DIALECT, row_limit=LIST_LIMIT
        )
    return found


def _text(tree: exp.Expr) -> str:
    return tree.sql(DIALECT, pretty=True)
