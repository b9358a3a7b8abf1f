"""Relationships drafted from links: which end on keys, which need a role, and which tables are bridges.

A role is given where two links lead from one table to another, so that no path is ever guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from t2sql.catalog import Display
from t2sql.onboarding.comments import read_comment
from t2sql.onboarding.earlier import Earlier
from t2sql.onboarding.naming import Names, called, is_sayable, plain_name
from t2sql.onboarding.survey import Link, Survey, path_of

Tree = dict[str, Any]


def drafted_links(
    survey: Survey,
    names: Mapping[str, str],
    columns: Mapping[str, Mapping[str, str]],
    datasets: Mapping[str, Tree],
    earlier: Earlier,
) -> list[Tree]:
    """The relationships of the survey. `names`: path -> dataset; `columns`: dataset -> column -> field.

    Adds to `datasets` the unique keys that a link ends on and nobody declared.
    """
    kept = [link for link in survey.links if link.many in names and link.one in names]
    kept.sort(key=lambda link: (link.many, -link.score, link.many_columns))
    taken = Names(name for name, _role in earlier.links.values())
    straight, roles = set[tuple[str, str]](), set[tuple[str, str, str]]()
    found: list[Tree] = []
    for link in kept:
        many, one = names[link.many], names[link.one]
        known, known_role = earlier.links.get((many, link.many_columns, one), ("", ""))
        tree: Tree = {
            "name": known or taken.take(f"{many}_{one}", f"{many}_{plain_name('_'.join(link.many_columns))}"),
            "from": many,
            "to": one,
            "from_columns": list(link.many_columns),
            "to_columns": list(link.one_columns),
        }
        ours: Tree = {}
        role = known_role or (plain_name(link.role) if link.role else "")
        if known and not known_role:
            role = ""
        elif not role and (many == one or (many, one) in straight):
            role = _role_of(link, one)
        if role:
            number, wanted = 2, role
            while (many, one, wanted) in roles:
                wanted, number = f"{role}_{number}", number + 1
            roles.add((many, one, wanted))
            display = _role_display(wanted)
            ours |= {"role": wanted, "display": {"zh": display.zh, "en": display.en}}
        else:
            straight.add((many, one))
        if not link.is_declared:
            ours["guess"] = {
                "reason": {"zh": link.reason.zh, "en": link.reason.en},
                "score": round(link.score, 2),
            }
        _end_on_key(datasets[one], link)
        found.append({**tree, "t2sql": ours} if ours else tree)
    _mark_bridges(survey, names, found)
    return found


def _role_of(link: Link, one: str) -> str:
    """What the one side is to the many side, from the column that leads there: manager_id is the manager."""
    plain = plain_name(link.many_columns[0])
    for end in ("_id", "_code", "_no", "_key", "_num", "_number"):
        plain = plain.removesuffix(end)
    return plain if plain != one and is_sayable(plain) else f"other_{plain}"


def _role_display(role: str) -> Display:
    return called(role, read_comment("")).display


def _end_on_key(target: Tree, link: Link) -> None:
    """A link ends on a key of its one side, which may not have been declared."""
    wanted = set(link.one_columns)
    keys = [target.get("primary_key", []), *target.get("unique_keys", [])]
    if not any(set(key) == wanted for key in keys):
        target.setdefault("unique_keys", []).append(list(link.one_columns))


def _mark_bridges(survey: Survey, names: Mapping[str, str], links: list[Tree]) -> None:
    """A table of pairs is crossed from either side; one of labels from the things that they hang on."""
    for what, ends in (("bridge", 2), ("labels", 1)):
        pairs = {names[path_of(t)] for t in survey.tables if t.kind.what == what and path_of(t) in names}
        for name in pairs:
            own = [link for link in links if link["from"] == name]
            if len(own) == ends and not any(link.get("t2sql", {}).get("role") for link in own):
                for link in own:
                    link.setdefault("t2sql", {})["bridge"] = True
