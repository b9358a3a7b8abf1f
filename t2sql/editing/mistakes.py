"""Where a mistake in semantic SQL stands, so that an editor can mark the word and say what to do.

The compiler alone decides what is wrong; this only finds the word that its error speaks of. What it cannot find is
the whole text: a wrong word is never pointed at as if it were sure.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from t2sql.catalog import Display
from t2sql.editing.chinese import chinese_of
from t2sql.editing.reading import Word, read_words
from t2sql.editing.vocabulary import FUNCTIONS
from t2sql.errors import CompilerDefect, QueryError
from t2sql.wording import visible

_QUOTED = re.compile(r"(?<![\w'\"])('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")(?!\w)")
_CAPITALS = re.compile(r"\b[A-Z]{2,}(?: [A-Z]{2,})*\b")
_PLAIN = re.compile(r"[A-Za-z_]\w*")
# What only who keeps the definitions can do.
_ELSEWHERE = re.compile(r",? or define '[^']*' in model\.yml and run `t2sql check`\.$")
# The mistake has its own place, counted to the word's start.
_COUNTED = re.compile(r" at line \d+, column \d+\.$")
_FRESH = "t2sql_unknown_word"
_MOST_TRIED = 6
_MARKS = "（）［］，；：＝＞＜＋－＊／％．。‘’“”「」、"
_OWN_MARK = str.maketrans(_MARKS, "()[],;:=><+-*/%..'''''',")
_TYPED_BACK = 3
_CONDITIONS_FOLLOW = ("WHERE", "HAVING", "QUALIFY", "ON", "AND", "OR", "NOT")
_STARTS = ("SELECT", "WITH", "FROM", "WHERE", "GROUP", "ORDER", "HAVING", "LIMIT", "QUALIFY", "DISTINCT", "UNION")


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a text, and where."""

    start: int
    end: int
    """Offsets of the word into the text; all of the text where no word could be found."""
    line: int
    column: int
    """Of `start`, both from 1."""
    message: Display
    hint: Display
    code: str


def find_mistake(text: str, compile: Callable[[str], object]) -> Mistake | None:
    """The first mistake in semantic SQL, None where it compiles. `compile` raises QueryError or CompilerDefect for what
    the text is to blame for; what else it raises passes.
    """
    try:
        compile(text)
        return None
    except (QueryError, CompilerDefect) as error:
        found = error
    words, open_quote = read_words(text)
    if marked := _foreign_mark(words):
        start, character = marked
        own = character.translate(_OWN_MARK)
        return _at(
            text, start, start + 1, "refused_syntax",
            Display(f"“{character}”是全角标点。", f"“{character}” is a full-width mark."),
            Display(f"请改为半角的 {own}", f"Write {own}"),
        )  # fmt: skip
    if open_quote is not None:
        line_end = text.find("\n", open_quote)
        return _at(
            text, open_quote, line_end if line_end > 0 else len(text), "refused_syntax",
            Display("引号没有闭合。", "A quote is not closed."),
            Display("请在取值末尾补上单引号。", "End the value with a single quote."),
        )  # fmt: skip
    if place := _after_the_end(words):
        return _at(text, *place, found.code, *_told(found))
    if place := _left_open(words):
        word = text[place[0] : place[1]].upper()
        return _at(
            text, *place, "refused_syntax",
            Display(f"{word} 前面缺少条件。", f"No condition stands before {word}."),
            Display(f"请补上条件，或去掉 {word}。", f"Write one there, or leave {word} out."),
        )  # fmt: skip
    if place := _broken_at(text):
        return _misspelt(text, words, place) or _at(text, *place, found.code, *_told(found))
    start, end = _spoken_of(found, text, words, compile) or (0, len(text))
    return _at(text, start, end, found.code, *_told(found))


def _at(text: str, start: int, end: int, code: str, message: Display, hint: Display) -> Mistake:
    line = text.count("\n", 0, start) + 1
    return Mistake(start, end, line, start - (text.rfind("\n", 0, start) + 1) + 1, message, hint, code)


def _told(error: QueryError | CompilerDefect) -> tuple[Display, Display]:
    """Message and hint in both languages."""
    zh = error.zh or chinese_of(error)
    message, hint = _COUNTED.sub(".", error.message), _ELSEWHERE.sub(".", error.hint)
    return Display(visible(zh[0]), visible(message)), Display(visible(zh[1]), visible(hint))


# -- text that is no SQL ----------------------------------------------------------------------------------------------
def _foreign_mark(words: Sequence[Word]) -> tuple[int, str] | None:
    """The first full-width mark outside of what is quoted, as a Chinese keyboard types it."""
    return next(((word.start, word.text) for word in words if word.kind == "mark" and word.text in _MARKS), None)


def _after_the_end(words: Sequence[Word]) -> tuple[int, int] | None:
    """What stands after the first semicolon."""
    ends = [place for place, word in enumerate(words) if word.text == ";"]
    rest = [word for word in words[ends[0] :] if word.text != ";"] if ends else []
    return (rest[0].start, rest[-1].end) if rest else None


def _left_open(words: Sequence[Word]) -> tuple[int, int] | None:
    """A word that joins conditions where none stands before it: WHERE AND, AND OR."""
    for one, other in pairwise(words):
        if one.text.upper() in _CONDITIONS_FOLLOW and other.text.upper() in ("AND", "OR"):
            return other.start, other.end
    return None


