"""A lineage as Graphviz's DOT text, sized for both scripts. Colours come from the page's style sheet, by class.

Names are data: each passes `_quoted`, so that none can end its label or be read as an escape of DOT.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import streamlit as st

from t2sql.catalog import Language
from t2sql.lineage import Lineage, Thing
from t2sql.wording import visible
from ui.parts.blocks import draw_pairs
from ui.words import Words

POINTS = 11
POINTS_PER_INCH = 72
WIDE, NARROW = 1.0, 0.58
"""Width of a character in ems: of Chinese, of Latin."""
LONGEST_LINE = 16.0
"""In ems; a longer name is broken."""
MOST_FIELDS = 6
RANK_INCHES = 0.36
"""Between two columns of boxes."""
PIXELS_PER_INCH = 96
COLUMN_PIXELS, SMALLEST_SCALE = 640, 0.8


def draw_lineage(lineage: Lineage, words: Words) -> None:
    """The picture, and the same in words below it."""
    pixels = int(_pixels(lineage, words) * SMALLEST_SCALE)
    # In one place that scrolls: with the words in it, the keyboard reaches it too.
    with st.container(key="lineage"):
        # Shrunk further it could not be read.
        st.graphviz_chart(to_dot(lineage, words), width=pixels if pixels > COLUMN_PIXELS else "content")
        with st.expander(words("entry_lineage_text"), key="lineage-text"):
            draw_pairs(tell_lineage(lineage, words))


def to_dot(lineage: Lineage, words: Words) -> str:
    """The picture, left to right: what is made on the left, tables on the right."""
    places = {thing.key: f"n{place}" for place, thing in enumerate(lineage.things)}
    lines = [
        "digraph lineage {",
        'rankdir=LR; bgcolor="transparent"; nodesep=0.16; margin=0;',
        f"ranksep={RANK_INCHES};",
        f'node [shape=box, style="rounded,filled", fontname="sans-serif", fontsize={POINTS}, fixedsize=true];',
        f'edge [fontname="sans-serif", fontsize={POINTS - 2}, arrowsize=0.6];',
    ]
    for thing in lineage.things:
        told = _told(thing, words)
        # The fields of a dataset stand to the left, as a list does.
        label = "".join(rf"{_quoted(line)}\l" for line in told) if thing.fields else r"\n".join(map(_quoted, told))
        width, height = _size(told)
        lines.append(
            f'{places[thing.key]} [class="{thing.kind}", label="{label}", tooltip="{_quoted(thing.name)}", '
            f"width={width:.2f}, height={height:.2f}];"
        )
    for kind in ("dataset", "table"):
        same = " ".join(place for key, place in places.items() if key[0] == kind)
        lines.append(f"{{ rank=same; {same} }}")
    for arrow in lineage.arrows:
        word = _quoted(words(f"part_{arrow.part}")) if arrow.part else ""
        style = ', style="dashed"' if arrow.part in ("condition", "date", "rates") else ""
        lines.append(f'{places[arrow.source]} -> {places[arrow.target]} [label="{word}", tooltip="{word}"{style}];')
    return "\n".join([*lines, "}"])


def _pixels(lineage: Lineage, words: Words) -> float:
    """About how wide the picture is at its full size: the widest box of each column, and the gaps."""
    ranks = {thing.key: 0 for thing in lineage.things}
    steps = [a for a in lineage.arrows if a.source[0] != a.target[0] or a.source[0] == "metric"]
    for _ in lineage.things:
        for arrow in steps:
            ranks[arrow.target] = max(ranks[arrow.target], min(ranks[arrow.source] + 1, len(ranks)))
    widths: dict[int, float] = {}
    for thing in lineage.things:
        rank = ranks[thing.key]
        widths[rank] = max(widths.get(rank, 0.0), _size(_told(thing, words))[0])
    return (sum(widths.values()) + RANK_INCHES * len(widths)) * PIXELS_PER_INCH


def tell_lineage(lineage: Lineage, words: Words) -> list[tuple[str, str]]:
    """The picture for those who do not see it: (kind, names), from the top down."""
    stop = "、" if words.language == "zh" else ", "
    kinds = dict.fromkeys(thing.kind for thing in lineage.things)
    found = []
    for kind in kinds:
        things = [thing for thing in lineage.things if thing.kind == kind]
        found.append((words(f"kinds_{kind}"), stop.join(_called(thing, words.language) for thing in things)))
    return found


def _called(thing: Thing, language: Language) -> str:
    """A name with the fields that are read of it."""
    called = thing.name if thing.kind == "table" else thing.display.to(language)
    if not thing.fields:
        return called
    fields = ("、" if language == "zh" else ", ").join(f.to(language) for f in thing.fields)
    return f"{called}（{fields}）" if language == "zh" else f"{called} ({fields})"


def _told(thing: Thing, words: Words) -> list[str]:
    """The lines in a box."""
    language = words.language
    if thing.kind == "table":
        return _broken(thing.name)
    lines = _broken(thing.display.to(language))
    shown = [f.to(language) for f in thing.fields[:MOST_FIELDS]]
    lines += [line for name in shown for line in _broken(f"· {name}")]
    return lines + ([f"… {len(thing.fields)}"] if len(thing.fields) > MOST_FIELDS else [])


def _broken(text: str) -> list[str]:
    """`text` in lines of at most LONGEST_LINE, broken at blanks where it has some."""
    lines, now = [], ""
    for word in _pieces(visible(text)):
        if now and _ems(now + word) > LONGEST_LINE:
            lines.append(now.rstrip())
            now = ""
        now += word
    return [*lines, now.rstrip()] if now.strip() else lines or [""]


def _pieces(text: str) -> Sequence[str]:
    """Words with their blanks; characters of Chinese, and of a word that is too long, one by one."""
    pieces: list[str] = []
    for word in text.split(" "):
        is_one = word.isascii() and _ems(word) <= LONGEST_LINE
        pieces += [word] if is_one else list(word)
        pieces[-1:] = [pieces[-1] + " "] if pieces else []
    return pieces


def _size(lines: Sequence[str]) -> tuple[float, float]:
    """Width and height of a box in inches."""
    em = POINTS / POINTS_PER_INCH
    return (max(map(_ems, lines)) + 2.2) * em, (len(lines) * 1.3 + 1.0) * em


def _ems(text: str) -> float:
    return sum(WIDE if unicodedata.east_asian_width(c) in "WFA" else NARROW for c in text)


def _quoted(text: str) -> str:
    r"""`text` inside a quoted label of DOT, letter by letter.

    >>> _quoted('a "b" \\N &lt;')
    'a \\"b\\" \\\\N &amp;lt;'
    """
    return visible(text).replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')
