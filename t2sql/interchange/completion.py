"""Completes a stranger's core model: dates, periods, flat names and formulas of several parts, each by a stated rule.

It adds and renames in the flat namespace only; the names in the file stay what they were, so that it can go back.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import sqlglot
from sqlglot import exp

from t2sql.catalog import GRAINS
from t2sql.interchange.layout import OURS, Tree, ordered

_DATE_NAME = re.compile(r"(^|_)(date|day|dt)$", re.IGNORECASE)


def complete(model: Mapping[str, Any], notes: list[str]) -> Tree:
    """`model` in the short form with what the core cannot say; `notes` gathers a sentence for each addition."""
    completed: Tree = {
        **model,
        "datasets": [{**d, "fields": [{**f} for f in d.get("fields", [])]} for d in model["datasets"]],
        "relationships": [{**r} for r in model.get("relationships", [])],
        "metrics": [{**m} for m in model.get("metrics", [])],
    }
    _roles(completed, notes)
    completed["metrics"] = _Parts(completed["metrics"], notes).split()
    _labels(completed, notes)
    _dates(completed, notes)
    _flat_names(completed, notes)
    empty = [key for key in ("relationships", "metrics") if not completed[key] and key not in model]
    return {key: value for key, value in completed.items() if key not in empty}


def _extend(node: Tree, **ours: Any) -> None:
    node[OURS] = {**node.get(OURS, {}), **ours}


def _roles(model: Tree, notes: list[str]) -> None:
    """Two ways from one dataset to another must be tellable apart: each becomes a role called as the relationship."""
    ways = Counter((r["from"], r["to"]) for r in model["relationships"])
    for relationship in model["relationships"]:
        ends = (relationship["from"], relationship["to"])
        if ways[ends] > 1:
            _extend(relationship, role=relationship["name"])
            notes.append(
                f"{ends[0]} reaches {ends[1]} in {ways[ends]} ways: {relationship['name']!r} is a role, "
                f"and its dimensions start with {relationship['name']}_."
            )


def _dates(model: Tree, notes: list[str]) -> None:
    """A dataset that metrics stand on is dated by its own time field, else by that of a dataset it looks up."""
    facts = _facts(model)
    datasets = {d["name"]: d for d in model["datasets"]}
    for name in [d["name"] for d in model["datasets"] if d["name"] in facts]:
        own = [f["name"] for f in _time_fields(datasets[name])]
        reached = [
            f"{r['to']}.{f['name']}"
            for r in model["relationships"]
            if r["from"] == name and not r.get(OURS, {}).get("role")
            for f in _time_fields(datasets.get(r["to"], {}))
        ]
        found = _one_date(own) or ("" if own else _one_date(reached))
        if found:
            _extend(datasets[name], time_dimension=found)
            notes.append(f"{name} is dated by {found}.")
        elif own or reached:
            notes.append(
                f"{name} has no date yet: {', '.join(own or reached)} could be it. "
                f"Write time_dimension under t2sql of the dataset to choose one."
            )
        else:
            notes.append(f"{name} has no date: its metrics answer over all rows, never by period.")


def _labels(model: Tree, notes: list[str]) -> None:
    """The core calls years and quarters' names time too: beside a date they are labels, compared as text."""
    for dataset in model["datasets"]:
        fields = list(_time_fields(dataset))
        labels = [f for f in fields if not _DATE_NAME.search(f["name"])]
        if not labels or len(labels) == len(fields):
            continue
        for item in labels:
            _extend(item, type="label")
        names = ", ".join(f["name"] for f in labels)
        notes.append(f"In {dataset['name']}, {names} are read as labels, not as dates.")


def _time_fields(dataset: Mapping[str, Any]) -> Iterator[Tree]:
    """Fields that may hold dates."""
    for item in dataset.get("fields", []):
        if (item.get("dimension") or {}).get("is_time") and item.get(OURS, {}).get("type") != "label":
            yield item


def _one_date(names: list[str]) -> str:
    """The only name, or the only one that says it is a date; "" when that does not decide."""
    dates = [n for n in names if _DATE_NAME.search(n)]
    chosen = names if len(names) == 1 else dates
    return chosen[0] if len(chosen) == 1 else ""


def _facts(model: Mapping[str, Any]) -> set[str]:
    found: set[str] = set()
    for metric in model["metrics"]:
        tree = _parsed(metric["expression"]) if "expression" in metric else None
        found |= {c.table for c in tree.find_all(exp.Column) if c.table} if tree is not None else set()
    return found


