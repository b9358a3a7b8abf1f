"""SQL that says the contrary of an English question, or only looks like its form: a condition that a "but" or a "not"
turns round, a thing compared with itself, a percentage that is always 100, a year taken for a number of rows.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from sqlglot import exp

from t2sql.adhoc.wanted_forms import Tree
from t2sql.catalog import Catalog
from t2sql.fields.words import stem
from t2sql.paths import joins_between

_BUT = re.compile(
    r"\b(?:all|every\w*|any\w*|none|each|no one|nothing)\b(?: [a-z]+){0,2} but\b|\bother than\b|\bapart from\b|\bexcept\b|\bexclud\w+\b(?! (?:the |this )?(?:current|present|this|today)\b)|\bleav(?:e|es|ing) out\b",
    re.IGNORECASE,
)
_DID_NOT = re.compile(r"\b(?:did|do|does|has|have|had|was|were|is|are)(?: not|n['’]t)\b|\bnever\b", re.IGNORECASE)
_THAN = re.compile(
    r"\b(?:more|less|fewer|later|(?!other|rather|either|whether)[a-z]{3,}er)\b[^.?!;]{0,40}?\bthan\s+(?:the\s+|that of\s+)?",
    re.IGNORECASE,
)
_GRAIN_BESIDE = re.compile(
    r"\b(?:by|per)\b[^.?!;,]{0,60}?\b(?:and|,)\s+(?:by\s+|per\s+)?(?P<grain>year|quarter|month|week|day)\b(?!\s+(?:of|to)\b)",
    re.IGNORECASE,
)
_AT_END = re.compile(r"\b(?:which|who|what)\b[^.?!]*\b(?:first|last)\s*\?", re.IGNORECASE)
_OF_EACH = re.compile(r"\b(?:of|for|in|per|at) (?:each|every)\b|\bper [a-z]+", re.IGNORECASE)
_CURRENT = re.compile(
    r"\bcurrently\b|\b(?:current|latest|most recent)\b(?! (?:date|day|month|quarter|year|week|time)\b)", re.IGNORECASE
)
_STATE = re.compile(
    r"\b(?:(?:is|are|counts? as) (?P<word>[a-z]{4,})|[a-z]+ (?P<did>[a-z]{2,}ed)) (?:once|if|when|as long as|only if|while)\b(?P<what>[^.;\n]*)"
)
_BOUND_IN = re.compile(
    r"\b(?P<name>[A-Z][A-Z0-9]{1,7})\b[^.\n;]*?\b(?:more than|less than|at least|at most|over|under|within|longer than) \d+ (?:day|week|month|year|hour)s?\b"
)
_OF_ASKING = frozenset("average mean the what which how and for are was each all per".split())
_MEAN = re.compile(r"\b(?:average|mean|rating|score)s?\b", re.IGNORECASE)
_OF_MEANS = re.compile(
    r"\b(?:average|mean) of (?:the |all )?[^.;\n]{0,30}\b(?:averages|means)\b|\b(?:compute|calculate|take|find)\b[^.;\n]{0,20}\b(?:average|mean)\b[^.;\n]*\b(?:first|before)\b[^.;\n]*\b(?:average|mean)\b",
    re.IGNORECASE,
)
_PROPORTION = re.compile(r"\b(?:proportion|fraction)\b", re.IGNORECASE)
_HUNDREDTHS = re.compile(r"percent|%|\b100\b|hundred", re.IGNORECASE)
_PER_CENT = re.compile(r"\bpercent\w*|\bshare\b|\bproportion\b|\bfraction\b|\brate\b|%", re.IGNORECASE)


def contrary(text: str, hints: str, tree: Tree) -> Iterator[str]:
    """Stretches of `text`, with its `hints`, that `tree` turns round or only seems to hold."""
    yield from _stated(text, hints, tree)
    if (match := _CURRENT.search(text)) and not tree.find(exp.Window, exp.Order, exp.Max, exp.Where):
        yield match[0]
    if turned := _turned(text, tree):
        yield turned
    yield from _compared_with_itself(text, tree)
    if (match := _PER_CENT.search(text)) and any(_is_one(node) for node in tree.find_all(exp.Div)):
        yield match[0]
    if (match := _PROPORTION.search(text)) and not _HUNDREDTHS.search(f"{text} {hints}") and _is_percent(tree):
        yield match[0]
    for match in _OF_MEANS.finditer(hints):
        if _is_of(text, hints[hints.rfind("\n", 0, match.start()) + 1 : match.end()]) and not _averages_means(tree):
            yield match[0]
    yield from _classed(tree)
    if (match := _GRAIN_BESIDE.search(text)) and not _has_grain(tree, match["grain"].lower()):
        yield match[0]
    if (match := _AT_END.search(text)) and not tree.find(exp.Order, exp.Max, exp.Min, exp.Window):
        yield match[0]
    limit = tree.args.get("limit")
    rows = limit.expression.name if limit is not None else ""
    if rows.isdigit() and 1900 <= int(rows) <= 2100:
        yield rows
    if rows == "1" and (match := _OF_EACH.search(text)) and not tree.find(exp.Window):
        yield match[0]


def multiplied(tree: Tree, catalog: Catalog) -> Iterator[str]:
    """Sums, for each thing, of what each of them has once, over rows of which it has many: the cost of a campaign once a
    gift.
    """
    for select in tree.find_all(exp.Select):
        source, group = select.args.get("from_"), select.args.get("group")
        root = source.this.name if source is not None and isinstance(source.this, exp.Table) else ""
        columns = [*group.find_all(exp.Column)] if group else []
        things = {c.table for c in columns if c.table not in ("", root) and c.name in _key_of(c.table, catalog)}
        for call in select.find_all(exp.Sum):
            own = {c.table or root for c in call.find_all(exp.Column)}
            if own and own <= things and call.find_ancestor(exp.Select) is select:
                yield call.sql(dialect="duckdb")


def of_unnamed(tree: Tree, named: Collection[str], catalog: Catalog) -> Iterator[str]:
    """Sums of what things have once, over rows of a dataset that the question does not name and that show nothing of
    their own: coffee received, once for each roast of it.
    """
    for select in tree.find_all(exp.Select):
        source = select.args.get("from_")
        root = source.this.name if source is not None and isinstance(source.this, exp.Table) else ""
        for call in select.find_all(exp.Sum):
            own = {column.table or root for column in call.find_all(exp.Column)}
            is_here = call.find_ancestor(exp.Select) is select and root in catalog.datasets and root not in named
            if is_here and own and _is_of_others(select, own, root, catalog):
                yield call.sql(dialect="duckdb")


def _is_of_others(select: exp.Select, summed: set[str], root: str, catalog: Catalog) -> bool:
    """Whether a SELECT shows nothing of its own rows, and all that it shows of one dataset that has a row a thing."""
    shown = {column.table or root for item in select.expressions for column in item.find_all(exp.Column)}
    counts = any(isinstance(call.this, exp.Star) for call in select.find_all(exp.Count))
    thing = next(iter(summed))
    if root in shown or counts or len(summed) != 1 or thing not in catalog.datasets:
        return False
    way = joins_between(catalog, root, thing)
    held = all(name == thing or joins_between(catalog, thing, name) for name in shown)
    # Each car is sold once: its cost is counted once.
    is_once = way is not None and len(way) == 1 and tuple(way[0].from_columns) in catalog.datasets[root].unique_keys
    return bool(way) and held and not is_once


def impossible(tree: Tree) -> Iterator[str]:
    """Conditions that no row meets: of things that have no loans, those with a loan of some kind; and what is computed
    of constants alone.
    """
    yield from (node.sql(dialect="duckdb") for node in tree.find_all(exp.Nullif) if isinstance(node.this, exp.Literal))
    for select in tree.find_all(exp.Select):
        where = select.args.get("where")
        parts = [*where.this.flatten()] if where is not None and isinstance(where.this, exp.And) else []
        absent = {
            _chosen(part.this) for part in parts if isinstance(part, exp.Not) and part.find(exp.Where) is None
        } - {None}
        for part in parts:
            if _chosen(part) in absent:
                yield part.sql(dialect="duckdb")


def _chosen(node: Tree) -> tuple[str, str, str] | None:
    """(field, dataset, key) of "field IN (SELECT key FROM dataset …)"; None for anything else."""
    inner = node.unnest()
    query = inner.args.get("query") if isinstance(inner, exp.In) else None
    select = query.this if isinstance(query, exp.Subquery) else query
    if not isinstance(select, exp.Select) or select.args.get("from_") is None or len(select.expressions) != 1:
        return None
    return inner.this.name, select.args["from_"].this.name, select.expressions[0].name


def _key_of(dataset: str, catalog: Catalog) -> tuple[str, ...]:
    found = catalog.datasets.get(dataset)
    return found.primary_key if found else ()


def _stated(text: str, hints: str, tree: Tree) -> Iterator[str]:
    """What the hints say that a word of the text means, where the SQL holds neither the word nor a NULL nor a bound."""
    written = tree.sql(dialect="duckdb").lower()
    for match in _STATE.finditer(hints):
        word = (match["word"] or match["did"]).lower()
        meant = [part for part in re.findall(r"[a-z_]{4,}", match["what"].lower()) if f"'{part}'" in written]
        is_held = word[:4] in written or "null" in written or meant
        if re.search(rf"\b{word}\b", text, re.IGNORECASE) and not is_held:
            yield word
    for match in _BOUND_IN.finditer(hints):
        if re.search(rf"\b{match['name']}\b", text) and not tree.find(exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between):
            yield match["name"]


def _turned(text: str, tree: Tree) -> str:
    """What excludes, where nothing is excluded; what did not happen, where rows are chosen that differ."""
    excludes = tree.find(exp.Not, exp.NEQ, exp.Except) is not None
    if (match := _BUT.search(text)) and not excludes:
        return match[0]
    if (match := _DID_NOT.search(text)) and tree.find(exp.NEQ):
        # One of a thing's rows may differ while another is the very one: only its keys tell.
        table = tree.find(exp.From)
        counted = tree.find(exp.Count)
        others = {c.table for c in counted.find_all(exp.Column) if c.table} if counted else set()
        chosen = [node.find_ancestor(exp.In) for node in tree.find_all(exp.NEQ)]
        is_among = any(node is not None and not isinstance(node.parent, exp.Not) for node in chosen)
        if is_among or (table is not None and others - {table.this.name}):
            return match[0]
    return ""


def _compared_with_itself(text: str, tree: Tree) -> Iterator[str]:
    """A thing that others are compared with, where the SQL chooses the thing."""
    equal = {
        literal.name.casefold()
        for node in tree.find_all(exp.EQ, exp.ILike, exp.Like)
        for literal in [node.expression]
        if isinstance(literal, exp.Literal) and literal.is_string and node.find_ancestor(exp.Subquery, exp.In) is None
    }
    for match in _THAN.finditer(text):
        if not tree.find(exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.Having):
            yield match[0]
        after = text[match.end() :].casefold()
        if any(after.startswith(value.strip("%")) for value in equal if value.strip("%")):
            yield match[0]


def _is_percent(tree: Tree) -> bool:
    """Whether a figure is told in hundredths."""
    return any(
        isinstance(node, exp.Literal) and node.this == "100"
        for mul in tree.find_all(exp.Mul)
        for node in (mul.this, mul.expression)
    )


def _is_of(text: str, hint: str) -> bool:
    """Whether a hint about a mean speaks of the mean that a text asks for, by a word beside the mean."""
    said, told = ({stem(word) for word in re.findall(r"[a-z]{3,}", part.lower())} for part in (text, hint))
    return _MEAN.search(text) is not None and bool((said & told) - _OF_ASKING)


def _averages_means(tree: Tree) -> bool:
    """Whether a mean is taken of means."""
    return any(call.find_ancestor(exp.Subquery) is not None for call in tree.find_all(exp.Avg))


def _classed(tree: Tree) -> Iterator[str]:
    """Rows that are limited to some of the classes that they are told apart by."""
    where = tree.args.get("where")
    limits = {node.sql() for node in where.find_all(exp.LT, exp.LTE, exp.GT, exp.GTE)} if where is not None else set()
    for item in tree.expressions if isinstance(tree, exp.Select) else ():
        case = item.unalias()
        if isinstance(case, exp.Case) and len(case.args["ifs"]) > 1:
            yield from (one.this.sql("duckdb") for one in case.args["ifs"] if one.this.sql() in limits)


def _is_one(node: exp.Div) -> bool:
    """Whether a figure is divided by itself."""

    def bare(side: exp.Expr) -> str:
        while isinstance(side, (exp.Paren, exp.Cast)):
            side = side.this
        if isinstance(side, exp.Mul):
            parts = [p for p in (side.this, side.expression) if not isinstance(p, exp.Literal)]
            side = parts[0] if len(parts) == 1 else side
        return side.sql()

    return bare(node.this) == bare(node.expression)


def _has_grain(tree: Tree, grain: str) -> bool:
    """Whether rows are told apart by that stretch of time, or by a column that is called so."""
    cuts = [n for n in tree.walk() if isinstance(n, (exp.TimestampTrunc, exp.DateTrunc))]
    units = {str(n.args.get("unit") or "").strip("'").casefold() for n in cuts}
    named = {c.name.casefold() for c in tree.find_all(exp.Column)}
    is_cut = grain in units or (grain == "year" and tree.find(exp.Year) is not None)
    return is_cut or grain == "day" or any(grain in name for name in named)
