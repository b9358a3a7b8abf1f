"""What a plan tells about itself: columns with labels and units, provenance, notes, the normalised semantic SQL. No
physical name leaves here.
"""

from __future__ import annotations

from sqlglot import exp

from t2sql.catalog import GRAINS, Catalog, Display, Metric
from t2sql.compiler.calendar.versions import versions_used
from t2sql.compiler.calendar.windows import Windows
from t2sql.compiler.facts.metrics import Arithmetic, Atom
from t2sql.compiler.request import (
    DIFFERENCES,
    RATES,
    Computed,
    Measure,
    MetricRef,
    Output,
    Request,
    functions_of,
    metric_of,
)
from t2sql.compiler.words.field_kinds import figure_kind
from t2sql.compiler.words.weekdays import is_weekday
from t2sql.flow import Column, Note, Provenance, Understood

GRAIN_LABELS = dict(
    zip(
        GRAINS,
        (
            Display("日期", "Day"),
            Display("周", "Week"),
            Display("月份", "Month"),
            Display("季度", "Quarter"),
            Display("半年", "Half-year"),
            Display("年份", "Year"),
        ),
        strict=True,
    )
)
FUNCTION_LABELS = {
    "yoy": Display("同比", "year-on-year growth"),
    "mom": Display("环比（月）", "month-on-month growth"),
    "qoq": Display("环比（季）", "quarter-on-quarter growth"),
    "yoy_diff": Display("同比变化", "year-on-year change"),
    "mom_diff": Display("环比变化（月）", "month-on-month change"),
    "qoq_diff": Display("环比变化（季）", "quarter-on-quarter change"),
    "prev": Display("上期", "previous period"),
    "prev_diff": Display("较上期变化", "change on previous period"),
    "vs_year_start": Display("较年初增速", "growth since year start"),
    "vs_year_start_diff": Display("较年初变化", "change since year start"),
    "ytd": Display("年初至今", "year to date"),
    "prior_year": Display("上年同期", "same period last year"),
    "share": Display("占比", "share"),
    "rank": Display("排名", "rank"),
}


def describe_column(output: Output, catalog: Catalog) -> Column:
    """One result column: what it shows, its unit, and its label in both languages."""
    if output.kind == "period":
        assert output.grain
        label = GRAIN_LABELS[output.grain]
        return Column(output.name, "period", "text", "", "", "", label.zh, label.en)
    if isinstance(output.dimension, Computed):
        zh, en = _computed_label(output.name, output.dimension, catalog)
        return Column(output.name, "dimension", output.dimension.type, "", "", "", zh, en)
    if output.dimension:
        item = catalog.field_of(output.dimension)
        grain, display = output.dimension.grain, output.dimension.display
        words = GRAIN_LABELS[grain] if grain else None
        zh, en = (
            (f"{display.zh}（{words.zh}）", f"{display.en}, {words.en.lower()}") if words else (display.zh, display.en)
        )
        is_day = item.is_time and (not grain or output.dimension.is_first_day)
        return Column(output.name, "dimension", "date" if is_day else "text", "", "", "", zh, en)
    assert output.measure
    metric, functions = metric_of(output.measure), functions_of(output.measure)
    unit = unit_of(output.measure)
    label = _label(metric, functions)
    kind = "" if functions else figure_kind(metric, catalog)
    if kind:
        return Column(output.name, "dimension", kind, "", metric.name, "", label.zh, label.en)
    return Column(
        output.name,
        "metric",
        "integer" if unit == "count" else "number",
        unit,
        metric.name,
        functions[0] if functions else "",
        label.zh,
        label.en,
    )


def unit_of(measure: Measure) -> str:
    """CNY, count, ratio …; "points" for a difference of ratios; growth rates and shares are ratios."""
    if isinstance(measure, MetricRef):
        return measure.metric.unit
    inner = unit_of(measure.of)
    if measure.function == "rank":
        return "count"
    if measure.function in RATES or measure.function == "share":
        return "ratio"
    if measure.function in DIFFERENCES and inner == "ratio":
        return "points"
    return inner


def _computed_label(name: str, group: Computed, catalog: Catalog) -> tuple[str, str]:
    """What a made group is called, in Chinese and English: its own name, or whose day of the week it is."""
    if not is_weekday(group.expression):
        return name, name
    display = catalog.dimensions[group.expression.this.name].display
    return f"{display.zh}（星期几，1 为周一）", f"{display.en}, day of the week (1 = Monday)"


def _label(metric: Metric, functions: tuple[str, ...]) -> Display:
    zh, en = metric.display.zh, metric.display.en
    for function in reversed(functions):
        words = FUNCTION_LABELS[function]
        zh, en = zh + words.zh, f"{en}, {words.en}"
    return Display(zh, en)


