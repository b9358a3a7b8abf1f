"""What of a question nothing explains: words that are understood and not done, names that gave way, words nobody knows.

Adds doubts and takes nothing away: whoever answers must use every word that is told here, or ask back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from t2sql.catalog import Catalog
from t2sql.flow import Doubt, NameMention, Span
from t2sql.grounding.findings import Findings, spans_of
from t2sql.grounding.names.beyond import beyond
from t2sql.grounding.names.charged import told_charges
from t2sql.grounding.names.names import NameIndex
from t2sql.grounding.names.two_ways import two_ways, unread_rows, within_own
from t2sql.grounding.numbers.limits import number_spans
from t2sql.grounding.telling import (
    asked_clauses,
    beside_values,
    dated_again,
    denied_names,
    each_before,
    rates_of,
    summed_up,
    untold,
    unused_times,
)
from t2sql.grounding.time.unread_sides import unread_sides
from t2sql.grounding.values.denials import unused_denials
from t2sql.grounding.values.listing import torn_bands, torn_lists, torn_names
from t2sql.grounding.values.ranges import unread_bounds
from t2sql.grounding.values.roles import unused_roles
from t2sql.grounding.values.unknown_units import unknown_groups, unknown_names
from t2sql.grounding.values.values import ValueIndex
from t2sql.grounding.words.limiting import limiting_words
from t2sql.grounding.words.overlaps import overlaps
from t2sql.grounding.words.said_again import said_again
from t2sql.grounding.words.vocabulary import Vocabulary
from t2sql.grounding.words.weighing import MATTERS
from t2sql.metric_names import made_of

_JOINER = re.compile(r"\s*(?:、|和|与|及|以及|跟|,? and|&|vs\.?|versus)\s*(?:the )?", re.IGNORECASE)
_MEMBER = re.compile(r"(?:、|和|与|及|以及|跟)(?P<word>[㐀-鿿]{2,4}?)(?=$|[,，。；;、?？]|是|各|分别|多少|怎么样)")
_MEMBER_BEFORE = re.compile(r"(?:^|[,，。;；的])(?P<word>[㐀-鿿]{2,4})(?:、|和|与|及|以及|跟)$")
# An amount is told in a currency, which limits nothing.
_TOLD_IN = frozenset(("currency",))
_OTHERS = frozenset(("其他", "其它", "other", "others"))
CLEARLY = 0.95
"""Score from which a metric's name is beyond doubt a name."""


