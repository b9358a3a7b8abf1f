"""What the random warehouses are about: tables, dimensions and metrics, said once for the files and for the oracle.

Nothing here computes a figure, and nothing comes out of the compiler: both sides read these lists, each in its own way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Fact:
    """A table of dated rows."""

    name: str
    dated_by: str
    key: str
    kind: Literal["month_stock", "day_stock", "flow", "month_flow"]
    links: tuple[tuple[str, str, str], ...]
    """(column, looked-up table, role)."""
    fields: tuple[str, ...]
    """Columns that metrics use."""
    own: tuple[tuple[str, str], ...] = ()
    """(column, dimension) of dimensions that stand in the table itself."""

    @property
    def is_stock(self) -> bool:
        return self.kind.endswith("stock")


@dataclass(frozen=True, slots=True)
class Metric:
    """One definition."""

    name: str
    kind: Literal["simple", "ratio", "derived"] = "simple"
    aggregate: Literal["SUM", "COUNT", "COUNT DISTINCT", "MIN", "MAX", "AVG"] = "SUM"
    fact: str = ""
    field: str = ""
    where: tuple[str, str, tuple[object, ...]] | None = None
    """(table.field, operator, values)."""
    is_average: bool = False
    """window_choice avg."""
    default: Literal["", "latest", "ytd", "all"] = ""
    parts: tuple[str, ...] = ()
    """Ratio: numerator and denominator. Derived: the metrics, in order."""
    signs: tuple[int, ...] = ()
    """Derived: + or - before each part."""
    unit: str = "CNY"


LOOKUPS = {"units": "unit_id", "clients": "client_id", "items": "item_id"}
FACTS = {
    f.name: f
    for f in (
        Fact(
            "books",
            "as_of",
            "book_id",
            "month_stock",
            (
                ("unit_id", "units", ""),
                ("manager_id", "units", "managing"),
                ("client_id", "clients", ""),
                ("item_id", "items", ""),
            ),
            ("as_of", "book_id", "client_id", "amount", "ccy"),
            (("risk", "risk"), ("grade_then", "grade_then")),
        ),
        Fact(
            "days",
            "as_of",
            "day_id",
            "day_stock",
            (("unit_id", "units", ""), ("item_id", "items", "")),
            ("as_of", "day_id", "amount"),
        ),
        Fact(
            "moves",
            "moved_on",
            "move_id",
            "flow",
            (("unit_id", "units", ""), ("client_id", "clients", "")),
            ("moved_on", "move_id", "client_id", "amount"),
            (("channel", "channel"),),
        ),
        Fact(
            "calls",
            "called_on",
            "call_id",
            "flow",
            (("unit_id", "units", ""), ("client_id", "clients", ""), ("item_id", "items", "")),
            ("called_on", "call_id", "client_id", "amount", "ccy"),
        ),
        Fact(
            "ledger",
            "month_end",
            "entry_id",
            "month_flow",
            (("unit_id", "units", ""),),
            ("month_end", "entry_id", "amount"),
            (("account", "account"),),
        ),
    )
}
LOOKUP_DIMENSIONS = {"units": ("unit", "zone", "city"), "clients": ("kind", "grade"), "items": ("line",)}
ROLE_FIELDS = {"managing": ("unit", "zone"), "home": ("zone", "city")}
AS_STORED = {("books", "grade"): "grade_then"}
"""(fact, dimension) -> the fact's own column that stores it as it was at the time."""
VALUES = {
    "unit": ("u1", "u2", "u3"),
    "zone": ("north", "south", "east"),
    "city": ("c1", "c2"),
    "kind": ("k1", "k2"),
    "grade": ("g1", "g2", "g3"),
    "line": ("l1", "l2"),
    "risk": ("fine", "watch", "bad"),
    "grade_then": ("g1", "g2", "g3"),
    "channel": ("web", "desk"),
    "account": ("in", "out", "tax"),
}
ZONE_ALIASES = {"north": "up there", "south": "down there"}

