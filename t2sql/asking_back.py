"""What to say when a draft is not sure enough: a question back with readings to choose from, or a refusal.

A word that stands where a name stands is never passed over: a metric that is not known here is refused, and a reading
is offered only when it compiles for who asks.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from t2sql.errors import CertifyError, QueryError
from t2sql.explain import explain
from t2sql.flow import Clarification, Context, Plan, Question, Reading, Refusal
from t2sql.generation.candidates import candidates
from t2sql.generation.drafting import Drafted
from t2sql.grounding import Grounding
from t2sql.grounding.values.meanings import meanings
from t2sql.metric_names import made_of
from t2sql.policy import Narrowed
from t2sql.reading.composing import exact_metrics
from t2sql.reading.nearby import near_metrics
from t2sql.reading.weighed import Weighed, weighed
from t2sql.screening import ask_back, refuse_incompatible, refuse_unknown

MOST_OPTIONS = 3
_NAME_LIKE = 0.9
"""Weight of a doubt that stands for a thing of its own."""
_MOST_POOL = 8
_CHANGED = re.compile(r"growth|grown?|changes?|trends?|增长|增速|变化|变动|环比|同比|怎么样|情况")
_GAP = re.compile(r"[\s\-的]+")


class AskingBack:
    """Questions back and refusals for one narrowed catalog."""

    def __init__(self, narrowed: Narrowed, grounding: Grounding, compile_sql: Callable[[str], Plan]) -> None:
        """`compile_sql(semantic_sql)` raises QueryError."""
        self._narrowed, self._grounding, self._compile = narrowed, grounding, compile_sql
        self._catalog = narrowed.catalog

    def meant(self, question: Question, context: Context, timings: Mapping[str, float]) -> Clarification | Context:
        """`context` as it must be meant, where a name of several things (陆家嘴) leaves one; else the question back."""
        several = meanings(context)
        if len(several) == 1:
            return context
        best = [next((c.semantic_sql for c in candidates(one, self._catalog) if not c.left), "") for one in several]
        options = self.options((sql for sql in best if sql), question)
        if len(options) == 1:
            return next(one for one, sql in zip(several, best, strict=True) if sql == options[0].semantic_sql)
        return ask_back(question, context, options, timings) if options else context

    def about(
        self, question: Question, context: Context, drafted: Drafted | None, timings: Mapping[str, float]
    ) -> Clarification | Refusal:
        """What to say instead of `drafted`; None where nothing could be drafted."""
        if drafted is not None and not _names_another(context):
            likely = self._likely(context, drafted)
            left = tuple(word for word in drafted.chosen.left if word != question.text.strip())
            context = replace(context, ungrounded=tuple(dict.fromkeys((*context.ungrounded, *left))))
            if pool := self._halves(context):
                halves = (c.semantic_sql for name in pool for c in candidates(context, self._catalog, pool=[name])[:1])
                likely = itertools.chain(itertools.islice(halves, MOST_OPTIONS - 1), likely, halves)
            options = self.options(likely, question)
            if not _unknown_names(context) or (options and self._compiles(drafted.draft.semantic_sql)):
                return ask_back(question, context, options, timings)
        nearest = [mention.name for mention in context.metrics]
        refusal = refuse_unknown(question, context, self._catalog, nearest, timings)
        if drafted is None and not self._grounding.completed(context):
            return refusal
        return replace(refusal, readings=self.options(self._likely(context, drafted), question))

    def _halves(self, context: Context) -> list[str]:
        """Metrics that may be meant where only half a name was said (余额, income), or none (growth): those that most
        others are made of first.
        """
        if exact_metrics(context) or (not context.ungrounded and (context.values or context.dimensions)):
            return []
        words = [word for word in context.ungrounded if not _CHANGED.fullmatch(word)]
        metrics = self._catalog.metrics
        used = Counter(part for name in metrics for part in made_of(name, metrics))
        shared = [name for name in metrics if all(self._holds(name, word) for word in words)]
        return sorted(shared, key=lambda name: -used[name])[:_MOST_POOL] if len(shared) > 1 else []

    def _holds(self, name: str, word: str) -> bool:
        display = self._catalog.metrics[name].display
        return word.rstrip("s") in display.en.lower().split() if word.isascii() else word in display.zh

    def instead_of(
        self, question: Question, context: Context | None, error: QueryError, timings: Mapping[str, float]
    ) -> Refusal:
        """The refusal of what cannot be computed as asked, with what near it can."""
        plain = Refusal(question, error.code, *error.told(question.language), timings, context)
        named = exact_metrics(context) if context else []
        if context is None or not named:
            return plain
        catalog = self._catalog
        metrics = [mention.name for mention in named]
        by = [d.name for d in context.dimensions] + [v.dimension for v in context.values]
        refusal = refuse_incompatible(question, context, catalog, metrics, by, timings) or plain
        pool = near_metrics(metrics[0], catalog) if len(metrics) == 1 else []
        near = [c.semantic_sql for name in pool for c in candidates(context, catalog, pool=[name]) if not c.left]
        tried = next((c.semantic_sql for c in candidates(context, catalog)), "")
        near += (sql for sql in self._likely(context) if sql != tried)
        return replace(refusal, readings=self.options(near, question))

    def _compiles(self, semantic_sql: str) -> bool:
        try:
            self._compile(semantic_sql)
        except (QueryError, CertifyError):
            return False
        return True

    def options(self, semantic_sqls: Iterable[str], question: Question) -> tuple[Reading, ...]:
        """Up to three readings that compile, in the order given, told in words; no two alike or of one physical SQL."""
        texts: dict[str, str] = {}
        ran: set[str] = set()
        for sql in semantic_sqls:
            try:
                plan = self._compile(sql)
                said = explain(plan, self._narrowed, question.language)
            except (QueryError, CertifyError):
                continue
            if said not in texts.values() and plan.physical.sql not in ran:
                texts[sql] = said
                ran.add(plan.physical.sql)
            if len(texts) == MOST_OPTIONS:
                break
        return tuple(Reading(said, sql) for sql, said in texts.items())

    def weighed(self, context: Context) -> list[Weighed]:
        """Readings that `context` may mean, the most probable first; none is compiled yet."""
        bases = [context, *self._bases(context)]
        return weighed(bases, self._grounding.besides(context), self._catalog, self._grounding.explains)

    def _bases(self, context: Context) -> list[Context]:
        """Other contexts that may be meant: with what unknown words are like."""
        found = [one for one in self._grounding.completed(context) if one.values != context.values]
        fuller = self._grounding.supposed(context)
        return [fuller] * (fuller is not context) + found

    def _likely(self, context: Context, drafted: Drafted | None = None) -> Iterator[str]:
        """Semantic SQL in the order of likelihood, what the llm would have chosen after the first; a unit that nobody
        knows is put right, or nothing is offered.
        """
        completed = self._grounding.completed(context)
        if context.ungrounded and all(one.values != context.values for one in completed):
            for one in completed:
                yield from (c.semantic_sql for c in candidates(one, self._catalog)[:1])
            return
        found = [one.semantic_sql for one in self.weighed(context)]
        yield from found[:1]
        if drafted is not None and drafted.writing is not None:
            yield from (c.semantic_sql for c in drafted.others[:1])
        yield from found[1:]


def _unknown_names(context: Context) -> list[str]:
    """Words that can only be names, and that nothing here is called."""
    return [doubt.word for doubt in context.doubts if doubt.weight >= _NAME_LIKE and not doubt.is_known]


def _names_another(context: Context) -> bool:
    """Whether an unknown name right before a metric's makes it another: liquidity coverage ratio."""
    text = context.question.text
    unknown = _unknown_names(context)
    for mention in exact_metrics(context):
        before = _GAP.sub("", text[: mention.span.start].lower()) if mention.span else ""
        if any(before.endswith(_GAP.sub("", word.lower())) for word in unknown):
            return True
    return False
