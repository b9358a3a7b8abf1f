"""A host without AVX2 is told before native code could end the process."""

from __future__ import annotations

from pathlib import Path

import pytest

from t2sql import host
from t2sql.agent import Agent
from t2sql.errors import HostUnfit
from t2sql.generation.llm import ScriptedLlm
from t2sql.settings import Settings

OLD = "processor : 0\nflags : fpu sse2 avx f16c\n"
NEW = "processor : 0\nflags : fpu sse2 avx avx2 fma f16c bmi2 avx512f\n"


@pytest.fixture
def cpuinfo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The kernel's word about the processor, to be written by the test."""
    path = tmp_path / "cpuinfo"
    monkeypatch.setattr(host, "CPUINFO", path)
    monkeypatch.setattr(host.platform, "machine", lambda: "x86_64")
    return path


def test_an_old_processor_is_refused_with_what_it_lacks(cpuinfo: Path) -> None:
    cpuinfo.write_text(OLD, encoding="utf-8")
    with pytest.raises(HostUnfit, match="lacks AVX2, FMA, BMI2") as told:
        host.require_instructions()
    assert told.value.hint and told.value.exit_code == 4


@pytest.mark.parametrize("text", [NEW, ""])
def test_a_new_processor_and_a_silent_kernel_pass(cpuinfo: Path, text: str) -> None:
    cpuinfo.write_text(text, encoding="utf-8")
    host.require_instructions()
    assert host.cpu_flags() == frozenset(text.partition("flags : ")[2].split())


def test_the_agent_asks_before_it_loads_the_llm_or_the_index(
    cpuinfo: Path, settings: Settings, locked_bank: Path
) -> None:
    cpuinfo.write_text(OLD, encoding="utf-8")
    agent = Agent.open(settings.model_copy(update={"source": str(locked_bank)}), llm=lambda: ScriptedLlm({}))
    with pytest.raises(HostUnfit):
        agent.llm()
    with pytest.raises(HostUnfit):
        agent.index()
