"""Words that want an answer of a certain form, whatever else was found: two figures to compare, the first of each group, a
row a month, an order by name. A finished reading either has that form or the words are told back.

An independent second look: it reads the question as it was typed and the semantic SQL as it stands, and nothing of how one
became the other. It never says how a reading should be instead.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from t2sql.catalog import GRAINS, Catalog
from t2sql.flow import Context, Span

_FROM = re.compile(r" FROM ")
_CHANGES = re.compile(r"\b(?:yoy|mom|qoq|prev|prior_year|vs_year_start)(?:_diff)?\(")
_MADE = re.compile(r" [-+/] |\b(?:share|rank)\(|" + _CHANGES.pattern)
_DENIED = re.compile(
    r"(?:\b(?:not?|rather than|instead of|without|never|isn't|don't \w+)(?: the| a| an| any)?|不是|并非|而非|不要|不看|不问|不用|非)\s*$",
    re.IGNORECASE,
)
_LIMITED_TO = re.compile(r"\b(?P<dimension>\w+) = '(?!\d{4}\b)")


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a reading shows."""

    sql: str
    columns: str
    """Between SELECT and FROM, of the outermost SELECT."""
    figures: int
    """Metrics, changes and sums among the columns."""
    groups: int
    """Dimensions and grains among them."""

    @property
    def is_course(self) -> bool:
        """Whether rows are periods."""
        return any(re.search(rf"\b{grain}\b", self.columns) for grain in GRAINS) or "each_month" in self.sql

    @property
    def is_one_figure(self) -> bool:
        """Whether one number is all that is shown, and nothing in it is set against anything."""
        is_made = _MADE.search(self.columns) or "UNION" in self.sql or self.sql.startswith("WITH")
        return self.groups == 0 and self.figures < 2 and not is_made


def _divides(shown: _Shown) -> bool:
    return " / " in shown.columns or "share(" in shown.columns or _CHANGES.search(shown.columns) is not None


def _sets_against(shown: _Shown) -> bool:
    return not shown.is_one_figure or bool(re.search(r" [<>]=? | IN \(| BETWEEN ", shown.sql))


def _firsts_of_each(shown: _Shown) -> bool:
    return " QUALIFY " in shown.sql or "PARTITION BY" in shown.sql


def _ordered(shown: _Shown) -> bool:
    return bool(re.search(r" ORDER BY | QUALIFY |rank\(|\b(?:MAX|MIN)\(| [<>]=? ", shown.sql))


def _by_name(shown: _Shown) -> bool:
    return bool(
        re.search(r" ORDER BY (?!\w+\()(?:region|branch|sub_branch|product|industry|customer_name)\b", shown.sql)
    )


def _changes(shown: _Shown) -> bool:
    return bool(_CHANGES.search(shown.sql)) or " - " in shown.columns


def _averages(shown: _Shown) -> bool:
    return "AVG(" in shown.sql


def _never(_shown: _Shown) -> bool:
    return False


