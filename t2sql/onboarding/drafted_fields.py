"""The fields of one table: which columns are dimensions, dates, amounts or codes, and what stays out of sight.

Every column that can be read becomes a field. A column that looks personal is marked, never listed and never searched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from t2sql.onboarding.comments import Remark, read_comment
from t2sql.onboarding.date_texts import date_expression
from t2sql.onboarding.naming import Called, Names, called, plain_name, stem_of
from t2sql.onboarding.survey import Guess, Reason, SurveyedColumn, SurveyedTable
from t2sql.onboarding.words import is_chinese, shared_start

Tree = dict[str, Any]
PERSONAL = "personal"
"""The sensitivity of a column that looks as if it told who somebody is."""
MOST_LISTED = 5_000
"""Different values that may be listed; more are only found by name."""
MOST_NAMED = 50_000
"""Different values that may be found by name; of more, none is read."""
LONGEST_LISTED = 120
"""Characters of a value that somebody may name; longer text is read, not named."""
MOST_ENUM = 30
_EXACT = "_exact"
_OF_TIME = re.compile(r"日|期|时|年|月|天|周|季")


def quoted(name: str) -> str:
    """A column's name as an SQL expression over its own table."""
    import sqlglot
    from sqlglot import exp

    from t2sql.compiler.certify.names import KEYWORDS, PLAIN_NAME

    if PLAIN_NAME.fullmatch(name) and name.lower() not in KEYWORDS:
        try:
            if isinstance(sqlglot.parse_one(name, read="duckdb"), exp.Column):
                return name
        except sqlglot.errors.SqlglotError:
            pass
    return exp.column(name, quoted=True).sql("duckdb")


