"""What is looked at before weights are loaded: the file's first bytes, and how many cores may be used.

It must never load anything: a file that is no GGUF has to end in a message, not in native code.
"""

from __future__ import annotations

import os
from pathlib import Path

from t2sql.errors import LlmUnavailable


def check_gguf(weights: Path) -> None:
    """Raise LlmUnavailable unless `weights` is a readable file that starts like a GGUF of version 2 or 3."""
    if not weights.is_file():
        raise LlmUnavailable(f"There are no weights at {str(weights)!r}.", "Run `t2sql llm pull`.")
    try:
        with weights.open("rb") as file:
            start = file.read(24)
    except OSError as error:
        raise LlmUnavailable(
            f"Cannot read {str(weights)!r}: {error.strerror}.", "Check the file's permissions."
        ) from error
    version = int.from_bytes(start[4:8], "little")
    if len(start) < 24 or start[:4] != b"GGUF" or version not in (2, 3):
        raise LlmUnavailable(f"{str(weights)!r} is not a GGUF file.", "Run `t2sql llm verify`, then `t2sql llm pull`.")


def physical_cores() -> int:
    """CPU cores this process may use: its affinity without hyper-thread twins, no more than its cgroup's quota."""
    allowed = sorted(os.sched_getaffinity(0))
    cores = set()
    for cpu in allowed:
        siblings = Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list")
        cores.add(siblings.read_text().strip() if siblings.is_file() else str(cpu))
    quota = Path("/sys/fs/cgroup/cpu.max")
    if quota.is_file():
        limit, period = quota.read_text().split()
        if limit != "max":
            return max(1, min(len(cores), -(-int(limit) // int(period))))
    return max(1, len(cores))
