"""UNION, INTERSECT and EXCEPT of relations: columns that agree in kind and unit; nothing is summed across arms."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from t2sql.compiler.composing.additivity import ARM, SEVERAL
from t2sql.compiler.composing.scope import Source, together
from t2sql.compiler.relation import Carried, Names, Relation
from t2sql.compiler.words.clauses import limit_of, offset_of, order_of
from t2sql.compiler.words.spelling import as_written
from t2sql.errors import NotComputable, RefusedSyntax
from t2sql.flow import Understood

_WORDS: dict[type[exp.Expr], str] = {exp.Union: "UNION", exp.Intersect: "INTERSECT", exp.Except: "EXCEPT"}


def combine(node: exp.SetOperation, left: Relation, right: Relation, names: Names, prefix: str) -> Relation:
    """The relation of a set operation. Raises RefusedSyntax or NotComputable."""
    word = next(w for kind, w in _WORDS.items() if isinstance(node, kind))
    is_all = not node.args.get("distinct")
    if is_all and word != "UNION":
        raise RefusedSyntax(f"{word} ALL is not part of semantic SQL.", f"Write {word}.")
    for side in (node.this, node.expression):
        if isinstance(side, exp.SetOperation) and (type(side) is not type(node) or word != "UNION"):
            raise RefusedSyntax(
                "Set operations of different kinds stand side by side.", "Put one of them into a WITH, or in brackets."
            )
    columns = _columns(word, left, right)
    sources = [
        Source.of("", arm, names, f"{prefix}_{part}" if prefix else part)
        for arm, part in ((left, "first_part"), (right, "second_part"))
    ]
    arms = []
    for source in sources:
        plain = [exp.column(exp.to_identifier(c.column.name), source.table) for c in source.relation.columns]
        named = [
            p if p.name == c.column.name else exp.alias_(p, exp.to_identifier(c.column.name))
            for p, c in zip(plain, columns, strict=True)
        ]
        arms.append(exp.select(*named).from_(source.table))
    query = node.__class__(this=arms[0], expression=arms[1], distinct=not is_all)
    keys, columns = _keys(word, is_all, left, right, columns)
    order = _order(node, columns)
    told = ", ".join(f"{o.this.name}{' DESC' if o.args.get('desc') else ''}" for o in order[: len(order_of(node))])
    own = Relation(
        (),
        query,
        columns,
        keys,
        tuple(order),
        limit_of(node),
        offset_of(node),
        understood=Understood((), (), (), told, limit_of(node), False, offset_of(node)),
    )
    return together([(str(n), s.relation) for n, s in enumerate(sources, 1)], own)


def _columns(word: str, left: Relation, right: Relation) -> tuple[Carried, ...]:
    if len(left.columns) != len(right.columns):
        raise NotComputable(
            f"{word} of {len(left.columns)} columns and {len(right.columns)}.",
            "Select the same columns, in the same order, on both sides.",
            zh=(f"{word} 两边的列数不同（{len(left.columns)} 与 {len(right.columns)}）。", "请让两边选择相同的列。"),
        )
    found = []
    for one, other in zip(left.columns, right.columns, strict=True):
        a, b = one.column, other.column
        kinds = {"number" if c.type in ("integer", "number") else c.type for c in (a, b)}
        if len(kinds) > 1:
            raise NotComputable(
                f"{word} puts {a.name!r} and {b.name!r} into one column, and they are of different types.",
                "Select the same kinds of columns, in the same order, on both sides.",
            )
        if one.unit != other.unit:
            raise NotComputable(
                f"{word} puts {a.name!r} ({one.unit or 'number'}) and {b.name!r} "
                f"({other.unit or 'number'}) into one column.",
                "Put figures of different units into columns of their own.",
                zh=(f"{word} 把单位不同的 {a.name} 与 {b.name} 放进了同一列。", "请把单位不同的数放在不同的列。"),
            )
        is_one_thing = not one.dimension or not other.dimension or one.dimension == other.dimension
        is_same = (a.metric, a.function) == (b.metric, b.function) and is_one_thing
        column = a if is_same else replace(a, metric="", function="", label_zh=a.name, label_en=a.name)
        column = column if a.type == b.type else replace(column, type="number")
        column = column if a.kind == b.kind else replace(column, kind="dimension")
        periods = one.periods if one.periods == other.periods else ()
        dimension = one.dimension if one.dimension == other.dimension else ""
        found.append(replace(one, column=column, periods=periods, dimension=dimension))
    return tuple(found)


def _keys(
    word: str, is_all: bool, left: Relation, right: Relation, columns: tuple[Carried, ...]
) -> tuple[frozenset[str], tuple[Carried, ...]]:
    """What tells the rows apart, and the columns with that said."""
    shown = {c.key for c in columns if c.key}
    if word != "UNION" and left.keys <= shown:
        return left.keys, columns
    if is_all and all(r.keys <= {c.key for c in r.columns} for r in (left, right)):
        # The arm tells rows apart as well, and nothing shows it: so nothing is ever summed across arms.
        places = {i for r in (left, right) for i, c in enumerate(r.columns) if c.key}
        marked = tuple(
            replace(c, key=c.column.name if i in places else "", sums=frozenset(), why=SEVERAL)
            for i, c in enumerate(columns)
        )
        return frozenset(c.key for c in marked if c.key) | {ARM}, marked
    named = tuple(replace(c, key=c.column.name, sums=frozenset(), why=SEVERAL) for c in columns)
    return frozenset(c.key for c in named) | ({ARM} if is_all else set()), named


def _order(node: exp.SetOperation, columns: tuple[Carried, ...]) -> list[exp.Ordered]:
    """ORDER BY of the whole, by output names; all columns settle what it leaves open."""
    names = [c.column.name for c in columns]
    lower = [n.lower() for n in names]
    found: dict[str, exp.Ordered] = {}
    for item in order_of(node):
        by = item.this
        if isinstance(by, exp.Literal) and by.is_int and 1 <= int(by.this) <= len(names):
            name = names[int(by.this) - 1]
        elif isinstance(by, exp.Column) and not by.table and by.name.lower() in lower:
            name = names[lower.index(by.name.lower())]
        else:
            raise RefusedSyntax(
                f"Cannot order a {next(w for k, w in _WORDS.items() if isinstance(node, k))} by {as_written(by)!r}.",
                f"Order by {', '.join(names)}.",
            )
        found[name] = exp.Ordered(
            this=exp.column(exp.to_identifier(name)), desc=bool(item.args.get("desc")), nulls_first=False
        )
    for name in names:
        found.setdefault(name, exp.Ordered(this=exp.column(exp.to_identifier(name)), desc=False, nulls_first=False))
    return list(found.values())
