"""The SELECT that a question asks for, as far as its words say: its columns, order and rows. Nothing here computes."""

from __future__ import annotations

from dataclasses import dataclass

from t2sql.adhoc.wanted_words import Kind


@dataclass(frozen=True, slots=True)
class Asked:
    """One column that is asked for."""

    kind: Kind
    texts: tuple[str, ...]
    """What it may be, as SQL over `dataset.field`; a grain for a period; () where every figure of its kind may be
    meant.
    """


@dataclass(frozen=True, slots=True)
class Shape:
    """The SELECT that a question asks for, as far as its words say."""

    columns: tuple[Asked, ...]
    """In order; () where the question does not list them."""
    periods: tuple[str, ...]
    """Grains that it groups by, where its columns do not hold them."""
    is_distinct: bool | None
    """None: the llm may choose."""
    may_order: bool
    must_order: bool
    keys: tuple[int, ...]
    """Columns, from 1, that it is ordered by; () where that is not clear."""
    limit: int
    """0: none."""
    is_ascending: bool | None
    """None: not said."""
    is_one_figure: Kind | None
    """One figure over all rows, without groups, and of which kind."""
    may_calculate: bool
    """Whether figures may be calculated with: a formula, a share, a difference."""
    means_alone: bool
    """Whether the formula takes means, and no totals."""
    is_percent: bool
    """Whether it is told in hundredths."""
    part_from: int
    """Where in the text what follows is about part of the rows alone ("out of these, …"); -1 for nowhere."""

    @property
    def listed(self) -> int:
        """How many columns are listed, 0 for no list; a count and the count of its part are told as one."""
        counts = [column for column in self.columns if column.kind == "count"]
        return len(self.columns) + (1 if self.part_from >= 0 and len(counts) == 1 else 0)
