"""Set-up: locks are hashed and name no host, the llm's library fits this host, a second run does nothing."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
AVX2 = frozenset({"avx", "avx2", "fma", "f16c", "bmi2", "sse4_2"})
AVX512 = AVX2 | {"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"}


def load_script(name: str) -> ModuleType:
    """A script as a module, so that its functions can be called."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


build_llama = load_script("build_llama")
set_up = load_script("set_up")


# Locks.


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_every_requirement_is_pinned_and_hashed(lock: Path) -> None:
    text = re.sub(r"^\s*#.*$", "", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)
    requirements = [r for r in re.split(r"(?<!\\)\n", text) if r.strip()]
    assert requirements
    for requirement in requirements:
        assert re.match(r"[a-z0-9][a-z0-9._-]*(\[[a-z]+\])?==\S+ ", requirement), requirement
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", requirement), requirement


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_no_lock_names_a_host_or_a_path(lock: Path) -> None:
    assert not re.search(r"https?:|file:|--(extra-)?index-url|--find-links|(^|\s)/", lock.read_text(encoding="utf-8"))


def test_locks_agree_on_versions() -> None:
    pins: dict[str, set[str]] = {}
    for lock in LOCKS:
        if lock.stem == "build":
            continue
        for name, version in re.findall(r"^([a-z0-9._-]+)==(\S+)", lock.read_text(encoding="utf-8"), re.MULTILINE):
            pins.setdefault(name, set()).add(version)
    assert {name: versions for name, versions in pins.items() if len(versions) > 1} == {}


def test_every_dependency_of_the_project_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    pinned = " ".join(lock.read_text(encoding="utf-8") for lock in LOCKS)
    groups = project["dependency-groups"]
    for requirement in [*project["project"]["dependencies"], *groups["dev"], *groups["build"]]:
        name = re.match(r"[A-Za-z0-9._-]+", requirement)
        assert name and re.search(rf"^{name[0].lower().replace('.', '-')}(\[\w+\])?==", pinned, re.MULTILINE), (
            requirement
        )


# Instructions.


@pytest.mark.parametrize(
    ("flags", "name"),
    [
        (AVX2, "avx2"),
        (AVX512, "avx512"),
        (AVX512 | {"avx512_vnni"}, "avx512_vnni"),
        (AVX512 | {"avx512vbmi", "avx512_vnni", "avx512_bf16", "amx_tile", "amx_int8"}, "avx512_vbmi_vnni_bf16"),
        (AVX2 | {"avx512f"}, "avx2"),
    ],
)
def test_instructions_are_those_the_host_has_and_never_amx(flags: frozenset[str], name: str) -> None:
    target = build_llama.choose_target(flags)
    on = {option for option in target.cmake if option.endswith("=ON")}
    assert target.name == name
    assert "-DGGML_NATIVE=OFF" in target.cmake
    assert not any("AMX" in option for option in on)
    assert {f"-DGGML_{flag}=ON" for flag in ("AVX", "AVX2", "FMA", "F16C", "BMI2")} <= on
    assert ("-DGGML_AVX512=ON" in on) == (flags >= AVX512)
    assert ("-DGGML_AVX512_BF16=ON" in on) == ("avx512_bf16" in flags)


@pytest.mark.parametrize("flags", [frozenset({"sse4_2"}), AVX2 - {"avx2"}, AVX512 - {"fma"}, frozenset()])
def test_a_host_without_avx2_is_told_so(flags: frozenset[str]) -> None:
    with pytest.raises(build_llama.BuildFailed, match=r"This processor lacks .*\n  → "):
        build_llama.choose_target(flags)


def test_cuda_is_one_variable() -> None:
    target = build_llama.choose_target(AVX2, cuda=True)
    assert target.name == "avx2_cuda"
    assert "-DGGML_CUDA=ON" in target.cmake


