"""A plan in the reader's language: what was understood, and what each number means.

By template, from what the compiler kept, never by the llm: a sentence about a number must not be guessed. It names
nothing that the narrowed catalog lacks, and it decides nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from t2sql.catalog import GRAINS, Language
from t2sql.compositions import tell_composition
from t2sql.figure_names import display_of
from t2sql.flow import Column, Plan, Provenance
from t2sql.outline import alias_of, in_words, is_composed, is_expression, items, outline
from t2sql.phrases import Phrases
from t2sql.policy import Narrowed
from t2sql.wording import GRAIN_WORDS, format_period, format_periods, in_language, join, label, visible

if TYPE_CHECKING:
    from sqlglot import exp


def explain(plan: Plan, narrowed: Narrowed, language: Language) -> str:
    """The question as understood, in one sentence: what, by what, when, on which conditions, in which order, whose."""
    words = _Words(plan, narrowed, language)
    tree = words.tree
    if tree is not None and is_composed(tree):
        return words.composition(tree)
    parts = [part for part in (words.subject(), words.conditions(), words.order(), words.limitation()) if part]
    if language == "zh":
        return "，".join(parts) + "。"
    # A name that AS gave, or SQL, stays as it was written.
    written = tuple(column.name for column in plan.columns if column.label_en in ("", column.name)) + words.written
    text = ", ".join(parts)
    return (text if text.startswith(written) else _capital(text)) + "."


def tell_conditions(plan: Plan, narrowed: Narrowed, language: Language) -> str:
    """The conditions in words; "" for none, and where a query is made of several: `explain` tells its parts."""
    words = _Words(plan, narrowed, language)
    return "" if words.tree is not None and is_composed(words.tree) else words.listed_conditions()


def tell_limitation(plan: Plan, narrowed: Narrowed, language: Language) -> str:
    """That the reader's rights cut the rows that were read; "" where they do not."""
    return _Words(plan, narrowed, language).limitation()


def describe(provenance: Provenance, language: Language, display: str = "") -> tuple[str, ...]:
    """The definition behind one number as lines "label: text"; what was left empty in the catalog is left out.

    `display`: how people call the metric, shown before its name.
    """
    labels = (
        ("指标", "Metric", f"{display} ({provenance.metric})" if display else provenance.metric),
        ("定义", "Definition", in_language(provenance.definition, language)),
        ("公式", "Formula", provenance.formula),
        ("数据集", "Datasets", ", ".join(provenance.datasets)),
        ("口径条件", "Conditions", ("；" if language == "zh" else "; ").join(provenance.filters)),
        ("数据日期", "As of", ", ".join(format_period(day, language) for day in provenance.as_of.split(", "))),
        ("依据", "Reference", provenance.reference),
        ("责任部门", "Owner", provenance.owner),
        ("版本", "Version", provenance.version),
    )
    colon = "：" if language == "zh" else ": "
    return tuple(
        f"{zh if language == 'zh' else en}{colon}{visible(' '.join(text.split()))}" for zh, en, text in labels if text
    )


