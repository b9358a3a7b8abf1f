"""Aggregates over fields (COUNT(*), SUM(loans.balance)) as metrics that nobody signed, so that periods, currencies,
comparisons, shares and additivity hold for them as for any other.

The tree that is given back names them like metrics of a larger catalog. It never makes a metric of what is a metric
already, and never guesses whose rows are counted.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import replace

from sqlglot import exp

from t2sql.catalog import Catalog, Dataset, Dimension, Metric
from t2sql.compiler.calendar.time_conditions import grain_name
from t2sql.compiler.request import COMPARISONS
from t2sql.compiler.rows.field_names import FieldNames, as_own_time, dataset_named, named_apart
from t2sql.compiler.rows.unsigned import Aggregates, beside_many
from t2sql.compiler.words.spelling import TOLD, as_written, heading, table_of
from t2sql.errors import NotComputable, UnknownName, did_you_mean
from t2sql.paths import joins_between
from t2sql.policy import Narrowed

_MADE_OF = (exp.Sum, exp.Count, exp.Avg, exp.Min, exp.Max)


def with_ad_hoc(tree: exp.Select, narrowed: Narrowed) -> tuple[exp.Select, Narrowed]:
    """`tree` FROM the model, with every aggregate over fields as the bare name of a metric of the catalog given back.

    `tree` is FROM the model or a dataset of it. Both come back as they are when nothing is ad hoc. Raises UnknownName,
    RefusedSyntax or NotComputable.
    """
    table = table_of(tree)
    if table is None:
        return tree, narrowed
    is_model = table.name.lower() == narrowed.catalog.name.lower()
    dataset = None if is_model else dataset_named(narrowed.catalog, table.name)
    if dataset is None and not is_model:
        return tree, narrowed
    nodes = [node for node in aggregates(tree) if not _is_of_metrics(node, narrowed.catalog)]
    if is_model:
        fields = [c for c in _outside(tree, nodes) if _is_field(c, narrowed.catalog)]
        if not nodes and not fields:
            return tree, narrowed
    return _Rewriting(tree, narrowed, dataset, table.alias).done()


def aggregates(tree: exp.Select) -> Iterator[exp.Expr]:
    """Aggregate calls of one SELECT, with their FILTER, that are not windows' own; not those of its subqueries."""
    for node in tree.find_all(exp.AggFunc):
        filtered = node.parent if isinstance(node.parent, exp.Filter) else node
        is_windowed = isinstance(filtered.parent, exp.Window) and filtered.arg_key == "this"
        if isinstance(node, _MADE_OF) and not is_windowed and node.find_ancestor(exp.Select) is tree:
            yield filtered


def _is_of_metrics(node: exp.Expr, catalog: Catalog) -> bool:
    """SUM(loan_balance): no field stands in it, so that the vocabulary tells what is wrong."""
    columns = [c for c in node.find_all(exp.Column) if not isinstance(c.this, exp.Star)]
    named = [c for c in columns if not c.table or c.table.lower() == catalog.name.lower()]
    return any(c.name in catalog.metrics for c in named) or any(
        isinstance(f, exp.Anonymous) and str(f.this).lower() in COMPARISONS for f in node.walk()
    )


def _is_field(column: exp.Column, catalog: Catalog) -> bool:
    return bool(column.table) and column.table in catalog.datasets and not column.args.get("db")


def _outside(tree: exp.Select, nodes: list[exp.Expr]) -> Iterator[exp.Column]:
    """Columns of this SELECT that stand in none of `nodes`."""
    inside = {id(c) for node in nodes for c in node.find_all(exp.Column)}
    for column in tree.find_all(exp.Column):
        if id(column) not in inside and column.find_ancestor(exp.Select) is tree:
            yield column


