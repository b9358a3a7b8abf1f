"""One row told: the first figure, its comparisons after it, and up to two figures more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from t2sql.flow import Column
from t2sql.headline.movements import AGO, EARLIER, tell_figure, tell_movement
from t2sql.headline.sentence import Sentence, was_or_were
from t2sql.headline.setting import order_of
from t2sql.wording import POINTS, RATIO, format_value

MOST_FIGURES = 3
MOST_FACTS = 4


class OneRow(Sentence):
    """A result of one row with a figure."""

    def told(self) -> str:
        row = self.rows[0]
        order = order_of(self.plan, self.columns)
        names = self.constants()
        is_best = self.plan.understood.limit == 1 and not self.plan.understood.offset
        if order and names and is_best and row[order[0]] is not None:
            return self._single_best(order[0], order[1])
        # A comparison tells little before what it compares.
        first = next((i for i in self.metrics if not self.columns[i].function), self.metrics[0])
        compared = [i for i in self.metrics if i != first and self._compares(i, first)]
        others = [i for i in self.metrics if i != first and i not in compared][: MOST_FIGURES - 1]
        facts = [self._fact(first, row, self.who()), *self._compared(compared, row, first)][:MOST_FACTS]
        told = self.say("，", ", ").join(facts)
        told = self.say("；", "; ").join([told, *(self._fact(i, row) for i in others)])
        return self.led(self.when(first), told) + self.tail() + self.say("。", ".")

    def _single_best(self, place: int, is_down: bool) -> str:
        name, who = self.name(place), self.named(self.rows[0], self.groups())
        figure = tell_figure(self.rows[0][place], self.columns[place], self.language)
        best = self.say("高" if is_down else "低", "highest" if is_down else "lowest")
        told = self.say(f"{name}最{best}的是{who}，为 {figure}", f"{name} was {best} at {who}, {figure}")
        return self.led(self.when(place), told) + self.tail() + self.say("。", ".")

    def _compares(self, place: int, first: int) -> bool:
        """Whether a figure is a plain comparison of the first one."""
        column, base = self.columns[place], self.columns[first]
        return (
            column.metric != ""
            and column.metric == base.metric
            and base.function == ""
            and column.function in {*AGO, *EARLIER, "share", "rank"}
            and not _is_nested(column)
        )

    def _compared(self, places: Sequence[int], row: Sequence[Any], first: int) -> list[str]:
        """Comparisons after their figure; a rate stands beside the change that it is of."""
        by_function = {self.columns[i].function: i for i in places}
        told, unit = [], self.columns[first].unit
        for i in places:
            column, value = self.columns[i], row[i]
            change = by_function.get(f"{column.function}_diff")
            if change is not None and value and row[change] and unit not in (RATIO, POINTS):
                continue
            rated = by_function.get(column.function.removesuffix("_diff"))
            rate = ""
            if rated is not None and rated != i and row[rated] and unit not in (RATIO, POINTS):
                rate = format_value(abs(row[rated]), replace(self.columns[rated], function=""), self.language)
            if column.function in AGO:
                told.append(tell_movement(value, column, unit, self.language, rate))
            elif column.function in EARLIER:
                zh, en = EARLIER[column.function]
                figure = tell_figure(value, column, self.language)
                told.append(self.say(f"{zh}{'为 ' * (value is not None)}{figure}", f"against {figure} {en}"))
            elif value is not None:
                said = format_value(value, column, self.language)
                zh, en = ("排名第", "ranked number") if column.function == "rank" else ("占比", "a share of")
                told.append(self.say(f"{zh} {said}", f"{en} {said}"))
            else:
                told.append(self._fact(i, row))
        return told

    def _fact(self, place: int, row: Sequence[Any], who: str = "") -> str:
        """A figure with its name: 不良贷款率为 1.36%; a comparison alone as a movement."""
        column, value = self.columns[place], row[place]
        metric = self.narrowed.catalog.metrics.get(column.metric)
        if column.function in AGO and metric is not None and value is not None and not _is_nested(column):
            name = self.owned(metric.display.to(self.language), who)
            said = tell_movement(value, column, metric.unit, self.language)
            return self.say(f"{name}{said}", f"{name} {was_or_were(name)} {said}")
        name, figure = self.owned(self.name(place), who), tell_figure(value, column, self.language)
        return self.say(f"{name}{'为 ' * (value is not None)}{figure}", f"{name} {was_or_were(name)} {figure}")


def _is_nested(column: Column) -> bool:
    """Whether a comparison stands over another function, which its plain words would leave out."""
    return "(" in column.name.partition("(")[2]
