"""Questions back: what was not understood, and readings to choose among. Words only; it never writes SQL."""

from __future__ import annotations

from collections.abc import Mapping

from t2sql.flow import Clarification, Context, Question, Reading


def ask_back(
    question: Question, context: Context, options: tuple[Reading, ...], timings: Mapping[str, float]
) -> Clarification:
    """A question back that names what was not understood."""
    zh = question.language == "zh"
    words = ("、" if zh else ", ").join(f"“{w}”" for w in context.ungrounded)
    if zh:
        text = f"没有看懂{words}。" if words else "这个问题有几种理解。"
        text += "您要问的是下面哪一个？" if options else "请换一种说法，或检查名称；问“我能问什么”可查看全部指标。"
    else:
        text = f"I do not understand {words}. " if words else "This question can be read in several ways. "
        again = "Please say it another way or check the name; “What can I ask?” tells all metrics."
        text += "Which of these do you mean?" if options else again
    return Clarification(question, text, options, timings, context)