SIMPLE = (
    Metric("book_sum", fact="books", field="amount"),
    Metric("book_avg", fact="books", field="amount", is_average=True, default="ytd"),
    Metric("book_count", aggregate="COUNT", fact="books", field="book_id", where=("amount", ">", (0,)), unit="count"),
    Metric("book_clients", aggregate="COUNT DISTINCT", fact="books", field="client_id", unit="count"),
    Metric("book_bad", fact="books", field="amount", where=("risk", "IN", ("watch", "bad"))),
    Metric("book_min", aggregate="MIN", fact="books", field="amount"),
    Metric("book_max", aggregate="MAX", fact="books", field="amount"),
    Metric("book_mean", aggregate="AVG", fact="books", field="amount"),
    Metric("book_l1", fact="books", field="amount", where=("items.line", "=", ("l1",))),
    Metric("day_sum", fact="days", field="amount"),
    Metric("day_avg", fact="days", field="amount", is_average=True, default="ytd"),
    Metric("day_count", aggregate="COUNT", fact="days", field="day_id", unit="count"),
    Metric("move_sum", fact="moves", field="amount", default="ytd"),
    Metric("move_count", aggregate="COUNT", fact="moves", field="move_id", default="all", unit="count"),
    Metric("move_big", aggregate="COUNT", fact="moves", field="move_id", where=("amount", ">", (4,)), unit="count"),
    Metric("move_clients", aggregate="COUNT DISTINCT", fact="moves", field="client_id", default="ytd", unit="count"),
    Metric("move_max", aggregate="MAX", fact="moves", field="amount", default="all"),
    Metric("move_mean", aggregate="AVG", fact="moves", field="amount", default="all"),
    Metric("web_sum", fact="moves", field="amount", where=("channel", "=", ("web",)), default="ytd"),
    Metric("call_sum", fact="calls", field="amount", default="ytd"),
    Metric("call_count", aggregate="COUNT", fact="calls", field="call_id", default="ytd", unit="count"),
    Metric("call_min", aggregate="MIN", fact="calls", field="amount", default="all"),
    Metric("earned", fact="ledger", field="amount", where=("account", "=", ("in",)), default="ytd"),
    Metric("spent", fact="ledger", field="amount", where=("account", "<>", ("in",)), default="ytd"),
)
BUILT = (
    Metric("bad_ratio", "ratio", parts=("book_bad", "book_sum"), unit="ratio"),
    Metric("book_per_client", "ratio", parts=("book_sum", "book_clients"), unit="CNY/client"),
    Metric("web_ratio", "ratio", parts=("web_sum", "move_sum"), default="ytd", unit="ratio"),
    Metric("move_to_book", "ratio", parts=("move_sum", "book_sum"), unit="ratio"),
    Metric("call_per_move", "ratio", parts=("call_count", "move_count"), default="ytd", unit="ratio"),
    Metric("held", "derived", parts=("book_sum", "day_sum"), signs=(1, 1)),
    Metric("net_flow", "derived", parts=("move_sum", "call_sum"), signs=(1, -1), default="ytd"),
    Metric("profit", "derived", parts=("earned", "spent"), signs=(1, -1), default="ytd"),
    Metric("held_ratio", "ratio", parts=("held", "book_sum"), unit="ratio"),
    Metric("margin", "ratio", parts=("profit", "earned"), default="ytd", unit="ratio"),
)
METRICS = {m.name: m for m in (*SIMPLE, *BUILT)}


def simple_parts(name: str) -> tuple[Metric, ...]:
    """The simple metrics below `name`, itself if it is one."""
    metric = METRICS[name]
    if metric.kind == "simple":
        return (metric,)
    return tuple(dict.fromkeys(part for p in metric.parts for part in simple_parts(p)))


def facts_of(name: str) -> frozenset[str]:
    """The facts below `name`."""
    return frozenset(part.fact for part in simple_parts(name))


def dimensions_of(fact: str) -> frozenset[str]:
    """The flat names by which `fact` can be grouped; grade_then is asked for as grade."""
    found = {dimension for _column, dimension in FACTS[fact].own if dimension != "grade_then"}
    for _column, table, role in FACTS[fact].links:
        if role:
            found |= {f"{role}_{name}" for name in ROLE_FIELDS[role]}
            continue
        found |= set(LOOKUP_DIMENSIONS[table])
        if table == "clients":
            found |= {f"home_{name}" for name in ROLE_FIELDS["home"]}
    return frozenset(found)


def values_of(dimension: str) -> tuple[str, ...]:
    """The values that `dimension` may have; a role has its dimension's."""
    return VALUES[dimension if dimension in VALUES else dimension.split("_", 1)[1]]
