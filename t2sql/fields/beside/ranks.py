"""A rank beside what is listed, or as a condition on it: "name, revenue and SR, where SR = rank by revenue".

The list is read without its rank, which is put around it. A rank whose definition says more than by what, within what
and from which end is not read.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp

from t2sql.fields.definitions import defined_in
from t2sql.fields.english import asked_figure
from t2sql.fields.index import FieldIndex
from t2sql.fields.linked import Linked
from t2sql.fields.linking import link
from t2sql.fields.members import headings, of_each
from t2sql.fields.roles import adds_up, is_number
from t2sql.fields.words import split_name, stem
from t2sql.fields.writing import expression_of

if TYPE_CHECKING:
    from t2sql.fields.readings import FieldReading

_OWN = r"(?:each |its |their |his |her |the same |every |the |an? )"
_WITHIN = re.compile(
    rf"(?:\b(?:within|inside|in)|,? ?\bper|,? \bamong (?:all )?(?:the |those )?(?:other )?[a-z]+ (?:of|in|within)) {_OWN}*(?P<within>[a-z]+)(?: of {_OWN}[a-z]+)?(?=$|[,.;()]| (?:by|based|ordered|sorted|according|in terms)\b)",
    re.IGNORECASE,
)
_BY = re.compile(
    r"(?:\b(?:ordered |sorted )?by|\bbased on|\baccording to|\bin terms of) (?:the |their |its |his |her )?(?P<by>[a-z][a-z0-9 _-]*?)(?=$|[,.;()]| (?:without|within|inside|among|per|in (?:each|its|their|the same))\b)",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"(?:[,;(]| with| where| so that| in| from(?= (?:the )?\w+est)|(?= (?:de|a)scending)) ?(?![^,;()]* by )(?:[^,;()]*\b(?:rank(?:ed|s)?|first|1|to (?:the )?\w+est|(?:de|a)scending|order)\b[^,;()]*)\)?(?=$|, (?:within|inside|among|in|per)\b)",
    re.IGNORECASE,
)
"""What says which end has rank 1."""
_LOW = re.compile(
    r"\b(?:lowest|smallest|cheapest|shortest|fewest|earliest|oldest|least|lower|smaller|fewer|ascending)\b",
    re.IGNORECASE,
)
_HIGH = re.compile(
    r"\b(?:highest|largest|biggest|greatest|most|longest|latest|newest|higher|larger|more|descending)\b", re.IGNORECASE
)
_OPEN = re.compile(r"\bwithout specifying the order\b", re.IGNORECASE)
_NEXT = re.compile(r"(?<=[a-z,]) (?=(?:To|When|Always|Use|Join|Note|Recall|If|For|Truncate|Remember) [a-z])")
"""Where another hint begins without a full stop before it."""
_HEAD = re.compile(
    rf"^(?:.*\brank(?:ing)?,? )?(?:an? |the )?(?P<words>(?:[\w'-]+ ){{0,3}})rank(?:ing|s)?\b(?: (?:of )?{_OWN}*(?!of\b|by\b|in\b|on\b|per\b|within|inside|among|based|ordered|according)(?P<thing>[a-z]+(?: (?!by\b|ordered|sorted|based|according|with)[a-z]+)?)(?=$|,| (?:by|based|ordered|sorted|in|within|inside|among|according|per)\b))?",
    re.IGNORECASE,
)
_BESIDE = r"(?:,? ?(?:and|with|as well as|plus|along with)(?: also)?|,)? (?:the |its |their |each one's )?"
_PLACES = r"(?: (?:of|=|is|equal to|being|number|position))*? (?P<first>\d{1,2})(?:(?P<join>,? or |,? and | ?- ?| to )(?P<last>\d{1,2}))?(?![\d.,]*\d)"
_TOP_PLACES = r"(?: is| of|,)? (?:at most|up to|no more than|<=|within the top) (?P<most>\d{1,2})\b"
_HAS = r"(?:,? ?\b(?:with|having|has|have|whose|where|that have|which have|who have|for which|on|at))?(?: (?:the|an?|its|their))*"


@dataclass(frozen=True, slots=True)
class Rank:
    """What a rank is by, and which places are wanted."""

    name: str
    thing: str
    """Words for what is ranked; "" where none are said."""
    by: str
    """Words; "" for the one figure that is listed."""
    within: str
    """Words of what parts the ranking; "" for one ranking of all."""
    is_down: bool
    """The largest is first."""
    is_shown: bool
    places: tuple[int, int] | None
    """First and last place wanted, both included; None for all."""


def read_rank(
    text: str,
    hints: str,
    index: FieldIndex,
    today: date,
    read: Callable[[str], tuple[Linked, tuple[FieldReading, ...]]],
) -> tuple[Linked, tuple[FieldReading, ...]] | None:
    """`text` as it is linked without its rank, and its readings with the rank; None where no such one is asked for."""
    said = rank_said(text, hints)
    if said is None:
        return None
    without, rank = said
    rest, found = read(without)
    if not rest.datasets or not found:
        return None
    measured = link(rank.by, "", index, today, needs=frozenset((rest.dataset,)))
    by = asked_figure(measured, index) if rank.by else ""
    for figure in rest.aggregates:
        # By revenue, which the hints define.
        if (
            figure.function == "made"
            and figure.field
            and without[figure.span.start : figure.span.end].lower() == rank.by
        ):
            by = expression_of(figure.field[1]).sql("duckdb")
    limits = [condition.alternatives[0].sql for condition in measured.conditions] if rank.by else []
    if rank.by and (not by or measured.left or measured.stretches):
        return None
    made = (
        (reading, with_rank(reading.semantic_sql, rank, by, index))
        for reading in found
        # A rank by kilograms shipped, of rows that are not chosen so, is another rank.
        if all(limit in reading.semantic_sql for limit in limits)
    )
    readings = tuple(replace(reading, semantic_sql=sql) for reading, sql in made if sql)
    return (replace(rest, text=text), readings) if readings else None


def rank_said(text: str, hints: str) -> tuple[str, Rank] | None:
    """`text` with blanks for its rank, and the rank; None where it asks for none, or for one that is not understood."""
    ranks = {name: said for name, said in defined_in(hints, text).items() if re.search(r"\brank", said, re.IGNORECASE)}
    if len(ranks) != 1:
        return None
    name, meaning = next(iter(ranks.items()))
    told = _told(meaning)
    if told is None:
        return None
    thing, by, within, is_down = told
    places: tuple[int, int] | None = None
    for pattern in (rf"{_HAS} \b{name}\b{_PLACES}", rf"{_HAS} \b{name}\b{_TOP_PLACES}"):
        match = re.search(pattern, text, re.IGNORECASE)
        if match is not None:
            given = match.groupdict()
            first, last = int(given.get("first") or 1), int(given.get("last") or given.get("first") or given["most"])
            if (given.get("join") or "").strip(" ,") in ("or", "and") and last != first + 1:
                return None
            places = (first, last)
            text = _blank(text, match.span())
            break
    listed = [*re.finditer(rf"{_BESIDE}\b{name}\b", text)]
    if places is None and not listed:
        return None
    for match in reversed(listed):
        text = _blank(text, match.span())
    return text, Rank(name.lower(), thing, by, within, is_down, bool(listed), places)


def _blank(text: str, span: tuple[int, int]) -> str:
    start, end = span
    return text[:start] + " " * (end - start) + text[end:]


def _told(meaning: str) -> tuple[str, str, str, bool] | None:
    """What is ranked by what, within what and whether downwards; None where a definition says something else too."""
    if re.search(r"\bdense|\bpercent|\bntile|\brow number", meaning, re.IGNORECASE):
        return None
    rest = _NEXT.split(_OPEN.sub(" ", meaning))[0].strip(" .,;")
    ending = _FIRST.search(rest)
    is_down = True
    if ending is not None:
        low, high = _LOW.search(ending[0]), _HIGH.search(ending[0])
        if low is None and high is None:
            return None
        # From highest to lowest; those with fewer have a higher rank.
        is_down = low is None or (high is not None and high.start() < low.start())
        rest = rest[: ending.start()] + rest[ending.end() :]
    head = _HEAD.match(rest)
    if head is None:
        return None
    rest = rest[head.end() :]
    within = _WITHIN.search(rest)
    rest = f"{rest[: within.start()]} {rest[within.end() :]}" if within else rest
    by = _BY.fullmatch(rest.strip(" ,()"))
    if by is None and rest.strip(" ,()"):
        return None
    return head["thing"] or "", by["by"].strip().lower() if by else "", within["within"] if within else "", is_down


def with_rank(semantic_sql: str, rank: Rank, by: str, index: FieldIndex) -> str:
    """A SELECT with `rank` beside its columns or choosing its rows; "" where it has nothing to be ranked by.

    `by`: what ranks, as the SELECT would show it; "" for its one figure.
    """
    tree = sqlglot.parse_one(semantic_sql, read="duckdb")
    if not isinstance(tree, exp.Select) or tree.find(exp.Window) or tree.args.get("limit"):
        return ""
    if not isinstance(tree.args["from_"].this, exp.Table):
        return ""
    if not _is_of_things(tree, rank, by, index):
        return ""
    listed = [item.unalias() for item in tree.expressions]
    measure = _measure(listed, by)
    if measure is None:
        return ""
    written = [item.sql("duckdb") for item in listed]
    is_hidden = measure.sql("duckdb") not in written
    if is_hidden and (
        bool(tree.args.get("distinct")) or bool(measure.find(exp.AggFunc)) != bool(tree.args.get("group"))
    ):
        return ""
    items = [*listed, measure] if is_hidden else listed
    parts = [i for i, item in enumerate(listed) if isinstance(item, exp.Column) and _is_called(item, rank.within)]
    if rank.within and len(parts) != 1:
        return ""
    names = headings(items)
    shown = names[: len(listed)]
    by_name = names[-1] if is_hidden else names[written.index(measure.sql("duckdb"))]
    order = tree.args.get("order")
    by_names = dict(zip(written, shown, strict=True))
    if order is not None and not all(one.this.sql("duckdb") in by_names for one in order.expressions):
        return ""
    tree.set("order", None)
    tree.set("expressions", [item.copy() for item in items])
    outer = _outer(tree, items, names, index)
    window = exp.Window(
        this=exp.Anonymous(this="RANK"),
        partition_by=[exp.column(names[i]) for i in parts] if rank.within else [],
        order=exp.Order(expressions=[exp.Ordered(this=exp.column(by_name), desc=rank.is_down, nulls_first=False)]),
        over="OVER",
    )
    outer.set("expressions", [*map(exp.column, shown), exp.alias_(window, rank.name)])
    if rank.places is not None:
        first, last = rank.places
        place = exp.column(rank.name)
        where = place.isin(*range(first, last + 1)) if first < last else place.eq(first)
        columns = [*shown, rank.name] if rank.is_shown else shown
        outer = exp.select(*map(exp.column, columns)).from_(outer.subquery("ranked")).where(where)
    for one in order.expressions if order is not None else ():
        column = exp.column(by_names[one.this.sql("duckdb")])
        outer = outer.order_by(exp.Ordered(this=column, desc=one.args.get("desc")))
    return outer.sql("duckdb")


def _is_of_things(tree: exp.Select, rank: Rank, by: str, index: FieldIndex) -> bool:
    """Whether a SELECT has a row for each of the things that are ranked; one of their parts is made one of them: the
    kilograms of a blend are those of its order lines.
    """
    source = tree.args["from_"].this.name
    listed = [item.unalias() for item in tree.expressions]
    columns = [item for item in listed if isinstance(item, exp.Column)]
    said = {stem(word) for word in rank.thing.lower().split()}
    if any(item.find(exp.AggFunc) for item in listed):
        owners = {stem(part) for column in columns for part in split_name(column.table or source)}
        return not said or bool(said & owners) or any(_is_called(column, rank.thing) for column in columns)
    if not said or said & {stem(part) for part in split_name(source)}:
        return True
    numbers = [c for c in columns if is_number(index.field((c.table or source, c.name)))]
    things = [column for column in columns if column not in numbers]
    if len(things) + len(numbers) < len(listed) or not any(_is_called(column, rank.thing) for column in things):
        return False
    if [c.sql("duckdb") for c in numbers] != [by] or not adds_up(
        index.field((numbers[0].table or source, numbers[0].name))
    ):
        return False
    numbers[0].replace(exp.Sum(this=numbers[0].copy()))
    tree.set("group", exp.Group(expressions=[thing.copy() for thing in things]))
    return not tree.args.get("order") and not tree.args.get("distinct")


def _measure(listed: list[exp.Expr], by: str) -> exp.Expr | None:
    """What ranks the rows of a SELECT of `listed`: `by`, the total of it that is listed, or the one figure; None for none."""
    figures = [item for item in listed if item.find(exp.AggFunc)]
    if not by:
        return figures[0] if len(figures) == 1 else None
    measure = expression_of(by)
    if figures and not measure.find(exp.AggFunc):
        totals = [figure for figure in figures if figure.sql("duckdb") == exp.Sum(this=measure).sql("duckdb")]
        return totals[0] if totals else None
    return measure


def _outer(tree: exp.Select, items: list[exp.Expr], names: list[str], index: FieldIndex) -> exp.Select:
    """A SELECT around `tree` that may show `names`."""
    told_apart = sqlglot.parse_one(of_each(tree.sql("duckdb"), index.catalog), read="duckdb")
    assert isinstance(told_apart, exp.Select)
    if isinstance(told_apart.args["from_"].this, exp.Subquery):
        return told_apart
    named = (
        i.copy() if i.name == name and not i.args.get("table") else exp.alias_(i.copy(), name)
        for i, name in zip(items, names, strict=True)
    )
    told_apart.set("expressions", [*named])
    return exp.select().from_(told_apart.subquery("listed"))


def _is_called(column: exp.Column, words: str) -> bool:
    """Whether a column is what `words` name: region of region_name, "sales territory" of salesperson.territory."""
    said = {stem(word) for word in words.lower().split()}
    own = {stem(part) for part in split_name(column.name)}
    table = {stem(part) for part in split_name(column.table)} if column.table else set()
    is_name = bool(own & {"name", "title"}) and said <= own | table
    return (bool(said & own) and said <= own | table) or is_name
