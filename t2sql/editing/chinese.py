"""Chinese for the compiler's errors that carry none of their own, by the form of their English.

Where no form fits, the Chinese says of which kind the error is, and the English stands beside it: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from t2sql.editing.chinese_hints import HINTS
from t2sql.editing.chinese_messages import MESSAGES, TERMS
from t2sql.errors import CompilerDefect, QueryError

_MEANT = re.compile(r" Did you mean (?P<names>.+)\?$")
_PLACE = re.compile(r"\\\{([a-z])\\\}")
_KINDS = {
    "unknown_name": "有不认识的名称：",
    "refused_syntax": "不支持这种写法：",
    "not_computable": "这个数无法正确算出：",
}


def _forms(table: Iterable[tuple[str, str]]) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Each English form as a pattern, the names in its places caught."""
    return tuple(
        (re.compile(_PLACE.sub(r"(?P<\1>.+?)", re.escape(english)), re.DOTALL), chinese) for english, chinese in table
    )


_MESSAGES, _HINTS = _forms(MESSAGES), _forms(HINTS)


def chinese_of(error: QueryError | CompilerDefect) -> tuple[str, str]:
    """Message and hint in Chinese for an error without them."""
    meant = _MEANT.search(error.message)
    message = error.message[: meant.start()] if meant else error.message
    hint = _told(_HINTS, error.hint) or error.hint
    said = _told(_MESSAGES, message)
    if not said:
        return _KINDS.get(error.code, "无法编译：") + error.message, hint
    if meant:
        said += f"是否应为 {meant['names'].replace(' or ', ' 或 ')}？"
    return said, hint


def _told(forms: Iterable[tuple[re.Pattern[str], str]], english: str) -> str:
    """The Chinese of the first form that fits the whole of it; "" where none does."""
    for form, chinese in forms:
        if found := form.fullmatch(english):
            for name, text in found.groupdict().items():
                if text in TERMS:
                    # Between Chinese words there is no space.
                    chinese = re.sub(rf" ?\{{{name}\}} ?", TERMS[text], chinese)
            return chinese.format(**found.groupdict())
    return ""
