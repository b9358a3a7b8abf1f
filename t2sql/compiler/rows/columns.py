"""What the columns of rows tell: labels, types and units, and over which rows an amount may be added up again."""

from __future__ import annotations

from typing import Literal

from t2sql.catalog import Field, Metric
from t2sql.compiler.calendar.periods import Period
from t2sql.compiler.composing.additivity import STOCK
from t2sql.compiler.describe import GRAIN_LABELS
from t2sql.compiler.relation import Carried
from t2sql.compiler.rows.names import RowRequest, Shown
from t2sql.compiler.semantic import labels_between
from t2sql.flow import Column

FIELD = ("没有签署合计指标的字段", "a field that no signed metric sums")


class RowColumns:
    """The columns of one request."""

    def __init__(self, request: RowRequest, periods: tuple[Period, ...]) -> None:
        self.request, self.catalog, self.dataset, self.periods = request, request.catalog, request.dataset, periods

    def carried(self, shown: Shown, key: str, keys: frozenset[str]) -> Carried:
        """A column; a field adds up over rows where a signed metric sums it, and never over the loads of a stock."""
        column = self.described(shown)
        if shown.dimension is None:
            return Carried(column, key=key, periods=labels_between(self.periods))
        grain = self.request.grain or ""
        is_stock = bool(self.dataset.snapshot_grain)
        is_amount = self._signed_sum(self.catalog.field_of(shown.dimension)) is not None
        is_told_apart = not is_stock or len(self.periods) <= 1 or grain in keys
        sums = keys - ({grain} if is_stock else set()) if is_amount and is_told_apart else frozenset()
        why = STOCK if is_amount else FIELD
        return Carried(column, sums, key=key, unit=column.unit, dimension=self._flat(shown), why=why)

    def _flat(self, shown: Shown) -> str:
        """The catalog's dimension that a column shows; "" for a field that is none."""
        found = shown.dimension
        is_flat = found is not None and self.catalog.field_of(found).is_dimension and not found.grain
        return found.name if found is not None and is_flat else ""

    def described(self, shown: Shown) -> Column:
        if shown.dimension is None:
            assert shown.grain
            label = GRAIN_LABELS[shown.grain]
            return Column(shown.name, "period", "text", "", "", "", label.zh, label.en)
        item, display = self.catalog.field_of(shown.dimension), shown.dimension.display
        unit = self._unit(shown)
        zh, en = display.zh, display.en
        if shown.dimension.grain:
            words = GRAIN_LABELS[shown.dimension.grain]
            zh, en = f"{zh}（{words.zh}）", f"{en}, {words.en.lower()}"
        type_ = self._type(item, unit)
        if shown.dimension.grain:
            type_ = "date" if shown.dimension.is_first_day else "text"
        return Column(shown.name, "dimension", type_, unit, "", "", zh, en)

    def _type(self, item: Field, unit: str) -> Literal["text", "integer", "number", "date", "boolean"]:
        """What a field's values are, as far as the definitions say."""
        if unit or item.currency_field:
            return "number"
        if item.is_time or (item.dataset, item.name) == (self.dataset.name, self.dataset.time_dimension):
            return "date"
        return item.type or "text"

    def _unit(self, shown: Shown) -> str:
        """The reporting currency for an amount that is converted; else what a signed sum of the field has."""
        assert shown.dimension is not None
        item = self.catalog.field_of(shown.dimension)
        if item.is_dimension:
            return ""
        if item.currency_field:
            rates = self.catalog.rates
            return rates.reporting_currency if rates is not None and self.dataset.time_dimension else ""
        signed = self._signed_sum(item)
        return signed.unit if signed is not None else ""

    def _signed_sum(self, item: Field) -> Metric | None:
        """A metric that sums a field of the dataset's own."""
        text = f"SUM({item.dataset}.{item.name})"
        own = item.dataset == self.dataset.name and not item.is_dimension
        return next((m for m in self.catalog.metrics.values() if own and m.expression == text), None)