class _Words:
    """One plan, its names looked up in one language."""

    def __init__(self, plan: Plan, narrowed: Narrowed, language: Language) -> None:
        self.plan, self.narrowed, self.language = plan, narrowed, language
        columns = {column.name.lower(): column for column in plan.columns}
        self.tree = outline(plan.semantic_sql)
        shown = items(self.tree, len(plan.columns))
        self.items: list[exp.Expr] | list[None] = shown if shown is not None else [None] * len(plan.columns)
        self.phrases = Phrases(columns, narrowed.catalog, language)
        self.written = tuple(
            alias_of(item) or self.phrases.name(item)
            for item in self.items
            if item is not None and (alias_of(item) or is_expression(item))
        )
        """Names and SQL that stay as they were written, whatever letter they begin with."""

    def say(self, zh: str, en: str) -> str:
        return self.phrases.say(zh, en)

    def subject(self) -> str:
        """Metrics, by what, when."""
        shown = list(zip(self.plan.columns, self.items, strict=True))
        metrics = [self._metric(c, i) for c, i in shown if c.kind == "metric" or self._reads_metric(c, i)]
        groups = [self._told(c, i) for c, i in shown if c.kind == "dimension" and not self._reads_metric(c, i)]
        grains = [self._grain(c, i) for c, i in shown if c.kind == "period"]
        if not metrics:
            return self.say(
                "列出" + join(groups + grains, "zh"), "list of " + join(groups + grains, "en")
            ) + self._when(self.say("，", " for "))
        if self.language == "zh":
            by = "".join(f"按{join(group, 'zh')}" for group in (grains, groups) if group)
            return (
                f"{self._when('')}{by}{'统计' if by else ''}的{join(metrics, 'zh')}"
                if self._when("") or by
                else join(metrics, "zh")
            )
        by = f" by {join(groups + grains, 'en')}" if groups or grains else ""
        return join(metrics, "en") + by + self._when(" for ")

    def composition(self, tree: exp.Query) -> str:
        """Several SELECTs, part by part; then the periods read by any of them, and whose rows."""
        told = [tell_composition(tree, self.narrowed.catalog, self.language)]
        if when := self._when(self.say("涉及期间：", "periods read: ")):
            told.append(when)
        text = self.say("；", "; ").join(told)
        if limited := self.limitation():
            text += self.say("，", ", ") + limited
        return text + "。" if self.language == "zh" else _capital(text) + "."

    def _told(self, column: Column, item: exp.Expr | None) -> str:
        """A column; one named by AS by that name, then what it is."""
        alias = alias_of(item) if item is not None else ""
        if item is not None and is_expression(item):
            return self._written(item)
        if item is None or not alias:
            return label(column, self.language)
        said = self._meant(column, item.unalias())
        display = display_of(alias, self.narrowed.catalog)
        return (display.to(self.language) if display else visible(alias)) + self.say(f"（{said}）", f" ({said})")

    def _meant(self, column: Column, inner: exp.Expr) -> str:
        """What stands before AS: an aggregate as the compiler calls it, anything else as it is written."""
        from sqlglot import exp

        called = label(column, self.language)
        is_named = called != visible(column.name) and not called.endswith((f"（{column.name}）", f"({column.name})"))
        is_simple = isinstance(inner, exp.AggFunc) or (isinstance(inner, exp.Column) and column.kind == "dimension")
        return called if is_named and is_simple else self._written(inner)

    def _written(self, item: exp.Expr) -> str:
        """An expression with its metrics as people call them: 存款余额 / 贷款余额."""
        return in_words(self.phrases.name(item), self.narrowed.catalog)[0 if self.language == "zh" else 1]

    def _reads_metric(self, column: Column, item: exp.Expr | None) -> bool:
        """Whether a text is made of a figure, as by CASE: nothing is grouped by it."""
        from sqlglot import exp

        if column.kind != "dimension" or item is None:
            return False
        return any(node.name.lower() in self.narrowed.catalog.metrics for node in item.find_all(exp.Column))

    def _metric(self, column: Column, item: exp.Expr | None) -> str:
        """A metric under its functions; in English "NPL ratio, year-on-year change" would not stand in a list."""
        said = self._told(column, item)
        if item is not None and (alias_of(item) or is_expression(item)):
            return said
        return " of ".join(reversed(said.split(", "))) if column.function and self.language == "en" else said

    def _grain(self, column: Column, item: exp.Expr | None) -> str:
        for grain in GRAINS:
            if column.name == grain:
                return self.say(*GRAIN_WORDS[grain])
        return self._told(column, item)

    def _when(self, before: str) -> str:
        """Periods shown and the dates read, which may differ: a stock of a quarter is read at its end."""
        understood = self.plan.understood
        if not understood.periods:
            return ""
        extras = []
        if understood.is_default_period:
            extras.append(self.say("问题未指明时间，取默认期间", "no period was asked, so the default one"))
        dates = understood.as_of
        if len(dates) == 1 and ".." not in dates[0]:
            extras.append(self.say(f"数据截至{dates[0]}", f"as of {dates[0]}"))
        elif len(dates) == 1:
            extras.append(
                self.say(f"数据期间{dates[0].replace('..', '至')}", f"dated {dates[0].replace('..', ' to ')}")
            )
        elif dates:
            first, last = dates[0].split("..")[0], dates[-1].split("..")[-1]
            extras.append(self.say(f"各期数据日期{first}至{last}", f"dated {first} to {last}"))
        extra = self.say(f"（{'；'.join(extras)}）", f" ({'; '.join(extras)})") if extras else ""
        return before + format_periods(understood.periods, self.language) + extra

    def conditions(self) -> str:
        """Conditions in words, joined by and."""
        found = self.listed_conditions()
        return self.say("限", "where ") + found if found else ""

    def listed_conditions(self) -> str:
        found = [self.phrases.condition(text) for text in self.plan.understood.conditions]
        return join(found, self.language, self.say("且", "and"))

    def order(self) -> str:
        """Sorting, rows left out and how many rows."""
        limit, offset = self.plan.understood.limit, self.plan.understood.offset
        ordered = self.phrases.order(self.plan.understood.order)
        if self.language == "zh":
            sort = f"按{join([f'{what}{way}' for what, way in ordered], 'zh', '、')}排列" if ordered else ""
            skipped = f"跳过前 {offset} 行" if offset else ""
            cut = "" if limit is None else f"取{'其后' if offset else '前'} {limit} 行"
            return "，".join(part for part in (sort, skipped, cut) if part)
        sort = f"ordered by {join([f'{what} ({way})' for what, way in ordered], 'en', 'then')}" if ordered else ""
        skipped = f"skipping the first {offset}" if offset else ""
        which = "the next" if offset else "first"
        cut = "" if limit is None else f"{which} row only" if limit == 1 else f"{which} {limit} rows"
        return ", ".join(part for part in (sort, skipped, cut) if part)

    def limitation(self) -> str:
        """That the reader's rights cut the rows, where a row rule reaches what was read."""
        predicates = self.narrowed.predicates
        read = {dataset for item in self.plan.provenance for dataset in item.datasets}
        if not predicates or (read and not read & set(predicates)):
            return ""
        dimensions = self.narrowed.catalog.dimensions
        told = [
            f"{dimensions[name].display.to(self.language)}{self.say('为', ': ')}{self._listed(values)}"
            for name, values in self.narrowed.row_rules
            if name in dimensions
        ]
        inside = join(told, self.language, self.say("或", "or"))
        return self.say("仅含您有权查看的范围", "of what you may see") + (
            self.say(f"（{inside}）", f" ({inside})") if inside else ""
        )

    def _listed(self, values: tuple[str, ...]) -> str:
        quoted = [f"“{visible(value)}”" for value in values]
        return join(quoted[:5], self.language, self.say("或", "or")) + (
            "" if len(quoted) <= 5 else self.say(f"等 {len(quoted)} 个", " and more")
        )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
