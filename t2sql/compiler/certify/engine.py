"""How each engine that certify can prove SQL for reads names and text, where engines differ.

The proof itself is one for all engines; what stands here is only what makes a name the same name and a text the same
text. An engine is proven with its own default settings: PostgreSQL with standard_conforming_strings on, Spark with
escapedStringLiterals and doubleQuotedIdentifiers off, MariaDB without ANSI_QUOTES and NO_BACKSLASH_ESCAPES. Nothing
here may look at a grant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlglot import exp

from t2sql.compiler.certify.names import fold, refuse


@dataclass(frozen=True, slots=True)
class Engine:
    """One engine's reading of names and text."""

    dialect: str
    """The name that sqlglot knows it by."""
    fold: Callable[[str], str]
    """A name, as `settle` left it, to the form in which two names are compared."""
    lowers_unquoted: bool = False
    """Whether a name without quotes means its lower-case form, and one in quotes itself alone."""
    most_name_bytes: int | None = None
    """A longer name is cut by the engine, so that two names may become one; None: nothing is cut."""
    fills_in: str | None = None
    """A mark that the engine replaces anywhere in the text before it reads it; None: there is no such mark."""
    confuses_letters: bool = False
    """Whether letters outside ASCII may be compared as if they were ASCII letters."""
    always_quotes: bool = False
    """Whether every name is written in quotes: the engine has keywords of its own that are names everywhere else."""

    def settle(self, identifiers: Iterable[exp.Identifier]) -> None:
        """Give every name the spelling that the engine would read, in place.

        Raises CertifyError for a name that the engine could take for another.
        """
        for identifier in identifiers:
            name = identifier.name
            if name.isascii():
                if self.lowers_unquoted and not identifier.args.get("quoted"):
                    identifier.set("this", name.lower())
            elif self.confuses_letters:
                for character in name:
                    if not character.isascii() and any(c.isascii() for c in character.upper() + character.lower()):
                        raise refuse(f"A name holds {character!r}, which the engine may take for another letter.")
            if self.most_name_bytes and len(name.encode()) > self.most_name_bytes:
                raise refuse(f"A name is longer than {self.most_name_bytes} bytes, where the engine cuts it.")

    def check(self, text: str) -> None:
        """Raise CertifyError for what the engine would replace in `text` before reading it."""
        if self.fills_in and self.fills_in in text:
            raise refuse(f"The SQL holds {self.fills_in!r}, which the engine fills in.")


def _as_it_is(name: str) -> str:
    return name


ENGINES = {
    engine.dialect: engine
    for engine in (
        Engine("duckdb", fold),
        Engine("postgres", _as_it_is, lowers_unquoted=True, most_name_bytes=63),
        Engine("spark", fold, fills_in="${", confuses_letters=True),
        # Tables' names differ by case on most servers, columns' names never: as spelled, both are the same name.
        Engine("mysql", _as_it_is, confuses_letters=True, always_quotes=True),
    )
}