def _flat_names(model: Tree, notes: list[str]) -> None:
    """A field that shares its name with a grain, the model, a metric or another field is flat under its dataset's."""
    fields = [(d["name"], f) for d in model["datasets"] for f in d["fields"] if f.get("dimension") is not None]
    repeated = Counter(f["name"] for _d, f in fields)
    taken = {*GRAINS, model["name"], *(m["name"] for m in model["metrics"])}
    used = taken | {f["name"] for _d, f in fields}
    for dataset, item in fields:
        if item["name"] in taken or repeated[item["name"]] > 1:
            flat = _free(f"{dataset}_{item['name']}", used)
            used.add(flat)
            _extend(item, flat_name=flat)
            notes.append(f"Field {dataset}.{item['name']} is asked for as {flat}, since its name means something else.")


def _free(name: str, used: set[str]) -> str:
    return name if name not in used else next(f"{name}_{n}" for n in range(2, 1000) if f"{name}_{n}" not in used)


class _Parts:
    """Metrics whose formula holds several aggregates become arithmetic over metrics of one aggregate each."""

    def __init__(self, metrics: list[Tree], notes: list[str]) -> None:
        self.metrics, self.notes = metrics, notes
        self.used = {m["name"] for m in metrics}
        self.simple: dict[str, str] = {}
        """Aggregate as SQL -> the metric that is it."""
        self.made: list[Tree] = []

    def split(self) -> list[Tree]:
        """The metrics, and behind them the parts that were missing. Sums and counts that nobody dated mean all time."""
        trees = {m["name"]: _parsed(m["expression"]) for m in self.metrics}
        for name, tree in trees.items():
            if isinstance(tree, exp.AggFunc):
                self.simple.setdefault(tree.sql(), name)
        done = [self._metric(m, trees[m["name"]]) for m in self.metrics]
        return [*done, *self.made]

    def _metric(self, node: Tree, tree: exp.Expr | None) -> Tree:
        if tree is None or isinstance(tree, exp.AggFunc):
            _extend(node, unit=_unit(tree), default_period="all")
            return node
        holder = exp.Paren(this=tree.copy())
        for aggregate in [*_outermost(holder)]:
            aggregate.replace(exp.column(self._part(aggregate, node)))
        for division in holder.find_all(exp.Div):
            if _is_guard(division.expression):
                division.set("expression", division.expression.this)
        inner = holder.this
        if isinstance(inner, exp.Div) and all(isinstance(side, exp.Column) for side in (inner.this, inner.expression)):
            names = {"numerator": inner.this.name, "denominator": inner.expression.name}
            _extend(node, type="ratio", **names, unit="", default_period="all")
            return {key: value for key, value in node.items() if key != "expression"}
        _extend(node, type="derived", unit="", default_period="all")
        return {**node, "expression": inner.sql()}

    def _part(self, aggregate: exp.Expr, node: Tree) -> str:
        text = aggregate.sql()
        if text not in self.simple:
            words = re.findall(r"[a-z0-9_]+", text.lower())
            name = _free("_".join(words) or "part", self.used)
            self.used.add(name)
            self.simple[text] = name
            part: Tree = {
                "name": name,
                "expression": text,
                "description": f"Part of {node['name']}.",
                OURS: {"unit": _unit(aggregate), "default_period": "all"},
            }
            self.made.append(ordered(part))
            rows = ", ".join(sorted({c.table for c in aggregate.find_all(exp.Column) if c.table}))
            self.notes.append(f"{node['name']} stands on {name}: {text}, over all rows of {rows or 'its dataset'}.")
        return self.simple[text]


def _unit(tree: exp.Expr | None) -> str:
    return "count" if isinstance(tree, exp.Count) else ""


def _is_guard(node: exp.Expr) -> bool:
    """NULLIF(x, 0), which every division has of itself."""
    return isinstance(node, exp.Nullif) and node.expression.sql() == "0"


def _outermost(tree: exp.Expr) -> Iterator[exp.Expr]:
    return (n for n in tree.find_all(exp.AggFunc) if not n.find_ancestor(exp.AggFunc))


def _parsed(text: Any) -> exp.Expr | None:
    """The formula as a tree; None for what is no SQL, or is given in dialects of others."""
    if not isinstance(text, str):
        return None
    try:
        return sqlglot.parse_one(text, read="duckdb")
    except sqlglot.errors.SqlglotError:
        return None
