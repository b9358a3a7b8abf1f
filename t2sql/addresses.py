"""Addresses of databases: which part of one is secret, and how one is told to people.

Nothing here may open what an address names.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

SECRET_PARTS = ("password", "passwd", "token")
"""Parts of an address that are the account's secret, whoever wrote them there."""
_SECRET = re.compile(r"pass|pwd|secret|token|key$|credential|connect$|authorization", re.IGNORECASE)
"""Parts that hold secrets of another kind, or may: they are never kept."""
_NO_SECRET = re.compile(r"^(?:sslkey|ssl_key|target_session_attrs)$", re.IGNORECASE)
_HOST = r"(?:\[[0-9A-Fa-f:.%]*\]|[\w.\-]*)(?::\d+)?"
_HOSTS = re.compile(rf"{_HOST}(?:,{_HOST})*")


def is_address(source: str) -> bool:
    """Whether `source` is an address (`scheme://…`) and no path."""
    return "://" in source


def without_secrets(source: str) -> tuple[str, str]:
    """(`source` without what is secret in its address, the secret); "" where there is none.

    >>> without_secrets("postgresql://ann:s3cret@db:5432/bank?sslmode=require")
    ('postgresql://ann@db:5432/bank?sslmode=require', 's3cret')
    """
    if not is_address(source):
        return source, ""
    parts = urlsplit(source)
    user, colon, secret = parts.netloc.rpartition("@")[0].partition(":")
    host = parts.netloc.rpartition("@")[2]
    secret = unquote(secret) if colon else ""
    asked = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(key, value) for key, value in asked if not _SECRET.search(key) or _NO_SECRET.match(key)]
    # Spark Connect writes its parts behind the path: sc://host/;token=…
    path, *behind = parts.path.split(";")
    plain = [part for part in behind if part.partition("=")[0].lower() not in SECRET_PARTS]
    found = [value for key, value in asked if key.lower() in SECRET_PARTS]
    found += [unquote(part.partition("=")[2]) for part in behind if part not in plain]
    netloc = f"{user}@{host}" if user else host
    query = parts.query if kept == asked else urlencode(kept)
    path = ";".join((path, *plain))
    address = f"{parts.scheme}://{netloc}{path}{'?' if query else ''}{query}"
    return address, secret or next(iter(found), "")


def is_readable(source: str) -> bool:
    """Whether an address falls into its parts: a password with a bare `/`, `?` or `#` would pass for a host."""
    parts = urlsplit(source)
    return not parts.fragment and _HOSTS.fullmatch(parts.netloc.rpartition("@")[2]) is not None


def shown_address(source: str) -> str:
    """`source` for people: where it is and which database, nothing of accounts and options.

    >>> shown_address("postgresql://ann:s3cret@db:5432/bank?sslmode=require")
    'postgresql://db:5432/bank'
    """
    if not is_address(source):
        return source
    parts = urlsplit(source)
    if not is_readable(source):
        return f"{parts.scheme}://…"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path.split(';')[0]}"
