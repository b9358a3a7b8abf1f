"""A definition in words: the sentence that answers what was asked, and the lines of everything else that is known.

Faces show these and decide nothing. By template, never by the llm.
"""

from __future__ import annotations

from collections.abc import Sequence

from t2sql.catalog import Catalog, Language
from t2sql.definitions.cues import Aspect
from t2sql.flow import Defined, DefinedVersion, Named, Topic
from t2sql.wording import in_language, join, visible

RowRules = tuple[tuple[str, tuple[str, ...]], ...]
_SHOWN = 12
_UNITS = {
    "CNY": ("人民币元", "CNY"), "ratio": ("比率（%）", "ratio (%)"), "count": ("个数", "count"),
}  # fmt: skip


def tell_term(term: Defined, language: Language, *, most: int = _SHOWN) -> tuple[tuple[str, str], ...]:
    """(label, text) of everything known about one name, of long lists the first `most`; what the catalog leaves empty
    is left out.
    """
    zh = language == "zh"
    now = term.versions[-1] if term.versions else None
    stop = "、" if zh else ", "
    pairs: list[tuple[str, str, str]] = [
        (
            "指标" if term.kind == "metric" else "维度",
            "Metric" if term.kind == "metric" else "Dimension",
            title(term, language),
        ),
        ("定义", "Definition", in_language(term.description, language)),
        ("公式", "Formula", f"{now.told.to(language)}  [{now.formula}]" if now else ""),
        ("口径条件", "Conditions", now.filter if now else ""),
        ("单位", "Unit", _unit(term, language)),
        ("责任部门", "Owner", term.owner),
        ("版本", "Versions", ("；" if zh else "; ").join(_version(v, language) for v in term.versions)),
        ("依据", "Reference", in_language(now.reference, language) if now else ""),
        ("数据集", "Datasets", stop.join(_called(n, language) for n in term.datasets)),
        ("可按以下维度拆分", "Can be split by", _listed(term.splits, language, most)),
        ("取值", "Values", stop.join(term.values[:most]) + (" …" if len(term.values) > most else "")),
        ("也叫", "Also called", stop.join(term.synonyms)),
        ("相近指标", "Metrics like it", stop.join(_called(n, language) for n in term.alike)),
    ]
    return tuple((z if zh else e, visible(" ".join(text.split()))) for z, e, text in pairs if text)


def tell_topic(topic: Topic, language: Language, *, with_examples: bool = True) -> tuple[tuple[str, str], ...]:
    """(label, text) of one topic: its metrics, what they can be split by, and examples."""
    zh = language == "zh"
    pairs = (
        ("指标", "Metrics", ("、" if zh else ", ").join(n.display.to(language) for n in topic.metrics)),
        ("可按以下维度拆分", "Can be split by", _listed(topic.splits, language)),
        ("例如", "For example", " · ".join(one.text for one in topic.examples) if with_examples else ""),
    )
    return tuple((z if zh else e, visible(text)) for z, e, text in pairs if text)


def tell_rows(rules: RowRules, catalog: Catalog, language: Language) -> str:
    """Limits of somebody's rows, as `Narrowed.row_rules` has them: 区域：华东区. "" for every row."""
    mark, gap = ("：", "；") if language == "zh" else (": ", "; ")
    called = {d.name: d.display.to(language) for d in catalog.dimensions.values()}
    told = (f"{called.get(name, name)}{mark}{join(values, language)}" for name, values in rules)
    return visible(gap.join(told))


def title(term: Defined, language: Language) -> str:
    """How people call it, with its name."""
    called = term.display.to(language)
    return f"{called}（{term.name}）" if language == "zh" else f"{called} ({term.name})"


def answer(terms: Sequence[Defined], aspect: Aspect, language: Language) -> str:
    """What was asked of the terms, in a sentence each."""
    gap = "" if language == "zh" else " "
    return gap.join(_sentence(term, aspect, language) for term in terms)


