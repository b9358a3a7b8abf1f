"""One SELECT FROM the model as a Relation: plain ones at once, others as a core of groups and measures under a layer
of expressions.

Reads only what the narrowed catalog names. It never adds an ORDER BY or a limit to a query: who uses it does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlglot import exp

from t2sql.catalog import Catalog, Dimension
from t2sql.compiler.calendar.periods import Period, periods_between
from t2sql.compiler.calendar.versions import notes_on_versions
from t2sql.compiler.calendar.windows import Windows
from t2sql.compiler.composing.additivity import sums_of
from t2sql.compiler.composing.layers import split
from t2sql.compiler.composing.projection import project
from t2sql.compiler.composing.scope import Scope, Source, together
from t2sql.compiler.composing.value_names import ValueNames
from t2sql.compiler.describe import describe_column, describe_metrics, describe_request, notes_of, state_period, unit_of
from t2sql.compiler.relation import Carried, Names, Relation
from t2sql.compiler.render import Renderer
from t2sql.compiler.request import Computed, Output, Request
from t2sql.compiler.rows.ad_hoc import with_ad_hoc
from t2sql.compiler.words.names import resolve
from t2sql.compiler.words.plain import is_plain
from t2sql.flow import Loads
from t2sql.policy import Narrowed


def compile_semantic(
    select: exp.Select,
    narrowed: Narrowed,
    loads: Loads,
    names: Names,
    prefix: str = "",
    inner: Mapping[str, Relation] | None = None,
    told: exp.Select | None = None,
) -> Relation:
    """The relation of `select`, whose names are spelled as the catalog spells them.

    `prefix`: what its CTEs' names start with; "" where the statement has one SELECT. `inner`: relations, by CTE name,
    of the subqueries that its conditions hold. `told`: the SELECT as it is told back, `select` itself by default; the
    default period is added to it where none was asked.

    Raises UnknownName, RefusedSyntax or NotComputable.
    """
    told = told or select
    select, narrowed = with_ad_hoc(select, narrowed)
    if is_plain(select, narrowed.catalog):
        relation = _core(select, narrowed, loads, names, prefix, told, {})
        return together((), relation, inner.values()) if inner else relation
    layers = split(select, narrowed.catalog)
    core = _core(layers.core, narrowed, loads, names, prefix, told, layers.computed)
    source = Source.of("", core, names, f"{prefix}_figures" if prefix else "figures")
    scope = replace(Scope.over(source, inner or {}), value_names=ValueNames(narrowed, names))
    relation = project(scope, layers.outer, names, narrowed.catalog)
    return together((), relation, inner.values()) if inner else relation


def _core(
    select: exp.Select,
    narrowed: Narrowed,
    loads: Loads,
    names: Names,
    prefix: str,
    told: exp.Select,
    computed: Mapping[str, Computed],
) -> Relation:
    """`told`: the SELECT as the person wrote it, which takes the default period."""
    catalog = narrowed.catalog
    request = resolve(select, catalog, computed)
    renderer = Renderer(request, narrowed, names, prefix)
    windows = Windows(request, renderer.atoms, loads, narrowed.catalog.fiscal_year_start)
    rendered = renderer.render(windows)
    state_period(told, request, windows)
    keys = set(renderer.keys)
    periods: tuple[str, ...] = ()
    if request.grain:
        periods = labels_between(windows.periods)
        keys |= {request.grain} if len(windows.periods) > 1 else set()
    columns = tuple(_carried(o, request, keys, periods, catalog, rendered.overlapping) for o in request.outputs)
    return Relation(
        rendered.ctes,
        rendered.query,
        columns,
        frozenset(keys),
        rendered.order,
        request.limit,
        checks=rendered.checks,
        notes=(
            *notes_of(windows, rendered.todays_attributes, catalog),
            *notes_on_versions(renderer.arithmetic.versioned.values(), renderer.atoms, windows),
            *rendered.notes,
        ),
        provenance=describe_metrics(renderer.metrics_used(), renderer.arithmetic, windows),
        understood=describe_request(request, windows),
    )


def _carried(
    output: Output,
    request: Request,
    keys: set[str],
    periods: tuple[str, ...],
    catalog: Catalog,
    overlapping: frozenset[str],
) -> Carried:
    column = describe_column(output, catalog)
    if output.measure is None:
        key = output.grain or (output.dimension.name if output.dimension else "")
        name = output.dimension.name if isinstance(output.dimension, Dimension) and not output.dimension.grain else ""
        is_dated = isinstance(output.dimension, Dimension) and output.dimension.grain is not None
        return Carried(
            column,
            key=key if key in keys else "",
            periods=periods if output.grain else (),
            is_dated=is_dated,
            step=_step(output.dimension) if isinstance(output.dimension, Dimension) else "",
            dimension=name,
        )
    dimensions = {d.name for d in request.dimensions} - overlapping
    sums, why = sums_of(output.measure, dimensions, request.grain, catalog)
    return Carried(column, sums & keys, unit=unit_of(output.measure), why=why)


def _step(dimension: Dimension) -> str:
    """The grain of first days (DATE_TRUNC) or of years, whose values follow each other; "" for other labels."""
    grain = dimension.grain or ""
    return grain if dimension.is_first_day or grain == "year" else ""


def labels_between(periods: tuple[Period, ...]) -> tuple[str, ...]:
    """Labels from the first period to the last, with those between that were not asked."""
    if not periods:
        return ()
    first, last = min(p.first for p in periods), max(p.last for p in periods)
    return tuple(p.label for p in periods_between(first, last, periods[0].grain))
