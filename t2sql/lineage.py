"""What a metric is made of, down to physical tables: things and the arrows between them, for a picture.

Reads the names in one catalog's definitions. Given a narrowed one it can tell of nothing hidden; it draws nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from t2sql.catalog import Catalog, Display, Metric
from t2sql.metric_names import columns_in, names_used

Kind = Literal["metric", "dataset", "table"]
Key = tuple[Kind, str]
"""Kind and name: tells a thing from every other of a picture."""
Part = Literal["", "numerator", "denominator", "total", "condition", "date", "rates"]


@dataclass(frozen=True, slots=True)
class Thing:
    """One box of the picture."""

    kind: Kind
    name: str
    display: Display
    fields: tuple[Display, ...] = ()
    """Of a dataset: the fields that are read, in the order of the dataset."""

    @property
    def key(self) -> Key:
        """Tells it from every other thing of the picture."""
        return self.kind, self.name


@dataclass(frozen=True, slots=True)
class Arrow:
    """From what is made to what it is made of."""

    source: Key
    target: Key
    part: Part = ""
    """numerator and denominator of a ratio; total: what is summed up over time; condition: only looked up by a filter;
    date: only dates the rows; rates: converts their currency; "": computed or read from.
    """


@dataclass(frozen=True, slots=True)
class Lineage:
    """Everything below one name; the first thing is that name."""

    things: tuple[Thing, ...]
    arrows: tuple[Arrow, ...]

    def made_of(self) -> tuple[Thing, ...]:
        """The metrics below the first thing, nearest first."""
        return tuple(thing for thing in self.things[1:] if thing.kind == "metric")


def metric_lineage(metric: Metric, catalog: Catalog) -> Lineage:
    """A metric with the metrics it is made of, the fields they read in all versions, and the tables these stand in."""
    return _Walk(catalog).from_metric(metric)


def used_in(name: str, catalog: Catalog) -> tuple[str, ...]:
    """The metrics written with metric `name` itself, in the catalog's order."""
    return tuple(other.name for other in catalog.metrics.values() if name in names_used(other, catalog.metrics)[0])


@dataclass(slots=True)
class _Walk:
    """Gathers things from the top down, each once."""

    catalog: Catalog
    metrics: dict[str, Metric] = field(default_factory=dict)
    read: dict[str, set[str]] = field(default_factory=dict)
    """Dataset -> names of its fields that are read."""
    arrows: dict[Arrow, None] = field(default_factory=dict)

    def from_metric(self, metric: Metric) -> Lineage:
        waiting = [metric]
        while waiting:
            one = waiting.pop(0)
            if one.name in self.metrics:
                continue
            self.metrics[one.name] = one
            for name, part in _parts(one, self.catalog):
                self._point(Arrow(("metric", one.name), ("metric", name), part))
                waiting.append(self.catalog.metrics[name])
            self._read_fields(one)
        tops = [Thing("metric", one.name, one.display) for one in self.metrics.values()]
        return self._down_to_tables(tops)

    def _read_fields(self, metric: Metric) -> None:
        """The fields that a simple metric reads: those it aggregates, those of its filter and its date."""
        if metric.type != "simple":
            return
        own: Key = ("metric", metric.name)
        rows: dict[str, set[str]] = {metric.dataset: set()} if metric.dataset else {}
        looked_up: dict[str, set[str]] = {}
        for one in metric.definitions:
            for dataset, name in columns_in(one.expression):
                rows.setdefault(dataset, set()).add(name)
            for dataset, name in columns_in(one.filter) if one.filter else ():
                looked_up.setdefault(dataset, set()).add(name)
        for dataset, names in rows.items():
            self._read(own, dataset, names | looked_up.pop(dataset, set()))
        for dataset, names in looked_up.items():
            # It is looked up from the rows; metrics that share both would draw the same arrow again and again.
            sources: list[Key] = [("dataset", one) for one in rows if one in self.read]
            for source in sources or [own]:
                self._read(source, dataset, names, "condition")
        for dataset in rows:
            self._read_date(dataset, metric.time_dimension)

    def _read_date(self, dataset: str, chosen: str) -> None:
        known = self.catalog.datasets.get(dataset)
        if known is None or not (chosen or known.time_dimension):
            return
        owner, _, name = (chosen or known.time_dimension).rpartition(".")
        if not owner or owner == dataset:
            self.read[dataset].add(name)
        else:
            self._read(("dataset", dataset), owner, {name}, "date")

    def _read(self, source: Key, dataset: str, names: set[str], part: Part = "") -> None:
        if dataset in self.catalog.datasets:
            self.read.setdefault(dataset, set()).update(names)
            self._point(Arrow(source, ("dataset", dataset), part))

    def _point(self, arrow: Arrow) -> None:
        self.arrows[arrow] = None

    def _down_to_tables(self, tops: list[Thing]) -> Lineage:
        datasets: list[Thing] = []
        tables: dict[str, None] = {}
        for name, read in self.read.items():
            dataset = self.catalog.datasets[name]
            shown = tuple(item.display for item in dataset.fields.values() if item.name in read)
            datasets.append(Thing("dataset", name, dataset.display, shown))
            tables[dataset.source] = None
            self._point(Arrow(("dataset", name), ("table", dataset.source)))
            rates = self.catalog.rates
            if rates and any(dataset.fields[f].currency_field for f in read if f in dataset.fields):
                tables[rates.source] = None
                self._point(Arrow(("dataset", name), ("table", rates.source), "rates"))
        things = [*tops, *datasets, *(Thing("table", name, Display(name, name)) for name in tables)]
        return Lineage(tuple(things), tuple(self.arrows))


def _parts(metric: Metric, catalog: Catalog) -> Iterator[tuple[str, Part]]:
    """(metric, which part it is) that a metric is written with, in all its versions, in the order written."""
    found: dict[tuple[str, Part], None] = {}
    for one in metric.definitions:
        if one.type == "ratio":
            found |= {(one.numerator, "numerator"): None, (one.denominator, "denominator"): None}
        elif one.type != "simple":
            part: Part = "total" if one.type == "cumulative" else ""
            names = [name for dataset, name in columns_in(one.expression) if not dataset]
            found |= {(name, part): None for name in sorted(names, key=lambda n: (one.expression.find(n), n))}
    return iter([(name, part) for name, part in found if name in catalog.metrics])
