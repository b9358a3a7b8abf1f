"""Words of an English question that want SQL of a form of their own: a ratio divides, weekends need days of the week.

Tells only whether a finished SELECT has the form; what a form should be filled with is no business of this module.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Callable

from sqlglot import exp

from t2sql.fields.words import split_name

Tree = exp.Expr
"""A parsed SELECT."""


def _has(*kinds: type[Tree]) -> Callable[[Tree], bool]:
    return lambda tree: tree.find(*kinds) is not None


def _never(_tree: Tree) -> bool:
    return False


def _tells_days(tree: Tree) -> bool:
    """Whether days of the week are chosen, or a column holds them."""
    return tree.find(exp.DayOfWeekIso) is not None or any(
        "day" in split_name(column.name) for column in tree.find_all(exp.Column)
    )


def divides(tree: Tree) -> bool:
    is_share = any(node.name.lower() == "share" for node in tree.find_all(exp.Anonymous))
    return is_share or tree.find(exp.Div) is not None


def compares(tree: Tree) -> bool:
    return tree.find(exp.Sub, exp.Window, exp.Div) is not None


def _lasts(tree: Tree) -> bool:
    """Whether a number bounds how long something lasts."""
    kinds = (exp.GT, exp.GTE, exp.LT, exp.LTE)
    return any(
        isinstance(node.expression, exp.Literal) and not node.expression.is_string for node in tree.find_all(*kinds)
    )


def _has_part(tree: Tree) -> bool:
    """Whether a figure is of some of the rows alone, and not of all that the SELECT keeps."""
    chosen = [node.expression.this for node in tree.find_all(exp.Filter)]
    chosen += [node.this for case in tree.find_all(exp.Case) for node in case.args["ifs"]]
    where = tree.args.get("where")
    kept = {part.sql().lower() for part in where.find_all(exp.Condition)} if where is not None else set()
    return bool(chosen) and not any(part.unnest().sql().lower() in kept for part in chosen)


def _day_counts(tree: Tree) -> list[exp.Sub]:
    """Differences between a column and a column or a day."""
    return [node for node in tree.find_all(exp.Sub) if node.find(exp.Column) and not node.find(exp.AggFunc)]


def _bounds_days(tree: Tree) -> bool:
    """Whether a number bounds the days between two dates."""
    kinds = (exp.LT, exp.LTE, exp.GT, exp.GTE, exp.EQ, exp.Between)
    return any(isinstance(_outside(node), kinds) for node in _day_counts(tree))


def _outside(node: Tree) -> Tree | None:
    """What an expression stands in, whatever brackets are around it."""
    parent = node.parent
    while isinstance(parent, exp.Paren):
        parent = parent.parent
    return parent


def _is_past(tree: Tree) -> bool:
    """Whether a day is compared with another, or a column or a value says so itself."""
    kinds = (exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Between)
    is_bounded = any(node.find(exp.Column) for node in tree.find_all(*kinds))
    names = [c.name for c in tree.find_all(exp.Column)] + [n.name for n in tree.find_all(exp.Literal) if n.is_string]
    return is_bounded or any(re.search("overdue|past.?due", name, re.IGNORECASE) for name in names)


def _counts_up(tree: Tree) -> bool:
    """Whether days are counted from what lies behind: today less the day, not the day less today."""
    return not any(isinstance(node.expression.unnest(), exp.Cast) for node in _day_counts(tree))


def _groups(tree: Tree) -> bool:
    """Whether figures stand beside something that groups them, or rows are listed."""
    items = tree.expressions if isinstance(tree, exp.Select) else []
    figures = [item for item in items if item.find(exp.AggFunc)]
    return not figures or len(figures) < len(items)


def _averages(tree: Tree) -> bool:
    told = any(
        "avg" in c.name.lower() or "average" in c.name.lower() or "mean" in c.name.lower()
        for c in tree.find_all(exp.Column)
    )
    return told or tree.find(exp.Avg, exp.Div) is not None


def _counts_groups(tree: Tree) -> bool:
    return tree.find(exp.Having) is not None


def _is_chosen_twice(tree: Tree) -> bool:
    return (
        len([*tree.find_all(exp.In)]) > 1
        or tree.find(exp.Having, exp.Intersect) is not None
        or tree.find(exp.Filter) is not None
    )


FORMS: tuple[tuple[re.Pattern[str], Callable[[Tree], bool]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), holds)
    for pattern, holds in (
        (
            r"\bratio\b|\bproportion\b|(?<!\d )\bpercent(?:age)?s?\b|\bpercent(?:age)?s? of\b|\bshare of\b|\bfraction of\b",
            divides,
        ),
        (
            r"\b(?:change|increase|decrease|growth|difference|drop)s? (?:in|of|between|from|for|compared)\b|\bMoM\b|\bYoY\b|\b(?:month|year|week)[- ](?:over|on)[- ](?:month|year|week)\b",
            compares,
        ),
        (
            r"\bweek(?:end|day)s?\b|\bday of (?:the )?week\b|\b(?:on|each|every) (?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|\bhour of\b|\btime of day\b",
            _tells_days,
        ),
        (r"\bwithin (?:\d+|one|two|three|a|an) (?:weeks?|months?|hours?|years?)\b", _never),
        (r"\bwithin (?:\d+|one|two|three|a|an) days?\b", _bounds_days),
        (
            r"\b(?:\d+|one|two|three|a|an) (?:(?:business|working) days?|weeks?|months?|hours?|years?) (?:before|after|earlier than|later than|of (?:starting|joining|signing|registering|the))\b",
            _never,
        ),
        (
            r"\b(?:\d+|one|two|three|a|an) (?:calendar )?days? (?:before|after|earlier than|later than|of (?:starting|joining|signing|registering|the))\b",
            _bounds_days,
        ),
        # Days are counted between dates, and no part of a day.
        (r"\b(?:minutes|hours|seconds)\b", lambda tree: not _day_counts(tree)),
        (r"\b(?:overdue|past due)\b", _is_past),
        (r"\bdays? (?:overdue|late|past due|ago|since)\b", _counts_up),
        (
            r"\b(?:number of|how many) (?:[a-z]+ )?(?:days|nights) (?:an?|the|it|they|he|she|that|each|every)\b|\bdays? (?:between|from|after|before|since|elapsed|taken|it (?:takes|took))\b|\bhow (?:long|old|many days)\b|\b(?:average|mean|longest|shortest) (?:age|time|duration|delay)\b",
            compares,
        ),
        (
            r"\b(?:\d+|an?|one|two|three) (?:days?|nights?|weeks?|months?|hours?|years?|minutes?) (?:or (?:longer|more|less|shorter)|long)\b|\b(?:longer|shorter|more|less|later|sooner|older|younger) than (?:\d+|an?|one|two|three) (?:days?|nights?|weeks?|months?|hours?|years?|minutes?)\b",
            _lasts,
        ),
        (r"(?<!give )(?<!return )(?<!show )(?<!list )(?<!include )\bboth\b[^.?!]{1,60}\band\b", _is_chosen_twice),
        (
            r"\bmore than (?:one|\d+) (?!of\b)[a-z]+s\b|\bat least (?:one|two|three|\d+) (?!of\b)[a-z]+s\b|\bmultiple [a-z]+s\b",
            lambda tree: _counts_groups(tree) or tree.find(exp.GT, exp.GTE, exp.In) is not None,
        ),
        (r"\bthe (?:very |exact )?(?:day|week|month|quarter|year) (?:in|on) which\b", _never),
        (r"\bthe same\b(?! (?:time|period|way|day as today))", _never),
        (r"\bcumulative\b|\brunning total\b|\bmoving average\b", _has(exp.Window)),
        (r"\bmedian\b|\bstandard deviation\b|\bpercentile\b", _never),
        (r"\b(?:on )?average\b|\bmean\b", _averages),
        (
            r"\btop\b|\bbottom (?:\d+|two|three|four|five|ten)\b|\b(?:highest|lowest|largest|smallest|biggest|longest|shortest|oldest|youngest|newest|earliest|latest|cheapest|priciest|fewest|greatest|best|worst|heaviest|tallest)\b|(?<!\bat )\bmost (?!of\b|common\b)|(?<!\bat )\bleast\b",
            _has(exp.Order, exp.Max, exp.Min, exp.Window),
        ),
        (
            r"\baverag(?:e|es|ed|ing) (?:of )?(?:more|less|fewer|higher|lower|at least|at most|over|above|below|under)\b|\b(?:average|total|sum)\b[^.?!,;]{0,30}\b(?:exceed|exceeds|exceeded|exceeding|greater than|more than|less than|above|below|at least|over)(?= [$€£]?\d)",
            _counts_groups,
        ),
        (r"\b(?:each|every|per)\b(?! (?:cent|other)\b)", _groups),
        (
            r"\b(?:latest|most recent|last|newest|first|earliest) (?:[a-z]+ ){0,2}(?:day|date|record|row|entry|snapshot|reading|status|one)\b(?=.*\b(?:each|per|every)\b)|\b(?:each|every) [a-z]+['’]s? .*\b(?:latest|most recent|first|earliest)\b",
            _has(exp.Window),
        ),
        (
            r"\b(?:above|over|under|below|than|exceed\w*|twice|times) (?:[a-z]+ ){0,4}(?:average|mean|median)\b",
            _has(exp.Qualify),
        ),
        (
            r"\b(?:average|mean|how long)\b[^.?!]*\b(?:first|earliest|last|latest) (?!names?\b|days?\b|weeks?\b|months?\b|quarters?\b|years?\b|one\b|two\b|three\b)[a-z]+",
            _has(exp.Min, exp.Max, exp.Order, exp.Window),
        ),
        (r"\bin total\b|\bon average\b", _has(exp.AggFunc)),
        (
            r"\b(?:includ\w*|even|also) (?:\w+ ){0,5}(?:without|with no|with none|with zero|zero|none|(?:have|has|had) no)\b|\b(?:0|zero) (?:where|if|when|for)\b|\bif there (?:is|are|was|were) none\b",
            _has(exp.Join),
        ),
        (r"\bout of (?:these|those|which|them)\b|\bof (?:these|those|them|which)\b", _has_part),
    )
)
