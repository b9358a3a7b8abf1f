"""Small pieces of HTML that the page is made of. Every text passes `to_html` here; callers hand over plain text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import streamlit as st

from ui.parts.plain import to_html

STYLE = Path(__file__).with_name("style.css")


def draw_style() -> None:
    """The page's own style sheet, inline."""
    st.html(STYLE)


def draw_heading(title: str, below: str) -> None:
    """The page's title and the line under it."""
    st.html(f'<div class="t2"><h1>{to_html(title)}</h1><p class="quiet">{to_html(below)}</p></div>')


def draw_asked(text: str) -> None:
    """A question as its person typed it."""
    st.html(f'<div class="t2 asked"><p>{to_html(text, keep_newlines=True)}</p></div>')


def draw_line(text: str, key: str = "", *, is_quiet: bool = False, is_inline: bool = False) -> None:
    """One paragraph, with a word before it; inline it takes no more room than its text."""
    before = f'<span class="key">{to_html(key)}</span>' if key else ""
    told = f'<div class="t2"><p{" class=quiet" if is_quiet else ""}>{before}{to_html(text)}</p></div>'
    st.html(told, width="content" if is_inline else "stretch")


def draw_headline(parts: Iterable[tuple[str, str]]) -> None:
    """The one sentence that answers, in parts: text, and what it says exactly, shown on hover; "" for nothing more."""
    told = "".join(
        f'<abbr title="{to_html(exact)}">{to_html(text)}</abbr>' if exact else to_html(text) for text, exact in parts
    )
    st.html(f'<div class="t2"><p class="headline">{told}</p></div>')


def draw_title(text: str) -> None:
    """A small heading inside an answer."""
    st.html(f'<div class="t2"><h2>{to_html(text)}</h2></div>')


def draw_notice(kind: str, title: str, lines: Iterable[str], role: str = "status") -> None:
    """Something to notice: `kind` is "", "warn" or "bad"."""
    told = "".join(f"<p>{to_html(line)}</p>" for line in lines if line)
    head = f"<h2>{to_html(title)}</h2>" if title else ""
    st.html(f'<div class="t2 notice {kind}" role="{role}">{head}{told}</div>')


def draw_figures(figures: Iterable[tuple[str, str, str]]) -> None:
    """Large figures: what it is, the figure, and a line under it."""
    told = "".join(
        f'<div><p class="quiet">{to_html(name)}</p><p class="value">{to_html(value)}</p>'
        f'<p class="quiet">{to_html(below)}</p></div>'
        for name, value, below in figures
    )
    st.html(f'<div class="t2 figures">{told}</div>')


def draw_pairs(pairs: Iterable[tuple[str, str]]) -> None:
    """Names with their texts, as a list of definitions."""
    told = "".join(f"<dt>{to_html(name)}</dt><dd>{to_html(text)}</dd>" for name, text in pairs if text)
    st.html(f'<div class="t2"><dl>{told}</dl></div>')


def draw_grid(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A plain table of words."""
    head = "".join(f'<th scope="col">{to_html(text)}</th>' for text in heads)
    told = "".join("<tr>" + "".join(f"<td>{to_html(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    st.html(f'<div class="t2"><table><thead><tr>{head}</tr></thead><tbody>{told}</tbody></table></div>')


def draw_steps(done: Iterable[tuple[str, Sequence[str], str]], now: str) -> None:
    """Steps taken, each with chips and a piece of SQL, and the one being taken."""
    items = []
    for title, chips, sql in done:
        marks = "".join(f'<span class="chip">{to_html(chip)}</span>' for chip in chips)
        code = f"<br><code>{to_html(sql)}</code>" if sql else ""
        items.append(f"<li>{to_html(title)} {marks}{code}</li>")
    current = f'<li class="now">{to_html(now)}</li>' if now else ""
    st.html(f'<div class="t2" role="status"><ol class="steps">{"".join(items)}{current}</ol></div>')
