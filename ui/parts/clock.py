"""Moments as people read them, in one way on every page."""

from __future__ import annotations

from datetime import UTC, datetime


def tell_moment(at: datetime) -> str:
    """2026-07-10 09:30, by the server's own clock, which is its readers'; `at` without a zone is in UTC."""
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return f"{aware.astimezone():%Y-%m-%d %H:%M}"
