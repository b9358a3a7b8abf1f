"""The llm's grammar in the notation that servers read: GBNF, from the part of Lark that grammars here are written in.

One grammar is written, in Lark; this is a translation of it, never a second source. What has no equal in GBNF is
refused by name: a grammar that says less would let the llm write more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from t2sql.errors import GenerationError

_TOKEN = re.compile(
    r"""(?P<skip>\s+|//[^\n]*)
      | (?P<text>"(?:[^"\\\n]|\\.)*")
      | (?P<regex>/(?:[^/\\\n]|\\.)+/)
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<count>\{\d+(?:,\d*)?\})
      | (?P<sign>[():|?*+\[\]])""",
    re.VERBOSE,
)
_AFTER = ("?", "*", "+")
_CLASSES = {"d": "[0-9]", "w": "[a-zA-Z0-9_]", "s": r"[ \t\r\n]"}
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r"}


def to_gbnf(grammar: str) -> str:
    """The GBNF grammar of the same language: `start` becomes `root`. Raises GenerationError for what it cannot say."""
    tokens = list(_tokens(grammar))
    starts = [n for n in range(len(tokens) - 1) if tokens[n][0] == "name" and tokens[n + 1] == ("sign", ":")]
    if not starts or starts[0] != 0 or "start" not in {tokens[n][1] for n in starts}:
        raise _refused("a grammar without a rule 'start'")
    known = {tokens[n][1] for n in starts}
    rules = []
    for begin, end in zip(starts, [*starts[1:], len(tokens)], strict=True):
        line = f"{_rule_name(tokens[begin][1])} ::="
        for kind, text in tokens[begin + 2 : end]:
            line += ("" if kind == "count" or text in _AFTER else " ") + _element(kind, text, known)
        rules.append(line)
    return "\n".join(rules) + "\n"


def _tokens(grammar: str) -> Iterator[tuple[str, str]]:
    place = 0
    while place < len(grammar):
        found = _TOKEN.match(grammar, place)
        if found is None:
            raise _refused(grammar[place:].split("\n")[0][:20])
        place = found.end()
        kind = str(found.lastgroup)
        if kind in ("text", "regex") and grammar[place : place + 1].isalpha():
            raise _refused(f"the flag {grammar[place]!r} of a text or pattern")
        if kind != "skip":
            yield kind, found.group()


def _element(kind: str, text: str, known: set[str]) -> str:
    if kind == "text":
        try:
            return _quoted(json.loads(text))
        except ValueError:
            raise _refused(f"the text {text[:20]}") from None
    if kind == "regex":
        return "(" + _Pattern(text[1:-1].replace(r"\/", "/")).translated() + ")"
    if kind == "name" and text not in known:
        raise _refused("a name without a rule")
    if kind == "sign" and text == ":":
        raise _refused("':' inside a rule")
    return {"[": "(", "]": ")?"}.get(text, text) if kind == "sign" else text if kind == "count" else _rule_name(text)


def _rule_name(name: str) -> str:
    return "root" if name == "start" else "r-" + name.replace("_", "-")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    for letter, control in _CONTROLS.items():
        escaped = escaped.replace(control, "\\" + letter)
    return f'"{escaped}"'


class _Pattern:
    """One regular expression, read from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._place = 0

    def translated(self) -> str:
        """The whole as GBNF."""
        found = self._alternatives()
        if self._place < len(self._text):
            raise self._refused()
        return found

    def _alternatives(self) -> str:
        found = [self._sequence()]
        while self._next("|"):
            found.append(self._sequence())
        return " | ".join(found)

    def _sequence(self) -> str:
        parts = []
        while self._place < len(self._text) and self._text[self._place] not in "|)":
            part = self._atom()
            count = re.compile(r"[*+?]|\{\d+(?:,\d*)?\}").match(self._text, self._place)
            if count:
                self._place = count.end()
                if self._text[self._place : self._place + 1] in ("?", "+"):
                    raise self._refused()
            parts.append(part + (count.group() if count else ""))
        return " ".join(parts) or '""'

    def _atom(self) -> str:
        if self._next("("):
            if self._text.startswith("?", self._place) and not self._next("?:"):
                raise self._refused()
            inside = self._alternatives()
            if not self._next(")"):
                raise self._refused()
            return f"({inside})"
        if self._next("["):
            return self._set()
        if self._next("."):
            return "[^\\n]"
        letter = self._text[self._place]
        if letter in "^$*+?{}":
            raise self._refused()
        self._place += 1
        if letter != "\\":
            return _quoted(letter)
        if (kind := self._text[self._place]) in _CLASSES:
            self._place += 1
            return _CLASSES[kind]
        return _quoted(self._escaped())

    def _set(self) -> str:
        inside = "^" if self._next("^") else ""
        while not self._next("]"):
            if self._place >= len(self._text) or self._text[self._place] == "[":
                raise self._refused()
            letter = self._text[self._place]
            self._place += 1
            if letter == "-":
                inside += "-"
                continue
            if letter == "\\" and self._text[self._place] in _CLASSES:
                inside += _CLASSES[self._text[self._place]][1:-1]
                self._place += 1
                continue
            letter = self._escaped() if letter == "\\" else letter
            controls = {control: "\\" + name for name, control in _CONTROLS.items()}
            if letter == "-":
                inside += "\\x2D"
            else:
                inside += "\\" + letter if letter in '\\]["' else controls.get(letter, letter)
        return f"[{inside}]"

    def _escaped(self) -> str:
        """The character after a backslash that was read already."""
        letter = self._text[self._place]
        self._place += 1
        for name, digits in (("x", 2), ("u", 4)):
            if letter == name:
                code = self._text[self._place : self._place + digits]
                self._place += digits
                if not re.fullmatch(f"[0-9a-fA-F]{{{digits}}}", code):
                    raise self._refused()
                return chr(int(code, 16))
        if letter in _CONTROLS:
            return _CONTROLS[letter]
        if letter.isalnum():
            raise self._refused()
        return letter

    def _next(self, text: str) -> bool:
        if not self._text.startswith(text, self._place):
            return False
        self._place += len(text)
        return True

    def _refused(self) -> GenerationError:
        return _refused(f"the pattern from {self._text[max(0, self._place - 1) :][:10]!r} on")


def _refused(what: str) -> GenerationError:
    return GenerationError(f"The grammar cannot be written as GBNF: {what}.", "Report this as a defect.")
