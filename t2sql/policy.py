"""Who may see what: principals, roles, and the one function that narrows a catalog before anybody else reads it.

Fails closed: no principal, no role, or a dataset that a row rule cannot reach means not seen. What is hidden leaves
no trace in the narrowed catalog, so that no prompt, index hit, suggestion or error downstream can name it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from t2sql.catalog import Catalog, Dataset, Display, Field, Metric, Relationship
from t2sql.errors import AccessDenied, ConfigError, NotComputable, did_you_mean
from t2sql.ossie import fingerprint_of
from t2sql.policy_shapes import Hide, PoliciesShape, Role, RowRule
from t2sql.row_filters import row_predicate
from t2sql.yaml_file import line_of, read_yaml, validate

if TYPE_CHECKING:
    from t2sql.metric_names import MetricFields


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks. `roles` come from policies.yml or from the installation's login, never from the question."""

    name: str
    roles: tuple[str, ...]
    display: Display
    may: frozenset[str] = frozenset()
    """What the roles allow beyond asking: "review"."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What may be read of one physical table."""

    columns: frozenset[str]
    predicates: frozenset[str]
    """SQL conditions over the table's own columns, one of which must stand in the subquery that reads it.

    Empty: every row may be read."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A catalog as one principal may know it.

    Everything after `narrow` takes this type, so nobody can pass the whole catalog by mistake."""

    catalog: Catalog
    principal: Principal
    predicates: Mapping[str, str]
    """Dataset name -> SQL condition over its physical columns; absent: every row."""
    row_rules: tuple[tuple[str, tuple[str, ...]], ...]
    """(dimension, values) that limit this principal, for telling them; () for none."""
    grants: Mapping[str, Grant]
    """Physical table -> what `certify` lets through."""

    @property
    def fingerprint(self) -> str:
        """Equal for principals who may know the same names and rows."""
        return fingerprint_of(self.catalog.fingerprint, dict(self.predicates))


class Policies:
    """policies.yml, validated against the catalog it protects."""

    def __init__(self, shape: PoliciesShape) -> None:
        self._roles = shape.roles
        self.principals: Mapping[str, Principal] = {
            name: Principal(
                name,
                tuple(p.roles),
                Display(p.display.get("zh", name), p.display.get("en", name)),
                frozenset(word for role in p.roles if role in shape.roles for word in shape.roles[role].may),
            )
            for name, p in shape.principals.items()
        }

    @property
    def roles(self) -> Mapping[str, Role]:
        """Every role, in the file's order."""
        return self._roles

    @classmethod
    def read(cls, folder: Path, catalog: Catalog) -> Policies:
        """Read `folder`/policies.yml. Raises ConfigError for unknown roles, dimensions, metrics or datasets, and for a
        role that reviews and does not see all.
        """
        path = folder / "policies.yml"
        tree = read_yaml(path)
        shape = validate(PoliciesShape, tree, path)
        known_words = {d.sensitivity for d in catalog.datasets.values()} | {
            m.sensitivity for m in catalog.metrics.values()
        }
        fields = [f for d in catalog.datasets.values() for f in d.fields.values()]
        known_words |= {word for f in fields for word in (f.sensitivity, f.row_sensitivity)}
        for name, role in shape.roles.items():
            place = f"{path}:{line_of(tree, ('roles', name))}"
            rule = role.rows or RowRule(dimension="", values=["-"])
            for kind, names, known in (
                (
                    "dimension",
                    [rule.dimension] * bool(rule.dimension) + list(rule.through.values()),
                    catalog.dimensions,
                ),
                ("dataset", [*rule.through, *rule.open], catalog.datasets),
                ("sensitivity", role.hide.sensitivity, known_words),
                ("metric", role.hide.metrics, catalog.metrics),
                ("dimension", role.hide.dimensions, catalog.dimensions),
            ):
                for used in names:
                    if used not in known:
                        raise ConfigError(
                            f"{place}: role {name!r} names unknown {kind} {used!r}.{did_you_mean(used, known)}",
                            "Correct the name.",
                        )
            if "review" in role.may and (role.rows or role.hide != Hide()):
                place = f"{path}:{line_of(tree, ('roles', name, 'may'))}"
                raise ConfigError(
                    f"{place}: role {name!r} may review, so it may neither limit rows nor hide names: who reviews "
                    "sees what everybody asks.",
                    "Let a role that sees everything review, or remove `may`.",
                )
        for name, principal in shape.principals.items():
            for used in principal.roles:
                if used not in shape.roles:
                    place = f"{path}:{line_of(tree, ('principals', name))}"
                    raise ConfigError(
                        f"{place}: principal {name!r} has unknown role {used!r}.{did_you_mean(used, shape.roles)}",
                        "Correct the role.",
                    )
        return cls(shape)

    def principal(self, name: str) -> Principal:
        """The principal called `name`. Raises AccessDenied for nobody and for an unknown one, in the same words."""
        if name not in self.principals:
            raise _nobody()
        return self.principals[name]

    def narrow(self, catalog: Catalog, principal: Principal) -> Narrowed:
        """`catalog` less what none of the principal's roles may see.

        Several roles see the union of their rows. A name that one of them hides is seen only when a role that sees
        every row shows it: else it would come with rows that only the hiding role opens.
        """
        roles = [self._roles[name] for name in principal.roles if name in self._roles]
        if not roles:
            raise _nobody()
        predicates: dict[str, str] = {}
        datasets: dict[str, Dataset] = {}
        for dataset in catalog.datasets.values():
            seeing = {
                i: condition
                for i, role in enumerate(roles)
                if not (dataset.sensitivity and dataset.sensitivity in role.hide.sensitivity)
                and (condition := _row_condition(catalog, dataset, role.rows)) is not None
            }
            if not seeing:
                continue
            if "" not in seeing.values():
                distinct = sorted(set(seeing.values()))
                predicates[dataset.name] = (
                    distinct[0] if len(distinct) == 1 else " OR ".join(f"({c})" for c in distinct)
                )
            readers = [(roles[i], not condition) for i, condition in seeing.items()]
            fields = {n: f for n, f in dataset.fields.items() if _is_shown(readers, partial(_hides_field, item=f))}
            for name, item in fields.items():
                if item.row_sensitivity and not _is_shown(readers, partial(_hides_in_rows, item=item)):
                    fields[name] = replace(item, is_named=False)
            datasets[dataset.name] = replace(dataset, fields=fields)
        datasets = {name: d for name, d in datasets.items() if _is_dated_as_signed(d, catalog, datasets)}
        narrowed = _without_dangling(replace(catalog, datasets=datasets), _uses(catalog), roles)
        rules = (
            tuple((r.rows.dimension, tuple(r.rows.values)) for r in roles if r.rows)
            if all(r.rows for r in roles)
            else ()
        )
        return Narrowed(narrowed, principal, predicates, rules, _grants(narrowed, predicates))


