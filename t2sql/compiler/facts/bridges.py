"""Many to many, over a declared bridge: the one subquery in which a row's members stand, so that no row counts twice.

Two relationships make a bridge: its dataset points at the rows that it serves (`bridge: true`, with `weight` where each
member has a part of the row) and, like any dataset, at its members:

    relationships:
      - name: party_loan
        from: loan_parties
        to: loan_contracts
        from_columns: [loan_id]
        to_columns: [loan_id]
        t2sql: {bridge: true, weight: share}
      - name: party_customer
        from: loan_parties
        to: customers
        from_columns: [customer_id]
        to_columns: [customer_id]

With a weight, amounts and counts are multiplied by it: groups and conditions take the members' parts, and the parts
sum to the whole, which a check proves before every answer. Rows without members keep their whole amount, under NULL.
Without a weight, a condition keeps a row once where one of its members fits, and a grouping counts a row once in each
group of its members: such groups overlap, are told so, and never summed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from t2sql.catalog import Dimension, Metric, Relationship
from t2sql.compiler.facts.metrics import divide
from t2sql.compiler.relation import Check
from t2sql.compiler.trees import double
from t2sql.errors import NotComputable
from t2sql.flow import Note

if TYPE_CHECKING:
    from t2sql.compiler.facts.sources import FactSource

WEIGHT = "bridge_weight"
TOLERANCE = "0.000001"


class Bridge:
    """One bridge as one fact crosses it, grown as dimensions are asked for."""

    def __init__(self, step: Relationship, rows: FactSource, served: tuple[exp.Expr, ...]) -> None:
        self.step = step
        """From the bridge to what it serves."""
        self.rows = rows
        """The bridge's own rows, and what they reach many-to-one."""
        self.served = served
        """The fact's columns that meet the bridge's."""
        self.conditions: list[exp.Expr] = []
        """On members, over `rows`: only members that fit make groups."""
        self.fitting: list[exp.Expr] = []
        """On members, over `rows`: a row stays where one member fits them all."""
        self._groups: dict[str, exp.Expr] = {}
        self._names: dict[str, exp.Expr] = {}

    @property
    def alias(self) -> str:
        """Its name among the joined sources."""
        return self.step.from_dataset

    @property
    def grouped(self) -> frozenset[str]:
        """Dimensions shown beside the fact's rows."""
        return frozenset(self._groups)

    @property
    def is_joined(self) -> bool:
        """Whether members stand beside the fact's rows."""
        return bool(self._groups)

    def column(self, dimension: Dimension) -> exp.Expr:
        """A dimension behind the bridge, beside the fact's rows."""
        self._groups.setdefault(dimension.name, self.rows.dimension(dimension))
        return exp.column(exp.to_identifier(dimension.name), self.alias)

    def other_names(self, dimension: Dimension) -> list[exp.Expr]:
        """Columns that name the dimension's value in another way."""
        self.column(dimension)
        found: list[exp.Expr] = []
        for i, other in enumerate(self.rows.other_names(dimension)):
            self._names[f"{dimension.name}__name_{i}"] = other
            found.append(exp.column(exp.to_identifier(f"{dimension.name}__name_{i}"), self.alias))
        return found

    def weight(self) -> exp.Expr | None:
        """A member's part of the row, 1 for a row without members; None for a bridge without weights."""
        if not self.step.weight:
            return None
        part = double(exp.column(WEIGHT, self.alias))
        return exp.Coalesce(this=part, expressions=[exp.Literal.number(1)])

    def meets(self) -> list[exp.Expr]:
        """The conditions of the join."""
        return [column.copy().eq(exp.column(f"bridge_key_{i}", self.alias)) for i, column in enumerate(self.served)]

    def rows_of_members(self) -> exp.Subquery:
        """One row for each served row and group of its members, with the members' part in all."""
        keys = [exp.alias_(key, f"bridge_key_{i}") for i, key in enumerate(self._keys())]
        select = exp.select(*keys)
        # Ungrouped, two members of one group with different other names would make the row count twice.
        others = [exp.Max(this=other.copy()).as_(name) for name, other in self._names.items()]
        groups = [exp.alias_(group.copy(), exp.to_identifier(name)) for name, group in self._groups.items()]
        select = select.select(*groups, *others, copy=False)
        if self.step.weight:
            part = self.rows.own(self.rows.dataset.fields[self.step.weight].expression)
            select = select.select(exp.Sum(this=part).as_(WEIGHT), copy=False)
        select = self.rows.attach(select, "", (), False)
        for condition in self.conditions:
            select = select.where(condition, copy=False)
        select = select.group_by(*(key.copy() for key in self._keys()), *(g.copy() for g in self._groups.values()))
        return select.subquery(self.alias)

    def one_fits(self) -> exp.Expr | None:
        """A condition on the fact: one of the row's members fits all of `fitting`; None without any."""
        if not self.fitting:
            return None
        select = self.rows.attach(exp.select(*self._keys()), "", (), False)
        for condition in self.fitting:
            select = select.where(condition, copy=False)
        served = [column.copy() for column in self.served]
        key = served[0] if len(served) == 1 else exp.Tuple(expressions=served)
        return exp.In(this=key, query=exp.Subquery(this=select))

    def check(self) -> Check | None:
        """Finds a served row whose members' parts do not sum to 1; None for a bridge without weights."""
        if not self.step.weight:
            return None
        part = self.rows.own(self.rows.dataset.fields[self.step.weight].expression)
        total = double(exp.Sum(this=part.copy()))
        off = exp.Abs(this=exp.Sub(this=total, expression=exp.Literal.number(1)))
        empty = exp.NEQ(this=exp.Count(this=exp.Star()), expression=exp.Count(this=part.copy()))
        source = type(self.rows)(self.rows.narrowed, self.rows.dataset)
        keys = source.columns(self.step.from_columns)
        source.own(self.rows.dataset.fields[self.step.weight].expression)
        select = source.attach(exp.select(*keys), "", (), False).group_by(*(k.copy() for k in keys))
        wrong = exp.or_(exp.GT(this=off, expression=exp.Literal.number(TOLERANCE)), empty)
        return Check(
            select.having(wrong).limit(1),
            "The parts of {!r} in " + repr(self.alias) + " do not sum to 1, so its amounts cannot be divided.",
            "Correct the weights in the bridge, or ask without its members.",
        )

    def _keys(self) -> list[exp.Expr]:
        return self.rows.columns(self.step.from_columns)


