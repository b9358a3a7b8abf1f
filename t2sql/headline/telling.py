"""Which sentence a result gets: one row, members side by side, a course over time, or how many there are."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any

from t2sql.catalog import Language
from t2sql.flow import Plan, Result
from t2sql.headline.movements import tell_figure, tell_step
from t2sql.headline.one_row import MOST_FACTS, OneRow
from t2sql.headline.sentence import Sentence, was_or_were
from t2sql.headline.setting import order_of
from t2sql.outline import is_composed, outline
from t2sql.policy import Narrowed
from t2sql.wording import format_value, label


def tell_headline(plan: Plan, result: Result, narrowed: Narrowed, language: Language) -> str:
    """The answer in one sentence, in `language`; "" for no rows, and where several SELECTs take part.

    `result` is as the warehouse gave it, under the columns as they are headed. NULL is told as not available. What
    several SELECTs read is not what each row is of: periods, conditions and rights would be left out, and the
    explanation tells them all. That rows were cut is told of every result.
    """
    if not result.rows:
        return ""
    tree = outline(plan.semantic_sql)
    if (tree is None or is_composed(tree)) and not result.truncated:
        return ""
    is_one = len(result.rows) == 1 and not result.truncated and any(c.kind == "metric" for c in result.columns)
    sentence = (OneRow if is_one else _Rows)(plan, result, narrowed, language).told()
    return sentence[:1].upper() + sentence[1:] if language == "en" and sentence[:1].islower() else sentence


class _Rows(Sentence):
    """A result of several rows, or of none with a figure."""

    def told(self) -> str:
        count = len(self.rows)
        skipped = self.plan.understood.offset
        if self.result.truncated and skipped:
            return self.say(
                f"跳过前 {skipped:,} 行后，结果仍超过 {count:,} 行，只列出其中前 {count:,} 行。",
                f"After the first {skipped:,} there are more than {count:,} rows; {count:,} of them are listed.",
            )
        if self.result.truncated:
            return self.say(
                f"结果超过 {count:,} 行，只列出前 {count:,} 行。",
                f"There are more than {count:,} rows; the first {count:,} are listed.",
            )
        if not self.metrics:
            return self._listing()
        # The highest of what is left is not the highest.
        if skipped:
            return self._count()
        numbers = [i for i in self.metrics if self.is_number(i)]
        keys = {tuple(row[i] for i in self.varying) for row in self.rows}
        if not numbers or not self.varying or len(keys) < count or self._has_mixed_periods():
            return self._count()
        order = order_of(self.plan, self.columns)
        place = order[0] if order and order[0] in numbers else numbers[0]
        if not any(row[place] is not None for row in self.rows):
            name = self.owned(self.name(place), self.who())
            return self.led(self.when(place), self.say(f"{name}均暂无数据。", f"{name} is not available for any row."))
        if self.plan.understood.limit is not None and count >= self.plan.understood.limit:
            return self._ranked(place, order[1]) if order else self._count()
        periods = [i for i in self.varying if self.columns[i].kind == "period"]
        if periods == self.varying and len(periods) == 1 and order is None:
            return self._course(periods[0], place)
        if len(periods) == 1 and len(self.varying) == 2:
            return self._latest(periods[0], place)
        return self._extremes(self.rows, place, self.when(place), self.varying)

    def _ranked(self, place: int, is_down: bool) -> str:
        """The first of a list that was asked ordered and cut."""
        column, rows = self.columns[place], self.rows
        name, best = self.owned(self.name(place), self.who()), "highest" if is_down else "lowest"
        a, b = (tell_figure(row[place], column, self.language) for row in (rows[0], rows[-1]))
        first, last = self.named(rows[0]), self.named(rows[-1])
        of = self.members(len(rows), self.varying)
        told = self.say(
            f"{name}最{'高' if is_down else '低'}的 {of}中，{first}居首，为 {a}；第 {len(rows)} 位是{last}，为 {b}",
            f"{name} was {best} at {first}, {a}; number {len(rows)} is {last}, {b}",
        )
        return self.led(self.when(place), told) + self.tail() + self._not_over(rows) + self.say("。", ".")

    def _extremes(self, rows: Sequence[Sequence[Any]], place: int, when: str, keys: Sequence[int]) -> str:
        """The highest and the lowest of the members shown."""
        column, name = self.columns[place], self.owned(self.name(place), self.who())
        known = sorted((row for row in rows if row[place] is not None), key=lambda row: row[place], reverse=True)
        missing = len(rows) - len(known)
        members, was = self.members(len(rows), keys), was_or_were(name)
        lack = self.say(f"，其中 {missing} 个暂无数据", f", {missing} of them not available") if missing else ""
        # In Chinese what is in brackets stands in one pair.
        more, after = self.say(f"，{self.tail()[1:-1]}" if self.tail() else "", ""), self.say("", self.tail())
        high, low = known[0][place], known[-1][place]
        said_high, said_low = (tell_figure(value, column, self.language) for value in (high, low))
        top, bottom = (self.named_all(known, place, value, keys) for value in (high, low))
        if len(known) == 1:
            told = self.say(
                f"{name}只有{top}有数据，为 {said_high}（共 {members}{more}）",
                f"{name} is there for {top} alone, {said_high}",
            )
        elif high == low:
            told = self.say(
                f"{name}均为 {said_high}（共 {members}{lack}{more}）",
                f"{name} {was} {said_high} for all {members}{lack}",
            )
        else:
            told = self.say(
                f"{name}最高是{top} {said_high}，最低是{bottom} {said_low}（共 {members}{lack}{more}）",
                f"{name} {was} highest at {top} ({said_high}) and lowest at {bottom} ({said_low}), of {members}{lack}",
            )
        return self.led(when, told) + after + self._not_over(rows) + self.say("。", ".")

    def _course(self, period: int, place: int) -> str:
        """From the first period to the last, and the peak between them."""
        column = self.columns[place]
        ordered = sorted((row for row in self.rows if row[period] is not None), key=lambda row: str(row[period]))
        known = [row for row in ordered if row[place] is not None]
        if len(known) < 2:
            return self._extremes(self.rows, place, "", self.varying)
        first, last = known[0], known[-1]
        name = self.owned(self.name(place), self.who())
        a, b = (tell_figure(row[place], column, self.language) for row in (first, last))
        when_a, when_b = (self.in_period(str(row[period]), column) for row in (first, last))
        # An unfinished period is no measure of the others.
        not_over = self._not_over(known)
        step = "" if not_over else tell_step(first[place], last[place], column, self.language)
        told = self.say(
            f"{name}{when_a}为 {a}，{when_b}为 {b}{'，' * bool(step)}{step}",
            f"{name} {was_or_were(name)} {a} {when_a} and {b} {when_b}{', ' * bool(step)}{step}",
        )
        told += self._peak(known, period, place, {a, b})
        if missing := len(self.rows) - len(known):
            told += self.say(f"；{missing} 期暂无数据", f"; {missing} of {len(self.rows)} periods not available")
        return told + self.tail() + not_over + self.say("。", ".")

    def _peak(self, known: Sequence[Sequence[Any]], period: int, place: int, ends: Container[str]) -> str:
        """The highest period, else the lowest, where it does not read as the first or the last."""
        column = self.columns[place]
        for pick, zh, en in ((max, "最高", "highest"), (min, "最低", "lowest")):
            value = pick(row[place] for row in known)
            row = next(row for row in known if row[place] == value)
            said, when = tell_figure(value, column, self.language), self.in_period(str(row[period]), column)
            if said in ends:
                continue
            return self.say(f"，其间{zh}为{when}的 {said}", f", {en} {when} ({said})")
        return ""

    def _latest(self, period: int, place: int) -> str:
        """The highest and the lowest at the last period that has figures."""
        column = self.columns[place]
        last = max(
            (str(row[period]) for row in self.rows if row[period] is not None and row[place] is not None), default=""
        )
        rows = [row for row in self.rows if str(row[period]) == last]
        if not rows:
            return self._count()
        return self._extremes(rows, place, self.in_period(last, column), [i for i in self.varying if i != period])

    def _not_over(self, rows: Sequence[Sequence[Any]]) -> str:
        """That one of several periods told is no measure of the others; "" where all of them are over."""
        if not self.setting.is_unfinished:
            return ""
        told = {str(row[i]) for row in rows for i in self.varying if self.columns[i].kind == "period"}
        is_open = any(self.setting.is_open(period) for period in told)
        return self.say("；末期尚未结束", "; the last period is not over yet") if is_open else ""

    def _listing(self) -> str:
        """Rows without figures: how many, of what; a single one with what it says."""
        count = len(self.rows)
        if count == 1:
            told = [
                self.say(f"{label(c, 'zh')}为{v}", f"{label(c, 'en')}: {v}")
                for c, v in (
                    (c, format_value(v, c, self.language)) for c, v in zip(self.columns, self.rows[0], strict=True)
                )
            ][:MOST_FACTS]
            return self.say("，", ", ").join(told) + self.say("。", ".")
        return self._count()

    def _count(self) -> str:
        """How many rows are listed, of which members where that is plain."""
        count = len(self.rows)
        is_members = len(self.columns) == 1 and self.columns[0].kind == "dimension"
        what = self.members(count, [0]) if is_members else self.say(f"{count:,} 行", f"{count:,} rows")
        limit = self.plan.understood.limit
        tail = self.tail()
        if skipped := self.plan.understood.offset:
            first, last = skipped + 1, skipped + count
            if count == 1:
                return self.say(f"列出第 {first:,} 行{tail}。", f"Row {first:,} is listed{tail}.")
            return self.say(
                f"列出第 {first:,} 至第 {last:,} 行{tail}。", f"Rows {first:,} to {last:,} are listed{tail}."
            )
        if limit is not None and count >= limit:
            return self.say(f"列出前 {what}{tail}。", f"The first {what} are listed{tail}.")
        return self.say(f"共 {what}{tail}。", f"There are {what}{tail}.")

    def is_number(self, place: int) -> bool:
        column = self.columns[place]
        return column.type in ("integer", "number") and column.function != "rank"

    def _has_mixed_periods(self) -> bool:
        """Whether a year stands beside a half, so that no two rows compare."""
        for i in self.varying:
            lengths = {len(str(row[i])) for row in self.rows if row[i] is not None}
            if self.columns[i].kind == "period" and len(lengths) > 1:
                return True
        return False
