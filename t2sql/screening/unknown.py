"""Refusals of what the catalog does not have, or cannot put together: each names the word, and what would work.

Names only what the narrowed catalog holds. Decides nothing: whether a question is refused is the agent's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from t2sql.catalog import Catalog, Dimension, Language, Metric
from t2sql.definitions import has_dimension
from t2sql.flow import Context, Question, Refusal
from t2sql.reading.nearby import near_metrics
from t2sql.wording import join, visible

_MOST_NEAREST, _MOST_LISTED = 3, 5
_LONGEST_NAME, _MOST_OF_IT = 10, 0.8


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


def refuse_unknown(
    question: Question, context: Context, catalog: Catalog, nearest: Sequence[str], timings: Mapping[str, float]
) -> Refusal:
    """The question names what nothing here is called: the words, and the nearest metrics that this person may see.

    `nearest`: names of metrics, best first; with none of them in `catalog` it is said how to see all.
    """
    zh, language = question.language == "zh", question.language
    near = [catalog.metrics[name] for name in nearest if name in catalog.metrics][:_MOST_NEAREST]
    words = [f"“{visible(word)}”" for word in _unknown_names(context)]
    if not words and not near:
        return refuse_off_topic(question, catalog, timings, context)
    told = join(words, language)
    if zh:
        text = f"没有名为{told}的指标、维度或取值。" if words else "没有找到与问题对应的指标。"
    else:
        text = (
            f"No metric, dimension or value here is called {told}." if words else "No metric here matches the question."
        )
    listed = join([visible(m.display.to(language)) for m in near], language, "" if zh else "or")
    if near:
        hint = f"相近的指标：{listed}。" if zh else f"Ask for {listed} if one of them is meant."
    else:
        hint = "请问“我能问什么”，查看全部指标。" if zh else "Ask “What can I ask?” for all metrics."
    return Refusal(question, "no_metric", text, hint, timings, context)


def _unknown_names(context: Context) -> list[str]:
    """The words that may be names: no single letter, no whole sentence, and no part of another."""
    words = [word for word in context.ungrounded if len(word) > 1]
    words = _joined(words, context.question.text)
    words = [w for w in words if len(w) <= _LONGEST_NAME or len(w) < len(context.question.text) * _MOST_OF_IT]
    return [word for word in words if not any(word != other and word in other for other in words)]


def _joined(words: Sequence[str], text: str) -> list[str]:
    """`words` in their order, those that follow each other in `text` without a gap as one: 火星, 分行 → 火星分行."""
    found: list[str] = []
    for word in words:
        if found and f"{found[-1]}{word}" in text:
            found[-1] += word
        else:
            found.append(word)
    return found


def refuse_incompatible(
    question: Question,
    context: Context,
    catalog: Catalog,
    metrics: Sequence[str],
    dimensions: Sequence[str],
    timings: Mapping[str, float],
) -> Refusal | None:
    """Metrics and dimensions, named in the catalog, that cannot stand in one answer, and what would work; None where
    each metric has each dimension.
    """
    asked = [catalog.metrics[name] for name in dict.fromkeys(metrics) if name in catalog.metrics]
    by = [catalog.dimensions[name] for name in dict.fromkeys(dimensions) if name in catalog.dimensions]
    lacking = [(m, d) for m in asked for d in by if not has_dimension(m, d, catalog)]
    if not lacking:
        return None
    metric, dimension = lacking[0]
    zh, language = question.language == "zh", question.language
    called, split = visible(metric.display.to(language)), visible(dimension.display.to(language))
    text = (
        f"{called}没有“{split}”这个维度，不能按它拆分或筛选。"
        if zh
        else f"The {called} has no {split}: it cannot be split or filtered by it."
    )
    hints = (*_other_dimensions(asked, catalog, language), *_other_metrics(metric, by, catalog, language))
    return Refusal(question, "not_computable", text, ("" if zh else " ").join(hints), timings, context)


def _other_dimensions(metrics: Sequence[Metric], catalog: Catalog, language: Language) -> Iterable[str]:
    """What all of the metrics can be split by."""
    found = [
        d for d in catalog.dimensions.values() if not d.role and all(has_dimension(m, d, catalog) for m in metrics)
    ]
    if not found:
        return
    listed = join(
        [visible(d.display.to(language)) for d in found[:_MOST_LISTED]], language, "" if language == "zh" else "or"
    )
    metric = metrics[0].display.to(language)
    if len(metrics) > 1:
        yield f"这些指标都可以按{listed}拆分。" if language == "zh" else f"All of them can be split by {listed}."
    else:
        yield f"{metric}可以按{listed}拆分。" if language == "zh" else f"The {metric} can be split by {listed}."


def _other_metrics(
    metric: Metric, dimensions: Sequence[Dimension], catalog: Catalog, language: Language
) -> Iterable[str]:
    """Metrics called alike, or else any, that have all the dimensions."""
    near = [catalog.metrics[name] for name in near_metrics(metric.name, catalog)]
    fit = [m for m in near if all(has_dimension(m, d, catalog) for d in dimensions)]
    fit = fit or [m for m in catalog.metrics.values() if all(has_dimension(m, d, catalog) for d in dimensions)]
    if not fit:
        return
    listed = join(
        [visible(m.display.to(language)) for m in fit[:_MOST_NEAREST]], language, "" if language == "zh" else "or"
    )
    by = join([visible(d.display.to(language)) for d in dimensions], language)
    yield f"能按{by}拆分的指标有：{listed}。" if language == "zh" else f"Metrics that can be split by {by}: {listed}."
