"""What a plan tells about itself: columns with labels and units, provenance, notes, the normalised semantic SQL. No
physical name leaves here.
"""

from __future__ import annotations

from sqlglot import exp

from t2sql.catalog import GRAINS, Catalog, Display, Metric
from t2sql.compiler.metrics import Arithmetic
from t2sql.compiler.request import DIFFERENCES, RATES, Measure, MetricRef, Output, Request, functions_of, metric_of
from t2sql.compiler.windows import Windows
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
    if output.dimension:
        item = catalog.field_of(output.dimension)
        grain, display = output.dimension.grain, output.dimension.display
        words = GRAIN_LABELS[grain] if grain else None
        zh, en = (
            (f"{display.zh}（{words.zh}）", f"{display.en}, {words.en.lower()}") if words else (display.zh, display.en)
        )
        return Column(output.name, "dimension", "date" if item.is_time and not grain else "text", "", "", "", zh, en)
    assert output.measure
    metric, functions = metric_of(output.measure), functions_of(output.measure)
    unit = unit_of(output.measure)
    label = _label(metric, functions)
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


def _label(metric: Metric, functions: tuple[str, ...]) -> Display:
    zh, en = metric.display.zh, metric.display.en
    for function in reversed(functions):
        words = FUNCTION_LABELS[function]
        zh, en = zh + words.zh, f"{en}, {words.en}"
    return Display(zh, en)


def describe_metrics(names: list[str], arithmetic: Arithmetic, windows: Windows) -> tuple[Provenance, ...]:
    """Where each asked metric comes from."""
    found = []
    for name in names:
        metric = arithmetic.catalog.metrics[name]
        simple = arithmetic.simple_metrics(metric)
        atoms = [a for a in arithmetic.atoms.values() if a.metric in simple]
        spans = {
            f"{w.first}" if w.first == w.last else f"{w.first}..{w.last}"
            for a in atoms
            if not a.reading.shift
            for p in windows.periods
            if (w := windows.of(a, p))
        }
        ordered = sorted(spans)
        as_of = ", ".join(ordered if len(ordered) <= 4 else [ordered[0], "…", ordered[-1]])
        found.append(
            Provenance(
                name,
                metric.description,
                formula_of(metric, arithmetic),
                tuple(dict.fromkeys(a.dataset.name for a in atoms)),
                tuple(dict.fromkeys(s.filter for s in simple if s.filter)),
                as_of,
                metric.owner,
                metric.version,
                metric.reference,
            )
        )
    return tuple(found)


def formula_of(metric: Metric, arithmetic: Arithmetic) -> str:
    """The formula over metric names, or the aggregate with its filter."""
    if metric.type == "ratio":
        annual = f" × {metric.day_count} / days" if metric.day_count else ""
        return f"{metric.numerator}{annual} / {metric.denominator}"
    return metric.expression + (f" WHERE {metric.filter}" if metric.filter else "")


def describe_request(request: Request, windows: Windows) -> Understood:
    """The parts that explain.py says."""
    as_of: dict[str, None] = {}
    if windows.stocks:
        for period in windows.periods:
            day = windows.as_of(period)
            if day:
                as_of[str(day)] = None
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


def normalised(tree: exp.Select, request: Request, windows: Windows) -> str:
    """The semantic SQL with its period stated, so that it means the same tomorrow."""
    tree = tree.copy()
    if request.spans is None and not request.grain and windows.datasets:
        period = windows.periods[0]
        if ".." in period.label:
            first, last = (exp.Literal.string(str(day)[:7]) for day in (period.first, period.last))
            tree = tree.where(exp.Between(this=exp.column("month"), low=first, high=last))
        else:
            tree = tree.where(exp.column(period.grain).eq(exp.Literal.string(period.label)))
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
