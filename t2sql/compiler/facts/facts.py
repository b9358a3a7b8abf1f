"""One CTE a fact and reading: its rows, reached dimensions, conditions and aggregates, each fact alone at the asked
grain.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlglot import exp

from t2sql.catalog import AD_HOC, Dimension, Metric
from t2sql.compiler.calendar.period_days import join_periods
from t2sql.compiler.calendar.periods import Period
from t2sql.compiler.calendar.windows import Window, Windows
from t2sql.compiler.facts.bridges import Bridge, bridge_note, by_parts, computed_over_members, no_share_of_overlapping
from t2sql.compiler.facts.metrics import Atom, Reading, wrap
from t2sql.compiler.facts.other_names import by_any_name
from t2sql.compiler.facts.rates import missing_rates
from t2sql.compiler.facts.semi_joins import check_positive, mixed_condition
from t2sql.compiler.facts.sources import FactSource
from t2sql.compiler.facts.staging import Stage, only_with_rows, over_loads, staged_atoms
from t2sql.compiler.relation import Check
from t2sql.compiler.request import Computed, Group, Request, functions_of, metric_of
from t2sql.compiler.words.conditions import keep_unknown
from t2sql.compiler.words.spelling import own_columns
from t2sql.errors import NotComputable
from t2sql.flow import Note
from t2sql.policy import Narrowed

FactKey = tuple[str, str, Reading, bool]
"""(dataset, time field, reading, whether it reads one date)"""

AD_HOC_NOTE = Note(
    "ad_hoc",
    "字段汇总为临时计算，不是已签署的指标定义。",
    "Aggregates over fields are computed ad hoc; nobody signed their definition.",
)


class Facts:
    """Builds the pre-aggregated row sets of one request, and gathers what must be told or checked about them."""

    def __init__(
        self,
        request: Request,
        narrowed: Narrowed,
        keys: Mapping[str, Group],
        before: Sequence[exp.Expr],
        carried: Mapping[str, Sequence[str]],
        windows: Windows,
    ) -> None:
        self.request, self.narrowed, self.keys, self.before, self.windows = request, narrowed, keys, before, windows
        self.asked: tuple[str, ...] = ()
        """Datasets of the question."""
        self.carried = carried
        """Dimension -> columns for its values' other names, needed by conditions that come later."""
        self.checks: list[Check] = []
        """What must return no row: a currency without a rate, parts that are no whole."""
        self.notes: list[Note] = []
        self.overlapping: set[str] = set()
        """Dimensions whose groups may hold one row several times."""
        self.todays: dict[str, None] = {}
        """Dimensions looked up as of today."""

    def build(self, atoms_asked: Iterable[Atom]) -> list[tuple[str, exp.Select]]:
        """(CTE name, its SELECT) for every fact and reading that is loaded for some shown period."""
        groups: dict[FactKey, list[Atom]] = defaultdict(list)
        atoms_asked = list(atoms_asked)
        self.asked = tuple(dict.fromkeys(atom.dataset.name for atom in atoms_asked))
        for atom in atoms_asked:
            is_point = atom.is_point
            groups[
                atom.dataset.name, atom.metric.time_dimension or atom.dataset.time_dimension, atom.reading, is_point
            ].append(atom)
        named: list[tuple[str, exp.Select]] = []
        taken: set[str] = set()
        for key, atoms in groups.items():
            select = self._fact(key, atoms)
            if select is None:
                continue
            name = f"{key[0]}_{key[2].name}"
            if name in taken:
                name = f"{name}_{key[1] if key[3] or not atoms[0].dataset.snapshot_grain else 'average'}"
            taken.add(name)
            named.append((name, select))
        if any(atom.metric.version == AD_HOC for atom in atoms_asked):
            self.notes.append(AD_HOC_NOTE)
        return named

    def _fact(self, key: FactKey, atoms: list[Atom]) -> exp.Select | None:
        _dataset, time_field, _reading, is_point = key
        windows = self.windows.read(atoms[0])
        if not windows:
            return None
        fact = FactSource(self.narrowed, atoms[0].dataset, time_field=time_field, asked=self.asked)
        groups = {name: self._group(fact, group) for name, group in self.keys.items()}
        names = {name: self._other_names(fact, name) for name in self.keys}
        # Before the aggregates: a condition may be what makes rows stand beside their members.
        conditions = self._conditions(fact)
        several = len(windows) > 1
        is_whole = fact.bridge or fact.rates_needed or not time_field
        staged = None if is_whole else staged_atoms(atoms, self.narrowed.catalog)
        is_grouped = bool(groups) or (several and bool(self.request.grain))
        if is_grouped and all(atom.condition is not None for atom in atoms):
            # Rows that no metric counts make no group of their own.
            counted = {
                a.condition.sql(): fact.formula(a.condition, time_field) for a in atoms if a.condition is not None
            }
            conditions.append(wrap(exp.or_(*counted.values())) if len(counted) > 1 else next(iter(counted.values())))
        if staged and (several or any(one.currency_field for one in staged)):
            stage = Stage(fact, time_field, windows)
            if self.request.grain:
                stage.label(self.request.grain)
            for name, column in groups.items():
                stage.key(name, column, names[name])
            for one in staged:
                stage.total(one, self._aggregate(fact, one.atom, time_field, converts=False))
            select = stage.nest(conditions, is_point, bool(self.request.grain))
            self.checks += stage.missing_rates(select)
        else:
            select = self._one_step(fact, time_field, windows, is_point, groups, names, atoms, conditions)
            self.checks += missing_rates(fact, select)
        if fact.bridge is not None:
            self._tell_bridge(fact.bridge)
        select.comments = [", ".join(_told(a.metric) for a in atoms)]
        return select

    def _one_step(
        self,
        fact: FactSource,
        time_field: str,
        windows: list[tuple[Period, Window]],
        is_point: bool,
        groups: Mapping[str, exp.Expr],
        names: Mapping[str, Mapping[str, exp.Expr]],
        atoms: list[Atom],
        conditions: list[exp.Expr],
    ) -> exp.Select:
        """Rows, rates and periods joined, then aggregated: for what does not come to the same in two steps."""
        several = len(windows) > 1
        select, group = exp.Select(), list[exp.Expr]()
        if self.request.grain:
            label: exp.Expr = exp.column("label", "periods") if several else exp.Literal.string(windows[0][0].label)
            select = select.select(label.as_(self.request.grain), copy=False)
            group += [label.copy()] if several else []
        for name, column in groups.items():
            select = select.select(exp.alias_(column, exp.to_identifier(name)), copy=False)
            group.append(column.copy())
            for carried, other in names[name].items():
                select = select.select(exp.Max(this=other).as_(carried), copy=False)
        for atom in atoms:
            aggregate = self._aggregate(fact, atom, time_field)
            if atom.metric.window_choice == "avg":
                aggregate = over_loads(aggregate, windows)
            select = select.select(aggregate.as_(atom.key), copy=False)
        day = fact.time(time_field) if several else None
        select = fact.attach(select, time_field, tuple(w for _p, w in windows), is_point)
        if several:
            select = join_periods(select, day, windows, is_point)
        for condition in conditions:
            select = select.where(condition, copy=False)
        if group:
            return select.group_by(*group, copy=False)
        return only_with_rows(select) if self.request.grain else select

    def _other_names(self, fact: FactSource, name: str) -> dict[str, exp.Expr]:
        """Column -> another name of the group's values, for conditions that come later."""
        group = self.keys[name]
        if isinstance(group, Computed):
            return {}
        if fact.is_as_of_today(group):
            self.todays.setdefault(name)
        return dict(zip(self.carried.get(name, ()), fact.other_names(group), strict=False))

    def _aggregate(self, fact: FactSource, atom: Atom, time_field: str, *, converts: bool = True) -> exp.Expr:
        aggregate: exp.Expr = atom.aggregate.copy()
        condition = fact.formula(atom.condition, time_field) if atom.condition is not None else None
        inner = aggregate.this
        is_distinct = isinstance(inner, exp.Distinct)
        value = inner.expressions[0] if is_distinct else inner
        value = exp.Literal.number(1) if isinstance(value, exp.Star) and condition is not None else value
        value = (
            value if isinstance(value, (exp.Star, exp.Literal)) else fact.formula(value, time_field, converts=converts)
        )
        if condition is not None:
            default = exp.Literal.number(0) if isinstance(aggregate, exp.Sum) else None
            value = exp.Case(ifs=[exp.If(this=condition, true=value)], default=default)
        aggregate.set("this", exp.Distinct(expressions=[value]) if is_distinct else value)
        if fact.bridge is not None and fact.bridge.is_joined:
            aggregate = by_parts(aggregate, fact.bridge.weight())
        return aggregate

    def _conditions(self, fact: FactSource) -> list[exp.Expr]:
        """The conditions that come before aggregation. Those on members of a bridge without weights choose members
        where a grouping shows members, and else rows of which one member fits them all.
        """
        found: list[exp.Expr] = []
        for condition in self.before:
            names = sorted({c.name for c in condition.find_all(exp.Column) if not c.table})
            over = [self._bridge(fact, name) for name in names]
            bridge = next((b for b in over if b is not None and not b.step.weight), None)
            if bridge is None:
                found.append(self._physical(fact, condition))
                continue
            if None in over:
                raise mixed_condition(condition)
            if not any(self._bridge(fact, name) for name in self.keys):
                check_positive(condition)
                bridge.fitting.append(self._physical(bridge.rows, condition))
            else:
                bridge.conditions.append(self._physical(bridge.rows, condition))
        fits = fact.bridge.one_fits() if fact.bridge is not None else None
        return found if fits is None else [*found, fits]

    def _bridge(self, fact: FactSource, name: str) -> Bridge | None:
        """The bridge that a grouped or conditioned dimension lies behind for this fact."""
        dimension = self.keys.get(name) or self.narrowed.catalog.dimensions.get(name)
        return fact.bridge_to(dimension) if isinstance(dimension, Dimension) else None

    def _tell_bridge(self, bridge: Bridge) -> None:
        check = bridge.check()
        if check is not None and check not in self.checks:
            self.checks.append(check)
        over = {n for n in self.keys if n in bridge.grouped}
        if over and not bridge.step.weight:
            self.overlapping |= over
            for _key, measure in self.request.measures:
                if "share" in functions_of(measure):
                    raise no_share_of_overlapping(metric_of(measure), sorted(over))
        shown = [d for n in sorted(over) if isinstance(d := self.keys[n], Dimension)]
        note = bridge_note(bridge.step, shown)
        if note not in self.notes:
            self.notes.append(note)

    def _group(self, fact: FactSource, group: Group) -> exp.Expr:
        """A grouping dimension, or an expression over dimensions, as SQL over this fact's sources."""
        if not isinstance(group, Computed):
            return fact.dimension(group)
        over = [self._bridge(fact, column.name) for column in own_columns(group.expression) if not column.table]
        if any(bridge is not None and not bridge.step.weight for bridge in over):
            raise computed_over_members(group.name)
        return self._physical(fact, group.expression)

    def _physical(self, fact: FactSource, condition: exp.Expr) -> exp.Expr:
        """A condition over flat names as SQL over this fact's sources."""
        holder = exp.Paren(
            this=keep_unknown(
                by_any_name(condition, self.narrowed.catalog.dimensions, self.narrowed.catalog, fact.other_names)
            )
        )
        for column in [*holder.find_all(exp.Column)]:
            if column.table:
                continue
            dimension = self.narrowed.catalog.dimensions[column.name]
            column.replace(fact.dimension(dimension))
            if fact.is_as_of_today(dimension):
                self.todays.setdefault(dimension.name)
        inner: exp.Expr = holder.this
        return inner

    def members(self) -> exp.Select:
        """Dimensions alone: their distinct members, from the dataset of the first that reaches the others."""
        catalog = self.narrowed.catalog
        inner = [k.expression for k in self.keys.values() if isinstance(k, Computed)]
        named = {c.name for tree in (*self.before, *inner) for c in own_columns(tree)}
        groups = [k for k in self.keys.values() if not isinstance(k, Computed)]
        asked = [*groups, *(catalog.dimensions[n] for n in sorted(named))]
        refused: NotComputable | None = None
        for start in {d.dataset: d for d in groups or asked}.values():
            # A role's dimension is read where it lives, unless one of another role stands beside it.
            is_home = {d.role for d in asked if d.dataset == start.dataset} == {start.role}
            role = start.role if is_home and not catalog.is_restated(start) else ""
            fact = FactSource(self.narrowed, catalog.datasets[start.dataset], role)
            try:
                columns = [(name, self._group(fact, d)) for name, d in self.keys.items()]
                conditions = [self._physical(fact, c) for c in self.before]
            except NotComputable as error:
                refused = refused or error
                continue
            select = fact.attach(exp.select(*(exp.alias_(c, exp.to_identifier(n)) for n, c in columns)), "", (), False)
            for condition in conditions:
                select = select.where(condition, copy=False)
            return select.group_by(*(c.copy() for _n, c in columns))
        raise refused or NotComputable(
            "These dimensions have no members in common.", "Add a metric that has all of them."
        )


def _told(metric: Metric) -> str:
    """A metric and its version, for the comment above its SELECT."""
    return f"{metric.name}, {metric.version}" if metric.version == AD_HOC else f"{metric.name} v{metric.version}"
