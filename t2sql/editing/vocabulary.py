"""The fixed words of semantic SQL, each with a line on what it does, in both languages. Constants only."""

from __future__ import annotations

from collections.abc import Mapping

from t2sql.catalog import Display, Grain

FUNCTIONS: Mapping[str, tuple[Display, Display]] = {
    "yoy": (
        Display("同比增速", "year-on-year growth"),
        Display("与去年同期相比的增长率。", "Growth rate against the same period a year before."),
    ),
    "yoy_diff": (
        Display("同比变化", "year-on-year change"),
        Display("与去年同期之差；比率以百分点计。", "Less the same period a year before; ratios in percentage points."),
    ),
    "mom": (
        Display("环比增速（月）", "month-on-month growth"),
        Display("与上月相比的增长率。", "Growth rate against the month before."),
    ),
    "mom_diff": (
        Display("环比变化（月）", "month-on-month change"),
        Display("与上月之差；比率以百分点计。", "Less the month before; ratios in percentage points."),
    ),
    "qoq": (
        Display("环比增速（季）", "quarter-on-quarter growth"),
        Display("与上季相比的增长率。", "Growth rate against the quarter before."),
    ),
    "qoq_diff": (
        Display("环比变化（季）", "quarter-on-quarter change"),
        Display("与上季之差；比率以百分点计。", "Less the quarter before; ratios in percentage points."),
    ),
    "prev": (
        Display("上期值", "previous period"),
        Display("按所问的时间粒度往前一期的数。", "The figure one period back, at the grain asked."),
    ),
    "prev_diff": (
        Display("较上期变化", "change from the previous period"),
        Display("与往前一期之差；比率以百分点计。", "Less the figure one period back; ratios in percentage points."),
    ),
    "vs_year_start": (
        Display("较年初增速", "growth since the start of the year"),
        Display("与上年末余额相比的增长率。", "Growth rate against the close of last year."),
    ),
    "vs_year_start_diff": (
        Display("较年初变化", "change since the start of the year"),
        Display("与上年末余额之差；比率以百分点计。", "Less the close of last year; ratios in percentage points."),
    ),
    "ytd": (
        Display("年初至今", "year to date"),
        Display("从年初累计到所问期间末。", "Accumulated from the start of the year to the end of the period."),
    ),
    "prior_year": (
        Display("去年同期", "a year before"),
        Display("去年同期的数。", "The figure of the same period a year before."),
    ),
    "share": (
        Display("占比", "share"),
        Display("占全部的比例：share(指标, 维度)。", "Part of the whole: share(metric, dimension)."),
    ),
    "rank": (
        Display("排名", "rank"),
        Display("从高到低的名次。", "Place when ordered from the highest."),
    ),
}
"""Function over a metric -> what it is called, and what it gives."""

GRAIN_MEANINGS: Mapping[Grain, Display] = {
    "day": Display("按日；写作 '2026-06-30'。", "By day, as '2026-06-30'."),
    "week": Display("按周；写作 '2026-W07'。", "By ISO week, as '2026-W07'."),
    "month": Display("按月；写作 '2026-06'。", "By month, as '2026-06'."),
    "quarter": Display("按季；写作 '2026-Q2'。", "By quarter, as '2026-Q2'."),
    "half": Display("按半年；写作 '2026-H1'。", "By half-year, as '2026-H1'."),
    "year": Display("按年；写作 '2026'。", "By year, as '2026'."),
}

KEYWORDS: tuple[str, ...] = (
    *("SELECT", "FROM", "WHERE", "AND", "OR", "NOT", "IN", "BETWEEN", "LIKE", "IS", "NULL", "AS", "GROUP BY"),
    *("HAVING", "QUALIFY", "ORDER BY", "ASC", "DESC", "LIMIT", "OFFSET", "DISTINCT", "WITH", "UNION", "UNION ALL"),
    *("EXCEPT", "INTERSECT", "CASE", "WHEN", "THEN", "ELSE", "END", "JOIN", "LEFT JOIN", "ON", "OVER", "PARTITION BY"),
)