class Doubting:
    """Doubts about the findings of questions, for one narrowed catalog."""

    def __init__(self, catalog: Catalog, names: NameIndex) -> None:
        self._catalog = catalog
        self._vocabulary = Vocabulary(catalog, names)

    def explains(self, word: str, names: Iterable[str]) -> bool:
        """Whether a name of one of these holds the word or says the same."""
        return self._vocabulary.explains(word, names)

    def tell(self, found: Findings, values: ValueIndex) -> None:
        """Write into `found` what nothing explains; `values`: those that the reader may see."""
        folded, text = found.folded, found.question.text
        names = {thing.name for thing in (*found.named, *found.dimensions)} | {v.dimension for v in found.values}
        found.claimed += said_again(
            folded,
            self._catalog,
            found.named,
            found.values,
            found.dimensions,
            found.periods,
            is_compared=bool(found.cues),
        )
        counts = (len({v.span for v in found.values}), len(found.dimensions), len(found.named))
        each = [span for d in found.dimensions if d.span and (span := each_before(folded, d.span))]
        is_dated = bool(found.dates.limits or found.dates.groups)
        told = untold(folded, [*found.claimed, *number_spans(folded), *each], counts, is_dated=is_dated)
        told += (
            unused_denials(folded, found.claimed)
            + found.qualified
            + denied_names(folded, (*found.named, *(value for value in found.values if not value.is_negated)))
        )
        told += self._unused_values(found)
        told += self._set_aside(found, names) + unused_times(
            folded, self._kept(found), found.question.today, found.periods
        )
        told += summed_up(folded, found.named, found.grains, found.periods, self._catalog)
        known = {*told, *found.misplaced}
        others = (
            *beside_values(folded, found.values, found.claimed),
            *rates_of(folded, found.named, self._catalog),
            *beyond(folded, found.claimed),
            *unknown_names(folded, text, found.claimed),
            *unused_roles(self._catalog, folded, found.claimed),
        )
        told = tuple(dict.fromkeys((*told, *others)))
        told = tuple(word for word in told if not self._vocabulary.explains(word, names))
        told = tuple(dict.fromkeys((*told, *unknown_groups(folded, found.claimed), *found.unclear, *found.misplaced)))
        told += self._lost_members(found) + self._members_of_own(found, names)
        if not found.follows:
            told += unread_sides(folded, found.periods, spans_of(found.named))
        told += torn_lists(self._catalog, folded, values, found.values, found.named)
        told += two_ways(folded, found.named, found.dimensions, self._catalog)
        told += unread_rows(folded, found.quantities, found.grains, found.dimensions) + within_own(
            found.named, found.values, self._catalog
        )
        told += torn_bands(folded, found.values, found.named)
        told += told_charges(folded, found.named, found.periods, self._catalog) + dated_again(folded, found.periods)
        told += torn_names(folded, found.named, found.dimensions)
        told += unread_bounds(folded, [*self._kept(found), *found.dates.spans])
        is_without = any(value.is_negated for value in found.values)
        is_dated = any(period.dimension for period in found.periods)
        used = spans_of((*found.values, *found.named, *found.dimensions))
        told = tuple(word for word in told if not (is_dated and word in ("老客户", "新客户")))
        limits = limiting_words(
            folded, found.claimed, used, is_without=is_without, is_dated=is_dated, is_listed=counts[0] > 1
        )
        told += tuple(
            said
            for said, words in limits
            if said not in told and not any(self._vocabulary.explains(word, names) for word in words)
        )
        told = tuple(dict.fromkeys(word for word in told if not any(word != o and word in o for o in told)))
        doubts = self._vocabulary.doubts(folded, found.claimed, names, text)
        unknown = [doubt.word for doubt in doubts if doubt.weight >= MATTERS]
        found.ungrounded = (*told, *(word for word in unknown if not any(word in t for t in told)))
        cues = [folded.text[cue.start : cue.end] for cue in found.cues]
        clauses = [c for c in asked_clauses(folded) if not any(cue in c for cue in cues)]
        # How many are men and how many are women: what a clause asks is the value in it.
        parts = {_said(found, value.span) for value in found.values}
        clauses = [*clauses[:1], *(c for c in clauses[1:] if not any(part in c for part in parts))]
        if not found.ungrounded and len(found.named) < 2 and len(clauses) > max(1, len(found.named)):
            found.ungrounded = told = tuple(clauses[1:])
        found.doubts = (
            *(Doubt(word, 1.0, is_known=word in known) for word in told),
            *(doubt for doubt in doubts if doubt.word not in told),
        )

    def _kept(self, found: Findings) -> list[Span]:
        """Where everything stands that was found and kept."""
        kinds = (found.named, found.values, found.dimensions, found.periods, found.quantities, found.grains)
        kept = [span for things in kinds for span in spans_of(things)]
        return kept + [found.folded.span(cue.start, cue.end) for cue in found.cues]

    def _set_aside(self, found: Findings, names: set[str]) -> tuple[str, ...]:
        """Names of metrics that gave way to nothing that was found, and that no finding is called by or made of."""
        kept = self._kept(found)
        parts = {part for name in names for part in (name, *made_of(name, self._catalog.metrics))}
        # Whom a metric is about is told by `qualifiers`, where it matters.
        lost = [m for m in _lost(found, kept) if self._catalog.metrics[m.name].unit != "count" and m.name not in parts]
        words = [_said(found, m.span) for m in lost]
        return tuple(w for w in words if w not in found.qualified and not self._vocabulary.explains(w, names))

    def _unused_values(self, found: Findings) -> tuple[str, ...]:
        """Values that gave way to nothing: "Corporate: deposits", Beijing of "Shanghai minus Beijing". Whoever writes a
        value wants it in the answer, unless a name that was found says it too, or it is one of what the rows are.
        """
        kept, metrics = self._kept(found), self._catalog.metrics
        rows = {d.name for d in found.dimensions} | _TOLD_IN
        parts = {part for m in found.named for part in (m.name, *made_of(m.name, metrics))}
        is_part = any(cue.family == "share" for cue in found.cues) and not any(metrics[p].is_ratio_unit for p in parts)
        # The share of wealth in AUM, though AUM is told to hold it.
        told = "" if is_part else " ".join(metrics[part].description for part in parts)
        defined = " ".join((told, *(metrics[part].filter for part in parts))).lower()
        lost = [v for v in found.spelt if v.dimension not in rows and not any(overlaps(v.span, k) for k in kept)]
        # Personal of "personal consumer loans", 企业 of 制造业企业; what a definition says is no limit.
        lost = [v for v in lost if not any(v.value in o.value or _abut(v.span, o.span) for o in found.values)]
        names = {thing.name for thing in (*found.named, *found.dimensions)} | {v.dimension for v in found.values}
        said = [word for v in lost if v.value not in defined and (word := _said(found, v.span)) not in _OTHERS]
        held = (w for w in dict.fromkeys(said) if w not in defined)
        return tuple(w for w in held if not self._vocabulary.explains(w, names, is_own=is_part))

    def _members_of_own(self, found: Findings, names: set[str]) -> tuple[str, ...]:
        """利差 of 净息差和利差: what is listed with a name is another thing, though a word of that name."""
        told = []
        for span in spans_of(found.named):
            at = next((i for i, start in enumerate(found.folded.starts) if start >= span.end), len(found.folded.starts))
            first = next((i for i, start in enumerate(found.folded.starts) if start >= span.start), 0)
            for match in (_MEMBER.match(found.folded.text, at), _MEMBER_BEFORE.search(found.folded.text[:first])):
                if match is None or any(overlaps(found.folded.span(*match.span("word")), k) for k in found.claimed):
                    continue
                told += [match["word"]] if self._vocabulary.explains(match["word"], names) else []
        return tuple(told)

    def _lost_members(self, found: Findings) -> tuple[str, ...]:
        """Names that stand in a list with a metric that was kept, and gave way to nothing: every member is asked."""
        lost = [m for m in _lost(found, self._kept(found)) if _is_listed(found, m.span)]
        return (*(_said(found, m.span) for m in lost), *_said_twice(found))


