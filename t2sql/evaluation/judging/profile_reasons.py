"""What two physical SQLs ask differently, the most fundamental first.

Two people write the same thing in different ways, so each difference says whether it is proven.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from t2sql.evaluation.judging.cells import Grid
from t2sql.evaluation.judging.differences import Difference, counted, cut, instead, listed
from t2sql.evaluation.judging.row_evidence import Shown, labels_of, text_share
from t2sql.evaluation.judging.sql_profile import Profile
from t2sql.evaluation.judging.verdicts import Reason

SHARED_TEXTS = 0.5
"""Share of its values from which two grouping columns are the same one."""


def compare_profiles(
    mine: Profile, right: Profile, asked: Shown, wanted: Shown, grids: tuple[Grid, Grid]
) -> Iterable[Difference]:
    """Every difference between an answer's SQL and a gold's; `grids`: their rows, made together."""
    for find in (_metric, _texts_of_metric):
        yield from find(mine, right)
    yield from _grouping(mine, right, asked, wanted, grids)
    yield from _period(mine, right, asked, wanted)
    yield from _filter(mine, right)
    if mine.limit is not None and right.limit is not None and mine.order != right.order and right.order:
        yield Difference("wrong order", f"ordered {_told(mine.order)} instead of {_told(right.order)}")
    if mine.limit != right.limit:
        yield from cut(mine.limit, right.limit, asked, wanted)
    if mine.is_distinct != right.is_distinct and len(asked.rows) != len(wanted.rows):
        reason: Reason = "missing rows" if len(asked.rows) < len(wanted.rows) else "extra rows"
        yield Difference(reason, "DISTINCT on one side only")


def _metric(mine: Profile, right: Profile) -> Iterable[Difference]:
    """Other columns, tables or aggregates under what is measured."""
    named: tuple[tuple[Callable[[Profile], Collection[str]], bool], ...] = (
        (lambda p: {leaf for made in p.measures() for leaf in made.leaves}, True),
        (lambda p: {table for made in p.measures() for table in made.tables}, True),
        (lambda p: {name for made in p.measures() for name in made.aggregates}, False),
    )
    for of, is_plain in named:
        more, less = set(of(mine)) - set(of(right)), set(of(right)) - set(of(mine))
        if not more and not less:
            continue
        # COUNT(*) and COUNT(DISTINCT key) are often the same, and a count of rows has no column.
        is_proven = bool(more and less) and (is_plain or not (more | less) <= {"count", "count distinct"})
        yield instead("wrong metric", more, less, is_proven=is_proven)


def _texts_of_metric(mine: Profile, right: Profile) -> Iterable[Difference]:
    """Other members counted inside an aggregate: SUM(CASE WHEN account = 'income' …)."""
    all_mine, all_right = {text for _, text in mine.texts}, {text for _, text in right.texts}
    more, less = mine.measure_texts - all_right, right.measure_texts - all_mine
    if less or (more and not right.measure_texts and mine.has_measures):
        yield instead("wrong metric", more, less)
    elif more:
        yield instead("wrong metric", more, less, is_proven=False)
    # Compilers write > 0 to keep a rate from meaning nothing, so a 0 of theirs says little.
    added = mine.measure_numbers - {number for _, number in right.numbers} - {0.0}
    lost = right.measure_numbers - {number for _, number in mine.numbers}
    if added or lost - {0.0}:
        yield instead("wrong metric", map(_figure, added), map(_figure, lost), is_proven=bool(added and lost))


def _grouping(
    mine: Profile, right: Profile, asked: Shown, wanted: Shown, grids: tuple[Grid, Grid]
) -> Iterable[Difference]:
    if not (mine.has_measures and right.has_measures):
        return
    if len(mine.keys) != len(right.keys):
        detail = f"{counted(len(mine.keys), 'group')} instead of {len(right.keys)}"
        yield Difference("wrong grouping", detail)
        return
    grains = [{kind for i in keys if (kind := labels_of(shown, i)[0])} for keys, shown in
              ((mine.keys, asked), (right.keys, wanted))]  # fmt: skip
    if grains[0] and grains[1] and grains[0] != grains[1] and len(asked.rows) != len(wanted.rows):
        yield instead("wrong grouping", grains[0], grains[1])
    leaves, others = _members(mine, asked), _members(right, wanted)
    if leaves.keys() == others.keys():
        return
    more, less = leaves.keys() - others.keys(), others.keys() - leaves.keys()
    strangers = [
        name
        for name in less
        if not any(text_share(*grids, leaves[other], others[name]) >= SHARED_TEXTS for other in leaves)
    ]
    if strangers and more:
        yield instead("wrong grouping", more, less)


def _members(profile: Profile, shown: Shown) -> dict[str, int]:
    """Grouping columns by the physical column they show, periods left out."""
    return {
        "+".join(sorted(profile.outputs[i].leaves)): i
        for i in profile.keys
        if i < shown.width and not labels_of(shown, i)[0]
    }


def _period(mine: Profile, right: Profile, asked: Shown, wanted: Shown) -> Iterable[Difference]:
    """Other days: by the labels of the rows where both have them, else by the literals of the conditions."""
    sides = [
        {kind: labels for i in range(shown.width) for kind, labels in [labels_of(shown, i)] if kind}
        for shown in (asked, wanted)
    ]
    for kind in sides[0].keys() & sides[1].keys():
        if kind != "day":
            if sides[0][kind] == sides[1][kind]:
                return
            yield instead("wrong period", sides[0][kind] - sides[1][kind], sides[1][kind] - sides[0][kind])
            return
    for day, other, name in zip(mine.span, right.span, ("first day", "last day"), strict=True):
        if day and other and day != other:
            yield Difference("wrong period", f"{name} {day} instead of {other}")
            return
    if (mine.span == (None, None)) != (right.span == (None, None)):
        yield Difference("wrong period", "only one of them names a period", is_proven=False)


def _filter(mine: Profile, right: Profile) -> Iterable[Difference]:
    """Other texts, numbers or flags in conditions."""
    all_mine, all_right = {text for _, text in mine.texts}, {text for _, text in right.texts}
    more, less = all_mine - all_right - mine.measure_texts, all_right - all_mine
    more = {text for text in more if ("not like", text) not in mine.texts}
    if more or less:
        yield instead("wrong filter", more, less)
    if turned := {text for text in all_mine & all_right if _leaves_out(mine, text) != _leaves_out(right, text)}:
        yield Difference("wrong filter", f"{listed(turned)} left out on one side only")
    figures = mine.numbers - right.numbers, right.numbers - mine.numbers
    known = {n for _, n in mine.numbers}, {n for _, n in right.numbers}
    added = {f"{sign} {n:g}" for sign, n in figures[0] if n not in known[1] | mine.measure_numbers | {0.0}}
    lost = {f"{sign} {n:g}" for sign, n in figures[1] if n not in known[0] | {0.0}}
    if added or lost:
        yield instead("wrong filter", added, lost)
    flags = mine.flags - right.flags, right.flags - mine.flags
    if flags[0] or flags[1]:
        named = [{name if is_true else f"NOT {name}" for name, is_true in side} for side in flags]
        yield instead("wrong filter", *named, is_proven=False)


def _leaves_out(profile: Profile, text: str) -> bool:
    """Whether conditions leave a text out instead of choosing it."""
    return all(sign in ("<>", "not like") for sign, one in profile.texts if one == text)


def _told(order: tuple[str, bool] | None) -> str:
    return f"by its {order[0]}, {'largest' if order[1] else 'smallest'} first" if order else "by nothing"


def _figure(number: float) -> str:
    return f"{number:g}"
