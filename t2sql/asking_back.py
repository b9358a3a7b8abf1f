"""What to say when a draft is not sure enough: a question back with readings to choose from, or a refusal.

A word that stands where a name stands is never passed over: a metric that is not known here is refused, and a reading
is offered only when it compiles for who asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from t2sql.errors import CertifyError, NotComputable, QueryError
from t2sql.explain import explain
from t2sql.flow import Clarification, Context, Plan, Question, Reading, Refusal
from t2sql.generation.candidates import candidates
from t2sql.generation.drafting import Drafted
from t2sql.grounding import Grounding
from t2sql.policy import Narrowed
from t2sql.reading.nearby import near_metrics
from t2sql.reading.readings import exact_metrics
from t2sql.screening import ask_back, offer_instead, refuse_off_topic

MOST_OPTIONS = 3
_NAME_LIKE = 0.9
"""Weight of a doubt that stands for a thing of its own."""
_GAP = re.compile(r"[\s\-的]+")


class AskingBack:
    """Questions back and refusals for one narrowed catalog."""

    def __init__(self, narrowed: Narrowed, grounding: Grounding, compile_sql: Callable[[str], Plan]) -> None:
        """`compile_sql(semantic_sql)` raises QueryError."""
        self._narrowed, self._grounding, self._compile = narrowed, grounding, compile_sql

    def about(
        self, question: Question, context: Context, drafted: Drafted | None, timings: Mapping[str, float]
    ) -> Clarification | Refusal:
        """What to say instead of `drafted`; None where nothing could be drafted."""
        if drafted is not None and not _names_another(context):
            context = replace(context, ungrounded=tuple(dict.fromkeys((*context.ungrounded, *drafted.chosen.left))))
            if options := self.options(self._likely(context, drafted), question):
                return ask_back(question, context, options, timings)
        return refuse_off_topic(question, self._narrowed.catalog, timings, context)

    def instead_of(
        self, question: Question, context: Context, error: QueryError, timings: Mapping[str, float]
    ) -> Clarification | None:
        """Metrics called alike, where the only one named cannot be shown as asked; None when there is none."""
        named = exact_metrics(context)
        if not isinstance(error, NotComputable) or len(named) != 1:
            return None
        catalog = self._narrowed.catalog
        pool = near_metrics(named[0].name, catalog)
        near = (c.semantic_sql for name in pool for c in candidates(context, catalog, pool=[name]) if not c.left)
        options = self.options(near, question)
        return offer_instead(question, context, error, options, timings) if options else None

    def options(self, semantic_sqls: Iterable[str], question: Question) -> tuple[Reading, ...]:
        """Up to three readings that compile, in the order given, told in words; no two alike."""
        texts: dict[str, str] = {}
        for sql in semantic_sqls:
            try:
                said = explain(self._compile(sql), self._narrowed, question.language)
            except (QueryError, CertifyError):
                continue
            if said not in texts.values():
                texts[sql] = said
            if len(texts) == MOST_OPTIONS:
                break
        return tuple(Reading(said, sql) for sql, said in texts.items())

    def _likely(self, context: Context, drafted: Drafted) -> Iterator[str]:
        """Semantic SQL in the order of likelihood; a unit that nobody knows is put right, or nothing is offered."""
        completed = self._grounding.completed(context)
        if completed != (context,):
            for one in completed:
                yield from (c.semantic_sql for c in candidates(one, self._narrowed.catalog)[:1])
            return
        yield drafted.draft.semantic_sql
        yield from (c.semantic_sql for c in drafted.others)


def _names_another(context: Context) -> bool:
    """Whether an unknown name right before a metric's makes it another: liquidity coverage ratio."""
    text = context.question.text
    unknown = [doubt.word for doubt in context.doubts if doubt.weight >= _NAME_LIKE]
    for mention in exact_metrics(context):
        before = _GAP.sub("", text[: mention.span.start].lower()) if mention.span else ""
        if any(before.endswith(_GAP.sub("", word.lower())) for word in unknown):
            return True
    return False
