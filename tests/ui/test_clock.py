"""Moments are told by the server's own clock, alike on every page."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest

from ui.parts.clock import tell_moment


@pytest.fixture
def in_shanghai(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server eight hours before UTC."""
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "CST-8")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 7, 9, 17, 30, 59, tzinfo=UTC),
        datetime(2026, 7, 9, 17, 30),
        datetime(2026, 7, 9, 12, 30, tzinfo=timezone(timedelta(hours=-5))),
    ],
)
def test_a_moment_is_told_in_the_servers_time(in_shanghai: None, at: datetime) -> None:
    assert tell_moment(at) == "2026-07-10 01:30"
