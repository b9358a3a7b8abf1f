"""Which columns lead to which tables, where the database does not say so: names first, values as proof, with a score.

A link is never turned round: its one side is unique over all rows. Under 200 rows values prove nothing, and a link is
only a proposal. Where two keys fit equally well, none is taken.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from t2sql.onboarding.composite_links import composite_links
from t2sql.onboarding.introspect import FoundColumn
from t2sql.onboarding.keys import own_key_score
from t2sql.onboarding.name_evidence import Evidence, OneSide, evidence, forms_of, is_of_staff
from t2sql.onboarding.name_parts import Parts, column_parts, words_of
from t2sql.onboarding.proofs import Inclusion, Proofs
from t2sql.onboarding.standing import Standing
from t2sql.onboarding.survey import Link, Reason
from t2sql.onboarding.weighing import PROVING_ROWS, told, weighed

_TRIED = 3
_LEAST_NAME = 0.6


def declared_links(standings: Sequence[Standing]) -> list[Link]:
    """The foreign keys that the database declares, to tables that this account sees."""
    seen = {s.found.path for s in standings}
    links = []
    reason = Reason("数据库声明的外键。", "The database declares this foreign key.")
    for standing in standings:
        for key in standing.found.foreign_keys:
            one = f"{key.schema}.{key.table}" if key.schema else key.table
            if one in seen:
                path = standing.found.path
                links.append(Link(path, key.columns, one, key.one_columns, True, 1.0, False, reason))
    return links


def inferred_links(
    standings: Sequence[Standing],
    proofs: Proofs,
    *,
    known: Sequence[Link] = (),
    progress: Callable[[float], None] = lambda share: None,
) -> list[Link]:
    """Links that names and values speak for, beyond the `known` ones. `progress`: the share of tables looked at."""
    ones = _one_sides(standings, proofs)
    by_letter: dict[str, list[OneSide]] = defaultdict(list)
    for one in ones:
        for letter in {
            word[0]
            for words in (*one.stems, *(form.head for form in one.forms))
            for word in words[-1:] + words[:1]
            if word
        }:
            by_letter[letter].append(one)
    taken = {(link.many, column) for link in known for column in link.many_columns}
    links: list[Link] = []
    for place, standing in enumerate(standings):
        for column in standing.found.columns:
            if (standing.found.path, column.name) not in taken:
                link = _link_of(place, column, standings, ones, by_letter, proofs)
                if link:
                    links.append(link)
        progress((place + 1) / len(standings))
    links += composite_links(standings, proofs, [*known, *links])
    return links


def with_roles(links: Sequence[Link]) -> list[Link]:
    """`links` with a role where two lead to one table, or a table to itself; without one elsewhere."""
    between: dict[tuple[str, str], int] = defaultdict(int)
    for link in links:
        between[link.many, link.one] += len(link.many_columns) == 1
    found = []
    for link in links:
        is_ambiguous = between[link.many, link.one] > 1 or link.many == link.one
        role = link.role if is_ambiguous else ""
        if is_ambiguous and not role and link.is_declared:
            parts = column_parts(link.many_columns[0])
            role = "_".join(parts.head)
        found.append(replace(link, role=role))
    return _told_apart(found)


def _told_apart(links: list[Link]) -> list[Link]:
    """Every two links between the same tables differ in role; the plain one keeps none."""
    seen: set[tuple[str, str, str]] = set()
    found = []
    for link in links:
        role = link.role
        if (link.many, link.one, role) in seen:
            role = "_".join(words_of("_".join(link.many_columns)))
        seen.add((link.many, link.one, role))
        found.append(replace(link, role=role))
    return found


def _one_sides(standings: Sequence[Standing], proofs: Proofs) -> list[OneSide]:
    """Every single column that is unique over all rows and named like a key; of equal names only the best owner."""
    shared = _shared_ids(standings)
    found: list[OneSide] = []
    for place, standing in enumerate(standings):
        if standing.found.is_view:
            continue
        declared = {key.columns[0]: key for key in standing.keys if len(key.columns) == 1}
        for column in standing.found.columns:
            key = declared.get(column.name)
            owned = _owned(standing, column)
            if owned < 0.5 and standing.rows >= PROVING_ROWS and shared[column_parts(column.name)] > 1:
                # Named alike elsewhere, and unique over many rows here: this is where it comes from.
                owned = 0.5
            if key is None and (owned < 0.5 or not _may_be_unique(standing, column)):
                continue
            if key is None and not proofs.is_unique(standing.found, (column.name,)):
                continue
            is_primary = standing.has_primary and standing.keys[0].columns == (column.name,)
            if key is not None and key.is_declared:
                owned = max(owned, 0.6 if is_primary else 0.4)
            words = words_of(standing.found.name)
            forms = forms_of(column, standing.prefix)
            found.append(OneSide(place, column, forms, standing.stems, words, owned, is_primary))
    return _best_owners(found, standings)


def _shared_ids(standings: Sequence[Standing]) -> Counter[Parts]:
    """How many tables have a column of each id-like name."""
    found: Counter[Parts] = Counter()
    for standing in standings:
        names = (column_parts(c.name) for c in standing.found.columns if c.kind in ("integer", "decimal", "text"))
        found.update({parts for parts in names if parts.ending in ("id", "code") and not parts.is_bare})
    return found


def _owned(standing: Standing, column: FoundColumn) -> float:
    """How much its name says that `column` is its own table's key; 0 in a view, whose rows are another table's."""
    if standing.found.is_view:
        return 0.0
    stems = standing.stems or ((),)
    forms = forms_of(column, standing.prefix)
    return max(own_key_score(standing.found, column, parts, stem)[0] for parts in forms for stem in stems)


def _may_be_unique(standing: Standing, column: FoundColumn) -> bool:
    """Whether the sample leaves it possible; what is not sampled has to be asked for."""
    profile = standing.profiles.get(column.name)
    if profile is None:
        return column.name in standing.unsampled
    return profile.distinct + profile.nulls >= profile.sampled


def _best_owners(ones: list[OneSide], standings: Sequence[Standing]) -> list[OneSide]:
    """Of keys of one name, in one schema, only those that own it most."""
    groups: dict[tuple[str, Parts], list[OneSide]] = defaultdict(list)
    for one in ones:
        groups[standings[one.place].found.schema, one.forms[0]].append(one)
    kept = []
    for (_, parts), group in groups.items():
        if parts.is_bare or len(group) == 1:
            kept += group
            continue
        best = max(one.owned for one in group)
        owners = [one for one in group if one.owned == best]
        if len(owners) > 1 and best >= 0.9:
            owners = sorted(owners, key=lambda one: (len(one.table_words), -standings[one.place].rows))[:1]
        elif len(owners) > 1:
            # Which of them is meant, if any, depends on the table that leads there: see _settled.
            owners = [one for one in owners if one.is_primary and (best >= 0.7 or len(owners) == 1)]
        kept += owners
    return kept


def _link_of(
    place: int,
    column: FoundColumn,
    standings: Sequence[Standing],
    ones: Sequence[OneSide],
    by_letter: Mapping[str, list[OneSide]],
    proofs: Proofs,
) -> Link | None:
    standing = standings[place]
    if column.kind not in ("integer", "decimal", "text") or not standing.is_read(column.name):
        return None
    forms = forms_of(column, standing.prefix)
    # What stands in several rows tells none of them apart, whatever it is called.
    owned = _owned(standing, column) if _may_be_unique(standing, column) else 0.0
    about_people = is_of_staff(standing.stems)
    wanted: dict[int, OneSide] = {}
    letters = {word[0] for form in forms for word in form.head if word}
    for letter in letters:
        wanted.update({id(one): one for one in by_letter.get(letter, ())})
    staff = [one for one in ones if one.is_primary and is_of_staff(one.stems)]
    wanted.update({id(one): one for one in staff if len(staff) == 1})
    wanted.update({id(one): one for one in ones if column.comment or one.place == place or _glues(forms, one)})
    found: list[tuple[Evidence, OneSide]] = []
    for one in wanted.values():
        is_self = one.place == place
        if (is_self and one.column.name == column.name) or not _may_compare(column, one.column):
            continue
        said = evidence(column, forms, one, is_self=is_self, about_people=about_people)
        if said is None or said.score < _LEAST_NAME:
            continue
        if is_self and _is_of_many_tables(standing, column):
            continue
        # A table's own key leads elsewhere only to a better owner, or to the table it names in full.
        if not is_self and owned >= 0.6 and owned >= (0.95 if said.score >= 0.94 else one.owned):
            continue
        found.append((said, one))
    found.sort(
        key=lambda pair: (
            -pair[0].score,
            standings[pair[1].place].found.schema != standing.found.schema,
            -pair[1].owned,
        )
    )
    links = [
        link
        for said, one in _settled(standing, found)[:_TRIED]
        if (link := _proven(standing, column, said, standings[one.place], one, proofs))
    ]
    return max(links, key=lambda link: link.score, default=None)


def _settled(standing: Standing, found: list[tuple[Evidence, OneSide]]) -> list[tuple[Evidence, OneSide]]:
    """`found`, best first, without keys of one name in several tables unless the names of the tables choose one."""
    if len(found) < 2:
        return found
    best, rivals = found[0], [pair for pair in found if pair[1].forms[0] == found[0][1].forms[0]]
    if best[1].forms[0].is_bare or len(rivals) < 2 or rivals[1][0].score < best[0].score - 0.02:
        return found
    mine = {word for stem in standing.stems for word in stem}
    shared = [len(mine & {word for stem in one.stems for word in stem}) for _, one in rivals]
    chosen = [pair for pair, count in zip(rivals, shared, strict=True) if count == max(shared) and count > 0]
    others = [pair for pair in found if pair not in rivals]
    return [*chosen, *others] if len(chosen) == 1 else others


def _is_of_many_tables(standing: Standing, column: FoundColumn) -> bool:
    """Whether another column says which table this one leads to: parent_id beside parent_type."""
    head = "_".join(column_parts(column.name).head)
    return any("_".join(words_of(c.name)) in (f"{head}_type", f"{head}_kind") for c in standing.found.columns)


def _glues(forms: Sequence[Parts], one: OneSide) -> bool:
    """Whether a name written in one word ends in the table's."""
    return any(len(form.head) == 1 and form.head[0].endswith("".join(stem)) for form in forms for stem in one.stems)


def _may_compare(many: FoundColumn, one: FoundColumn) -> bool:
    if many.kind == one.kind:
        return True
    return {many.kind, one.kind} == {"integer", "decimal"}


def _proven(
    many: Standing, column: FoundColumn, said: Evidence, one: Standing, key: OneSide, proofs: Proofs
) -> Link | None:
    """The link, if the values do not speak against it."""
    found = Inclusion(0, 0)
    if many.rows and one.rows:
        found = proofs.inclusion(many.found, (column.name,), one.found, (key.column.name,)) or found
    is_few = 0 <= many.rows < PROVING_ROWS
    score = weighed(said.score, found, is_few=is_few)
    if score is None:
        return None
    return Link(
        many=many.found.path,
        many_columns=(column.name,),
        one=one.found.path,
        one_columns=(key.column.name,),
        is_declared=False,
        score=score,
        is_proposal=is_few or not found.looked,
        reason=told(said.reason, found, is_few=is_few),
        role=said.role,
    )
