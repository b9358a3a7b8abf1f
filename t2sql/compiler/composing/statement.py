"""A relation as one statement: the CTEs it needs in one WITH, how often it reads its tables, columns told apart."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from t2sql.compiler.relation import Relation


def statement(query: exp.Expr, ctes: tuple[tuple[str, exp.Expr], ...]) -> exp.Expr:
    """`query` with the CTEs that it needs, and those that they need, in one WITH."""
    by_name = dict(ctes)
    needed: set[str] = set()
    stack = [query]
    while stack:
        for table in stack.pop().find_all(exp.Table):
            if table.name in by_name and table.name not in needed:
                needed.add(table.name)
                stack.append(by_name[table.name])
    for name, cte in ctes:
        if name in needed:
            query = query.with_(exp.TableAlias(this=exp.to_identifier(name)), as_=cte, copy=False)  # type: ignore[attr-defined]
    return query


def reads_of(query: exp.Expr, ctes: tuple[tuple[str, exp.Expr], ...]) -> int:
    """Tables read when every CTE is put in its places."""
    counts: dict[str, int] = {}
    for name, cte in ctes:
        counts[name] = sum(counts.get(t.name, 1) for t in cte.find_all(exp.Table))
    return sum(counts.get(t.name, 1) for t in query.find_all(exp.Table))


def told_apart(relation: Relation) -> Relation:
    """The relation with no two columns of one label: a repeated label is followed by the column's name."""
    labels = [(c.column.label_zh, c.column.label_en) for c in relation.columns]
    columns = tuple(
        c
        if labels.count((c.column.label_zh, c.column.label_en)) == 1
        else replace(
            c,
            column=replace(
                c.column,
                label_zh=f"{c.column.label_zh}（{c.column.name}）",
                label_en=f"{c.column.label_en} ({c.column.name})",
            ),
        )
        for c in relation.columns
    )
    return replace(relation, columns=columns)