def _broken_at(text: str) -> tuple[int, int] | None:
    """The word at which the parser gave up; None where the text is SQL."""
    import sqlglot
    from sqlglot.errors import ParseError, SqlglotError

    try:
        sqlglot.parse(text, read="duckdb")
    except ParseError as error:
        first = error.errors[0] if error.errors else {}
        line, column, shown = first.get("line"), first.get("col"), str(first.get("highlight") or "")
        if line and column and shown:
            lines = text.split("\n")
            end = sum(len(before) + 1 for before in lines[: line - 1]) + column
            # sqlglot counts a column to the word's last letter.
            if text[end - len(shown) : end] == shown:
                return end - len(shown), end
        start = text.rstrip().rfind(shown) if shown else -1
        return (start, start + len(shown)) if start >= 0 else None
    except (SqlglotError, RecursionError):
        return None
    return None


def _misspelt(text: str, words: Sequence[Word], place: tuple[int, int]) -> Mistake | None:
    """A keyword written wrongly (SELEC, WHER) at the place or shortly before, which the parser took for a name."""
    before = [word for word in words if word.start < place[1] and not word.is_quoted]
    for word in reversed(before[-_TYPED_BACK:]):
        if not word.is_name or len(word.text) < _TYPED_BACK:
            continue
        near = [meant for meant in _STARTS if _is_slip(word.text.upper(), meant)]
        if near:
            return _at(
                text, word.start, word.end, "refused_syntax",
                Display(f"不认识 {visible(word.text)}。", f"{visible(word.text)} is not known here."),
                Display(f"是否应为 {near[0]}？", f"Did you mean {near[0]}?"),
            )  # fmt: skip
    return None


def _is_slip(written: str, meant: str) -> bool:
    """Whether a keyword came out with one letter lost, doubled, changed, or two exchanged."""
    from rapidfuzz.distance import OSA

    return written != meant and OSA.distance(written, meant, score_cutoff=1) <= 1


# -- words that the compiler's error speaks of ------------------------------------------------------------------------
def _spoken_of(
    error: QueryError | CompilerDefect, text: str, words: Sequence[Word], compile: Callable[[str], object]
) -> tuple[int, int] | None:
    """Where the first thing stands that the message names: in quotes, in capitals, or as a word of the text."""
    for named in _quoted(error.message):
        places = list(_occurrences(named, words))
        if places:
            return places[0] if len(places) == 1 else _blamed(error, named, places, text, compile)
    if place := next((p for named in _quoted(error.message) if (p := _beginning(named, words))), None):
        return place
    unquoted = _QUOTED.sub(" ", error.message)
    for word in words:
        if word.is_value and len(word.value) > 3 and word.value in unquoted:
            return word.start + 1, word.end - 1
    if unquoted.startswith("* "):
        return next(((word.start, word.end) for word in words if word.text == "*"), None)
    known = {word.text.lower() for word in words if word.is_name}
    for match in _PLAIN.finditer(error.message):
        if "_" in match[0] or match[0].lower() in FUNCTIONS:
            for place in _occurrences(match[0], words):
                return place
    for match in _CAPITALS.finditer(error.message.removeprefix("Only SELECT can be asked")):
        for place in _occurrences(match[0], words):
            return place
    for match in _PLAIN.finditer(error.message):
        if len(match[0]) > 2 and match[0].lower() in known:
            for place in _occurrences(match[0], words):
                return place
    return None


def _quoted(message: str) -> Iterator[str]:
    """What a message quotes, in its order, as it was before it was quoted."""
    for match in _QUOTED.finditer(message):
        try:
            found = ast.literal_eval(match[0])
        except (SyntaxError, ValueError):
            continue
        if isinstance(found, str) and found.strip():
            yield found


def _occurrences(named: str, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Where `named` stands as whole words, or as the whole of a quoted value; names that follow AS come last."""
    sought, _ = read_words(named)
    if not sought:
        return
    late = []
    for first in range(len(words) - len(sought) + 1):
        run = words[first : first + len(sought)]
        if all(a.is_same(b) for a, b in zip(sought, run, strict=True)):
            place = run[0].start, run[-1].end
            if first and words[first - 1].text.upper() == "AS" and not run[0].is_quoted:
                late.append(place)
            else:
                yield place
    for word in words:
        if word.is_value and word.value == named and word.end - word.start > 2:
            yield word.start + 1, word.end - 1
    yield from late


def _beginning(named: str, words: Sequence[Word]) -> tuple[int, int] | None:
    """Where as much of a long expression stands as can be found, two words at least: messages tidy up what follows."""
    sought, _ = read_words(named)
    best: tuple[int, int, int] = (1, 0, 0)
    for first in range(len(words)):
        length = 0
        for one, other in zip(sought, words[first:], strict=False):
            if not one.is_same(other):
                break
            length += 1
        if length > best[0]:
            best = (length, words[first].start, words[first + length - 1].end)
    return best[1:] if best[0] > 1 else None


def _blamed(
    error: QueryError | CompilerDefect,
    named: str,
    places: Sequence[tuple[int, int]],
    text: str,
    compile: Callable[[str], object],
) -> tuple[int, int]:
    """Which of several places the error is about: the one where another word is complained of in the same way."""
    is_name = bool(re.fullmatch(r"\w+", named))
    for start, end in places[:_MOST_TRIED] if is_name else ():
        try:
            compile(text[:start] + _FRESH + text[end:])
        except (QueryError, CompilerDefect) as other:
            # What follows the first sentence are suggestions, which differ.
            if _FRESH in other.message and _first_sentence(other.message.replace(_FRESH, named)) == _first_sentence(
                error.message
            ):
                return start, end
    return places[0]


def _first_sentence(message: str) -> str:
    return message.split(". ")[0].rstrip(".")
