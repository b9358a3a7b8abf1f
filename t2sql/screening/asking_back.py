"""Questions back: what was not understood, and readings to choose among. Words only; it never writes SQL."""

from __future__ import annotations

from collections.abc import Mapping

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
