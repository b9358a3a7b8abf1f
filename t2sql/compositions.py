"""Several SELECTs in words: set operations, joins, WITH and subqueries, each part with its own conditions.

A condition is told with the part that it belongs to and never as one of the whole, so that what EXCEPT takes away is
not told as what is kept. What it has no words for is shown as SQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from t2sql.catalog import Catalog, Language
from t2sql.figure_names import COUNTED, EACH, EARLIER, GAP, LATER, LISTED, MULTIPLE, PERIOD_SHOWN, display_of
from t2sql.outline import alias_of
from t2sql.phrases import Phrases
from t2sql.wording import join, visible

if TYPE_CHECKING:
    from sqlglot import exp

NUMBERS_ZH = "一二三四五六七八九"
NUMBERS_EN = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")

_MADE_OF = {
    COUNTED: ("的行数", "the number of these rows,", "Count"),
    LISTED: ("之和", "the sum of these rows,", "Sum"),
    EACH: ("的平均", "the mean of these rows,", "Avg"),
}
"""Part -> how it is told, and the aggregate that makes it so."""


def tell_composition(tree: exp.Query, catalog: Catalog, language: Language) -> str:
    """What a query of several SELECTs gives and how its parts are made, without the full stop."""
    words = _Composition(catalog, language)
    whole = words.query(tree)
    if own := words.own_figure(tree):
        return own
    parts = [f"{name}{words.say('：', ': ')}{text}" for name, text in words.parts]
    head = words.say("几个查询的组合：", "several SELECTs combined: ")
    return head + words.say("；", "; ").join([whole, *parts])


class _Composition:
    """One composed query; parts that have a name are gathered on the way and told after the whole."""

    def __init__(self, catalog: Catalog, language: Language) -> None:
        self.language = language
        self.phrases = Phrases({}, catalog, language, tells_sources=True)
        self.parts: list[tuple[str, str]] = []

    def say(self, zh: str, en: str) -> str:
        return self.phrases.say(zh, en)

    def own_figure(self, tree: exp.Query) -> str:
        """How many rows, a sum, a change between two dates or periods one below the other, as a question's reading
        composes it; "" for any other.
        """
        from sqlglot import exp

        if isinstance(tree, exp.Union):
            sides = list(_sides(tree, exp.Union))
            if any(alias_of(side.selects[0]) != PERIOD_SHOWN for side in sides if isinstance(side, exp.Query)):
                return ""
            rows = self.say("；", "; ").join(self.query(side) for side in sides)
            return self.say(f"每个期间各一行：{rows}", f"one row for each period: {rows}")
        if against := self._against(tree):
            return against
        shown = [display_of(alias_of(item), self.phrases.catalog) for item in tree.expressions]
        parts, figures = dict(self.parts), [display for display in shown if display]
        if len(figures) != 1:
            return ""
        name = figures[0].to(self.language)
        told = list(parts)
        if told == [EARLIER, LATER] and tree.find(exp.Sub):
            earlier, later = parts[EARLIER], parts[LATER]
            return self.say(f"{name}：{later}，减去{earlier}", f"{name}: {later}, less {earlier}")
        how = _MADE_OF.get(told[0].partition("_")[0]) if len(told) == 1 else None
        if how and tree.find(getattr(exp, how[2])):
            return self.say(f"{name}，即以下各行{how[0]}：{parts[told[0]]}", f"{name}: {how[1]} {parts[told[0]]}")
        return ""

    def _against(self, tree: exp.Query) -> str:
        """One member's figure over another's, or less it."""
        from sqlglot import exp

        item = tree.expressions[0] if isinstance(tree, exp.Select) and len(tree.expressions) == 1 else None
        alias = alias_of(item) if item is not None else ""
        made = item.unalias() if item is not None and alias in (MULTIPLE, GAP) else None
        display = display_of(alias, self.phrases.catalog)
        if not isinstance(made, (exp.Div, exp.Sub)) or display is None:
            return ""
        if not isinstance(made.expression, exp.Subquery):
            return ""
        plain = tree.copy()
        plain.set("expressions", [made.this.copy()])
        one, other, name = self.query(plain), self.query(made.expression), display.to(self.language)
        if alias == MULTIPLE:
            return self.say(f"{name}：{one}，除以{other}", f"{name}: {one}, over {other}")
        return self.say(f"{name}：{one}，减去{other}", f"{name}: {one}, less {other}")

    def query(self, tree: exp.Expr) -> str:
        from sqlglot import exp

        if isinstance(tree, exp.Subquery):
            return self.query(tree.this)
        for cte in tree.args["with_"].expressions if tree.args.get("with_") else ():
            self.parts.append((visible(cte.alias), self.query(cte.this)))
        if isinstance(tree, exp.SetOperation):
            return self._set_operation(tree)
        return self._select(tree) if isinstance(tree, exp.Select) else visible(tree.sql("duckdb"))

    def _set_operation(self, tree: exp.SetOperation) -> str:
        from sqlglot import exp

        sides = list(_sides(tree, type(tree)))
        names = [self._numbered(place) for place in range(len(sides))]
        told = []
        for name, side in zip(names, sides, strict=True):
            is_nested = isinstance(side.unnest(), exp.SetOperation)
            text = self.query(side)
            told.append((name, self.say(f"（{text}）", f"({text})") if is_nested else text))
        listed = join(names, self.language)
        if isinstance(tree, exp.Except):
            whole = self.say(f"{names[0]}有而{names[1]}没有的行", f"rows of {names[0]} that are not in {names[1]}")
        elif isinstance(tree, exp.Intersect):
            whole = self.say(f"{listed}都有的行", f"rows that are in both {listed}")
        else:
            kept = self.say("只留一次", "kept once") if tree.args.get("distinct") else self.say("都保留", "all kept")
            whole = self.say(
                f"{listed}合在一起的行（重复的行{kept}）", f"rows of {listed} together (equal rows {kept})"
            )
        colon = self.say("：", ": ")
        return self.say("；", "; ").join([whole + self._ending(tree), *(f"{n}{colon}{t}" for n, t in told)])

    def _numbered(self, place: int) -> str:
        if place >= len(NUMBERS_EN):
            return self.say(f"第 {place + 1} 部分", f"part {place + 1}")
        return self.say(f"第{NUMBERS_ZH[place]}部分", f"the {NUMBERS_EN[place]} part")

    def _select(self, select: exp.Select) -> str:
        distinct = self.say("不重复的", "distinct ") if select.args.get("distinct") else ""
        # What each row is a period of is told by its condition.
        items = [item for item in select.expressions if alias_of(item) != PERIOD_SHOWN]
        shown = distinct + join([self._item(item) for item in items], self.language)
        source = self._source(select)
        text = self.say(f"取自{source}的{shown}" if source else shown, f"{shown} from {source}" if source else shown)
        tests = [part for clause in ("where", "having", "qualify") for part in _conjuncts(select.args.get(clause))]
        told = [self.phrases.condition(test.sql("duckdb", normalize_functions="lower")) for test in tests]
        if told:
            text += self.say("，限", " where ") + join(told, self.language, self.say("且", "and"))
        group = select.args.get("group")
        if group and group.expressions:
            by = join([self.phrases.name(item) for item in group.expressions], self.language)
            text += self.say(f"，按{by}分组", f", grouped by {by}")
        return text + self._ending(select)

    def _item(self, item: exp.Expr) -> str:
        from sqlglot import exp

        if item.is_star:
            table = item.table if isinstance(item, exp.Column) else ""
            return self.say(
                f"{table}的所有列" if table else "所有列", f"all columns of {table}" if table else "all columns"
            )
        said, alias = self.phrases.name(item.unalias()), alias_of(item)
        return visible(alias) + self.say(f"（{said}）", f" ({said})") if alias else said

    def _source(self, select: exp.Select) -> str:
        """The members of FROM and how they meet; "" for the definitions themselves."""
        origin = select.args.get("from_")
        if origin is None:
            return ""
        joins = select.args.get("joins") or []
        first = self._member(origin.this)
        if not joins:
            return "" if first == self.phrases.catalog.name else first
        text = first
        for each in joins:
            member, kind = self._member(each.this), str(each.args.get("side") or "").upper()
            on = each.args.get("on")
            using = [u.name for u in each.args.get("using") or ()]
            if on is not None:
                parts = [self.phrases.condition(p.sql("duckdb")) for p in _flat(on)]
            else:
                parts = [self.phrases.name_of(name) + self.say("相等", " equal") for name in using]
            meets = join(parts, self.language, self.say("且", "and"))
            by = self.say(f"（{meets}）", f" ({meets})") if meets else ""
            text += self.say(
                "，左连接" if kind == "LEFT" else "连接", " left-joined with " if kind == "LEFT" else " joined with "
            )
            text += member + by
        return text

    def _member(self, node: exp.Expr) -> str:
        """The name of a member of FROM; a subquery becomes a part of that name."""
        from sqlglot import exp

        if isinstance(node, exp.Subquery):
            name = visible(node.alias) if node.alias else self.say("子查询", "the subquery")
            self.parts.append((name, self.query(node.this)))
            return name
        if isinstance(node, exp.Table):
            alias = visible(node.alias) if node.alias and node.alias.lower() != node.name.lower() else ""
            return (
                alias + self.say(f"（即{visible(node.name)}）", f" (which is {visible(node.name)})")
                if alias
                else visible(node.name)
            )
        return visible(node.sql("duckdb"))

    def _ending(self, tree: exp.Expr) -> str:
        """Order, rows left out and rows kept."""
        said = ""
        if order := tree.args.get("order"):
            pairs = self.phrases.order(", ".join(o.sql("duckdb") for o in order.expressions))
            if self.language == "zh":
                said += f"，按{join([f'{what}{way}' for what, way in pairs], 'zh', '、')}排列"
            else:
                said += f", ordered by {join([f'{what} ({way})' for what, way in pairs], 'en', 'then')}"
        if offset := tree.args.get("offset"):
            count = offset.expression.sql()
            said += self.say(f"，跳过 {count} 行", f", skipping {count} row{'' if count == '1' else 's'}")
        if limit := tree.args.get("limit"):
            count = limit.expression.sql()
            said += self.say(f"，取前 {count} 行", ", first row only" if count == "1" else f", first {count} rows")
        return said


def _sides(tree: exp.Expr, kind: type[exp.Expr]) -> Iterator[exp.Expr]:
    """The members of a run of one set operation, as UNIONs are written one after another."""
    from sqlglot import exp

    assert isinstance(tree, exp.SetOperation)
    left = tree.this
    is_run = type(left) is kind and kind is exp.Union and left.args.get("distinct") == tree.args.get("distinct")
    if is_run:
        yield from _sides(left, kind)
    else:
        yield left
    yield tree.expression


def _conjuncts(clause: exp.Expr | None) -> list[exp.Expr]:
    return _flat(clause.this) if clause is not None else []


def _flat(test: exp.Expr) -> list[exp.Expr]:
    from sqlglot import exp

    return list(test.flatten()) if isinstance(test, exp.And) else [test]