_EN_BEST = r"(?:top|bottom|best|worst|largest|biggest|highest|lowest|smallest|leading|most|least|strongest|weakest)"
FORMS: tuple[tuple[re.Pattern[str], Callable[[_Shown], bool]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), holds)
    for pattern, holds in (
        (
            r"\balphabetic\w*|\b(?:by|in) name order\b|\ba[- ]to[- ]z\b|按(?:名称|名字|拼音|首?字母)(?:的?顺序|排)|拼音顺序",
            _by_name,
        ),
        (
            r"\bday of (?:the )?week\b|\b(?:by|per|each|every|on) week(?:end|day)s?\b|\b(?:each|every|on) (?:mon|tues|wednes|thurs|fri|satur|sun)days\b|\bweek(?:end|day)s? (?:vs|versus|and|or|against|only)\b|周末(?=的?[\u3400-\u9fff]*(?:消费|交易|存款))|工作日|星期几|周几",
            _never,
        ),
        (
            r"\b(?:per|each|every|by|for each|for every) (?:calendar )?(?:week|month|quarter|half[- ]year|year)\b(?![- ]?(?:ends?|on|to|ago|over|start|close|earlier|before|later)\b|['’]s| (?:end|close|of|or)\b)|(?:每一?个?|逐|各个?)(?:季度?|月|年)(?![初末底均化]|一?[上下]半年|的?[一二三四]季)",
            lambda shown: shown.is_course or "each_" in shown.sql,
        ),
        (rf"\b{_EN_BEST}\b[^,.;:?!]{{0,40}}\b(?:in|for|of|within|from|at) (?:each|every)\b", _firsts_of_each),
        (r"几倍|多少倍|\b(?:how many times|as a multiple of|what multiple)\b", _divides),
        (
            r"\b(?:how far|how much (?:higher|lower|more|less|bigger|smaller|larger))\b|[差高低多少]出?多少(?=$|[^\u3400-\u9fff]|[?？])|相差|差距|差几|\b(?:gap|difference) (?:between|to|from|with)\b",
            lambda shown: bool(re.search(r" - |_diff\(|" + _CHANGES.pattern, shown.columns)),
        ),
        (
            r"\b(?:compare[sd]?|comparing|comparison|versus|vs|relative to|as against|against (?=(?:the (?:same|previous|prior|year|month)|a (?:year|month|quarter)|last|q[1-4]|h[12]|20\d\d)\b)|stack(?:s|ed)? up)\b|对比|相比|相较|比较(?![好差高低多少大小])",
            _sets_against,
        ),
        (r"\b(?:simple|arithmetic|straight|plain|unweighted) (?:mean|average|avg)\b|简单平均|算术平均", _averages),
        (
            r"\byear[- ](?:on|over)[- ]year\b|\by-?o-?y\b|同比",
            lambda shown: bool(re.search(r"\byoy|\bprior_year", shown.sql) or shown.sql.startswith("WITH")),
        ),
        (r"\bgrowth\b(?! rates?\b)|\b(?:increase|decrease|rise|decline|drop|fall)s? (?:by|per|each|every) ", _changes),
        (
            r"\b(?:top|bottom)\b[^.?;,]{0,30}\b(?:for|in|by|on) both\b|\bboth [^.?;,]{0,30}\b(?:top|bottom) (?:\d+|three|five|ten)\b",
            _never,
        ),
        (r"\bby how (?:long|old|big|large|far)\b", lambda shown: shown.groups > 0),
        (
            r"(?<!at )(?<!the )\b(?:top|bottom) (?!lines?\b|up\b|down\b|of\b)(?:\d+|[a-z]+)\b|\b(?:highest|lowest|largest|biggest|smallest)\b",
            _ordered,
        ),
    )
)
"""Words, and whether a reading has the form that they want."""
_DONE = re.compile(
    r" (?:that (?:were|was|have been) |which were |we )?(?P<deed>recovered|collected|written[- ]off|charged[- ]off|sold|transferred|restructured|cured|repaid|cleared|disposed of|securiti[sz]ed|renewed|rolled over|extended|withdrawn|lost)\b",
    re.IGNORECASE,
)
_ORDERS = re.compile(
    r"按|以|依|根据|\b(?:by|in terms of|measured|with|most|highest|largest|biggest|lowest|smallest|best|worst|fewest|least|top)\b",
    re.IGNORECASE,
)
_RATIO_OF = re.compile(r"\bratio of (?:the |our )?(?P<part>[a-z-]+)(?: [a-z-]+)? to\b", re.IGNORECASE)
_SHARE_OF_IN = re.compile(
    r"\b(?:share|proportion|percentage|weight) of (?:the |our |its |their )?(?P<part>(?!each\b|every\b|total\b)[a-z]+(?: [a-z]+)?) (?:in|within) (?!each\b|every\b|q[1-4]\b|h[12]\b|20\d\d|(?:the )?(?:first|last|second|third|fourth)\b|[a-z]+ 20\d\d)",
    re.IGNORECASE,
)
_FOR_EACH = re.compile(
    r"\b(?:per|each|every|for each|(?<!ed )(?<!en )(?<!eld )(?<!old )(?<!ent )by)(?: [a-z]+)? $", re.IGNORECASE
)
_BUT = re.compile(r" (?:except|but|other than|apart from|outside|excluding)\b", re.IGNORECASE)
_PART_OF = re.compile(r"占(?:了)?(?:多少|几成|百分之|多大)|\b(?:share|proportion|fraction) of\b", re.IGNORECASE)
_CALLED_PART = re.compile(r"占|比例|比重|份额|比率|使用率|\b(?:share|ratio|proportion|fraction)\b")
_KEPT_AFTER = re.compile(
    r"\s*(?:is |are |was |were )?(?:also |too )?includ(?:ed|ing)\b|也?(?:包括|包含|计入|算)(?:在内|进)", re.IGNORECASE
)
_KEPT_BEFORE = re.compile(
    r"(?:\b(?:including|includes?|incl\.?)(?: the)?\s*|(?<!不)(?:包括|包含|(?<![不包])含|连同))$", re.IGNORECASE
)


