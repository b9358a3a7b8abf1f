"""Which columns lead to which tables, where the database does not say so: names first, values as proof, with a score.

A link is never turned round: its one side is unique over all rows. Under 200 rows values prove nothing, and a link is
only a proposal. Where two keys fit equally well, none is taken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from t2sql.onboarding.introspect import FoundColumn, FoundTable
from t2sql.onboarding.keys import own_key_score
from t2sql.onboarding.name_evidence import Evidence, OneSide, chinese_name, evidence, forms_of, is_of_people
from t2sql.onboarding.name_parts import Parts, column_parts, shared_start, singular, table_stem, words_of
from t2sql.onboarding.proofs import Inclusion, Proofs
from t2sql.onboarding.survey import Key, Link, Profile, Reason

PROVING_ROWS = 200
_TRIED = 3
_LEAST_NAME = 0.6


@dataclass(frozen=True, slots=True)
class Standing:
    """One table as relationships need it."""

    found: FoundTable
    rows: int
    """-1: unknown."""
    stems: tuple[tuple[str, ...], ...]
    prefix: tuple[str, ...]
    profiles: Mapping[str, Profile]
    """Of sampled columns."""
    unsampled: frozenset[str]
    """Columns that look like a person's number: their names count, and of their values only how many agree."""
    keys: tuple[Key, ...]
    """The primary one first where there is one."""
    has_primary: bool

    @property
    def names(self) -> dict[str, Parts]:
        """Each column's name apart, without what they share."""
        return {column.name: column_parts(column.name, self.prefix) for column in self.found.columns}


def stems_of(table: FoundTable, dropped: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """What a table's rows are, by its name and by its Chinese comment."""
    stems = [table_stem(table.name, dropped)]
    if (told := chinese_name(table.comment)) and (stem := table_stem(told)) not in stems:
        stems.append(stem)
    return tuple(stem for stem in stems if stem)


def shared_by_tables(tables: Sequence[FoundTable]) -> dict[str, tuple[str, ...]]:
    """For each schema, the leading words that nearly all of its tables share, unless a table bears just them."""
    found = {}
    for schema in {table.schema for table in tables}:
        names = [table.name for table in tables if table.schema == schema]
        start = shared_start(names, least=4, share=0.8)
        bare = {tuple(singular(word) for word in words_of(name)) for name in names}
        found[schema] = () if tuple(singular(word) for word in start) in bare else start
    return found


def shared_by_columns(table: FoundTable) -> tuple[str, ...]:
    """The leading words that all columns of a table share."""
    return shared_start([column.name for column in table.columns], least=3)


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
        for letter in {word[0] for words in (*one.stems, *(form.head for form in one.forms)) for word in words[-1:] + words[:1] if word}:
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
    links += _composite_links(standings, proofs, [*known, *links])
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
    found: list[OneSide] = []
    for place, standing in enumerate(standings):
        if standing.found.is_view:
            continue
        declared = {key.columns[0]: key for key in standing.keys if len(key.columns) == 1}
        for column in standing.found.columns:
            key = declared.get(column.name)
            owned = _owned(standing, column)
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
    """Of keys of one name, in one schema, only the one that owns it; none where two do equally."""
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
        if len(owners) > 1:
            owners = [one for one in owners if one.is_primary] if best < 0.9 else owners
            owners.sort(key=lambda one: (len(one.table_words), -standings[one.place].rows))
            owners = owners[:1] if best >= 0.9 or len(owners) == 1 else []
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
    if column.kind not in ("integer", "decimal", "text") or not _is_read(standing, column.name):
        return None
    forms = forms_of(column, standing.prefix)
    owned = _owned(standing, column)
    about_people = is_of_people(standing.stems)
    wanted: dict[int, OneSide] = {}
    letters = {word[0] for form in forms for word in form.head if word}
    for letter in letters:
        wanted.update({id(one): one for one in by_letter.get(letter, ())})
    wanted.update({id(one): one for one in ones if column.comment or one.place == place or _glues(forms, one)})
    found: list[tuple[Evidence, OneSide]] = []
    for one in wanted.values():
        is_self = one.place == place
        if (is_self and one.column.name == column.name) or not _may_compare(column, one.column):
            continue
        said = evidence(column, forms, one, is_self=is_self, about_people=about_people)
        if said is None or said.score < _LEAST_NAME:
            continue
        # A table's own key leads elsewhere only to a better owner of the same name.
        if not is_self and owned >= 0.6 and owned >= one.owned:
            continue
        found.append((said, one))
    found.sort(key=lambda pair: (-pair[0].score, standings[pair[1].place].found.schema != standing.found.schema, -pair[1].owned))
    links = [link for said, one in found[:_TRIED] if (link := _proven(standing, column, said, standings[one.place], one, proofs))]
    return max(links, key=lambda link: link.score, default=None)


def _is_read(standing: Standing, column: str) -> bool:
    return column in standing.profiles or column in standing.unsampled


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
    score = _weighed(said.score, found, is_few=is_few)
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
        reason=_told(said.reason, found, is_few=is_few),
        role=said.role,
    )


def _weighed(name: float, found: Inclusion, *, is_few: bool) -> float | None:
    """The score of a link by what the names say and how many values are found; None: the values speak against it."""
    if not found.looked:
        return round(name * 0.7, 2) if name >= 0.8 else None
    share = found.share
    least = 0.5 if name >= 0.9 else 0.8 if name >= 0.7 else 0.99
    if not is_few:
        least = 0.6 if name >= 0.9 else 0.9 if name >= 0.7 else 0.99
    if share < least:
        return None
    score = name * (0.5 + 0.5 * share)
    return round(score * 0.85 if is_few else min(score + 0.05, 0.99), 2)


def _told(names: Reason, found: Inclusion, *, is_few: bool) -> Reason:
    if not found.looked:
        return Reason(f"{names.zh}没有可比较的值，只凭名称。", f"{names.en} There are no values to compare; only names speak.")
    zh = f"{names.zh}{found.looked} 个不同值中有 {found.held} 个在对方出现。"
    en = f"{names.en} {found.held} of {found.looked} different values are found there."
    if is_few:
        return Reason(f"{zh}行数太少，值不能证明什么。", f"{en} There are too few rows for values to prove anything.")
    return Reason(zh, en)


def _composite_links(standings: Sequence[Standing], proofs: Proofs, known: Sequence[Link]) -> list[Link]:
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
        if len(same) != 1 or not _is_read(many, same[0]):
            return ()
        found += same
    return tuple(found)


def _proven_together(
    many: Standing, columns: tuple[str, ...], one: Standing, key: Key, proofs: Proofs
) -> Link | None:
    if any(set(other.columns) == set(columns) for other in many.keys):
        return None
    if not key.is_declared and not proofs.is_unique(one.found, key.columns):
        return None
    found = proofs.inclusion(many.found, columns, one.found, key.columns) if many.rows and one.rows else None
    is_few = 0 <= many.rows < PROVING_ROWS
    if found is None or found.share < 0.95:
        return None
    reason = Reason("这几列与对方的组合键同名。", "These columns are named as the key of several columns there.")
    score = _weighed(0.9, found, is_few=is_few) or 0.0
    path = many.found.path
    return Link(path, columns, one.found.path, key.columns, False, score, is_few, _told(reason, found, is_few=is_few))
