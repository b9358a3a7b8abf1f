"""How semantic SQL is put together: one plain SELECT, or several; what each column shows; how columns are headed.

Reads normalised semantic SQL with sqlglot and changes nothing. It never guesses: text that it cannot read has no
outline, and is then told by what the compiler kept.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from t2sql.catalog import Catalog, Display, Language
from t2sql.figure_names import MULTIPLE, display_of
from t2sql.flow import Column, Plan

if TYPE_CHECKING:
    from sqlglot import exp

# A name that calls no function, or a text in quotes, which is matched to be stepped over.
_NAME = re.compile(r"'(?:[^']|'')*'|\b[a-z]\w*\b(?!\s*\()")


def outline(semantic_sql: str) -> exp.Query | None:
    """The tree of `semantic_sql`; None where there is none to read."""
    import sqlglot
    from sqlglot import exp

    if not semantic_sql.strip():
        return None
    try:
        tree = sqlglot.parse_one(semantic_sql, read="duckdb")
    except sqlglot.ParseError:
        return None
    return tree if isinstance(tree, exp.Query) else None


def is_composed(tree: exp.Query) -> bool:
    """Whether several SELECTs take part: set operations, WITH, joins and subqueries of any kind."""
    from sqlglot import exp

    return not isinstance(tree, exp.Select) or len(list(tree.find_all(exp.Select))) > 1 or bool(tree.args.get("joins"))


def arms(tree: exp.Expr) -> list[exp.Select]:
    """The SELECTs whose rows a query gives, in order."""
    from sqlglot import exp

    if isinstance(tree, exp.SetOperation):
        return [*arms(tree.this), *arms(tree.expression)]
    if isinstance(tree, exp.Subquery):
        return arms(tree.this)
    return [tree] if isinstance(tree, exp.Select) else []


def items(tree: exp.Query | None, count: int) -> list[exp.Expr] | None:
    """What the first SELECT shows, one for each of `count` columns; None where they do not pair, as under a star."""
    from sqlglot import exp

    found = arms(tree)[:1] if tree is not None else []
    shown = list(found[0].expressions) if found else []
    is_plain = len(shown) == count and not any(isinstance(item, exp.Star) or item.is_star for item in shown)
    return shown if is_plain else None


def alias_of(item: exp.Expr) -> str:
    """The name that AS gives, "" where it gives none or the column's own."""
    from sqlglot import exp

    if not isinstance(item, exp.Alias):
        return ""
    is_own = isinstance(item.this, exp.Column) and item.this.name.lower() == item.alias.lower()
    return "" if is_own else str(item.alias)


def is_expression(item: exp.Expr) -> bool:
    """Whether a column is calculated, so that no single name of the catalog says what it shows."""
    from sqlglot import exp

    return isinstance(item, (exp.Binary, exp.Case, exp.Cast, exp.Coalesce, exp.If, exp.Neg, exp.Paren, exp.Window))


def headed(plan: Plan, catalog: Catalog) -> tuple[Column, ...]:
    """The plan's columns as a table heads them: by the name that AS gives, by every member that a UNION puts there."""
    from sqlglot import exp

    tree = outline(plan.semantic_sql)
    shown = items(tree, len(plan.columns))
    if tree is None or shown is None:
        return plan.columns
    lists = [list(arm.expressions) for arm in arms(tree)]
    found = []
    for place, (column, item) in enumerate(zip(plan.columns, shown, strict=True)):
        if alias := alias_of(item):
            display = display_of(alias, catalog) or Display(alias, alias)
            # How many times as much is told as 1.07, and not in percent.
            unit = "" if alias == MULTIPLE else column.unit
            found.append(replace(column, label_zh=display.zh, label_en=display.en, unit=unit))
            continue
        if is_expression(item):
            zh, en = in_words(column.name, catalog)
            found.append(replace(column, label_zh=zh, label_en=en))
            continue
        across = [each[place] for each in lists if len(each) > place]
        names = list(dict.fromkeys(n.name.lower() for n in across if isinstance(n, exp.Column)))
        known = [_display(name, catalog) for name in names]
        if len(names) > 1 and len(across) == len(lists) and all(isinstance(n, exp.Column) for n in across):
            zh, en = " / ".join(d.zh for d in known), " / ".join(d.en for d in known)
            column = replace(column, label_zh=zh, label_en=en)
        found.append(column)
    return tuple(found)


def in_words(expression: str, catalog: Catalog) -> tuple[str, str]:
    """An expression with the names of the catalog as people read them, in Chinese and English: 存款余额 - 贷款余额.

    What stands in quotes and the names of functions are left as written.
    """

    def written(language: Language) -> str:
        return _NAME.sub(lambda match: _display(match[0], catalog).to(language), expression)

    return written("zh"), written("en")


def _display(name: str, catalog: Catalog) -> Display:
    known = catalog.metrics.get(name) or catalog.dimensions.get(name)
    return known.display if known is not None else Display(name, name)