def reduced(catalog: Catalog, datasets: Mapping[str, Dataset], relationships: Sequence[Relationship]) -> Catalog:
    """`catalog` with these datasets and relationships instead, less what stood on the rest."""
    smaller = replace(catalog, datasets=datasets, relationships=tuple(relationships))
    rest = _without_dangling(smaller, _uses(catalog), [Role()])
    broken = sorted(step.name for step in rest.relationships if step.broken)
    return replace(rest, fingerprint=fingerprint_of(rest.fingerprint, broken), warnings=catalog.warnings)


def _row_condition(catalog: Catalog, dataset: Dataset, rule: RowRule | None) -> str | None:
    """SQL over the dataset's columns; "" for every row; None when the rule cannot reach it: not seen at all."""
    if rule is None or dataset.name in rule.open:
        return ""
    dimension = catalog.dimensions.get(rule.through.get(dataset.name, rule.dimension))
    if dimension is None:
        # Switched off since the database changed.
        return None
    try:
        return row_predicate(catalog, dataset.name, dimension, rule.values)
    except NotComputable:
        if any(step.broken for step in catalog.relationships):
            return None
        raise


def _nobody() -> AccessDenied:
    return AccessDenied(
        "Nobody is signed in, or this person has no rights here.",
        "Sign in, or ask whoever keeps policies.yml for a role.",
    )


def _is_shown(readers: Iterable[tuple[Role, bool]], hides: Callable[[Role], bool]) -> bool:
    """Whether the roles together show a name; each comes with whether it sees every row."""
    shows = [(not hides(role), sees_all) for role, sees_all in readers]
    return any(shown and sees_all for shown, sees_all in shows) or all(shown for shown, _sees_all in shows)


def _is_dated_as_signed(dataset: Dataset, catalog: Catalog, seen: Mapping[str, Dataset]) -> bool:
    """Whether the date of its rows is seen too: without it, balances of several dates would be one heap."""
    if not dataset.time_dimension:
        return True
    item = catalog.time_field(dataset.name)
    return item.dataset in seen and item.name in seen[item.dataset].fields


def _hides_dimension(role: Role, name: str) -> bool:
    return name in role.hide.dimensions


