"""What a change between two said periods, or within one, is called in semantic SQL: from May to June is mom_diff at June.

Decides only where the text has a word of change; every other question of two periods shows both.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from t2sql.catalog import Catalog, Metric
from t2sql.flow import Period, Span
from t2sql.metric_names import is_stock
from t2sql.reading.asks import asks_beside
from t2sql.reading.change_ends import COURSE, STEP, between, from_year_start, months_of, quarter_of, since, within
from t2sql.reading.movement import MOST, MOVES

_CHANGE = re.compile(
    r"变化|变动|增加|减少|增减|升降|上升|下降|提升|提高|增长|比[^，,。\x00]{1,10}?[多少高低]\x00|[多少高低涨跌升降差]了|[多少高低差]多少|[高低多少]出|[多少][\u4e00-\u9fff]{1,2}了?(?:多少|几)|变[了多少大小高低]|攀升|抬升|回升|回落|走[高低]|上行|下行|缩水|(?<![吃吞耗用花])掉了|[长涨增跌降]得?更?[快慢](?!速)|往[上下][走掉]|涨|跌|相差|差额|差距|差异|改善|恶化|净增|新增|压降|增量|降幅|增幅|增速|"
    r"\b(?:chang|increas|decreas|grow|grew|ris(?:e|en|ing)|rose|fall|fell|drop|declin|differ|improv|worsen|mov(?:e|ed|es|ing|ement)\b|gain|climb|"
    r"shr[aiu]nk|swing|jump|expand|widen|narrow|slipp?|surg|soar|plung|slump|tumbl|put on\b|shed\b|contracted|accelerat|how many per ?cent (?:more|less|fewer|higher|lower)|gap\b|delta|up or down|(?:up|down) (?:by|on|from|over|against|vs|how|what)\b|gone? (?:up|down)\b|went (?:up|down)\b|compar\w+(?=[^.;?]{0,16}\b(?:per ?cent|percentage)|[^.;?]{0,16}%)|(?:how much|how many|what) (?:more|less|fewer|higher|lower)|(?:higher|lower|more|less) than (?:in )?(?=q\d|h\d|[a-z]+ 20|20|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|last|the previous))",
    re.IGNORECASE,
)
_HOW_MUCH = re.compile(
    r"(?:增加|减少|增长|下降|上升|变化|变动|涨|跌|净增|多增|[多少][\u4e00-\u9fff]|[高低多少]出|降低|提高|提升|压降|恶化|改善)了?(?:多少|几|额|量|幅度|百分之|情况)|新增(?!长)|净增|增量|变动[额值]|变化[额值]|"
    r"(?:增长|增加|下降|减少|上升|提高|降低|变化|恶化|改善|压降)[得额幅]?(?:度)?最[多大快高]|"
    r"\b(?:largest|biggest|highest|greatest|smallest|fastest|steepest|sharpest) (?:\w+ )?(?:increase|rise|growth|drop|decline|fall|change|gain|decrease|improvement)\b|"
    r"\b(?:grew|increased|rose|fell|dropped|gained|lost|improved|worsened|declined)\b.{0,40}\b(?:the most|most|least|fastest|slowest)\b|"
    r"\bhow much (?:did|has|have|had)\b.*\b(?:grow|increase|rise|fall|change|drop|decline|move|improve|worsen|grown|increased|risen|fallen|"
    r"changed|dropped|declined|moved|improved|worsened)\b|\bby how (?:much|many)\b|\b(?:what|how many|by how many) (?:per ?cent(?:age)?s?|%)(?: points?)?(?! ?of\b)|百分之(?:几|多少)|几个?百分点|"
    r"\b(?:rise|risen|rose|up|higher|increased?|grown?|gone up|improved?|widen\w*) or (?:fall|fallen|fell|down|lower|decreased?|shrunk|gone down|worsened?|narrow\w*)\b|"
    r"\b(?:did|has|have)\b[^.;?]*\b(?:rise|rose|risen|fall|fallen|drop|dropped|grow|grown|increase|increased|decrease|decreased|improve|improved|worsen|worsened|go(?:ne)? (?:up|down))\b|\bhow (?:did|has|have)\b.*\b(?:changed?|moved?)\b",
    re.IGNORECASE,
)
# How far two said dates lie apart.
_HOW_FAR = re.compile(
    r"[高低大小多少][了出]?(?:多少|几)|\bhow (?:much|many) (?:more|less|fewer|higher|lower|bigger|larger|smaller|greater|better|worse)\b",
    re.IGNORECASE,
)
_RATE = re.compile(
    r"最[快慢]|[长涨增跌降]得?更?[快慢](?!速)|更[快慢]|\b(?:fastest|slowest|faster|slower)\b|增长率|增速|增幅|降幅|变化率|变动率|百分之(?:几|多少)|百分比|几个?百分点|\bgrowth(?: rate)?\b|\bhow (?:it|they|that|this) (?:has |have )?gr[eo]wn?\b|\brate of (?:growth|change)\b|\b(?:at|by) what (?:growth )?(?:rate|pace|speed)\b|"
    r"\b(?:percents?|per cent|percentages?)\b(?! points?)|(?<![\d.])%",
    re.IGNORECASE,
)
_SHOWN = re.compile(r"\b(?:yoy|mom|qoq|prev|vs_year_start)(?:_diff)?\(| AS change_of_")
# Which of two is the greater: both are shown.
_WHICH_IS_MORE = re.compile(r"(?:谁|哪一?[个家])?的?更[多少高低大小]", re.IGNORECASE)
_SIDE_BY_SIDE = re.compile(r"SELECT (?:\w+, )*?(?P<by>\w+), .* (?P=by) IN \(")
_FASTER = re.compile(
    r"(?:谁|哪一?[个家])?的?(?:更|[长涨增跌降]得?更?)[快慢]|[长涨增跌降]得更?|faster|slower", re.IGNORECASE
)
_RATE_SHOWN = re.compile(r"SELECT (?:\w+, )*(?:yoy|mom|qoq|vs_year_start)\(\w+\) FROM ")
_RATES = re.compile(r"SELECT (?:\w+, )*(?P<rate>yoy|mom|qoq|vs_year_start)\(\w+\), (?:\w+, )*(?P=rate)\(\w+\) FROM ")
_BASE = re.compile(
    r"(?:[比较]|相比|相较于?|对比|比起|与|跟|同)\s*$|\b(?:than|versus|vs\.?|against|compared (?:to|with|against)|relative to)(?: (?:at|in|on))?(?: the)?(?: end of)?\s*$",
    re.IGNORECASE,
)
_FROM_TO = re.compile(r"(?:从|自|由|\bfrom|\bbetween)\s*(?:the )?(?:end of )?$", re.IGNORECASE)


# Both the amount of a change and its rate: in yuan and in percent, 增加额及增幅.
_AMOUNT_ASKED = re.compile(
    r"(?:[增减变升降涨跌][加少长化动升降]?|[多少高低])了?多少(?!个?百分|个?点|\s*[（(]?\s*[%％])|[增减变]\S{0,2}[额量]|"
    r"\b(?:in|as|both) (?:an? |the )?(?:yuan|rmb|cny|money|absolute|amount|value)\b|\babsolute (?:amount|change|terms|figures?)\b|\b(?:amount|yuan|rmb|absolute) (?:change|increase|difference|and|as well as)\b|"
    r"\bhow much\b(?=.*\b(?:and|or) (?:by |in |at )?(?:what|how many|per ?cent|percentage|%)(?! points?))",
    re.IGNORECASE,
)
_RATE_ASKED = re.compile(
    r"(?:增幅|增速|增长率|涨幅|降幅|跌幅|幅度)\S{0,4}(?:多少|几|[?？。，,、]|$)|百分之|百分比|\b(?:growth rate|rate of)\b|(?<![\d.])(?<!\d )(?:%|\bper ?cent(?:age)?s?\b)(?! ?(?:of|points?)\b)",
    re.IGNORECASE,
)
_MONEY_ASKED = re.compile(
    r"(?:多少|几)个?(?:钱|元|万|亿|块)|\bhow (?:much money|many (?:yuan|rmb|million|billion))\b", re.IGNORECASE
)
# What one part adds to the growth of the whole is an amount.
_CONTRIBUTED = re.compile(r"\bcontribut\w+|贡献", re.IGNORECASE)
# What is asked of a span as a whole: growth over the twelve months to March.
_OVER = re.compile(
    r"\b(?:growth|changes?|increases?|decreases?|rise|fall|drop|decline|movement|improvement|grown|risen|fallen|changed|moved)\b.* (?:over|in|during|for) |[增减变][长加少化动]|增速|增幅",
    re.IGNORECASE,
)
_BASE_BESIDE = re.compile(
    r"(?:\b(?:next to|alongside|beside|side by side with)|并列|并排)\s*(?:that of |those of |the )?$", re.IGNORECASE
)
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def asks_both(text: str) -> bool:
    """Whether a change is asked as an amount and as a rate."""
    return bool(_AMOUNT_ASKED.search(text) and _RATE_ASKED.search(text))


def says_rate(text: str) -> bool:
    """Whether a change, where there is one, is asked as a rate."""
    return bool(_RATE.search(text))


_LISTED = re.compile(r"\s*(?:,|，|、|和|及|与|/|&|,?\s*and)\s*(?:the )?(?:end[- ]?(?:of )?)?", re.IGNORECASE)
_AND_CHANGE_OF = re.compile(
    r"(?:\b(?:and|with|plus)|及|和|以及|[,，]|附)\s*(?:the |its |their )?(?:percentage |per ?cent |% |yuan )?(?:change|difference|growth|increase|decrease|movement|同比|环比|增速|增幅|变化|变动)",
    re.IGNORECASE,
)


def base_beside(periods: Sequence[Period], text: str) -> bool:
    """ "H1 2026 next to H1 2025": the figure of the second period is shown too."""
    if any(_BASE_BESIDE.search(text[: period.span.start]) for period in periods):
        return True
    if len(periods) > 1 and asks_beside(text, changes=1 + asks_both(text)):
        return True
    first, last = periods[:1], periods[1:2]
    listed = first and last and _LISTED.fullmatch(text[first[0].span.end : last[0].span.start])
    return bool(listed and _AND_CHANGE_OF.match(text[last[0].span.end :].lstrip()))


def change_between(
    periods: Sequence[Period],
    text: str,
    taken: Sequence[Span],
    metrics: Sequence[Metric],
    catalog: Catalog,
    *,
    moves: bool = False,
) -> tuple[str, Period | None] | None:
    """The stem of the function ("mom", "yoy", "vs_year_start" …) and the period that it is read at, None for the latest;
    None when no change is asked, or none of the functions says it. `moves`: those that rose or fell are asked for.
    """
    if not metrics or not asks_change(_blanked(text, taken)):
        return None
    stock = all(is_stock(m, catalog) for m in metrics)
    if stock and len(periods) == 1 and (opened := from_year_start(periods[0], text)):
        return "vs_year_start", opened
    ends = split_range(periods, text) or (since(periods, text) if stock else [])
    if len(ends) == 2:
        earlier, later = sorted(ends, key=months_of)
        if (
            stock
            and later.grain == "month"
            and months_of(later) - months_of(earlier) == 3
            and months_of(later) % 3 == 2
        ):
            earlier, later = quarter_of(earlier), quarter_of(later)
        return between(earlier, later, is_stock=stock)
    if len(periods) == 1 and _BASE.search(text[: periods[0].span.start]):
        # 比2023年末增加多少: what it is compared with is no period of the change.
        return None
    # In Chinese 二季度增速 is on the year; "growth in Q2" of a balance is over that quarter.
    parts = () if _CHINESE.search(text) else ("quarter", "half")
    spans = [p for p in periods if p.first != p.last or p.grain == "year" or p.grain in parts]
    is_over = stock and len(periods) == len(spans) == 1 and not COURSE.search(text)
    asks = _HOW_MUCH.search(_blanked(text, taken)) or (periods and (moves or MOST.search(_blanked(text, taken))))
    if len(periods) < 2 and (asks or (is_over and _OVER.search(text))):
        return within(periods[0], stock, text) if periods else ("vs_year_start", None) if stock else None
    return None


def far_dates(
    periods: Sequence[Period], text: str, taken: Sequence[Span], metrics: Sequence[Metric]
) -> tuple[Period, Period] | None:
    """The two periods, the earlier first, between which a difference is asked that no function says: 较2023年末增加多少."""
    blanked = _blanked(text, taken)
    ends = split_range(periods, text)
    if (
        len(ends) != 2
        or len(metrics) != 1
        or not (_HOW_MUCH.search(blanked) or _HOW_FAR.search(blanked))
        or COURSE.search(blanked)
    ):
        return None
    if _RATE.search(blanked) and not metrics[0].is_ratio_unit:
        return None
    earlier, later = sorted(ends, key=months_of)
    return earlier, later


def function_of(stem: str, text: str, metric: Metric, *, is_bounded_in_percent: bool = False) -> str:
    """The rate or the difference of a stem: a ratio's change is told in points, growth as a rate."""
    if stem in ("prev",):
        return "prev_diff"
    is_amount = _MONEY_ASKED.search(text) or _CONTRIBUTED.search(text)
    is_rate = bool(is_bounded_in_percent or _RATE.search(text)) and not metric.is_ratio_unit and not is_amount
    return stem if is_rate else f"{stem}_diff"