class Fields:
    """The fields of one dataset on their way into the tree."""

    def __init__(self, table: SurveyedTable, dataset: str, earlier: Mapping[tuple[str, str], str]) -> None:
        """`earlier`: (dataset, expression) -> the field's name in the last draft."""
        self.table, self.dataset, self.earlier = table, dataset, earlier
        self.start = shared_start([column.name for column in table.columns])
        """What every column's name begins with, which tells nothing."""
        self.names = Names(name for (owner, _expression), name in earlier.items() if owner == dataset)
        self.of_column: dict[str, str] = {}
        """Column -> the field that holds its values as they are stored, or as a date."""
        self.called: dict[str, Called] = {}
        """Field -> what people call it."""

    def trees(self) -> list[Tree]:
        """A tree a field, in the order of the columns."""
        return [tree for column in self.table.columns for tree in self._of(column)]

    def _of(self, column: SurveyedColumn) -> Iterator[Tree]:
        if column.kind == "other":
            return
        remark = read_comment(column.comment or (column.name if is_chinese(column.name) else ""))
        words = _as_day(called(column.name, remark, start=self.start), column)
        plain = plain_name(column.name)
        physical = quoted(column.name)
        date_text = self._date_expression(column, physical)
        forms = (physical, f"CAST({physical} AS DATE)", date_text)
        known = [self.earlier[self.dataset, form] for form in forms if (self.dataset, form) in self.earlier]
        known = [name for name in known if not name.endswith(_EXACT)] or known
        if column.trouble and not known:
            # What fails in a survey would fail in every answer.
            return
        name = known[0] if known else self.names.take(plain, f"{stem_of(self.dataset)}_{plain}")
        self.of_column[column.name] = name
        self.called[name] = words
        tree: Tree = {"name": name, "expression": physical}
        ours: Tree = {"display": {"zh": words.display.zh, "en": words.display.en}}
        reasons: list[Guess] = []
        synonyms = list(words.synonyms)
        if name != plain and plain not in synonyms:
            synonyms.append(plain.replace("_", " "))
        if column.kind == "timestamp":
            tree["expression"] = f"CAST({physical} AS DATE)"
        if date_text:
            tree["expression"] = date_text
            reasons.append(column.date_format)  # type: ignore[arg-type]
        if column.kind in ("date", "timestamp") or date_text:
            tree["dimension"] = {"is_time": True}
            ours["type"] = "date"
        elif self._is_period(column):
            tree["dimension"] = {"is_time": True}
            ours["type"] = "label"
        elif column.kind in ("text", "boolean", "time"):
            tree["dimension"] = {}
            self._describe_values(column, remark, ours, reasons)
            ours["type"] = "boolean" if column.kind == "boolean" else "text"
        elif remark.codes and self._fits(column, tuple(remark.codes)):
            tree["dimension"] = {}
            ours["type"] = "integer"
            self._describe_values(column, remark, ours, reasons)
        else:
            ours["type"] = "integer" if column.kind == "integer" else "number"
        if column.comment:
            tree["description"] = remark.text
        if synonyms:
            tree["ai_context"] = {"synonyms": synonyms}
        unit = remark.unit or (column.unit.what if column.unit else "")
        if unit and ours.get("type") in ("integer", "number"):
            ours["unit"] = unit
            if not remark.unit and column.unit:
                reasons.append(column.unit)
        if column.personal is not None:
            ours["sensitivity"] = PERSONAL
            ours["searchable"] = False
            ours.pop("is_enum", None)
            ours.pop("aliases", None)
            ours.pop("members", None)
            reasons.append(column.personal)
        elif column.role.what in ("code", "rate", "stock") and column.role.score < 1 and "dimension" not in tree:
            reasons.append(column.role)
        elif column.date_format and "dimension" not in tree:
            # A period in digits: it counts nothing, and no figure is drafted over it.
            reasons.append(column.date_format)
        if reasons:
            ours["guess"] = guess_of(*reasons)
        tree["t2sql"] = ours
        yield tree
        if column.kind == "timestamp":
            yield self._exact_time(name, words, physical, column)

    def _exact_time(self, name: str, words: Called, physical: str, column: SurveyedColumn) -> Tree:
        """The moment beside its day: periods are of days, and a list may want the hour."""
        exact = f"{name}{_EXACT}"
        if exact not in self.earlier.values():
            exact = self.names.take(exact, f"{name}_moment")
        self.called[exact] = words
        display = {"zh": f"{words.display.zh}（精确时间）", "en": f"{words.display.en} (exact time)"}
        ours: Tree = {"display": display, "type": "date"}
        if column.personal is not None:
            ours |= {"sensitivity": PERSONAL, "searchable": False}
        return {"name": exact, "expression": physical, "t2sql": ours}

    def _date_expression(self, column: SurveyedColumn, physical: str) -> str:
        """A date kept as text or number, as a date; "" for what is none, or not surely one."""
        if column.date_format is None or column.date_marks is None:
            return ""
        return date_expression(physical, column.kind, column.date_format.what, column.date_marks)

    def _is_period(self, column: SurveyedColumn) -> bool:
        """A period kept as text, such as 2024-06: it names a time and is compared as it is stored."""
        return column.date_format is not None and column.kind == "text" and column.date_format.what != "%Y"

    def _describe_values(self, column: SurveyedColumn, remark: Remark, ours: Tree, reasons: list[Guess]) -> None:
        """Whether its values may be listed, are few, and what else they are called."""
        profile = column.profile
        if column.kind in ("boolean", "time") or profile is None:
            ours["searchable"] = False
            return
        many = profile.distinct
        if not profile.is_whole and profile.sampled and many > 0.5 * profile.sampled and self.table.rows > 0:
            many = int(many / profile.sampled * self.table.rows)
        if profile.longest > LONGEST_LISTED or many > MOST_NAMED or (column.role.what == "text" and many > MOST_LISTED):
            ours["searchable"] = False
        elif many > MOST_LISTED:
            ours["searchable"] = "whole"
        stored = [value for value, _count in profile.values]
        is_few = 0 < len(stored) <= MOST_ENUM and profile.is_complete_list
        if is_few and column.role.what in ("enum", "flag"):
            ours["is_enum"] = True
            ours["members"] = sorted(stored)
        if remark.codes and self._fits(column, tuple(remark.codes)):
            aliases = {code: list(names) for code, names in remark.codes.items() if not stored or code in stored}
            aliases = {code: [n for n in names if n != code] for code, names in aliases.items()}
            ours["aliases"] = {code: names for code, names in aliases.items() if names}
            ours["is_enum"] = True
            reasons.append(
                Guess(
                    "aliases",
                    0.9,
                    Reason(
                        f"注释说明了代码含义：{remark.text[:60]}", f"its comment explains the codes: {remark.text[:60]}"
                    ),
                )
            )

    def _fits(self, column: SurveyedColumn, codes: tuple[str, ...]) -> bool:
        """Whether codes of a comment are values of the column, as far as is known."""
        profile = column.profile
        if profile is None or column.kind not in ("text", "integer"):
            return False
        if profile.values:
            return bool({value for value, _count in profile.values} & set(codes))
        return profile.distinct <= 2 * len(codes)


def _as_day(words: Called, column: SurveyedColumn) -> Called:
    """What a date is called: paid_on is 已付日期, for 已付 alone is no date."""
    zh = words.display.zh
    is_said = words.is_from_comment or not is_chinese(zh) or _OF_TIME.search(zh)
    if is_said or not (column.kind in ("date", "timestamp") or column.date_marks is not None):
        return words
    return replace(words, display=replace(words.display, zh=f"{zh}日期"))


def guess_of(*guesses: Guess) -> Tree:
    """How guesses are marked in the file: why, in both languages, and how sure the least sure of them is."""
    return {
        "reason": {
            "zh": "；".join(dict.fromkeys(g.reason.zh for g in guesses)),
            "en": "; ".join(dict.fromkeys(g.reason.en for g in guesses)),
        },
        "score": round(min(g.score for g in guesses), 2),
    }