def _abut(one: Span, other: Span) -> bool:
    """Whether one stretch ends where the other begins, or a blank before it."""
    return 0 <= other.start - one.end <= 1 or one.start == other.end


def _lost(found: Findings, kept: Sequence[Span]) -> list[NameMention]:
    """Names of metrics, beyond doubt, that no finding stands on."""
    said = [m for m in found.said if m.span and m.score >= CLEARLY]
    return [m for m in said if not any(overlaps(m.span, k) for k in kept)]


def _said(found: Findings, span: Span | None) -> str:
    assert span
    return found.question.text[span.start : span.end].lower()


def _is_listed(found: Findings, span: Span | None) -> bool:
    """Whether a stretch is a member of a list with a metric that was kept."""
    assert span
    for other in spans_of(found.named):
        first, second = sorted((span, other), key=lambda s: s.start)
        if _JOINER.fullmatch(found.question.text[first.end : second.start]):
            return True
    return False


def _said_twice(found: Findings) -> tuple[str, ...]:
    """ "depositors and deposits per depositor" taken as one metric twice: the members of a list are two things."""
    ordered = sorted((m for m in found.said if m.span), key=lambda m: (m.span.start, m.span.end) if m.span else (0, 0))
    return tuple(
        _said(found, one.span)
        for one, other in pairwise(ordered)
        if one.name == other.name
        and one.span
        and other.span
        and _JOINER.fullmatch(found.question.text[one.span.end : other.span.start])
    )
