"""Every error t2sql raises, and `suggest()`.

An error says what is wrong (`message`), what to do now (`hint`, one imperative) and which kind it is (`code`, stable,
for programs).
Nothing here may name a thing that the principal may not see: callers pass only names out of the narrowed catalog.
"""

from __future__ import annotations

from collections.abc import Iterable


class T2sqlError(Exception):
    """The root of all errors meant for a person; anything else that escapes is a defect.

    `message`: what is wrong, names in !r. `hint`: one imperative, "" when nothing can be done. `code`: stable,
    snake_case.
    """

    code = "error"
    exit_code = 1

    def __init__(self, message: str, hint: str = "", *, zh: tuple[str, str] | None = None) -> None:
        """`zh`: message and hint in Chinese, for errors that a question, not a file or a command, can end in."""
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.zh = zh

    def told(self, language: str) -> tuple[str, str]:
        """Message and hint in "zh" or "en"; English where nobody wrote the Chinese."""
        return self.zh if language == "zh" and self.zh else (self.message, self.hint)

    def __str__(self) -> str:
        return f"{self.message}\n  → {self.hint}" if self.hint else self.message


class ConfigError(T2sqlError):
    """A settings, catalog or policy file is wrong; the message starts with file:line where there is one."""

    code = "config"
    exit_code = 3


class LlmUnavailable(ConfigError):
    """The weights are missing, damaged, or need what this host lacks."""

    code = "llm_unavailable"
    exit_code = 4


class HostUnfit(ConfigError):
    """This machine lacks instructions that native code here needs."""

    code = "host_unfit"
    exit_code = 4


class RetrievalError(T2sqlError):
    """The vector index or the embedder failed."""

    code = "retrieval"
    exit_code = 4


class GenerationError(T2sqlError):
    """The llm could not finish a draft."""

    code = "generation"
    exit_code = 5


class Cancelled(T2sqlError):
    """The person who asked stopped the work."""

    code = "cancelled"
    exit_code = 130


class QuestionError(T2sqlError):
    """The question itself cannot be used: empty, or too long."""

    code = "question"
    exit_code = 2


class NotKept(T2sqlError):
    """What a person would keep, judge or decide cannot be: a limit, a name in use, a question that is not theirs."""

    code = "not_kept"
    exit_code = 2


class QueryError(T2sqlError):
    """Semantic SQL that cannot be compiled: the only kind that goes back to the llm."""

    code = "query"
    exit_code = 2


class RefusedSyntax(QueryError):
    """A form of SQL that semantic SQL does not have."""

    code = "refused_syntax"


class UnknownName(QueryError):
    """A metric, dimension, function or value that the narrowed catalog lacks."""

    code = "unknown_name"


class NotComputable(QueryError):
    """Every name is known, but the number asked for would be wrong or is not built."""

    code = "not_computable"


class AccessDenied(T2sqlError):
    """No principal, or a principal without roles. Never says whether a thing exists."""

    code = "access_denied"
    exit_code = 6


class CertifyError(T2sqlError):
    """Finished physical SQL that breaks a rule of `certify`; a defect or an attack, never shown to the llm."""

    code = "certify"
    exit_code = 7


class CompilerDefect(CertifyError):
    """The compiler met what it was not made for, or wrote what `certify` refuses. A defect, told without a trace; the
    cause is chained.
    """

    code = "defect"


class WarehouseError(T2sqlError):
    """The database refused or failed."""

    code = "warehouse"
    exit_code = 8


class QueryTimeout(WarehouseError):
    """The physical SQL ran longer than its limit and was stopped."""

    code = "timeout"


class WarehouseUnavailable(WarehouseError):
    """The database is missing, locked or not reachable."""

    code = "warehouse_unavailable"


def suggest(name: str, known: Iterable[str], limit: int = 3) -> list[str]:
    """The known names nearest to `name`, best first, none when nothing is near."""
    from rapidfuzz import fuzz, process

    found = process.extract(name.lower(), sorted(known), scorer=fuzz.WRatio, limit=limit, score_cutoff=70)
    return [match for match, _score, _index in found]


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """' Did you mean …?' with the nearest known names, or '' when nothing is near."""
    near = suggest(name, known)
    return f" Did you mean {' or '.join(repr(n) for n in near)}?" if near else ""