def test_flags_are_those_of_every_processor(tmp_path: Path) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text("processor : 0\nflags\t\t: fpu avx avx2\n\nprocessor : 1\nflags\t\t: fpu avx\nvmx flags : x\n")
    assert build_llama.read_cpu_flags(cpuinfo) == {"fpu", "avx"}


def test_the_wheels_name_tells_source_and_instructions_and_pip_reads_it() -> None:
    from packaging.utils import parse_wheel_filename

    version, digest = build_llama.read_pin()
    name = build_llama.wheel_name(version, digest, build_llama.choose_target(AVX512))
    assert digest[:12] in name and "avx512" in name
    parsed = parse_wheel_filename(name)
    assert parsed[0] == "llama-cpp-python" and str(parsed[1]) == version


def test_a_wheel_that_changed_is_not_whole(tmp_path: Path) -> None:
    wheel = tmp_path / "a.whl"
    wheel.write_bytes(b"built")
    assert not build_llama.is_whole(wheel)
    build_llama.write_digest(wheel, build_llama.digest_of(wheel))
    assert build_llama.is_whole(wheel)
    wheel.write_bytes(b"other")
    assert not build_llama.is_whole(wheel)


def test_a_failed_build_shows_its_log_and_leaves_no_wheel(tmp_path: Path) -> None:
    log = tmp_path / "build.log"
    with pytest.raises(build_llama.BuildFailed, match=r"(?s)compiler said no.*Read .*build\.log"):
        command = [sys.executable, "-c", "print('compiler said no'); raise SystemExit(1)"]
        build_llama.run_build(command, build_llama.choose_target(AVX2), log, str(tmp_path))
    assert list(tmp_path.glob("*.whl")) == []


def test_the_build_gets_its_instructions(tmp_path: Path) -> None:
    log = tmp_path / "build.log"
    target = build_llama.choose_target(AVX2)
    command = [sys.executable, "-c", "import os; print(os.environ['CMAKE_ARGS'])"]
    build_llama.run_build(command, target, log, str(tmp_path))
    assert log.read_text().strip() == " ".join(target.cmake)


def test_an_interrupted_build_stops_its_compilers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(self: object, line: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(build_llama.Ticker, "read", interrupt)
    child = "import subprocess, sys; p = subprocess.Popen(['sleep', '600']); print(p.pid, flush=True); p.wait()"
    log = tmp_path / "build.log"
    with pytest.raises(KeyboardInterrupt):
        build_llama.run_build([sys.executable, "-c", child], build_llama.choose_target(AVX2), log, str(tmp_path))
    state = Path(f"/proc/{int(log.read_text())}/stat")
    assert not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z"


# Scripts.


def test_stamps_forget_when_a_lock_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(set_up, "STAMPS", tmp_path / "set-up.json")
    assert not set_up.is_done("runtime", "hash 1")
    set_up.mark_done("runtime", "hash 1")
    set_up.mark_done("dev", "hash 2")
    assert set_up.is_done("runtime", "hash 1") and set_up.is_done("dev", "hash 2")
    assert not set_up.is_done("runtime", "hash 3")


def test_an_old_python_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(set_up, "OLDEST", (4, 0))
    with pytest.raises(set_up.SetUpFailed, match="too old"):
        set_up.check_host()


def test_ci_runs_make_test() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text(encoding="utf-8").rstrip().endswith("exec make test")


@pytest.mark.parametrize("target", ["demo", "test", "nightly", "help", "lock", "clean"])
def test_every_promised_target_exists(target: str) -> None:
    done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_make_test_ends_with_pytest() -> None:
    done = subprocess.run(["make", "-n", "test"], cwd=ROOT, capture_output=True, text=True, check=True)
    commands = [line for line in done.stdout.splitlines() if not line.startswith("make")]
    assert commands[-1].endswith("python -m pytest")
    assert [
        word for word in ("ruff", "mypy", "lint-imports", "llm pull", "demo build") if word not in done.stdout
    ] == []
