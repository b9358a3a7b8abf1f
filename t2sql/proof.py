"""Where an answer comes from, in the reader's language: how it was understood, what each figure means, how it was made.

The page's proof and the proof sheet of a workbook are this text. It adds nothing to what the compiler and the catalog
kept, and names nothing that the narrowed catalog lacks.
"""

from __future__ import annotations

from dataclasses import dataclass

from t2sql.catalog import Language
from t2sql.explain import describe, tell_conditions, tell_limitation
from t2sql.flow import Answer, Draft
from t2sql.policy import Narrowed
from t2sql.wording import format_periods

HIGH, MEDIUM = 0.85, 0.6
ROUTES = {
    "verified": ("已审定的查询", "A verified query"),
    "composed": ("只有一种理解，按规则写成，未用语言模型", "One reading only, written by rule without the llm"),
    "generated": ("语言模型在几种理解中选定", "The llm chose among the possible readings"),
    "written": ("由人选定的语义 SQL", "Semantic SQL that a person chose"),
    "refused": ("未回答", "Not answered"),
}
LEVELS = {
    "high": ("高", "High"),
    "medium": ("中：请核对上面的理解", "Medium: check how it was understood"),
    "low": ("低：请仔细核对上面的理解", "Low: check carefully how it was understood"),
}
_TIMES = {
    "ground": ("理解", "read"),
    "follow": ("承接上一问", "follow up"),
    "write": ("书写", "write"),
    "compile": ("编译", "compile"),
    "run": ("查询", "run"),
    "total": ("合计", "total"),
}


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the proof."""

    title: str
    lines: tuple[tuple[str, str], ...]
    """Label and text; what is empty is left out."""


def tell_proof(answer: Answer, narrowed: Narrowed) -> tuple[Section, ...]:
    """Understanding, each metric, making; in the question's language. The two SQLs stand in `answer.plan`."""
    say = _Sayer(answer.question.language)
    return (
        _section(say("问题", "Question"), _understanding(answer, narrowed, say)),
        *_metrics(answer, narrowed, say),
        _section(say("过程", "How it was made"), _making(answer, narrowed, say)),
    )


def tell_route(draft: Draft, language: Language) -> str:
    """Who wrote the semantic SQL."""
    return _Sayer(language)(*ROUTES[draft.route])


def tell_confidence(draft: Draft, language: Language) -> str:
    """The confidence in words, with its figure."""
    say = _Sayer(language)
    if draft.confidence is None:
        return say("未测量", "Not measured")
    level = "high" if draft.confidence >= HIGH else "medium" if draft.confidence >= MEDIUM else "low"
    said = f"{draft.confidence:.2f}"
    return say(*LEVELS[level]) + say(f"（{said}）", f" ({said})")


class _Sayer:
    """Chooses between the two languages."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language

    def __call__(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en


def _understanding(answer: Answer, narrowed: Narrowed, say: _Sayer) -> list[tuple[str, str]]:
    question, plan, language = answer.question, answer.plan, say.language
    understood = plan.understood
    periods = format_periods(understood.periods, language) if understood.periods else ""
    if periods and understood.is_default_period:
        periods += say("（问题未指明时间，取默认期间）", " (the default: the question named none)")
    carried, signed = answer.draft.carried, answer.draft.verified
    return [
        (say("原问题", "As asked"), question.text),
        (say("理解为", "Understood as"), answer.explanation),
        (say("承接", "Carried over"), say(carried.zh, carried.en) if carried else ""),
        (say("审定", "Verified"), say(signed.zh, signed.en) if signed else ""),
        (say("期间", "Period"), periods),
        (say("数据日期", "As of"), format_periods(understood.as_of, language)),
        (say("条件", "Conditions"), tell_conditions(plan, narrowed, language)),
        (say("权限范围", "Row filters"), tell_limitation(plan, narrowed, language)),
        (say("提问人", "Asked by"), narrowed.principal.display.to(language)),
        (say("提问日期", "Asked on"), question.today.isoformat()),
        *((say("注意", "Note"), say(note.zh, note.en)) for note in plan.notes),
    ]


def _metrics(answer: Answer, narrowed: Narrowed, say: _Sayer) -> list[Section]:
    """One section a metric; its heading is what people call it."""
    found = []
    for item in answer.plan.provenance:
        metric = narrowed.catalog.metrics.get(item.metric)
        name = metric.display.to(say.language) if metric else item.metric
        lines = [line.partition(say("：", ": "))[::2] for line in describe(item, say.language, name)]
        found.append(_section(say("口径 · ", "Definition · ") + name, lines))
    return found


def _making(answer: Answer, narrowed: Narrowed, say: _Sayer) -> list[tuple[str, str]]:
    times = [
        f"{say(*told)} {answer.timings_ms[name]:,.0f} ms" for name, told in _TIMES.items() if name in answer.timings_ms
    ]
    tokens, rows = answer.tokens, len(answer.result.rows)
    used = say(
        f"读入 {tokens.prompt}（其中缓存 {tokens.cached}），写出 {tokens.completion}",
        f"{tokens.prompt} read, {tokens.cached} of them cached; {tokens.completion} written",
    )
    return [
        (say("路径", "Route"), tell_route(answer.draft, say.language)),
        (say("置信度", "Confidence"), tell_confidence(answer.draft, say.language)),
        (say("行数", "Rows"), f"{rows:,}"),
        (say("用时", "Timings"), " · ".join(times)),
        (say("词元", "Tokens"), used if tokens.prompt else ""),
        (say("指标目录", "Definitions"), narrowed.catalog.fingerprint[:12]),
    ]


def _section(title: str, lines: list[tuple[str, str]]) -> Section:
    return Section(title, tuple((label, text) for label, text in lines if text))
