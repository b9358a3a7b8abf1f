"""Chinese for what is wrong with a checked question, by the form of its English; where no form fits, that stands."""

from __future__ import annotations

import re

from t2sql.editing.chinese import chinese_of
from t2sql.errors import ConfigError, NotKept, QueryError, T2sqlError

_BEFORE = re.compile(r"^.*?verified question '(?P<id>[^']*)':? ")
_FORMS: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(form), message, hint)
    for form, message, hint in (
        (r"semantic_sql is not SQL\.", "语义 SQL 写错了。", "请写一条 SELECT 语句。"),
        (
            r"the semantic SQL names the period (?P<a>'.+?'), and the question names none\.",
            "语义 SQL 限定了期间 {a}，而问题没有说期间。",
            "请编辑语义 SQL，去掉期间条件。",
        ),
        (
            r"the question names (?P<a>'.+?'), and the semantic SQL does not\..*",
            "问题问的是 {a}，语义 SQL 里却没有。",
            "请编辑语义 SQL，或先加同义词。",
        ),
        (r"the question names nothing\.", "问题没有说出任何指标或维度。", "请先加同义词。"),
        (
            r"the question's period (?P<a>.+) is no time condition of the semantic SQL\.",
            "问题的期间 {a} 不是语义 SQL 的时间条件。",
            "请编辑语义 SQL，写上同样的期间。",
        ),
        (
            r"the question's value (?P<a>.+) is no condition of the semantic SQL\.",
            "问题中的取值 {a} 不是语义 SQL 的条件。",
            "请编辑语义 SQL，加上这个条件。",
        ),
        (
            r"the question's value may be (?P<a>.+), and the semantic SQL limits both\.",
            "问题中的取值可能是 {a}，而语义 SQL 两个都限定了。",
            "请编辑语义 SQL，只留一个条件。",
        ),
        (
            r"(?P<a>'.+?') stands in the semantic SQL outside a condition on (?P<b>'.+?')\.",
            "{a} 在语义 SQL 中还出现在 {b} 的条件之外。",
            "请编辑语义 SQL，让取值只出现在条件中。",
        ),
        (
            r"the question's number (?P<a>.+) is neither LIMIT nor the most that a rank may be\.",
            "问题中的名次 {a} 既不是 LIMIT，也不是排名条件。",
            "请编辑语义 SQL，写上 LIMIT {a}。",
        ),
        (
            r"the question's bound (?P<a>.+) is no comparison of the semantic SQL\.",
            "问题中的数值条件 {a} 不在语义 SQL 里。",
            "请编辑语义 SQL，写上同样的比较。",
        ),
        (
            r"two numbers of the question are alike, .*",
            "问题中有两个相同的数，分不清各自对应语义 SQL 的哪一处。",
            "这样的问题不能成为核定问题。",
        ),
        (
            r"asks what (?P<a>'.+?') asks, and has other semantic SQL\.",
            "已有的核定问题 {a} 问的是同一件事，语义 SQL 却不同。",
            "请先在 verified.yml 中改正或删去 {a}。",
        ),
    )
)
_EDIT = "Edit the semantic SQL, or word the question so that it says the same."


def unfit(error: T2sqlError) -> NotKept:
    """Why a question cannot be verified, in both languages, without the file and the name that only tests gave it."""
    told = _BEFORE.sub("", error.message)
    zh = _chinese(told, error)
    return NotKept(told[:1].upper() + told[1:], error.hint or _EDIT, zh=zh)


def _chinese(told: str, error: T2sqlError) -> tuple[str, str]:
    for form, message, hint in _FORMS:
        if found := form.fullmatch(told):
            return message.format(**found.groupdict()), hint.format(**found.groupdict())
    if error.zh:
        return error.zh
    if isinstance(error, QueryError):
        return chinese_of(error)
    own = "核定问题有误：" if isinstance(error, ConfigError) else "无法核定："
    return own + told, error.hint or "请编辑语义 SQL。"
