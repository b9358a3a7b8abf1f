"""What `t2sql doctor` says of a machine, from files that stand for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from t2sql import cli, doctor
from t2sql.settings import Settings, load

INTEL = "processor\t: 0\nflags\t\t: fpu avx avx2 fma f16c bmi2 avx512f avx512vbmi avx512_vnni avx512_bf16\n"
OLD = "processor\t: 0\nflags\t\t: fpu sse4_2 avx\n"
WHEEL = "llama_cpp_python-0.3.36-0_832db0699007_{}-py3-none-linux_x86_64.whl"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    text = f'demo = true\nprincipal = "hq"\ncache_dir = "{tmp_path}/cache"\nmetrics = "{tmp_path}/metrics"\n'
    (tmp_path / "t2sql.toml").write_text(text, encoding="utf-8")
    return load(environ={})


@pytest.mark.parametrize(
    ("cpuinfo", "state", "text"),
    [(INTEL, "ok", "AVX2 and AVX512"), (OLD, "fail", "lacks AVX2, FMA, F16C, BMI2"), ("", "warn", "cannot be read")],
)
def test_the_processor(tmp_path: Path, cpuinfo: str, state: str, text: str) -> None:
    (tmp_path / "cpuinfo").write_text(cpuinfo, encoding="utf-8")
    symptom = doctor.look_at_processor(tmp_path / "cpuinfo")
    assert (symptom.state, symptom.text) == (state, text if state != "warn" else symptom.text)
    assert bool(symptom.fix) == (state != "ok")


@pytest.mark.parametrize(
    ("target", "flags", "state", "text"),
    [
        ("avx512_vbmi_vnni", "avx2 avx512f avx512vbmi avx512_vnni", "ok", "built for avx512 vbmi vnni"),
        ("avx512_vbmi", "avx avx2 avx512f", "fail", "built for avx512 vbmi; this host lacks avx512vbmi"),
        ("avx2", "avx avx2", "ok", "built for avx2"),
        ("avx2_cuda", "avx avx2", "ok", "built for avx2 cuda"),
        ("avx2", "sse", "fail", "built for avx2; this host lacks avx2"),
    ],
)  # fmt: skip
def test_the_librarys_name_against_the_host(tmp_path: Path, target: str, flags: str, state: str, text: str) -> None:
    (tmp_path / "stamp").write_text(WHEEL.format(target), encoding="utf-8")
    (tmp_path / "cpuinfo").write_text(f"flags\t: {flags}\n", encoding="utf-8")
    symptom = doctor.look_at_build(tmp_path / "stamp", tmp_path / "cpuinfo")
    assert (symptom.state, symptom.text) == (state, text)


def test_a_library_not_built_by_make_is_not_judged(tmp_path: Path) -> None:
    assert doctor.look_at_build(tmp_path / "none", tmp_path / "none").state == "warn"


@pytest.mark.parametrize(("kilobytes", "state"), [(32_000_000, "ok"), (500_000, "warn")])
def test_memory(tmp_path: Path, settings: Settings, kilobytes: int, state: str) -> None:
    (tmp_path / "meminfo").write_text(f"MemTotal: 1 kB\nMemAvailable: {kilobytes} kB\n", encoding="utf-8")
    assert doctor.look_at_memory(settings, tmp_path / "meminfo").state == state


def test_a_full_disk(settings: Settings) -> None:
    full = settings.model_copy(update={"min_free_bytes": 10**18})
    assert (doctor.look_at_disk(full).state, doctor.look_at_disk(settings).state) == ("fail", "ok")


def test_an_empty_machine_is_told_what_to_do(settings: Settings) -> None:
    found = {symptom.name: symptom for symptom in doctor.examine(settings)}
    assert {"Python", "processor", "llm library", "weights", "memory", "disk", "database", "index", "fonts"} <= set(
        found
    )
    assert found["weights"].state == found["database"].state == found["definitions"].state == "fail"
    assert "t2sql llm pull" in found["weights"].fix
    assert "t2sql demo build" in found["database"].fix
    assert all(symptom.fix for symptom in found.values() if symptom.state == "fail")


def test_a_damaged_database_is_told(settings: Settings) -> None:
    settings.demo_bank.parent.mkdir(parents=True)
    settings.demo_bank.write_bytes(b"not a database" * 1000)
    symptom = doctor.look_at_database(settings)
    assert symptom.state == "fail" and symptom.fix


def test_weights_cut_short_are_told(settings: Settings) -> None:
    settings.llm_dir.mkdir(parents=True)
    (settings.llm_dir / f"{settings.llm}.gguf").write_bytes(b"GGUF" + bytes(1000))
    symptom = doctor.look_at_weights(settings, is_full=False)
    assert symptom.state == "fail" and "t2sql llm pull" in symptom.fix


def test_the_command_ends_with_the_code_for_something_to_fix(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["doctor"]) == 4
    out = capsys.readouterr().out
    assert "fail  database" in out and "→ Run `t2sql demo build`" in out