def _hides_field(role: Role, item: Field) -> bool:
    """Whether the role hides it. What a field stores as of its time is hidden with the dimension it conforms to."""
    by_word = bool(item.sensitivity) and item.sensitivity in role.hide.sensitivity
    return (
        by_word
        or item.dimension_name in role.hide.dimensions
        or (bool(item.conforms_to) and item.conforms_to in role.hide.dimensions)
    )


def _hides_in_rows(role: Role, item: Field) -> bool:
    return item.row_sensitivity in role.hide.sensitivity


def _hides_metric(role: Role, metric: Metric) -> bool:
    return (
        bool(metric.sensitivity) and metric.sensitivity in role.hide.sensitivity
    ) or metric.name in role.hide.metrics


def _uses(catalog: Catalog) -> Mapping[str, MetricFields]:
    """What each metric is written with. A broken definition is told as such, or it would pass for a hidden one."""
    from sqlglot.errors import SqlglotError

    from t2sql.metric_names import names_used  # parses expressions, so sqlglot loads only here

    uses: dict[str, MetricFields] = {}
    for metric in catalog.metrics.values():
        try:
            uses[metric.name] = names_used(metric, catalog.metrics)
        except SqlglotError:
            raise ConfigError(f"{metric.place}: an expression here is not SQL.", "Run `t2sql check`.") from None
        if not _stands(uses[metric.name], catalog.metrics, catalog.datasets):
            raise ConfigError(f"{metric.place}: a name used here is not defined.", "Run `t2sql check`.")
    return uses


def _without_dangling(catalog: Catalog, uses: Mapping[str, MetricFields], roles: list[Role]) -> Catalog:
    """Drop relationships, dimensions and metrics that stand on something hidden, until nothing changes."""
    datasets = catalog.datasets
    readers = [(role, role.rows is None) for role in roles]
    relationships = tuple(r for r in catalog.relationships if r.from_dataset in datasets and r.to_dataset in datasets)
    dimensions = {
        name: d
        for name, d in catalog.dimensions.items()
        if d.dataset in datasets
        and d.field in datasets[d.dataset].fields
        and _is_shown(readers, partial(_hides_dimension, name=name))
        and (not d.role or any(r.role == d.role for r in relationships))
    }
    metrics = {n: m for n, m in catalog.metrics.items() if _is_shown(readers, partial(_hides_metric, metric=m))}
    while True:
        kept = {n: m for n, m in metrics.items() if _stands(uses[n], metrics, datasets)}
        if len(kept) == len(metrics):
            break
        metrics = kept
    hierarchies = tuple(
        replace(h, levels=levels)
        for h in catalog.hierarchies
        if len(levels := tuple(v for v in h.levels if v in dimensions)) > 1
    )
    # A metric built on a hidden one stays computable only if the business signed that: it goes too.
    smaller = replace(
        catalog,
        relationships=relationships,
        dimensions=dimensions,
        metrics=metrics,
        hierarchies=hierarchies,
        warnings=(),
    )
    fingerprint = fingerprint_of(
        catalog.fingerprint,
        sorted(metrics),
        sorted(dimensions),
        sorted((d, sorted(v.fields)) for d, v in datasets.items()),
    )
    return replace(smaller, fingerprint=fingerprint)


def _stands(used: MetricFields, metrics: Mapping[str, Metric], datasets: Mapping[str, Dataset]) -> bool:
    names, fields = used
    return names <= set(metrics) and all(d in datasets and name in datasets[d].fields for d, name in fields)


def _grants(catalog: Catalog, predicates: Mapping[str, str]) -> Mapping[str, Grant]:
    """Physical columns that visible fields, keys and joins need, table by table."""
    from t2sql.metric_names import physical_columns

    columns: dict[str, set[str]] = {}
    conditions: dict[str, set[str]] = {}
    for dataset in catalog.datasets.values():
        needed = columns.setdefault(dataset.source, set())
        # Rows are told apart and put in order by their key, whether it has a name here or not.
        needed |= set(dataset.primary_key)
        for item in dataset.fields.values():
            for text in (item.expression, *item.alias_expressions):
                needed |= physical_columns(text)
        if dataset.name in predicates:
            conditions.setdefault(dataset.source, set()).add(predicates[dataset.name])
    for relationship in catalog.relationships:
        columns[catalog.datasets[relationship.from_dataset].source] |= set(relationship.from_columns)
        columns[catalog.datasets[relationship.to_dataset].source] |= set(relationship.to_columns)
    if catalog.rates:
        rates = catalog.rates
        columns.setdefault(rates.source, set()).update(
            {rates.date_column, rates.currency_column, rates.period_end_column, rates.average_column}
        )
    return {table: Grant(frozenset(names), frozenset(conditions.get(table, ()))) for table, names in columns.items()}
