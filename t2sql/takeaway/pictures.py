"""A chart as a picture to keep: PNG or SVG, drawn on this machine, with what it shows and when written under it.

Nothing is fetched. A PNG without Chinese glyphs would show boxes for words, so it is refused with what to install.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from t2sql.catalog import Language
from t2sql.charts import Spec, with_theme
from t2sql.charts.look import merged
from t2sql.errors import ConfigError
from t2sql.takeaway.fonts import FAMILIES, has_chinese
from t2sql.wording import CHINESE, visible

WIDTH, SCALE, PADDING = 760, 2.0, 20
TITLE_UNITS, BELOW_UNITS = 96, 120
"""Half widths that fit under a picture: a Chinese character takes two."""
MOST_LINES = 4
LEGEND_COLUMNS = 6
Kind = Literal["png", "svg"]


def to_picture(
    spec: Mapping[str, Any], records: Sequence[Mapping[str, Any]], language: Language, kind: Kind, *,
    title: str = "", below: str = "",
) -> bytes:  # fmt: skip
    """The chart `spec` over `records` on white; `title` and, smaller, `below` stand under it.

    Raises ConfigError for a PNG with Chinese where no font on this machine has any.
    """
    import vl_convert

    whole = _drawable(_whole(spec, records, title, below))
    if kind == "svg":
        return str(vl_convert.vegalite_to_svg(whole, allowed_base_urls=[])).encode()
    if CHINESE.search(str(whole)) and not has_chinese():
        raise ConfigError(
            "No font on this machine has Chinese characters.",
            "Install one (Debian: apt-get install fonts-wqy-microhei), or take the picture as SVG.",
            zh=(
                "服务器上没有中文字体。",
                "请安装中文字体（Debian：apt-get install fonts-wqy-microhei），或改存为 SVG。",
            ),
        )
    return bytes(vl_convert.vegalite_to_png(whole, scale=SCALE, allowed_base_urls=[]))


def _whole(spec: Mapping[str, Any], records: Sequence[Mapping[str, Any]], title: str, below: str) -> Spec:
    """The specification as it is drawn for good: with its data, its size and the words under it."""
    themed = with_theme(spec, "light")
    settings: Spec = {
        "font": FAMILIES,
        "legend": {"columns": LEGEND_COLUMNS},
        "title": {"fontSize": 15, "subtitleFontSize": 12, "subtitlePadding": 6, "fontWeight": "normal", "offset": 14},
    }
    whole: Spec = {
        **themed, "data": {"values": [dict(record) for record in records]}, "width": WIDTH, "padding": PADDING,
        "background": "white", "config": merged(themed["config"], settings),
    }  # fmt: skip
    said, smaller = _lines(title, TITLE_UNITS), _lines(below, BELOW_UNITS)
    if said or smaller:
        whole["title"] = {
            "text": said or smaller, "subtitle": smaller if said else [], "orient": "bottom", "anchor": "start"
        }  # fmt: skip
    return whole


def _drawable(tree: Any) -> Any:
    """The same without characters that a picture cannot hold: one would end the whole process inside the drawing."""
    if isinstance(tree, str):
        return visible(tree, keep_newlines=True)
    if isinstance(tree, Mapping):
        return {str(key): _drawable(value) for key, value in tree.items()}
    return [_drawable(value) for value in tree] if isinstance(tree, (list, tuple)) else tree


def _lines(text: str, units: int) -> list[str]:
    """Text in lines of so many half widths, broken between words where there are any; at most four."""
    lines, line, width, space = [""], "", 0, 0
    for character in " ".join(visible(text).split()):
        size = 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if width + size > units:
            cut = space if space > len(line) // 2 else len(line)
            lines.append(line[:cut].rstrip())
            line = line[cut:].lstrip()
            width = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
            space = 0
        line, width = line + character, width + size
        space = len(line) if character == " " else space
    lines = [one for one in [*lines, line] if one]
    return lines if len(lines) <= MOST_LINES else [*lines[: MOST_LINES - 1], f"{lines[MOST_LINES - 1]}…"]
