"""Decides what to say when a question should not, or cannot yet, be answered with a number. Words only; it never
writes SQL.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from t2sql.catalog import Catalog, Language
from t2sql.flow import Clarification, Context, Question, Reading, Refusal

LONGEST_QUESTION = 2_000
_DATA = (
    r"(?:table|record|row|loan|deposit|customer|account|balance|data|column|transaction|metric|definition|database"
    r"|entr(?:y|ie))s?"
)
_WRITING = re.compile(
    r"删除|删掉|清空|清除|销毁|篡改|修改|改为|改成|插入|写入|新建表|授权|覆盖掉|"
    r"\b(?:delete|drop|truncate|insert into|erase|wipe|revoke)\b|"
    rf"\b(?:update|alter|modify|overwrite|insert|change)\b(?: (?:all|the|every|any|our|my|this|these))* {_DATA}\b",
    re.IGNORECASE,
)
_CJK = re.compile(r"[㐀-鿿豈-﫿]")


def language_of(text: str) -> Language:
    """zh when the text holds a Chinese character."""
    return "zh" if _CJK.search(text) else "en"


def refuse_text(question: Question, timings: Mapping[str, float]) -> Refusal | None:
    """A refusal of the text itself: empty, too long, or asking for a change."""
    text, zh = question.text, question.language == "zh"
    if not any(character.isalnum() for character in text):
        return Refusal(
            question,
            "question",
            "问题是空的。" if zh else "The question is empty.",
            "请写出指标和时间，例如“2025年末各分行的不良贷款率”。"
            if zh
            else "Name a metric and a time, such as “NPL ratio by branch at the end of 2025”.",
            timings,
        )
    if len(text) > LONGEST_QUESTION:
        return Refusal(
            question,
            "question",
            f"问题超过 {LONGEST_QUESTION} 个字符。"
            if zh
            else f"The question is longer than {LONGEST_QUESTION} characters.",
            "请缩短问题，一次只问一件事。" if zh else "Shorten it, and ask one thing at a time.",
            timings,
        )
    if _WRITING.search(text):
        return Refusal(
            question,
            "read_only",
            "这里只能查询，不能修改或删除数据。" if zh else "Data can only be read here, never changed or deleted.",
            "请改为查询，例如“各分行的贷款余额”。"
            if zh
            else "Ask for a figure instead, such as “loan balance by branch”.",
            timings,
        )
    return None


def refuse_off_topic(question: Question, catalog: Catalog, timings: Mapping[str, float], context: Context) -> Refusal:
    """Nothing in the question names a metric that this principal may see."""
    zh = question.language == "zh"
    some = [m.display.to(question.language) for m in list(catalog.metrics.values())[:60:12]]
    return Refusal(
        question,
        "no_metric",
        "没有找到与问题对应的指标。" if zh else "No metric here matches the question.",
        ("可以问的指标例如：" + "、".join(some) + "。") if zh else ("Metrics to ask for: " + ", ".join(some) + "."),
        timings,
        context,
    )


def ask_back(
    question: Question, context: Context, options: tuple[Reading, ...], timings: Mapping[str, float]
) -> Clarification:
    """A question back that names what was not understood."""
    words = (
        "、".join(f"“{w}”" for w in context.ungrounded)
        if question.language == "zh"
        else ", ".join(f"“{w}”" for w in context.ungrounded)
    )
    if question.language == "zh":
        text = f"不认识{words}。" if words else "这个问题有几种理解。"
        text += "您要问的是下面哪一个？" if options else "请换一种说法，或检查名称。"
    else:
        text = f"I do not know {words}. " if words else "This question can be read in several ways. "
        text += "Which of these do you mean?" if options else "Please say it another way, or check the name."
    return Clarification(question, text, options, timings, context)


def name_options(semantic_sqls: list[str], say: Callable[[str], str]) -> tuple[Reading, ...]:
    """Readings to choose among, each told in words."""
    return tuple(Reading(say(sql), sql) for sql in semantic_sqls)
