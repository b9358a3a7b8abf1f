"""What this machine's processor can do. The llm and the embedder are native code that ends the process without a word
on a
host that lacks their instructions, so callers ask here first.
"""

from __future__ import annotations

import platform
from pathlib import Path

from t2sql.errors import HostUnfit

CPUINFO = Path("/proc/cpuinfo")
NEEDED_FLAGS = ("avx", "avx2", "fma", "f16c", "bmi2")


def cpu_flags(cpuinfo: Path | None = None) -> frozenset[str]:
    """Instruction sets in the kernel's words, such as "avx2"; empty where the kernel does not tell."""
    try:
        lines = (cpuinfo or CPUINFO).read_text(encoding="utf-8").splitlines()
    except OSError:
        return frozenset()
    return frozenset(next((line.partition(":")[2] for line in lines if line.startswith("flags")), "").split())


def require_instructions(cpuinfo: Path | None = None) -> None:
    """Raise HostUnfit on an x86 host without AVX2 and its companions."""
    flags = cpu_flags(cpuinfo)
    missing = [flag for flag in NEEDED_FLAGS if flag not in flags]
    if flags and missing and platform.machine() in ("x86_64", "AMD64"):
        raise HostUnfit(
            f"This processor lacks {', '.join(flag.upper() for flag in missing)}, which the llm and the embedder need.",
            "Run t2sql on a host with AVX2; `t2sql doctor` tells what this one has.",
        )