class _Rewriting:
    """One SELECT on its way to the model."""

    def __init__(self, tree: exp.Select, narrowed: Narrowed, dataset: Dataset | None, alias: str) -> None:
        self.tree, self.narrowed, self.catalog = tree.copy(), narrowed, narrowed.catalog
        self.is_model = dataset is None
        self.nodes = [n for n in aggregates(self.tree) if not (self.is_model and _is_of_metrics(n, self.catalog))]
        self.dataset = dataset or self._named_dataset()
        self.names = FieldNames(self.catalog, self.dataset, "" if self.is_model else alias) if self.dataset else None
        self.headings = {i.alias.lower() for i in self.tree.expressions if isinstance(i, exp.Alias)}
        """Names from AS."""
        self.dimensions: dict[str, Dimension] = {}

    def done(self) -> tuple[exp.Select, Narrowed]:
        self._keep_headings()
        metrics: dict[str, Metric] = {}
        if self.dataset is not None and self.names is not None:
            made = Aggregates(self.catalog, self.dataset, self.names)
            for node in self.nodes:
                stand_in = exp.column(exp.to_identifier(made.metric(node).name))
                stand_in.meta[TOLD] = as_written(node)
                node.replace(stand_in)
            metrics = made.metrics
        for column in [*_outside(self.tree, [])]:
            self._outer_column(column, metrics)
        clause = self.tree.args.get("from_") or self.tree.args["from"]
        clause.set("this", exp.to_table(self.catalog.name))
        catalog = replace(
            self.catalog,
            metrics={**self.catalog.metrics, **metrics},
            dimensions={**self.catalog.dimensions, **self.dimensions},
        )
        return self.tree, replace(self.narrowed, catalog=catalog)

    def _keep_headings(self) -> None:
        """A column without AS is headed as it was written."""
        changed = {id(node) for node in self.nodes}
        for item in [*self.tree.expressions]:
            if isinstance(item, (exp.Alias, exp.Star)):
                continue
            fields = [c for c in item.find_all(exp.Column) if not isinstance(c.this, exp.Star)]
            if any(id(n) in changed for n in item.walk()) or (not self.is_model and fields):
                if isinstance(item, exp.Column) and grain_name(item):
                    continue
                title = item.name if isinstance(item, exp.Column) else heading(item)
                item.replace(exp.alias_(item.copy(), exp.to_identifier(title, quoted=True)))
        self.nodes = [n for n in aggregates(self.tree) if not (self.is_model and _is_of_metrics(n, self.catalog))]

    # -- which rows -------------------------------------------------------------------------------------------
    def _named_dataset(self) -> Dataset | None:
        """FROM the model, qualified fields must say whose rows are aggregated: one dataset that reaches the rest."""
        if not self.nodes:
            return None
        columns = [c for node in self.nodes for c in node.find_all(exp.Column) if c.table]
        known: dict[str, Dataset] = {}
        for column in columns:
            dataset = dataset_named(self.catalog, column.table)
            if dataset is None:
                raise UnknownName(
                    f"Unknown name {as_written(column)!r}." + did_you_mean(column.table, self.catalog.datasets),
                    f"Qualify fields with a dataset of {self.catalog.name!r}.",
                )
            known[dataset.name] = dataset
        if not known:
            text = as_written(self.nodes[0])
            raise NotComputable(
                f"{text!r} does not say which rows are meant.",
                f"Write FROM a dataset, or name a field of one, as COUNT(dataset.field); FROM {self.catalog.name}"
                " holds many datasets.",
                zh=(f"{text} 没有说明统计哪个数据集的行。", "请写 FROM 数据集，或写明字段，例如 COUNT(数据集.字段)。"),
            )
        for start in known.values():
            if all(joins_between(self.catalog, start.name, other) is not None for other in known):
                return start
        raise NotComputable(
            f"Aggregates over fields of {' and '.join(map(repr, known))} stand in one SELECT.",
            "Aggregate the fields of one dataset in each SELECT, or name metrics.",
            zh=(
                f"一个 SELECT 中汇总了多个数据集的字段：{'、'.join(known)}。",
                "请每个 SELECT 只汇总一个数据集，或使用指标。",
            ),
        )

    # -- names outside the aggregates -------------------------------------------------------------------------
    def _outer_column(self, column: exp.Column, metrics: Container[str]) -> None:
        if isinstance(column.this, exp.Star) or column.name in metrics or (self.is_model and not column.table):
            return
        if not column.table and (grain_name(column) or self._is_heading(column)):
            return
        if self.is_model:
            if not _is_field(column, self.catalog):
                return
            median = column.find_ancestor(exp.Median)
            if median is not None:
                raise self._median(median, column.table)
            if column.find_ancestor(exp.Where) is None:
                raise NotComputable(
                    f"{as_written(column)!r} is a field; FROM {self.catalog.name} groups by dimensions.",
                    f"Write FROM {column.table} to group by its fields.",
                    zh=(f"{as_written(column)} 是字段，不是维度。", f"请写 FROM {column.table}，再按字段分组。"),
                )
            named = FieldNames(self.catalog, self.catalog.datasets[column.table]).read(column)
        else:
            assert self.names is not None
            named = self.names.read(column)
        if named.many:
            raise beside_many(column, named, self.dataset or self.catalog.datasets[named.dimension.dataset])
        if named.is_time:
            as_own_time(column)
            return
        dimension = named_apart(named.dimension, self.catalog)
        self.dimensions.setdefault(dimension.name, dimension)
        column.replace(exp.column(exp.to_identifier(dimension.name)))

    def _median(self, node: exp.Expr, table: str) -> NotComputable:
        """A median is of rows; the same SELECT FROM their dataset gives it."""
        told = self.tree.copy()
        told.args["from_"].set("this", exp.to_table(table))
        for column in told.find_all(exp.Column):
            if column.table == table:
                column.set("table", None)
        text = told.sql("duckdb")
        return NotComputable(
            f"{as_written(node)!r} is taken over rows, and FROM {self.catalog.name} holds none.",
            f"Write {text}.",
            zh=(f"{as_written(node)} 需要逐行计算。", f"请写 {text}。"),
        )

    def _is_heading(self, column: exp.Column) -> bool:
        """A name from AS, in ORDER BY, HAVING or GROUP BY."""
        return column.name.lower() in self.headings and bool(column.find_ancestor(exp.Order, exp.Having, exp.Group))
