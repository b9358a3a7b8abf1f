"""The words that every headline is made of: a figure's name, whom it is of, when, and how many members there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from t2sql.catalog import Language
from t2sql.flow import Column, Plan, Result
from t2sql.headline.setting import Setting
from t2sql.policy import Narrowed
from t2sql.wording import format_period, format_value, join, label, visible


class Sentence:
    """One result about to be told, and the words that every sentence about it uses."""

    def __init__(self, plan: Plan, result: Result, narrowed: Narrowed, language: Language) -> None:
        self.plan, self.result, self.narrowed, self.language = plan, result, narrowed, language
        self.columns, self.rows = result.columns, result.rows
        self.setting = Setting(plan, narrowed, language)
        places = range(len(self.columns))
        self.metrics = [i for i in places if self.columns[i].kind == "metric"]
        keys = [i for i in places if self.columns[i].kind != "metric"]
        self.constant = [i for i in keys if len({row[i] for row in self.rows}) == 1]
        self.varying = [i for i in keys if i not in self.constant]

    def say(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def led(self, when: str, told: str) -> str:
        """A sentence after its period."""
        if self.language == "en":
            return f"{when}, {told}" if when else told
        # A period that is no plain word is set off.
        return f"{when}{'，' * (when.startswith('截至') or when.endswith('）'))}{told}"

    def name(self, place: int) -> str:
        """A figure's name; in English "NPL ratio, rank" would not stand in a sentence."""
        name = label(self.columns[place], self.language)
        is_made = self.language == "en" and self.columns[place].function
        return " of ".join(reversed(name.split(", "))) if is_made else name

    def owned(self, name: str, who: str) -> str:
        """A figure's name with whom it is of."""
        return (self.say(f"{who}{name}", f"{name} of {who}")) if who else name

    def who(self) -> str:
        """Whom every row is of: members that do not vary, and those that conditions name."""
        return self.setting.who(self.constants())

    def tail(self) -> str:
        """Conditions and rights, where they are the same for every row."""
        return self.setting.otherwise()

    def when(self, place: int) -> str:
        """The period of a row; that of a constant period column where there is one."""
        shown = [i for i in self.constant if self.columns[i].kind == "period" and self.rows[0][i] is not None]
        if shown:
            return self.setting.at(str(self.rows[0][shown[0]]), self.columns[place], is_alone=True)
        if any(self.columns[i].kind == "period" for i in self.varying):
            return ""
        return self.setting.when(self.columns[place])

    def in_period(self, period: str, column: Column) -> str:
        """One period of a course: 2025年1月末, in January 2025."""
        return self.setting.at(period, column)

    def constants(self) -> list[str]:
        """Members that do not vary; an empty one too, or its figure would read as everybody's."""
        row = self.rows[0]
        shown = [i for i in self.groups() if i in self.constant]
        return [
            format_value(None, self.columns[i], self.language) if row[i] is None else visible(str(row[i]))
            for i in shown
        ]

    def groups(self) -> list[int]:
        return [i for i in (*self.constant, *self.varying) if self.columns[i].kind == "dimension"]

    def named(self, row: Sequence[Any], keys: Sequence[int] | None = None) -> str:
        """A row by its keys."""
        said = []
        for i in self.varying if keys is None else keys:
            column, value = self.columns[i], row[i]
            is_period = column.kind == "period" and value is not None
            said.append(
                format_period(str(value), self.language) if is_period else format_value(value, column, self.language)
            )
        return "·".join(said)

    def named_all(self, rows: Sequence[Sequence[Any]], place: int, value: Any, keys: Sequence[int]) -> str:
        """The row with a figure; several that share it as the first and how many."""
        alike = [row for row in rows if row[place] == value]
        if len(alike) == 1:
            return self.named(alike[0], keys)
        if len(alike) == 2:
            return join([self.named(row, keys) for row in alike], self.language)
        named = self.named(alike[0], keys)
        return self.say(f"{named}等 {len(alike)} 个", f"{named} and {len(alike) - 1} others")

    def members(self, count: int, keys: Sequence[int]) -> str:
        """How many members: 18 个分行, 18 branches; combinations of several keys have no name of their own."""
        if len(keys) != 1:
            return self.say(f"{count:,} 组", f"{count:,} combinations")
        column = self.columns[keys[0]]
        if column.kind == "period":
            return self.say(f"{count:,} 期", f"{count:,} periods")
        name = label(column, self.language)
        return self.say(f"{count:,} 个{name}", f"{count:,} {name if count == 1 else _plural(name)}")


def was_or_were(name: str) -> str:
    """was, or were for a name in the plural: total assets, new loans."""
    last = name.rsplit(" (", 1)[0].rsplit(": ", 1)[-1].partition(" of ")[0].partition(",")[0].strip()
    return "were" if last.endswith("s") and not last.endswith(("ss", "is", "us")) else "was"


def _plural(name: str) -> str:
    """An English name of several things."""
    if name.endswith(("s", "x", "ch", "sh")):
        return f"{name}es"
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies"
    return f"{name}s"
