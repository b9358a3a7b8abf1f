"""Links by several columns that are together the key of another table: order and line, part and supplier."""

from __future__ import annotations

from collections.abc import Sequence

from t2sql.onboarding.name_parts import Parts
from t2sql.onboarding.proofs import Proofs
from t2sql.onboarding.standing import Standing
from t2sql.onboarding.survey import Key, Link, Reason
from t2sql.onboarding.weighing import PROVING_ROWS, told, weighed


def composite_links(standings: Sequence[Standing], proofs: Proofs, known: Sequence[Link]) -> list[Link]:
    """Links by two or three columns that are together the key of another table, each under its own name."""
    linked = {(link.many, link.one) for link in known if len(link.many_columns) == 1}
    links = []
    for one in standings:
        for key in one.keys:
            if len(key.columns) < 2 or one.found.is_view or (not key.is_declared and one.rows < PROVING_ROWS):
                continue
            kinds = [next(c.kind for c in one.found.columns if c.name == name) for name in key.columns]
            if not key.is_declared and any(kind in ("date", "timestamp") for kind in kinds):
                continue
            wanted = [one.names[name] for name in key.columns]
            for many in standings:
                if many.found.path == one.found.path or (many.found.path, one.found.path) in linked:
                    continue
                columns = _same_names(many, wanted, kinds)
                if columns and (link := _proven_together(many, columns, one, key, proofs)):
                    links.append(link)
    return links


def _same_names(many: Standing, wanted: Sequence[Parts], kinds: Sequence[str]) -> tuple[str, ...]:
    names = many.names
    found = []
    for parts, kind in zip(wanted, kinds, strict=True):
        same = [c.name for c in many.found.columns if names[c.name] == parts and not parts.is_bare and c.kind == kind]
        if len(same) != 1 or not many.is_read(same[0]):
            return ()
        found += same
    return tuple(found)


def _proven_together(many: Standing, columns: tuple[str, ...], one: Standing, key: Key, proofs: Proofs) -> Link | None:
    if any(set(other.columns) == set(columns) for other in many.keys):
        return None
    if not key.is_declared and not proofs.is_unique(one.found, key.columns):
        return None
    found = proofs.inclusion(many.found, columns, one.found, key.columns) if many.rows and one.rows else None
    is_few = 0 <= many.rows < PROVING_ROWS
    if found is None or found.share < 0.95:
        return None
    reason = Reason("这几列与对方的组合键同名。", "These columns are named as the key of several columns there.")
    score = weighed(0.9, found, is_few=is_few) or 0.0
    path = many.found.path
    return Link(path, columns, one.found.path, key.columns, False, score, is_few, told(reason, found, is_few=is_few))
