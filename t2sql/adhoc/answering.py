"""Questions over fields, for one principal: what is drafted, and what is said where a draft is not sure enough.

Only where the settings allow it, and only where no signed metric is meant: its answers are computed ad hoc and say so.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from t2sql.adhoc.drafting import OverFields
from t2sql.catalog import DRAFT, Catalog, Dimension
from t2sql.errors import QueryError
from t2sql.explain import explain
from t2sql.fields.chinese import has_chinese
from t2sql.fields.index import FieldIndex
from t2sql.fields.undated import undated
from t2sql.flow import Clarification, Context, Definition, Draft, Plan, Question, Reading, Refusal, Tokens
from t2sql.generation.drafting import Drafted
from t2sql.generation.llm import Llm
from t2sql.policy import Narrowed
from t2sql.reading.composing import exact_metrics

Outcome = Draft | Clarification | Refusal


class AdHoc:
    """Drafts and questions back over the fields of one narrowed catalog."""

    def __init__(
        self, narrowed: Narrowed, index: FieldIndex, compile_sql: Callable[[str], Plan], llm: Callable[[], Llm]
    ) -> None:
        """`compile_sql(semantic_sql)` raises QueryError."""
        self._narrowed, self._compile = narrowed, compile_sql
        self._drafting = OverFields(index, compile_sql, llm)

    def outcome(
        self, question: Question, timings: Mapping[str, float], cancel: threading.Event | None = None
    ) -> Outcome | None:
        """A draft to answer by, a question back or a refusal; None where nothing of the question names a field.

        Raises LlmUnavailable, GenerationError, Cancelled.
        """
        try:
            drafted = self._drafting.draft(question, cancel)
        except QueryError as error:
            return Refusal(question, error.code, *error.told(question.language), timings, None)
        if drafted is None or drafted.is_sure:
            return drafted.draft if drafted else None
        return unsure(question, drafted.draft, self._compile(drafted.draft.semantic_sql), self._narrowed, timings)


def unsure(
    question: Question, draft: Draft, plan: Plan, narrowed: Narrowed, timings: Mapping[str, float]
) -> Clarification:
    """The question back whether `draft`, compiled as `plan`, is what was meant."""
    reading = Reading(explain(plan, narrowed, question.language), draft.semantic_sql)
    tokens = draft.tokens or Tokens(0, 0, 0)
    return Clarification(question, _UNSURE[question.language], (reading,), timings, tokens=tokens)


_UNSURE = {
    "zh": "没有指标回答这个问题，按字段理解也没有把握。您是这个意思吗？如果不是，请补充说明，例如公式或字段名。",
    "en": "No metric answers this, and I am not sure how to read it over the fields. Is this what you mean? If not,"
    " add a hint, such as a formula or a field's name.",
}


class FieldShelf:
    """The index of each narrowed catalog's fields, made anew when the data have changed."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, FieldIndex]] = {}

    def index(
        self, narrowed: Narrowed, version: str, values_of: Callable[[Dimension], Mapping[str, Sequence[str]]]
    ) -> FieldIndex:
        """The index over `narrowed`; `values_of` gives a dimension's values among the rows the principal may see."""
        known = self._kept.get(narrowed.fingerprint)
        if known is None or known[0] != version:
            catalog = undated(narrowed.catalog)
            values = {
                (d.dataset, d.field): tuple(values_of(d))
                for d in catalog.dimensions.values()
                if not d.role and (item := catalog.field_of(d)).searchable and not item.is_time
            }
            known = self._kept[narrowed.fingerprint] = (version, FieldIndex.build(catalog, values))
        return known[1]

    def forget(self) -> None:
        """What was made by other definitions."""
        self._kept.clear()


def is_unsigned(narrowed: Narrowed) -> bool:
    """Whether nothing of the catalog was signed by a person."""
    return all(metric.version == DRAFT for metric in narrowed.catalog.metrics.values())


def means_signed(context: Context, drafted: Drafted | None, catalog: Catalog) -> bool:
    """Whether a signed metric is named in words, or is what a sure draft computes."""
    named = {mention.name for mention in exact_metrics(context)}
    if drafted is not None:
        named |= {name for name in catalog.metrics if re.search(rf"\b{re.escape(name)}\b", drafted.draft.semantic_sql)}
    return any(catalog.metrics[name].version != DRAFT for name in named if name in catalog.metrics)


def is_moot(refusal: Refusal | None, narrowed: Narrowed, whole: Catalog) -> bool:
    """Whether words alone cannot refuse a question over fields: what a drafted catalog is about only its fields tell,
    and who may see every field of `whole` is withheld none.
    """
    own = narrowed.catalog.datasets
    sees_all = all(name in own and len(own[name].fields) == len(d.fields) for name, d in whole.datasets.items())
    return refusal is not None and (refusal.code == "outside" or (refusal.code == "personal" and sees_all))


_ASKS_MEANING = re.compile(
    r"\bdefin|\bformulas?\b|\bmean(?:s|ing|t)?\b|\bcalculated\b|\bcomputed\b|\bowner|\bowns\b|\bexplain"
    r"|\bstands? for\b|\bunits?\b",
    re.IGNORECASE,
)


_ASKS_MEANING_ZH = re.compile(
    r"什么意思|定义|含义|口径|公式|释义|怎么[算得来定]|如何(?:计算|算|得|定|统计)|解释|什么是|叫什么指标|计算(?:方法|方式|逻辑)"
    r"|谁(?:负责|定的|签|管)|单位是(?:什么|啥)|(?:哪些|什么)(?:指标|维度|口径)|(?:能|可以)(?:问|查)(?:什么|哪些|啥)|有没有.{0,8}(?:指标|维度)|是什么[?？]?$"
)


def may_be_rows(question: Question, defined: Definition | Refusal) -> bool:
    """Whether a question that reads as one about names rather asks what the rows hold, where nothing is signed: in
    "What is the average length of rivers by country?" a drafted metric is named, and a figure wanted.
    """
    if isinstance(defined, Definition) and defined.topics:
        return True
    asks = _ASKS_MEANING_ZH if has_chinese(question.text) else _ASKS_MEANING
    return not asks.search(question.text)


def over_rows(narrowed: Narrowed) -> Narrowed:
    """`narrowed` as rows to list."""
    return replace(narrowed, catalog=undated(narrowed.catalog))