def answer_topics(topics: Sequence[Topic], metrics: int, language: Language) -> str:
    """How much there is to ask."""
    if language == "zh":
        return f"可以问 {len(topics)} 个主题的 {metrics} 个指标：说出指标、时间，以及按什么拆分。"
    return f"You can ask for {metrics} metrics in {len(topics)} topics: name a metric, a time, and what to split it by."


def _sentence(term: Defined, aspect: Aspect, language: Language) -> str:
    zh = language == "zh"
    called, now = visible(term.display.to(language)), term.versions[-1] if term.versions else None
    described = visible(in_language(term.description, language))
    if aspect == "owner" and term.owner:
        since = _since(now, language)
        return (
            f"{called}由{visible(term.owner)}负责{since}。"
            if zh
            else f"{_capital(called)} is owned by {visible(term.owner)}{since}."
        )
    if aspect == "versions" and now is not None:
        told = ("；" if zh else "; ").join(_version(v, language) for v in term.versions)
        count = len(term.versions)
        if count == 1:
            none = "，口径没有变更过" if zh else "; its definition has not changed"
            return f"{called}：{told}{none}。" if zh else f"{_capital(called)}: {told}{none}."
        return f"{called}有 {count} 个版本：{told}。" if zh else f"{_capital(called)} has {count} versions: {told}."
    if aspect == "splits" and term.kind == "metric":
        listed = _listed(term.splits, language)
        return f"{called}可以按以下维度拆分：{listed}。" if zh else f"{_capital(called)} can be split by {listed}."
    if aspect == "unit" and term.unit:
        unit = _unit(term, language)
        return f"{called}的单位：{unit}。" if zh else f"The unit of {called}: {unit}."
    if aspect == "values" and term.values:
        listed = ("、" if zh else ", ").join(map(visible, term.values))
        return f"{called}分为：{listed}。" if zh else f"{_capital(called)} has these values: {listed}."
    if not described:
        described = now.told.to(language) if now else ""
    if aspect in ("formula", "inclusion", "difference") and now is not None:
        told = now.told.to(language)
        formula = f"公式：{told}。" if zh else f" Formula: {told}."
        return f"{called}：{described}{formula}" if zh else f"{_capital(called)}: {described}{formula}"
    return f"{called}：{described}" if zh else f"{_capital(called)}: {described}"


def _unit(term: Defined, language: Language) -> str:
    return visible(_UNITS.get(term.unit, (term.unit, term.unit))[0 if language == "zh" else 1])


def _version(version: DefinedVersion, language: Language) -> str:
    """Version 2, in force since 2025-01-01: 1 to 90 days past due."""
    zh = language == "zh"
    text = f"版本 {version.version}" if zh else f"version {version.version}"
    if version.effective_from and version.effective_to:
        span = (
            f"{version.effective_from} 至 {version.effective_to}"
            if zh
            else f"{version.effective_from} to {version.effective_to}"
        )
        text += f"，{span}" if zh else f", {span}"
    elif version.effective_from:
        text += f"，自 {version.effective_from} 起生效" if zh else f", in force since {version.effective_from}"
    if version.note:
        text += f"（{in_language(version.note, language)}）" if zh else f" ({in_language(version.note, language)})"
    return text


def _since(version: DefinedVersion | None, language: Language) -> str:
    if version is None or not version.effective_from:
        return ""
    if language == "zh":
        return f"，现行版本 {version.version} 自 {version.effective_from} 起生效"
    return f"; version {version.version} has been in force since {version.effective_from}"


def _called(named: Named, language: Language) -> str:
    return f"{named.display.to(language)} ({named.name})" if language == "en" else f"{named.display.zh}（{named.name}）"


def _listed(names: Sequence[Named], language: Language, most: int = _SHOWN) -> str:
    shown = [named.display.to(language) for named in names[:most]]
    more = len(names) - len(shown)
    text = ("、" if language == "zh" else ", ").join(shown)
    if more <= 0:
        return text
    return f"{text}等 {len(names)} 个" if language == "zh" else f"{text} and {more} more"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def names_in_words(names: Sequence[Named], language: Language) -> str:
    """Names as a list in a sentence."""
    return join([visible(n.display.to(language)) for n in names], language)