def misformed(context: Context, semantic_sql: str, catalog: Catalog) -> list[Span]:
    """Where words stand whose form `semantic_sql` has not."""
    text, shown = context.question.text, _shown(semantic_sql, catalog)
    if not shown.figures:
        return []
    named = [m.span for part in (context.metrics, context.values) for m in part if m.span]
    found = [
        span for span in _wanted(text, shown) if not any(n.start <= span.start and span.end <= n.end for n in named)
    ]
    found += _ungrouped(context, shown) + _other_parts(context, catalog) + _mixed_periods(context, shown)
    found += _done_to(context, catalog) + _ordered_by_hidden(context, shown) + _other_ratio(context, shown, catalog)
    found += _part_lost(context, shown)
    return found + _kept_and_limited(context, semantic_sql) + _one_of_one(context, semantic_sql, shown)


def _wanted(text: str, shown: _Shown) -> Iterator[Span]:
    for pattern, holds in FORMS:
        if holds(shown):
            continue
        for match in pattern.finditer(text):
            if not _DENIED.search(text[: match.start()]):
                yield Span(*match.span())


def _ungrouped(context: Context, shown: _Shown) -> list[Span]:
    """ "Per booking branch", where the rows are not branches."""
    text = context.question.text
    held = [v.span for v in context.values]
    return [
        Span(d.span.start, d.span.end)
        for d in context.dimensions
        if d.span
        and not re.search(rf"\b(?:[a-z]+_)?{d.name}\b(?! (?:=|<>|IN|NOT IN) )", shown.sql)
        and _FOR_EACH.search(text[: d.span.start])
        and not _BUT.match(text[d.span.end :])
        and not any(h.start < d.span.end and d.span.start < h.end for h in held)
    ]


def _other_parts(context: Context, catalog: Catalog) -> list[Span]:
    """新放贷款里小微占多少, read as one name of a metric that is no part of anything."""
    text, found = context.question.text, []
    for mention in context.metrics:
        metric = catalog.metrics.get(mention.name)
        if metric and mention.span and (said := _PART_OF.search(text[mention.span.start : mention.span.end])):
            names = " ".join((metric.display.zh, metric.display.en, *metric.synonyms)).lower()
            if not _CALLED_PART.search(names) or any(
                mention.span.start <= v.span.start and v.span.end <= mention.span.start + said.end()
                for v in context.values
            ):
                found.append(mention.span)
    return found


def _done_to(context: Context, catalog: Catalog) -> list[Span]:
    """ "NPLs recovered", "loans sold": another measure than what stands, unless the metric is called so."""
    text, found = context.question.text, []
    for mention in context.metrics:
        metric = catalog.metrics.get(mention.name)
        said = _DONE.match(text[mention.span.end :]) if metric and mention.span else None
        names = " ".join((metric.display.en, *metric.synonyms)).lower() if metric else ""
        if said and mention.span and said["deed"].lower()[:5] not in names:
            found.append(Span(mention.span.end + said.start("deed"), mention.span.end + said.end()))
    return found


