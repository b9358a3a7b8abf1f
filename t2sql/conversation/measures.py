"""Edits of what is shown: another metric under the same comparisons, another comparison of the same metrics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from t2sql.catalog import Catalog
from t2sql.conversation.moving import way_asked
from t2sql.conversation.parsing import read_measure
from t2sql.conversation.pointing import MOVED
from t2sql.conversation.rows import among_the_few
from t2sql.conversation.said import Said
from t2sql.conversation.slots import NOWHERE, Measure, Order, Slots, Threshold
from t2sql.errors import NotComputable
from t2sql.flow import Period, Span
from t2sql.metric_names import is_stock
from t2sql.reading.changes import change_between, function_of

_STEMS = ("yoy", "mom", "qoq", "vs_year_start")
_BESIDE = ("rank", "prior_year", "prev")
"""Functions whose figure says little without the metric's own."""


def edit_metrics(slots: Slots, said: Said, catalog: Catalog) -> Slots:
    """Metrics that the text names: in the place of those shown, or beside them."""
    named = [name for name in said.metrics if name in catalog.metrics]
    if not named:
        return slots
    if "other" in said.cues.kinds and set(named) - set(slots.metrics):
        # 把不良率换成逾期率 names what goes, too.
        named = [name for name in named if name not in slots.metrics]
    shapes = list(dict.fromkeys((m.functions, m.over) for m in slots.measures))
    if "few" in said.cues.kinds:
        # Their NPL ratio is the ratio itself, whatever was shown of them before.
        shapes = [((), ())]
    if "without" in said.cues.kinds:
        kept = tuple(m for m in slots.measures if m.metric not in named)
        return replace(slots, measures=kept) if kept else slots
    if "more" in said.cues.kinds and "other" not in said.cues.kinds:
        return replace(slots, measures=tuple(dict.fromkeys((*slots.measures, *(Measure(name) for name in named)))))
    old = slots.metrics
    shown = [_adapted(Measure(name, *shape), old[0], catalog) for name in named for shape in shapes]
    stays = "few" in said.cues.kinds
    thresholds = tuple(t if stays else _moved(t, old, named[0], catalog) for t in slots.thresholds)
    return replace(
        slots,
        measures=tuple(dict.fromkeys(shown)),
        thresholds=thresholds,
        order=_reordered(slots.order, old, named[0], catalog),
    )


def edit_comparisons(slots: Slots, said: Said, catalog: Catalog) -> Slots:
    """Comparisons that the text asks: in the place of those shown, or beside the figures themselves."""
    if "plain" in said.cues.kinds and not said.comparisons:
        return _ordered_anew(replace(slots, measures=tuple(Measure(name) for name in slots.metrics)), slots, catalog)
    if not said.comparisons or (said.metrics and "without" in said.cues.kinds):
        return slots
    functions = list(dict.fromkeys(c.name for c in said.comparisons))
    if "without" in said.cues.kinds:
        stems = {f.removesuffix("_diff") for f in functions}
        kept = tuple(m for m in slots.measures if not stems & {f.removesuffix("_diff") for f in m.functions})
        return replace(slots, measures=kept or tuple(Measure(name) for name in slots.metrics))
    keeps = bool({"more", "and"} & said.cues.kinds) and "other" not in said.cues.kinds
    shown: list[Measure] = []
    for name in slots.metrics:
        own = [m for m in slots.measures if m.metric == name]
        fitting = [_fitting(_stepped(f, slots, said), name, catalog) for f in functions]
        wrapped = [_wrapped(f, name, own, slots) for f in fitting]
        is_beside = (Measure(name) in own and len(own) > 1) or any(f in _BESIDE for f in functions)
        shown += [*(own if keeps else [Measure(name)] if is_beside else []), *wrapped]
    edited = replace(slots, measures=tuple(dict.fromkeys(shown)))
    return edited if keeps else _ordered_anew(edited, slots, catalog)


def change_bases(slots: Slots, said: Said, catalog: Catalog) -> tuple[str, ...]:
    """The comparisons that a change without a base may mean; ("",) where none is asked, or there is no doubt."""
    periods, stock = slots.periods, all(is_stock(catalog.metrics[name], catalog) for name in slots.metrics)
    if said.context.periods or _says_its_change(slots, said) or not MOVED.search(_own_words(said)):
        return ("",)
    if edit_change(slots, said, catalog) is not None and (
        not stock or len(periods) > 1 or (periods and periods[0].grain not in ("month", "quarter"))
    ):
        return ("",)
    step = {"quarter": "qoq", "year": "", "half": "prev"}.get(periods[0].grain if periods else "month", "mom")
    is_year_end = bool(periods) and periods[0].last[5:] in ("12", "Q4")
    found = ("yoy", *(("vs_year_start",) if stock and not is_year_end else ()), step)
    return tuple(stem for stem in found if stem)


def edit_change(
    slots: Slots, said: Said, catalog: Catalog, compared: tuple[Period, Period] | None = None
) -> Slots | None:
    """增长了多少, "how much did it fall?": how the same rows changed to the period asked before, or in `compared`.

    None where no change is asked, or a comparison says which.
    """
    if _says_its_change(slots, said):
        return None
    metrics = [catalog.metrics[name] for name in slots.metrics]
    periods = compared or said.context.periods or slots.periods
    found = (said.stem, None) if said.stem else _between(periods, slots, said, catalog)
    if found is None:
        return None
    stem, at = found
    if not any(q.kind in ("limit", "order") for q in said.context.quantities):
        slots = among_the_few(slots, catalog)
    shown = tuple(Measure(m.name, (function_of(stem, said.text, m),)) for m in metrics)
    at_periods = (replace(at, span=NOWHERE),) if at else slots.periods
    return _ordered_anew(replace(slots, measures=shown, periods=at_periods), slots, catalog)


