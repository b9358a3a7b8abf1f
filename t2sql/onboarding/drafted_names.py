"""Names across a drafted catalog: flat names of dimensions, roles that meet no other name, keys called by their table.

Works on trees that are drafted already, and changes nothing in them but names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from t2sql.onboarding.comments import read_comment
from t2sql.onboarding.drafted_fields import Fields
from t2sql.onboarding.earlier import Earlier
from t2sql.onboarding.lexicon import in_chinese
from t2sql.onboarding.naming import Called, Names, called, stem_of
from t2sql.onboarding.survey import SurveyedTable
from t2sql.onboarding.words import spoken, words_of

Tree = dict[str, Any]


@dataclass(slots=True)
class DraftedTable:
    """One table on its way into the catalog."""

    name: str
    table: SurveyedTable
    fields: Fields
    tree: Tree
    called: Called


def name_keys(links: list[Tree], drafted: list[DraftedTable]) -> None:
    """A key called aid or doc_id is the author's or the doctor's id: the table that it is the key of says so."""
    owners = {one.name: one for one in drafted}
    told = [(one, one.table.primary_key.columns, one) for one in drafted if one.table.primary_key]
    told += [(owners[link["from"]], tuple(link["from_columns"]), owners[link["to"]]) for link in links]
    for holder, columns, owner in told:
        if len(columns) != 1:
            continue
        name = holder.fields.of_column.get(columns[0])
        field = next((f for f in holder.tree["fields"] if f["name"] == name), None)
        words = words_of(columns[0])
        stem = stem_of(owner.name).replace("_", " ")
        if field is None or not name or words == ["id"] or stem.split()[0] in words:
            continue
        own = words[0].removesuffix("id") if len(words) == 1 else words[0]
        display = field["t2sql"]["display"]
        if own and stem.startswith(own) and words[-1].endswith("id") and display["en"] == " ".join(spoken(columns[0])):
            zh = in_chinese([*stem.split(), "id"])
            field["t2sql"]["display"] = {"zh": zh or f"{stem} id", "en": f"{stem} id"}
            others = field.setdefault("ai_context", {}).setdefault("synonyms", [])
            if " ".join(words) not in others:
                others.insert(0, " ".join(words))


def flat_names(drafted: list[DraftedTable], flat: Names, earlier: Earlier) -> None:
    """Give each dimension a flat name of its own: its field's where no other has that, else with its table in front."""
    holders: dict[str, list[str]] = {}
    for one in drafted:
        for field in one.tree["fields"]:
            if "dimension" in field:
                holders.setdefault(field["name"], []).append(one.name)
    shared = shared_words(drafted, lambda field: "dimension" in field)
    for one in drafted:
        stem = stem_of(one.name)
        for field in one.tree["fields"]:
            if "dimension" not in field:
                continue
            name = field["name"]
            owners = [d for d in holders[name] if name.startswith(f"{stem_of(d)}_")]
            said = {*field["t2sql"]["display"].values(), *field.get("ai_context", {}).get("synonyms", ())}
            is_own = (len(holders[name]) == 1 and not said & shared) or owners == [one.name]
            apart = name if name.startswith(f"{stem}_") else f"{stem}_{name}"
            known = earlier.flat.get((one.name, name))
            taken = known or (flat.take(name, apart) if is_own else flat.take(apart, f"{one.name}_{name}"))
            if taken != name:
                field["t2sql"]["flat_name"] = taken
                _display_apart(field, one)


def _display_apart(field: Tree, one: DraftedTable) -> None:
    """A name that several tables have says whose it is, where no comment names it."""
    column = next((c for c, f in one.fields.of_column.items() if f == field["name"]), None)
    if column is None or one.fields.called[field["name"]].is_from_comment:
        return
    beside = " ".join(spoken(stem_of(one.name)))
    words = called(column, read_comment(""), beside=beside, start=one.fields.start)
    field["t2sql"]["display"] = {"zh": words.display.zh, "en": words.display.en}
    context = field.setdefault("ai_context", {"synonyms": []})
    context["synonyms"] = list(dict.fromkeys([*words.synonyms, *context["synonyms"]]))


def roles_apart(links: list[Tree], trees: dict[str, Tree], flat: Names, earlier: Earlier) -> None:
    """Change each role until the names that it makes are free, and take them. One role may lead from several datasets
    to one.
    """
    settled: dict[tuple[str, str], str] = {}
    for link in links:
        ours = link.get("t2sql", {})
        role = ours.get("role")
        if not role:
            continue
        if (role, link["to"]) not in settled:
            fields = trees[link["to"]]["fields"]
            names = [f["t2sql"].get("flat_name") or f["name"] for f in fields if "dimension" in f]
            number, wanted = 2, role
            is_known = earlier.links.get((link["from"], tuple(link["from_columns"]), link["to"]), ("", ""))[1] == role
            while not is_known and any(f"{wanted}_{name}" in flat for name in names):
                wanted, number = f"{role}_{number}", number + 1
            settled[role, link["to"]] = wanted
            for name in names:
                flat.reserve(f"{wanted}_{name}")
        ours["role"] = settled[role, link["to"]]


def shared_words(drafted: list[DraftedTable], is_meant: Callable[[Tree], bool]) -> frozenset[str]:
    """What fields of several tables are called, among those that are meant."""
    holders: dict[str, set[str]] = {}
    for one in drafted:
        for field in filter(is_meant, one.tree["fields"]):
            for word in (*field["t2sql"]["display"].values(), *field.get("ai_context", {}).get("synonyms", ())):
                holders.setdefault(word, set()).add(one.name)
    return frozenset(word for word, names in holders.items() if len(names) > 1)