def _ordered_by_hidden(context: Context, shown: _Shown) -> list[Span]:
    """不良贷款户数前五: rows in the order of a figure that is not shown, where nothing says that it is what orders them."""
    text, ordered = context.question.text, re.search(r" ORDER BY (\w+)", shown.sql)
    if ordered is None or re.search(rf"\b{ordered[1]}\b", shown.columns):
        return []
    return [
        m.span
        for m in context.metrics
        if m.span and m.name == ordered[1] and not _ORDERS.search(text[max(0, m.span.start - 24) : m.span.start])
    ]


def _other_ratio(context: Context, shown: _Shown, catalog: Catalog) -> list[Span]:
    """ "The ratio of time to demand deposits", read as a ratio that is called by none of these words."""
    metric = catalog.metrics.get(shown.columns.split(", ")[-1])
    match = _RATIO_OF.search(context.question.text)
    if match is None or metric is None:
        return []
    names = " ".join((metric.display.en, *metric.synonyms)).lower()
    return [] if match["part"].lower().rstrip("s") in names else [Span(*match.span())]


def _part_lost(context: Context, shown: _Shown) -> list[Span]:
    """ "The share of wealth in AUM", where the share is that of each row in all."""
    held = [named.span for named in (*context.dimensions, *context.metrics) if named.span]
    if not re.search(r"\bshare\(\w+\)", shown.columns):
        return []
    said = (Span(*match.span("part")) for match in _SHARE_OF_IN.finditer(context.question.text))
    return [s for s in said if not any(h.start < s.end and s.start < h.end for h in held)]


def _mixed_periods(context: Context, shown: _Shown) -> list[Span]:
    """The average over one period and the balance at another, where each row shows both of both."""
    own = [p.span for p in context.periods if not p.dimension]
    return own[1:] if "UNION ALL" in shown.sql and shown.figures > 1 and len(own) > 1 else []


def _kept_and_limited(context: Context, sql: str) -> list[Span]:
    """ "Head office included" keeps it among the rows; a condition on it alone shows nothing else."""
    text = context.question.text
    limited = {match["dimension"] for match in _LIMITED_TO.finditer(sql)}
    return [
        value.span
        for value in context.values
        if value.dimension in limited
        and not value.is_negated
        and (_KEPT_AFTER.match(text[value.span.end :]) or _KEPT_BEFORE.search(text[: value.span.start]))
    ]


def _one_of_one(context: Context, sql: str, shown: _Shown) -> list[Span]:
    """The first of rows of which there is only one: where Hangzhou ranks is no first row of Hangzhou."""
    limited = {match["dimension"] for match in _LIMITED_TO.finditer(sql)}
    groups = [name for name in shown.columns.split(", ") if name.isidentifier()]
    is_one = shown.groups == 1 and bool(groups) and groups[0] in limited
    return [q.span for q in context.quantities if q.kind == "limit"] if is_one and " LIMIT " in sql else []


def _shown(sql: str, catalog: Catalog) -> _Shown:
    outer = sql.rsplit(") SELECT ", 1)[-1] if sql.startswith("WITH") else sql.removeprefix("SELECT ")
    columns = _FROM.split(outer, maxsplit=1)[0]
    names = re.findall(r"[a-z_]\w*", columns)
    groups = sum(name in catalog.dimensions or name in GRAINS for name in names if "share(" not in columns)
    groups += sum(name in catalog.dimensions for name in _FROM.split(columns)[0].split(", ") if "share(" in columns)
    figures = sum(name in catalog.metrics for name in names) + ("COUNT(" in sql) + ("SUM(" in sql)
    return _Shown(sql, columns, figures, groups)