def _between(periods: Sequence[Period], slots: Slots, said: Said, catalog: Catalog) -> tuple[str, Period | None] | None:
    metrics = [catalog.metrics[name] for name in slots.metrics]
    moves = bool(way_asked(slots, said, catalog))
    return change_between(periods, said.text, _taken(said), metrics, catalog, moves=moves)


def _says_its_change(slots: Slots, said: Said) -> bool:
    """Whether the text, or what is shown, says a comparison already: the fastest growing are of the growth shown."""
    if said.comparisons or said.context.grains or said.cues.shift or slots.times or slots.grain:
        return True
    return not said.context.periods and any(m.functions for m in slots.measures)


def _taken(said: Said) -> list[Span]:
    """Where names and values stand: a word of change inside one is no change."""
    spans = [m.span for m in (*said.context.metrics, *said.context.dimensions) if m.span]
    return spans + [value.span for value in said.values]


def _own_words(said: Said) -> str:
    text = said.text
    for span in _taken(said):
        text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return text[said.start :]


def settle_shares(slots: Slots) -> Slots:
    """A share with no groups is of the value chosen; with groups, of them. Raises NotComputable without either."""
    measures = []
    for measure in slots.measures:
        if "share" in measure.functions:
            kept = tuple(d for d in measure.over if d in slots.groups or any(c.dimension == d for c in slots.chosen))
            chosen = [c.dimension for c in slots.chosen if not c.is_negated]
            over = kept or (() if slots.groups else tuple(chosen[-1:]))
            if not over and not slots.groups:
                raise NotComputable(
                    "A share needs parts, and nothing is split.",
                    "Say by what, for example: by branch.",
                    zh=("占比要有组成部分，而这里没有分组。", "请说明按什么看占比，例如：按分行。"),
                )
            measure = replace(measure, over=over)
        measures.append(measure)
    return replace(slots, measures=tuple(dict.fromkeys(measures)))


def _wrapped(function: str, name: str, own: Sequence[Measure], slots: Slots) -> Measure:
    """A comparison of a metric; what was cumulative stays so under it."""
    is_ytd = any("ytd" in m.functions for m in own) and function.removesuffix("_diff") in ("yoy", "share", "rank")
    return Measure(name, (function, "ytd") if is_ytd else (function,))


def _stepped(function: str, slots: Slots, said: Said) -> str:
    """环比 goes one step back at the grain that is shown, or of the period asked before."""
    stem = function.removesuffix("_diff")
    if not said.cues.is_step or stem not in ("mom", "qoq", "prev"):
        return function
    grain = slots.grain or (slots.periods[0].grain if slots.periods else "")
    found = {"month": "mom", "quarter": "qoq"}.get(grain, "prev" if grain else stem)
    return found + "_diff" if function != stem or found == "prev" else found


def _fitting(function: str, name: str, catalog: Catalog) -> str:
    """The difference of a ratio where the words said neither rate nor difference is settled in the grounding."""
    stem = function.removesuffix("_diff")
    is_other = stem in _STEMS and catalog.metrics[name].is_ratio_unit and function == stem
    return f"{stem}_diff" if is_other else function


def _adapted(measure: Measure, old: str, catalog: Catalog) -> Measure:
    """A ratio's change is told in points and an amount's as a rate, unless a difference was asked of an amount."""
    was_ratio, is_ratio = (catalog.metrics[n].is_ratio_unit for n in (old, measure.metric))
    functions = []
    for function in measure.functions:
        stem = function.removesuffix("_diff")
        if stem in _STEMS and was_ratio != is_ratio:
            function = f"{stem}_diff" if is_ratio else stem
        functions.append(function)
    return replace(measure, functions=tuple(functions))


def _moved(threshold: Threshold, old: Sequence[str], new: str, catalog: Catalog) -> Threshold:
    """A bound of a metric that is no longer shown goes to the new one where it is of the same unit."""
    metric = threshold.measure.metric
    is_alike = catalog.metrics[metric].unit == catalog.metrics[new].unit
    if metric not in old or not is_alike:
        return threshold
    return threshold.of(replace(threshold.measure, metric=new))


def _reordered(order: Order | None, old: Sequence[str], new: str, catalog: Catalog) -> Order | None:
    measure = read_measure(order.sql, catalog) if order else None
    if order is None or measure is None or measure.metric not in old:
        return order
    return replace(order, sql=_adapted(replace(measure, metric=new), measure.metric, catalog).sql())


def _ordered_anew(slots: Slots, before: Slots, catalog: Catalog) -> Slots:
    """Rows sorted by a measure that is no longer shown are sorted by the one in its place."""
    measure = read_measure(slots.order.sql, catalog) if slots.order else None
    if slots.order is None or measure is None or measure not in before.measures or measure in slots.measures:
        return slots
    other = next((m for m in slots.measures if m.metric == measure.metric), slots.measures[0])
    return replace(slots, order=replace(slots.order, sql=other.sql()))
