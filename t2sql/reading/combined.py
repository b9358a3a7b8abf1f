"""One figure made of several: the first few added up, one metric less another or over another, one date's figure less a
far one's.

Writes semantic SQL over a reading's own; the compiler refuses what does not add up. Never combines units.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Sequence

from t2sql.catalog import Catalog
from t2sql.figure_names import EARLIER, GAP, LATER, LISTED, MULTIPLE, PART_TOGETHER, change_of, total_of
from t2sql.flow import Context, Period, Quantity
from t2sql.metric_names import is_stock

TOGETHER = re.compile(
    r"合计|总和|之和|[合加并]起来|[加合]在?一[起块]|加总|一共|总共|共计|\b(?:combined|together|between them|jointly|collectively|in total|altogether|sum|summed|add(?:s|ed|ing)? up)\b",
    re.IGNORECASE,
)
"""Asks for one figure of several."""
# Said of rows, wherever they stand; any other word must come after them.
_OF_ROWS = re.compile(
    r"[合加并]起来|[加合]在?一[起块]|together|between them|jointly|collectively|altogether|in total|add(?:s|ed|ing)? up",
    re.IGNORECASE,
)
_RANKED_BY = re.compile(
    r"(?:按照?|以|\bby|\b(?:largest|highest|biggest|most|greatest|lowest|smallest|least))(?: the| their)?\s*$",
    re.IGNORECASE,
)
_RANKED_NEXT = re.compile(r"的?\s*(?:最|前[\d一二三四五六七八九十]|排|居|第[\d一二三四五六七八九十])")
# "the total deposits of the top five"
_TOTAL_OF_THE = re.compile(
    r"\b(?:total|sum)\b(?! (?:and|or)\b)[a-z' -]{0,40}\b(?:of|for|at|across|in) (?:the |our |these )?$", re.IGNORECASE
)
_LESS = re.compile(
    r"减去?|差额|差值|差距|缺口|之差|相差|[多少高低]出?多少|扣除|\b(?:minus|less(?! than)|net of|difference between|gap between)\b",
    re.IGNORECASE,
)
_PLUS = re.compile(r"加上?|之和|合计|总和|\b(?:plus|combined|together|sum of|added to|in total)\b", re.IGNORECASE)
_GAP_BETWEEN = re.compile(r"\b(?:difference|gap|distance) between (?:the |our |total )?$", re.IGNORECASE)
_SUM_OF = re.compile(r"\b(?:sum|total) of (?:the |our )?$", re.IGNORECASE)
_BETWEEN_TWO = re.compile(
    r"\s*(?P<more>(?:that |which )?(?:exceed(?:s|ed|ing)?|(?:(?:is|are|was|were) )?(?:greater|higher|larger|bigger|more) than)|大于|超过|高于|多于|超出)\s*(?:the |their |its |其)?"
    r"|\s*(?P<less>(?:(?:is|are|was|were) )?(?:less|lower|smaller) than|小于|低于|少于|不及)\s*(?:the |their |its |其)?",
    re.IGNORECASE,
)
_NET = re.compile(
    r"净(?:增|减|流入|流出|的|剩|额)|\bnet (?:gain|change|growth|additions?|adds?|increase|effect|of the two)\b|\bthe net(?= of the two\b|[?.,]|$)",
    re.IGNORECASE,
)
_ONE_OVER_OTHER = re.compile(r" [a-z_]+ [<>] [a-z_]+\b(?!\()")
_SAYS_OVER = re.compile(rf"(?:{_BETWEEN_TWO.pattern})", re.IGNORECASE)
_EXCEEDS = re.compile(r"\bexceed(?:s|ed)?\b", re.IGNORECASE)
# 存款超过贷款多少: how far, and no condition.
_HOW_FAR = re.compile(r"的?(?:多少|几|\d)|\s*(?:by|[\d.]+)")
_BY_HOW_MUCH = re.compile(r"\bby how much\b|\bhow (?:much|far) (?:do|does|did|is|are)\b", re.IGNORECASE)
# "Impairment as a percentage of income", 减值损失吃掉了营业收入的百分之几, "yuan of deposits for each yuan of loans".
_AS_PART_OF = re.compile(
    r"\s*,?\s*(?:expressed |stated |shown )?(?:as an? (?:percentage|share|proportion|fraction|per ?cent|%) of|divided by)\s+(?:the |our |their |its |total )*"
    r"|\s*(?:占到?了?|占去了?|吃掉了?|吞掉了?|耗掉了?|相当于|除以)\s*",
    re.IGNORECASE,
)
_PARTS_ZH = re.compile(r"的?(?:比例|比重|百分之(?:几|多少)|百分比|多少|几成|[%％])")
_IS = re.compile(r"\s*(?:是|为|达到?了?|相当于)\s*")
_IS_TIMES = re.compile(r"\s+(?:is|are|was|were) how many times (?:the |our )?", re.IGNORECASE)
_TIMES_ZH = re.compile(r"的?[几多]少?倍")
_DIVIDED = re.compile(r"除以|divided by", re.IGNORECASE)
_YUAN_OF = re.compile(r"\bhow many (?:yuan|rmb) of (?:the |our )?$", re.IGNORECASE)
_EACH_YUAN = re.compile(
    r"[a-z ]{1,24}\b(?:each|every|one|a|per) (?:yuan|rmb) (?:of|in) (?:the |our |its |their )?", re.IGNORECASE
)
_PER = re.compile(r"\s+per (?:each )?", re.IGNORECASE)
_REACH = 30
_WORDS = {
    " SUM(": re.compile(rf"{TOGETHER.pattern}|totals?|sum|[合加并]在", re.IGNORECASE),
    "COUNT(*)": re.compile(r"(?:多少|几).|数量|个数|家数|户数|how many|number|count", re.IGNORECASE),
    " - ": re.compile(
        rf"(?:{_LESS.pattern})|差|净(?:增|减|流入|流出|的|剩|额)?(?:多少户?)?|(?:the )?net(?: gain| change| of the two)?|exceed(?:s|ed)?",
        re.IGNORECASE,
    ),
    " + ": re.compile(rf"(?:{_PLUS.pattern})", re.IGNORECASE),
    f" AS {MULTIPLE} ": re.compile(
        r"(?:的|是)?[几多][少]?倍|how many times(?: (?:larger|bigger|higher|greater|more))?|times|than|as|those|that",
        re.IGNORECASE,
    ),
    f" AS {GAP} ": re.compile(
        r"[高多大长低少小短](?:出|了)?(?:多少|几)?.?|多少|(?:by )?how (?:much|many|far)(?: [a-z]+)?|than|exceed(?:s|ed)?|higher|lower|more|less|those|that",
        re.IGNORECASE,
    ),
    " / ": re.compile(rf"(?:{_AS_PART_OF.pattern})|back|each yuan(?: of)?|(?:的|是)?[几多]少?倍", re.IGNORECASE),
}


def says_combined(word: str, semantic_sql: str) -> bool:
    """Whether a word only says what `semantic_sql` does to its figures: 加起来 of a SUM, minus of a difference."""
    if _ONE_OVER_OTHER.search(semantic_sql) and _SAYS_OVER.fullmatch(word.strip()):
        return True
    return any(mark in semantic_sql and pattern.fullmatch(word.strip()) for mark, pattern in _WORDS.items())


def asks_total(context: Context, limit: Quantity) -> bool:
    """Whether the rows that `limit` leaves are to be one figure: the top five together. "Top 5 by total deposits" and
    存款合计最高的三家 only say how they are measured.
    """
    text = context.question.text
    for match in TOGETHER.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        is_measure = bool(_RANKED_BY.search(before) or _RANKED_NEXT.match(after))
        if not is_measure and (_OF_ROWS.fullmatch(match[0]) or match.start() >= limit.span.end):
            return True
    return bool(_TOTAL_OF_THE.search(text[: limit.span.start]))


def add_up(semantic_sql: str, measure: str) -> str:
    """Semantic SQL of the sum of a metric, or of a share of it, over the rows of `semantic_sql`."""
    if "(" not in measure:
        return f"WITH {LISTED} AS ({semantic_sql}) SELECT SUM({measure}) AS {total_of(measure)} FROM {LISTED}"
    named = semantic_sql.replace(measure, f"{measure} AS part", 1).replace(f"ORDER BY {measure}", "ORDER BY part")
    return f"WITH {LISTED} AS ({named}) SELECT SUM(part) AS {PART_TOGETHER} FROM {LISTED}"


def arithmetic(context: Context, metrics: Sequence[str], catalog: Catalog) -> str:
    """One metric less or plus another, as the text says; "" where it says neither, or they have no unit in common."""
    if len(metrics) != 2 or len({catalog.metrics[name].unit for name in metrics}) != 1:
        return ""
    if any("/" in catalog.metrics[name].unit for name in metrics):
        return ""
    # Points between two ratios are a difference; their sum is nothing.
    are_ratios = any(catalog.metrics[name].is_ratio_unit for name in metrics)
    text = context.question.text
    spans = sorted((m.span.start, m.span.end) for m in context.metrics if m.span and m.name in metrics)
    if len(spans) != 2:
        return ""
    between, after = text[spans[0][1] : spans[1][0]], text[spans[1][1] : spans[1][1] + _REACH]
    before = text[max(0, spans[0][0] - _REACH) : spans[0][0]]
    exceeds = _BY_HOW_MUCH.search(text) and _EXCEEDS.search(between)
    if exceeds or _LESS.search(between) or _LESS.match(after.lstrip("的 ")) or _GAP_BETWEEN.search(before):
        return f"{metrics[0]} - {metrics[1]}"
    if not are_ratios and (_PLUS.search(between) or _PLUS.match(after.lstrip("的 ")) or _SUM_OF.search(before)):
        return f"{metrics[0]} + {metrics[1]}"
    return ""


def net_of(context: Context, metrics: Sequence[str], catalog: Catalog) -> tuple[str, ...]:
    """Two metrics and what the one leaves of the other, where the text asks for the net beside both; () where it does not.
    What is bad when it grows is taken off what is good.
    """
    text = context.question.text
    if len(metrics) != 2 or len({catalog.metrics[name].unit for name in metrics}) != 1:
        return ()
    named = [m.span for m in context.metrics if m.span]
    said = [m for m in _NET.finditer(text) if not any(s.start < m.end() and m.start() < s.end for s in named)]
    if not said or any(catalog.metrics[name].is_ratio_unit or "/" in catalog.metrics[name].unit for name in metrics):
        return ()
    one, other = metrics
    if catalog.metrics[one].direction == "down_is_good" and catalog.metrics[other].direction == "up_is_good":
        one, other = other, one
    return (*metrics, f"{one} - {other}")


def exceeding(context: Context, metrics: Sequence[str], catalog: Catalog) -> str:
    """The condition that one metric is above or below another, branches whose deposits exceed their loans; "" where the
    text bounds neither by the other, or asks by how much.
    """
    text = context.question.text
    placed = sorted((m.span.start, m.span.end, m.name) for m in context.metrics if m.span and m.name in metrics)
    if len(metrics) != 2 or len(placed) != 2 or _BY_HOW_MUCH.search(text):
        return ""
    (_, end, one), (start, last, other) = placed
    said = _BETWEEN_TWO.fullmatch(text[end:start])
    is_open = bool(_HOW_FAR.match(text[last:])) or any(q.kind == "threshold" for q in context.quantities)
    if said is None or is_open or catalog.metrics[one].unit != catalog.metrics[other].unit:
        return ""
    return f"{one} {'>' if said['more'] else '<'} {other}"


def quotient(context: Context, metrics: Sequence[str], catalog: Catalog) -> str:
    """One metric over another, as the text says; "" where it does not, or where a balance would be set over what a period
    turned over.
    """
    if len(metrics) != 2:
        return ""
    text = context.question.text
    placed = sorted((m.span.start, m.span.end, m.name) for m in context.metrics if m.span and m.name in metrics)
    if len(placed) != 2:
        return ""
    (start, end, part), (first, last, whole) = placed
    above, below = catalog.metrics[part], catalog.metrics[whole]
    if any(m.is_ratio_unit or "/" in m.unit for m in (above, below)):
        return ""
    if is_stock(above, catalog) != is_stock(below, catalog):
        return ""
    between, after = text[end:first], text[last:]
    is_part = _AS_PART_OF.fullmatch(between) is not None
    if is_part and not between.isascii() and not _DIVIDED.search(between):
        is_part = _PARTS_ZH.match(after) is not None
    if (_IS.fullmatch(between) and _TIMES_ZH.match(after)) or _IS_TIMES.fullmatch(between):
        return f"{part} / {whole} AS {MULTIPLE}" if above.unit == below.unit else ""
    is_yuan = bool(_YUAN_OF.search(text[:start]) and _EACH_YUAN.fullmatch(between))
    is_mean = bool(_PER.fullmatch(between)) and above.unit != "count" and below.unit == "count"
    if not is_mean and (above.unit != below.unit or not (is_part or is_yuan)):
        return ""
    own = [m.name for m in catalog.metrics.values() if (m.numerator, m.denominator) == (part, whole)]
    return own[0] if own else f"{part} / {whole}"


def between_dates(
    source: str, metric: str, groups: Sequence[str], where: Sequence[str], dates: tuple[Period, Period]
) -> str:
    """Semantic SQL of a metric at the later of `dates` less the same at the earlier, for each of `groups`."""
    columns = ", ".join([*groups, metric])
    parts = []
    for name, period in zip((EARLIER, LATER), dates, strict=True):
        conditions = " AND ".join([f"{period.grain} = '{period.first}'", *where])
        parts.append(f"{name} AS (SELECT {columns} FROM {source} WHERE {conditions})")
    keys = " AND ".join(f"{LATER}.{group} = {EARLIER}.{group}" for group in groups)
    join = f"{LATER} LEFT JOIN {EARLIER} ON {keys}" if groups else f"{LATER} CROSS JOIN {EARLIER}"
    change = f"{LATER}.{metric} - {EARLIER}.{metric} AS {change_of(metric)}"
    shown = ", ".join([*(f"{LATER}.{group}" for group in groups), change])
    return f"WITH {', '.join(parts)} SELECT {shown} FROM {join}"
