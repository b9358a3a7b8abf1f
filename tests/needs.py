"""What a test needs of the machine: a named skip where it is missing, a failure where CI=true."""

from __future__ import annotations

import os

import pytest


def needs(is_present: object, what: str) -> None:
    """Skip the test for want of `what`, by name; fail where CI=true, since there nothing may be skipped."""
    if is_present:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"needs {what}")
    pytest.skip(f"needs {what}")
