"""Text from people, data and the llm, made harmless for the two ways the page shows it: HTML, and labels of buttons.

Nothing that was not written in this folder may reach the browser without passing here.
"""

from __future__ import annotations

import html
import re

from t2sql.wording import visible

JOINER = "\u2060"
PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
# Streamlit turns these into emoji, icons, links and arrows after escapes are read, so something must stand inside.
SHORTHAND = re.compile(r"(:(?=\S)|@|www(?=\.)|-(?=[->])|<(?=[-=])|=(?=>))", re.IGNORECASE)


def to_html(text: str, *, keep_newlines: bool = False) -> str:
    """`text` as HTML that shows it letter by letter, control characters written out.

    >>> to_html("a <b> & 'c'")
    'a &lt;b&gt; &amp; &#x27;c&#x27;'
    """
    return html.escape(visible(text, keep_newlines=keep_newlines), quote=True)


def to_label(text: str) -> str:
    """`text` as a Markdown label that shows it letter by letter, on one line.

    >>> to_label("**a** $b$")
    '\\\\*\\\\*a\\\\*\\\\* \\\\$b\\\\$'
    """
    line = visible(" ".join(text.split()))
    return PUNCTUATION.sub(r"\\\1", SHORTHAND.sub(rf"\1{JOINER}", line))