def describe_metrics(names: list[str], arithmetic: Arithmetic, windows: Windows) -> tuple[Provenance, ...]:
    """Where each asked metric comes from, by the versions of its definition that were taken."""
    found = []
    for name in names:
        metric = arithmetic.catalog.metrics[name]
        simple = {s.name for s in arithmetic.simple_metrics(metric)}
        atoms = [a for a in arithmetic.atoms.values() if a.metric.name in simple]
        spans = {
            f"{w.first}" if w.first == w.last else f"{w.first}..{w.last}"
            for a in atoms
            if a.dataset.time_dimension and not a.reading.shift
            for p in windows.periods
            if (w := windows.of(a, p))
        }
        ordered = sorted(spans)
        as_of = ", ".join(ordered if len(ordered) <= 4 else [ordered[0], "…", ordered[-1]])
        taken = [metric.at(v) for v in versions_used(metric, atoms, windows)] or [metric]
        read = [a for a in atoms if windows.loaded(a)] or atoms
        found.append(
            Provenance(
                name,
                metric.description,
                _several([(one.version, formula_of(one, arithmetic)) for one in taken]),
                tuple(dict.fromkeys(a.dataset.name for a in atoms)),
                _filters(read),
                as_of,
                metric.owner,
                ", ".join(one.version for one in taken),
                _several([(one.version, one.reference) for one in taken]),
            )
        )
    return tuple(found)


def _filters(atoms: list[Atom]) -> tuple[str, ...]:
    """The filter of each simple metric, once; those of its versions told apart."""
    by_metric: dict[str, dict[str, str]] = {}
    for atom in atoms:
        by_metric.setdefault(atom.metric.name, {})[atom.metric.version] = atom.metric.filter
    return tuple(dict.fromkeys(text for filters in by_metric.values() if (text := _several([*filters.items()]))))


def _several(texts: list[tuple[str, str]]) -> str:
    """What the versions say, told apart where they differ."""
    told = dict.fromkeys(text for _version, text in texts)
    if len(told) == 1:
        return next(iter(told))
    return "; ".join(f"v{version}: {text or 'none'}" for version, text in texts)


def formula_of(metric: Metric, arithmetic: Arithmetic) -> str:
    """The formula over metric names, or the aggregate with its filter."""
    if metric.type == "ratio":
        year = metric.day_count.removeprefix("act/").replace("act", "days of the year")
        annual = f" × {year} / days" if metric.day_count else ""
        return f"{metric.numerator}{annual} / {metric.denominator}"
    if metric.type == "cumulative":
        to_date = f"{metric.grain_to_date} to date" if metric.grain_to_date else "since the first load"
        return f"{metric.expression}, {f'last {metric.window}' if metric.window else to_date}"
    return metric.expression + (f" WHERE {metric.filter}" if metric.filter else "")


def describe_request(request: Request, windows: Windows) -> Understood:
    """The parts that explain.py says."""
    as_of: dict[str, None] = {}
    if windows.stocks:
        for period in windows.periods:
            as_of.update(dict.fromkeys(map(str, windows.balance_dates(period))))
    conditions = [c.sql("duckdb", normalize_functions="lower") for c in (*request.conditions, *request.after)]
    order = ", ".join(f"{o.output.name}{' DESC' if o.descending else ''}" for o in request.order)
    return Understood(
        tuple(p.label for p in windows.periods) if windows.datasets else (),
        tuple(as_of),
        tuple(conditions),
        order,
        request.limit,
        windows.is_default and bool(windows.datasets),
    )


def state_period(select: exp.Select, request: Request, windows: Windows) -> None:
    """Write the period into a SELECT that asks for none, so that it means the same tomorrow."""
    if request.spans is not None or request.grain or not windows.datasets or windows.undated:
        return
    period = windows.periods[0]
    if ".." in period.label:
        first, last = (exp.Literal.string(str(day)[:7]) for day in (period.first, period.last))
        select.where(exp.Between(this=exp.column("month"), low=first, high=last), copy=False)
    else:
        select.where(exp.column(period.grain).eq(exp.Literal.string(period.label)), copy=False)


def written(tree: exp.Expr) -> str:
    """Semantic SQL as text."""
    return tree.sql("duckdb", normalize_functions="lower")


def notes_of(windows: Windows, todays: tuple[str, ...], catalog: Catalog) -> tuple[Note, ...]:
    """Windows' notes, and attributes that are today's. What rights leave out is said by the explanation."""
    notes = list(windows.notes)
    kept = {f.conforms_to for d in catalog.datasets.values() for f in d.fields.values() if f.conforms_to}
    todays = tuple(n for n in todays if n in kept)
    if todays:
        zh = "、".join(catalog.dimensions[n].display.zh for n in todays)
        en = ", ".join(catalog.dimensions[n].display.en for n in todays)
        notes.append(Note("attributes_today", f"{zh}按当前归属统计。", f"Grouped or filtered by today's {en}."))
    return tuple(notes)