def says_change(word: str, semantic_sql: str) -> bool:
    """Whether an otherwise unknown word only says the change that `semantic_sql` shows: 高出, grown, more … than; or asks
    which of several is the greater, which are all shown.
    """
    if _WHICH_IS_MORE.fullmatch(word) and _SIDE_BY_SIDE.match(semantic_sql):
        return True
    is_beside = _RATE_SHOWN.match(semantic_sql) and _SIDE_BY_SIDE.match(semantic_sql)
    if _FASTER.fullmatch(word) and (is_beside or _RATES.match(semantic_sql)):
        return True
    said = _CHANGE.match(word) or MOVES.match(word)
    whole = bool(said) and bool(re.fullmatch(r"[a-z]*", word[said.end() :] if said else word))
    return bool(_SHOWN.search(semantic_sql)) and (
        whole or word in ("than", "grown", "rate", "rates", "terms", "absolute")
    )


def asks_change(text: str) -> bool:
    """Whether any word of `text` may ask for a change."""
    return bool(_CHANGE.search(text) or MOVES.search(text))


def split_range(periods: Sequence[Period], text: str) -> list[Period]:
    """Two single periods; a range said with from … to, beside a word of change, is its two ends."""
    if len(periods) == 1 and periods[0].first != periods[0].last and not periods[0].is_cumulative:
        period = periods[0]
        if _FROM_TO.search(text[: period.span.start]) and asks_change(text) and not COURSE.search(text):
            return [replace(period, last=period.first), replace(period, first=period.last)]
        return []
    singles = [p for p in periods if p.first == p.last and p.grain in STEP]
    return singles if len(singles) == len(periods) == 2 and singles[0].grain == singles[1].grain else []


def _blanked(text: str, spans: Sequence[Span]) -> str:
    """`text` without the spans, and without the same words said again elsewhere."""
    for phrase in sorted({text[span.start : span.end] for span in spans} - {""}, key=len, reverse=True):
        text = text.replace(phrase, "\x00" * len(phrase))
    return text
