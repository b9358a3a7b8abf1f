"""What `t2sql check` says of verified.yml: slots without a place, semantic SQL that does not compile, and twins.

Reads as somebody who may see all that is defined, and mends nothing. A mistake that is told here is also why an entry
is never used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from t2sql.compiler import compile_sql
from t2sql.errors import CertifyError, ConfigError, QueryError
from t2sql.flow import Load, Loads
from t2sql.grounding import Grounding, NameIndex, ValueEntry, ValueIndex
from t2sql.policy import Narrowed
from t2sql.verified.entries import Entry
from t2sql.verified.refilling import refill
from t2sql.verified.templates import Template
from t2sql.verified.verified import read_template

_SINCE = 1990


def check_entries(
    entries: Sequence[Entry], whole: Narrowed, values: Iterable[ValueEntry] | None = None
) -> Iterator[ConfigError]:
    """Every mistake, each with file and line in its message.

    `whole` is the catalog without limits of rights. Every month up to the end of the signing's year counts as loaded.
    Without `values` only those that the definitions and the entries name are known.
    """
    catalog = whole.catalog
    known = ValueIndex.build(_named_values(whole) if values is None else values)
    grounding = Grounding(catalog, known, NameIndex.build(catalog), lambda text: [])
    templates: dict[tuple[tuple[str, ...], tuple[str, ...]], list[Template]] = {}
    for entry in entries:
        try:
            compile_sql(entry.semantic_sql, whole, _all_loaded(whole, entry.verified_on))
            read = [read_template(entry, text, catalog, grounding) for text in entry.questions]
        except (QueryError, CertifyError) as error:
            yield ConfigError(f"{entry.place}: verified question {entry.id!r}: {error.message}", error.hint)
            continue
        except ConfigError as error:
            yield error
            continue
        for template in read:
            for other in templates.setdefault(template.said.key, []):
                if _answers_otherwise(template, other, catalog.fiscal_year_start):
                    yield ConfigError(
                        f"{entry.place}: verified question {entry.id!r} asks what {other.entry.id!r} asks,"
                        " and has other semantic SQL.",
                        "Keep one of them: where two answer differently, neither is used.",
                    )
                    break
            templates[template.said.key].append(template)


def _answers_otherwise(template: Template, other: Template, fiscal_year_start: int) -> bool:
    """Whether the other's semantic SQL, filled with this question's slots, is another one."""
    own = refill(template, template.said, fiscal_year_start)
    theirs = refill(other, template.said, fiscal_year_start)
    return theirs is not None and own != theirs


def _all_loaded(whole: Narrowed, signed: date) -> Loads:
    months = range(12 * (signed.year - _SINCE + 1))
    days = [date(_SINCE + n // 12 + (n % 12 == 11), (n + 1) % 12 + 1, 1) - timedelta(days=1) for n in months]
    loads = tuple(Load(day, 1) for day in days)
    return Loads({name: loads for name in whole.catalog.datasets})


def _named_values(whole: Narrowed) -> Iterator[ValueEntry]:
    """Values that the definitions give aliases to."""
    for dimension in whole.catalog.dimensions.values():
        if not dimension.role:
            for value, aliases in whole.catalog.field_of(dimension).aliases.items():
                yield ValueEntry(dimension.name, value, aliases)
