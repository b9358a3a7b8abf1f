"""The keys that the page listens for, as `browser.js` does, for telling them."""

from __future__ import annotations

SHORTCUTS: tuple[tuple[str, str], ...] = (
    ("Enter", "key_send"),
    ("/", "key_focus"),
    ("Esc", "key_leave"),
    ("j", "key_next"),
    ("k", "key_previous"),
    ("p", "key_proof"),
    ("e", "key_edit"),
    ("s", "key_stop"),
    ("n", "key_fresh"),
)
"""Key and the words that say what it does; single letters only where nothing is being typed."""
