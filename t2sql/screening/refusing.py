"""What is refused by the text of a question alone, and the words that say so: what is wrong, and what to ask instead.

A pattern that matches inside a name of the narrowed catalog refuses nothing. When in doubt a text passes: grounding and
the compiler come after, and a false refusal of an honest question is worse than a question back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from t2sql.catalog import Catalog
from t2sql.flow import Question, Refusal
from t2sql.grounding.words.text import fold
from t2sql.screening import forecasts, opinions, outside, personal, rules, writes
from t2sql.screening.exemptions import is_named
from t2sql.screening.languages import is_served

LONGEST_QUESTION = 2_000

_Said = tuple[str, str, str, str]
"""Text and hint in Chinese, then in English; {metric} in a hint is a metric that there is."""

_READ_ONLY: _Said = (
    "这里只能查询，不能修改或删除数据。",
    "请改为查询，例如“{metric}”。",
    "Data can only be read here, never changed or deleted.",
    "Ask for a figure instead, such as “{metric}”.",
)
_RULES: _Said = (
    "数据权限和规则不能绕过，也不提供系统内部信息。",
    "请直接问有权限查看的指标，例如“{metric}”。",
    "Rights and rules cannot be set aside here, and nothing about the system itself is told.",
    "Ask for a figure that you may see, such as “{metric}”.",
)
_TYPED_SQL: _Said = (
    "这里请用文字提问，不接受直接输入的 SQL。",
    "请写出指标和条件；语义 SQL 可用 t2sql sql 运行。",
    "Questions are asked in words here; SQL typed as a question is not run.",
    "Name a metric and conditions; `t2sql sql` runs semantic SQL.",
)
_NO_FORECAST: _Said = (
    "这里只回答已经发生的数字，不做预测。",
    "请问已加载的期间，例如“上月的{metric}”。",
    "Only figures that have happened are told here; nothing is forecast.",
    "Ask about a period that is loaded, such as “{metric} last month”.",
)
_NO_REASON: _Said = (
    "这里只提供数字，不解释变化的原因。",
    "请把变化拆开来看，例如“{metric}较年初的变化”。",
    "Figures are told here, not the reasons behind them.",
    "Split the change instead, such as “change in {metric} since the start of the year”.",
)
_NO_ADVICE: _Said = (
    "这里只提供数字，不做评价，也不给建议。",
    "请问与之有关的指标，例如“{metric}”。",
    "Figures are told here, not opinions or advice.",
    "Ask for a metric that bears on it, such as “{metric}”.",
)
_NOT_PERSONAL: _Said = (
    "这里不提供个人身份信息，或您没有查看的权限。",
    "请改问汇总数字，例如“{metric}”。",
    "What identifies a person is not told here, or you may not see it.",
    "Ask for figures over many customers, such as “{metric}”.",
)
_NOT_HERE: _Said = (
    "这里只有本行的业务指标，没有您问的内容。",
    "请问“我能问什么”，查看可以问的指标。",
    "Only this bank's own metrics are here, and what you ask is none of them.",
    "Ask “What can I ask?” for what there is.",
)
_NO_CHAT: _Said = (
    "这里回答关于本行指标的问题。",
    "请问“我能问什么”，或写出指标和时间，例如“上月的{metric}”。",
    "Questions about the bank's metrics are answered here.",
    "Ask “What can I ask?”, or name a metric and a time, such as “{metric} last month”.",
)
_LANGUAGE: _Said = (
    "目前只支持中文和英文提问。",
    "请用中文或英文再问一次。",
    "Questions are understood in Chinese and English only.",
    "Please ask again in one of them.",
)
_EMPTY: _Said = (
    "问题是空的。",
    "请写出指标和时间，例如“上月的{metric}”。",
    "The question is empty.",
    "Name a metric and a time, such as “{metric} last month”.",
)
_TOO_LONG: _Said = (
    f"问题超过 {LONGEST_QUESTION} 个字符。",
    "请缩短问题，一次只问一件事。",
    f"The question is longer than {LONGEST_QUESTION} characters.",
    "Shorten it, and ask one thing at a time.",
)
_EXAMPLE = re.compile(r"(?:，例如|, such as )“[^”]*”")
"""What names a metric, where there is none to name."""
_KINDS: tuple[tuple[str, re.Pattern[str], _Said, bool], ...] = (
    ("question", rules.BREAKING, _RULES, False),
    ("read_only", writes.CHINESE, _READ_ONLY, False),
    ("read_only", writes.ENGLISH, _READ_ONLY, False),
    ("question", rules.SQL, _TYPED_SQL, False),
    ("question", outside.CHAT, _NO_CHAT, False),
    ("personal", personal.PERSONAL, _NOT_PERSONAL, True),
    ("question", forecasts.FORECAST, _NO_FORECAST, False),
    ("question", opinions.REASON, _NO_REASON, False),
    ("question", opinions.ADVICE, _NO_ADVICE, False),
    ("outside", outside.OUTSIDE, _NOT_HERE, False),
)
"""Code, what matches, what is said, and whether a part of a name exempts it; the gravest first."""


def refuse_text(question: Question, timings: Mapping[str, float], catalog: Catalog | None = None) -> Refusal | None:
    """A refusal of the text itself: empty, too long, asking for a change, for what no figure of the bank answers, or in
    no served language. `catalog` is the narrowed one, whose names refuse nothing, and one of which stands for others in
    what to ask instead.
    """
    text = question.text
    if not any(character.isalnum() for character in text):
        return _refuse(question, "question", _EMPTY, timings, catalog)
    if len(text) > LONGEST_QUESTION:
        return _refuse(question, "question", _TOO_LONG, timings, catalog)
    plain = fold(text).text
    for code, pattern, said, in_part in _KINDS:
        searched = forecasts.without_asides(plain) if pattern is forecasts.FORECAST else plain
        for match in pattern.finditer(searched):
            if catalog is None or not is_named(plain, *match.span(), catalog, in_part=in_part):
                return _refuse(question, code, said, timings, catalog)
    if not is_served(text):
        return _refuse(question, "question", _LANGUAGE, timings, catalog)
    return None


def _refuse(
    question: Question, code: str, said: _Said, timings: Mapping[str, float], catalog: Catalog | None
) -> Refusal:
    text, hint = said[:2] if question.language == "zh" else said[2:]
    named = next(iter(catalog.metrics.values()), None) if catalog else None
    hint = hint.format(metric=named.display.to(question.language)) if named else _EXAMPLE.sub("", hint)
    return Refusal(question, code, text, hint, timings)
