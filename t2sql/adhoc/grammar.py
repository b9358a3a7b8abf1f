"""What the llm may write for a question over fields, in llguidance's Lark dialect: one SELECT over the catalog.

It chooses columns, aggregates and an order. Conditions are the question's own (`Slot`), joins and groups are not
written at all, and what the question lists (`Shape`) is forced in kind and number: so neither a value, a table, a
column too many nor a sum over what may not be summed can be made up.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence

from t2sql.adhoc.figures import counts_of, is_amount, is_measured, is_moment
from t2sql.adhoc.shape import Asked, Shape
from t2sql.adhoc.slots import Slot
from t2sql.catalog import Catalog, Dataset, Field
from t2sql.fields.writing import qualified

MOST_COLUMNS = 7
GRAINS = ("year", "quarter", "month", "week", "day")


def build_grammar(catalog: Catalog, datasets: Sequence[str], shape: Shape, slots: Sequence[Slot]) -> str:
    """A Lark grammar over the fields of `datasets`: a SELECT of that shape under those conditions."""
    return _Writing(catalog, datasets, shape, slots).text()


class _Writing:
    def __init__(self, catalog: Catalog, datasets: Sequence[str], shape: Shape, slots: Sequence[Slot]) -> None:
        self.catalog, self.shape = catalog, shape
        cut = shape.part_from
        self.parts = [slot for slot in slots if 0 <= cut <= slot.start] or ([*slots] if shape.may_calculate else [])
        """Conditions that may hold for one figure alone."""
        self.slots = [slot for slot in slots if not 0 <= cut <= slot.start]
        self.datasets = [catalog.datasets[name] for name in datasets]
        self.amounts, self.moments = self._names(is_amount), self._names(is_moment)
        self.extremes = [*self._names(is_measured), *self.moments]
        self.rules: dict[str, str] = {}

    def text(self) -> str:
        distinct = {True: '"DISTINCT "', False: "", None: '"DISTINCT "?'}[self.shape.is_distinct]
        start = f'"SELECT " {distinct} items " FROM " dataset{self._where()}{self._order()}'
        self.rules["dataset"] = _any(d.name for d in self.datasets)
        self.rules["items"] = self._items()
        self._figures()
        lines = [f"start: {start}", *(f"{name}: {rule}" for name, rule in self.rules.items())]
        return "\n".join(lines) + "\n"

    # -- columns ------------------------------------------------------------------------------------------------
    def _items(self) -> str:
        self.rules["column"] = _any(self._names(lambda _d, _f: True))
        if self.moments:
            self.rules["moment"] = (
                f'({_any(f"DATE_TRUNC({grain!r}, " for grain in GRAINS)} | {_any(["year("])}) day ")"'
            )
            self.rules["day"] = _any(self.moments)
        periods = [self._item(Asked("period", (grain,))) for grain in self.shape.periods] if self.moments else []
        if self.shape.columns:
            for place, asked in enumerate(self.shape.columns, 1):
                self.rules[f"item_{place}"] = self._item(asked)
            return ' ", " '.join(f"item_{place}" for place in range(1, len(self.shape.columns) + 1))
        if self.shape.is_one_figure:
            self.rules["item"] = self._item(Asked(self.shape.is_one_figure, ()))
            return "item"
        if periods:
            self.rules["period"] = " | ".join(periods)
            self.rules["item"] = "column | figure"
            return f'period (", " item)~1..{MOST_COLUMNS - 1}'
        moment = " | moment" if self.moments else ""
        self.rules["item"] = f"column | figure{moment}"
        return f'item (", " item)~0..{MOST_COLUMNS - 1}'

    def _item(self, asked: Asked) -> str:
        if asked.kind == "period":
            grain = asked.texts[0]
            if self.moments:
                opening = "year(" if grain == "year" else f"DATE_TRUNC({grain!r}, " if grain != "day" else ""
                # A day is shown as it is.
                return f'{json.dumps(opening)} day ")"' if opening else "day"
            return "column"
        allowed = [t for t in asked.texts if self._is_here(t)]
        filtered = self._filter()
        if allowed and asked.kind != "any":
            return f"({_any(allowed)}){filtered if asked.kind != 'column' else ''}"
        if asked.kind == "sum" and self.amounts:
            return f'("SUM(" amount ")" | count){filtered}'
        if asked.kind == "avg" and self.amounts:
            return f'"AVG(" amount ")"{filtered}'
        if asked.kind in ("max", "min") and self.extremes:
            return f'"{asked.kind.upper()}(" measured ")"{filtered}'
        if asked.kind in ("rank", "column"):
            return asked.kind
        if asked.kind == "count":
            return f"count{filtered}"
        if asked.kind != "any":
            return "figure"
        moment = " | moment" if self.moments else ""
        return f"column | figure{moment}"

    def _is_here(self, text: str) -> bool:
        return any(f"{d.name}." in text for d in self.datasets)

    def _figures(self) -> None:
        counts = [*counts_of(self.catalog, self.datasets, is_distinct=False)]
        filtered = self._filter()
        self.rules["figure"] = "part (sign part)~0..2" if self.shape.may_calculate else "aggregate"
        whole = ' | "100"' if self.shape.is_percent else ""
        self.rules["part"] = f'aggregate{whole} | "(" aggregate sign aggregate ")"'
        self.rules["sign"] = '" + " | " - " | " * " | " / "'
        self.rules["aggregate"] = (
            f"(count{' | summed' if self.amounts else ''}{' | extreme' if self.extremes else ''}){filtered}"
        )
        self.rules["count"] = _any(counts)
        if self.amounts:
            self.rules["summed"] = '"AVG(" amount ")"' if self.shape.means_alone else '("SUM(" | "AVG(") amount ")"'
            self.rules["amount"] = "term (sign term)?"
            days = ' | "(" day " - " day ")"' if self.moments else ""
            self.rules["term"] = f'number{days} | "(" number sign number ")"'
            self.rules["number"] = _any(self.amounts)
        if self.extremes:
            self.rules["extreme"] = '("MIN(" | "MAX(") measured ")"'
            self.rules["measured"] = _any(self.extremes)
        self.rules["rank"] = '"RANK() OVER (" ("PARTITION BY " column " ")? "ORDER BY " aggregate " DESC)"'
        if filtered:
            self.rules["chosen"] = _any(a for slot in self.parts for a in slot.alternatives)

    def _filter(self) -> str:
        return ' (" FILTER (WHERE " chosen ")")?' if self.parts else ""

    def _names(self, fits: Callable[[Dataset, Field], bool]) -> list[str]:
        return [
            qualified(d.name, f.name) for d in self.datasets for f in d.fields.values() if f.is_named and fits(d, f)
        ]

    # -- conditions and order -----------------------------------------------------------------------------------
    def _where(self) -> str:
        certain = [slot for slot in self.slots if slot.is_certain]
        others = [slot for slot in self.slots if not slot.is_certain]
        for place, slot in enumerate((*certain, *others)):
            self.rules[f"condition_{place}"] = _any(slot.alternatives)
        first = ' " AND " '.join(f"condition_{n}" for n in range(len(certain)))
        more = [f"condition_{len(certain) + n}" for n in range(len(others))]
        if certain:
            return f' " WHERE " {first}' + "".join(f' (" AND " {name})?' for name in more)
        return f' (" WHERE " {more[0]}' + "".join(f' (" AND " {name})?' for name in more[1:]) + ")?" if more else ""

    def _order(self) -> str:
        if not self.shape.may_order:
            return ""
        down = {True: '" ASC"', False: '" DESC"', None: '(" DESC" | " ASC")'}[self.shape.is_ascending]
        self.rules["key"] = f"(aggregate | column) {down}"
        limit = f' " LIMIT {self.shape.limit}"' if self.shape.limit else ""
        if self.shape.keys:
            word = "ASC" if self.shape.is_ascending else "DESC"
            return json.dumps(" ORDER BY " + ", ".join(f"{n} {word}" for n in self.shape.keys)) + limit
        order = f'" ORDER BY " key (", " key)?{limit}'
        return f" {order}" if self.shape.must_order else f" ({order})?"


def _any(texts: Iterable[str]) -> str:
    return " | ".join(json.dumps(text, ensure_ascii=False) for text in dict.fromkeys(texts))
