"""What a follow-up says, in one noun that every edit reads: its cues, what was grounded, what it names itself."""

from __future__ import annotations

from dataclasses import dataclass

from t2sql.catalog import Catalog
from t2sql.conversation.cues import Cues
from t2sql.flow import Context, NameMention, ValueMention

EXACT = 0.95
"""Score from which a dimension is asked as a grouping, not only mentioned."""


@dataclass(frozen=True, slots=True)
class Said:
    """One follow-up, grounded."""

    cues: Cues
    context: Context
    """Of the text without its cues, after the name of the metric asked before where it names none."""
    metrics: tuple[str, ...]
    """Metrics that it names itself, in its order."""
    start: int = 0
    """Where the text begins, after a name put before it."""
    order: str | None = None
    """A column of the question before that it sorts by."""
    stem: str = ""
    """The comparison that a change without a base is read as."""

    @property
    def cued(self) -> tuple[str, ...]:
        """Dimensions asked as groupings."""
        return tuple(dict.fromkeys(d.name for d in self.context.dimensions if d.score >= EXACT))

    @property
    def mentioned(self) -> tuple[str, ...]:
        """Dimensions named in any way."""
        return tuple(dict.fromkeys(d.name for d in self.context.dimensions))

    @property
    def values(self) -> tuple[ValueMention, ...]:
        """Values that it names."""
        return self.context.values

    @property
    def comparisons(self) -> tuple[NameMention, ...]:
        """Comparisons that it asks; a period that is cumulative already says 累计."""
        cumulative = any(p.is_cumulative for p in self.context.periods)
        return tuple(c for c in self.context.comparisons if not (c.name == "ytd" and cumulative))

    @property
    def is_alternative(self) -> bool:
        """Whether it asks for something else in the place of what is there: 那…呢, 换成, "what about"."""
        kinds = self.cues.kinds
        if kinds & {"more", "split", "and"}:
            return "other" in kinds
        if self.metrics and self.cued:
            # 各区域贷款余额 says both anew.
            return True
        return bool(kinds & {"other", "opening"}) or self.cues.ends_open

    @property
    def is_something(self) -> bool:
        """Whether it says anything that a semantic SQL can hold, though that may stand there already."""
        found = self.context
        parts = (self.metrics, found.periods, found.values, found.quantities, found.comparisons, found.grains)
        kinds = {"total", "same", "plain", "unfiltered"}
        cued = self.cues.is_chart or self.cues.is_pointed or bool(self.cues.kinds & kinds)
        return any(parts) or bool(self.mentioned) or cued

    @property
    def text(self) -> str:
        """The text that spans of the context count in."""
        return self.context.question.text


def family(dimension: str, catalog: Catalog) -> frozenset[str]:
    """The dimension with the other levels of its hierarchy: a value of one stands in the place of another's."""
    levels = [set(h.levels) for h in catalog.hierarchies if dimension in h.levels]
    return frozenset({dimension}.union(*levels))