def by_parts(aggregate: exp.Expr, weight: exp.Expr | None) -> exp.Expr:
    """An aggregate of a fact joined with its members: sums, counts and means by the members' parts.

    Smallest, largest and distinct values do not change by parts, nor anything over a bridge without weights.
    """
    value = aggregate.this
    if weight is None or isinstance(value, exp.Distinct) or not isinstance(aggregate, (exp.Sum, exp.Count, exp.Avg)):
        return aggregate
    there = exp.true() if isinstance(value, (exp.Star, exp.Literal)) else exp.Not(this=value.copy().is_(exp.Null()))
    parts = exp.Sum(this=exp.Case(ifs=[exp.If(this=there, true=weight)]))
    if isinstance(aggregate, exp.Count):
        return exp.Coalesce(this=parts, expressions=[exp.Literal.number(0)])
    whole = exp.Sum(this=exp.Mul(this=double(value.copy()), expression=weight.copy()))
    return whole if isinstance(aggregate, exp.Sum) else divide(whole, parts)


def bridge_note(step: Relationship, shown: list[Dimension]) -> Note:
    """How rows with several members were counted."""
    zh, en = "、".join(d.display.zh for d in shown), ", ".join(d.display.en for d in shown)
    if step.weight:
        return Note(
            "bridge_parts",
            f"一笔可属于多个成员（{step.from_dataset}），按 {step.weight} 的比例拆分，各部分之和等于整体。",
            f"A row may have several members ({step.from_dataset}) and is divided by {step.weight};"
            " the parts sum to the whole.",
        )
    if shown:
        return Note(
            "bridge_overlap",
            f"一笔可属于多个{zh}，在所属的每一组各计一次；各组之和可能大于总计。",
            f"A row may have several values of {en} and counts once in each;"
            " groups overlap and do not sum to the whole.",
        )
    return Note(
        "bridge_any",
        f"只要任一成员（{step.from_dataset}）符合条件即计入，每笔只计一次。",
        f"A row counts once where any of its members ({step.from_dataset}) fits.",
    )


def no_share_of_overlapping(metric: Metric, names: list[str]) -> NotComputable:
    """That groups which hold one row several times have no whole."""
    told = ", ".join(map(repr, names))
    return NotComputable(
        f"Groups by {told} overlap for {metric.name!r}: one row may be in several, so they have no share.",
        "Ask for the figures themselves, or give the bridge a weight in model.yml.",
        zh=(f"{metric.display.zh}按 {'、'.join(names)} 的分组互有重叠，没有占比。", "请直接问各组的数值。"),
    )


def computed_over_members(name: str) -> NotComputable:
    """That two members of one row may fall into one computed group, where it would count twice."""
    return NotComputable(
        f"{name!r} computes with a dimension of which a row may have several values, so a row could count twice.",
        "Group by the dimension itself, or ask with a condition on it.",
        zh=(f"{name} 对可能有多个值的维度做计算，同一行可能被重复计数。", "请直接按该维度分组，或写成条件。"),
    )
