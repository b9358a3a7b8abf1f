"""Which function of semantic SQL a cue of comparison asks for: a rate or a difference, over a year, a step or the year so far.

Decides by the cue's words, the metric's unit and the asked grain; never finds cues itself.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

from t2sql.catalog import Grain
from t2sql.grounding.names.comparisons import Cue

_RATE_WORDS = re.compile(r"增速|增长率|增幅|幅度|变化率|变动率|百分比|rate|%|percent")
_AMOUNT_WORDS = re.compile(
    r"(?:增加|减少|变化|变动|多增|少增|增减|升降|多|少|高|低)了?(?:多少|几|额|量)|净增|变化|变动|增减|增加|减少|多|少|how much|by how many"
)
# 涨了多少钱: an amount, whatever the verb would else ask for.
MONEY_WORDS = re.compile(
    r"(?:多少|几)个?(?:钱|元|万|亿|块)|\bhow (?:much money|many (?:yuan|rmb|million|billion))\b|\b(?:in|by) (?:yuan|rmb|cny)\b"
)
_FASTEST = re.compile(r"最[快慢]|\b(?:fastest|slowest)\b")
_RISE_ZH = re.compile(r"增长|增速|增幅|涨|growth|grow|grew")


def function_of(cue: Cue, text: str, is_ratio: bool, grain: Grain | None) -> str:
    """The function that a cue asks for, by the metric's unit and the asked grain."""
    if cue.family in ("ytd", "share", "rank", "prior_year"):
        return cue.family
    if cue.family == "mean":
        return f"mean_{cue.grain}"
    words = text[cue.start : cue.end + 6]
    is_rate = bool(_RATE_WORDS.search(words)) if is_ratio else cue.form == "rate"
    is_difference = not is_rate and (is_ratio or cue.form == "difference")
    if not is_rate and not is_difference:
        asks_amount = bool(_AMOUNT_WORDS.search(words)) and not _RISE_ZH.search(words)
        is_difference = asks_amount or (cue.family == "year_start" and not _RISE_ZH.search(words))
    if not is_ratio and cue.form != "rate" and MONEY_WORDS.search(text) and not _RATE_WORDS.search(words):
        is_difference = True
    elif not is_ratio and cue.family in ("year", "year_start") and cue.form != "difference" and _FASTEST.search(text):
        is_difference = False
    if cue.family == "year":
        return "yoy_diff" if is_difference else "yoy"
    if cue.family == "year_start":
        return "vs_year_start_diff" if is_difference else "vs_year_start"
    step = _step(cue, words, grain)
    if cue.family == "prior" and not is_rate and cue.form != "rate" and not _RISE_ZH.search(words):
        is_difference = True
    if not is_difference:
        return {"month": "mom", "quarter": "qoq"}.get(step or grain or "month", "prev_diff")
    return {"month": "mom_diff", "quarter": "qoq_diff"}.get(step, "prev_diff")


def _step(cue: Cue, words: str, grain: Grain | None) -> str:
    """ "month" or "quarter" when the words say the step themselves."""
    if cue.grain:
        return cue.grain
    if cue.family != "prior":
        return ""
    said = (
        "month"
        if re.search(r"月|month", words[: cue.end - cue.start])
        else "quarter"
        if re.search(r"季|quarter", words[: cue.end - cue.start])
        else ""
    )
    return "" if said == grain else said
