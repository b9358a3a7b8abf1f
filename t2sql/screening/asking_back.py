"""Questions back: what was not understood, and readings to choose among. Words only; it never writes SQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from t2sql.errors import T2sqlError
from t2sql.flow import Clarification, Context, Question, Reading


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
        text = f"没有看懂{words}。" if words else "这个问题有几种理解。"
        text += "您要问的是下面哪一个？" if options else "请换一种说法，或检查名称。"
    else:
        text = f"I do not understand {words}. " if words else "This question can be read in several ways. "
        text += "Which of these do you mean?" if options else "Please say it another way, or check the name."
    return Clarification(question, text, options, timings, context)


def offer_instead(
    question: Question, context: Context, error: T2sqlError, options: tuple[Reading, ...], timings: Mapping[str, float]
) -> Clarification:
    """Why it cannot be computed as asked, and what near it can."""
    told = error.told(question.language)[0]
    ask = "您要问的是下面哪一个？" if question.language == "zh" else " Which of these do you mean?"
    return Clarification(question, told + ask, options, timings, context)


def name_options(semantic_sqls: list[str], say: Callable[[str], str]) -> tuple[Reading, ...]:
    """Readings to choose among, each told in words."""
    return tuple(Reading(say(sql), sql) for sql in semantic_sqls)
