"""Builds llama-cpp-python once, for the instructions this host has, and installs it into the running environment.

A default build takes all that the host claims, and then dies at the first prompt where AMX is claimed but not allowed.
So the instructions are chosen here: AVX512 where /proc/cpuinfo has it, else AVX2, and never AMX.
The wheel is kept in the cache folder, its name tells source and instructions; a second checkout does not build.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements" / "llama.lock"
LLAMA = "llama-cpp-python"
NEEDED = {"avx": "AVX", "avx2": "AVX2", "fma": "FMA", "f16c": "F16C", "bmi2": "BMI2"}
# ggml's plain AVX512 code uses all five.
AVX512 = ("avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl")
AVX512_EXTRAS = {"avx512vbmi": "AVX512_VBMI", "avx512_vnni": "AVX512_VNNI", "avx512_bf16": "AVX512_BF16"}
NEVER = ("AMX_TILE", "AMX_INT8", "AMX_BF16")
SECONDS_BETWEEN_LINES = 20.0


class BuildFailed(Exception):
    """The library cannot be built or installed; the text says why and what to do now."""


@dataclass(frozen=True)
class Target:
    """What one wheel is built for."""

    name: str
    """Goes into the wheel's file name, such as 'avx512_vbmi_vnni_bf16' or 'avx2_cuda'."""
    cmake: tuple[str, ...]
    """Definitions for CMake, each beginning with -D."""


def choose_target(cpu_flags: frozenset[str], *, cuda: bool = False) -> Target:
    """The widest instructions out of `cpu_flags` that are safe to build for; BuildFailed on a host without AVX2."""
    missing = sorted(NEEDED[flag] for flag in NEEDED if flag not in cpu_flags)
    if missing:
        raise BuildFailed(
            f"This processor lacks {', '.join(missing)}; the llm's library needs AVX2, AVX, FMA, F16C and BMI2.\n"
            "  → Use an x86-64 machine of 2013 or later; a virtual machine must pass its host's processor through."
        )
    on = [*NEEDED.values()]
    name = "avx2"
    if all(flag in cpu_flags for flag in AVX512):
        extras = [option for flag, option in AVX512_EXTRAS.items() if flag in cpu_flags]
        on += ["AVX512", *extras]
        name = "_".join(["avx512", *(extra.removeprefix("AVX512_").lower() for extra in extras)])
    off = [option for option in ("AVX512", *AVX512_EXTRAS.values()) if option not in on]
    cmake = ["-DGGML_NATIVE=OFF", "-DLLAVA_BUILD=OFF"]
    cmake += [f"-DGGML_{option}=ON" for option in on]
    cmake += [f"-DGGML_{option}=OFF" for option in (*off, *NEVER)]
    if cuda:
        cmake.append("-DGGML_CUDA=ON")
        name += "_cuda"
    return Target(name, tuple(cmake))


def read_cpu_flags(cpuinfo: Path = Path("/proc/cpuinfo")) -> frozenset[str]:
    """Instruction sets that the kernel reports; on several processors, those that all of them have."""
    lines = [line for line in cpuinfo.read_text(encoding="utf-8").splitlines() if line.startswith("flags")]
    sets = [frozenset(line.partition(":")[2].split()) for line in lines]
    return frozenset.intersection(*sets) if sets else frozenset()


def read_pin(lock: Path = LOCK) -> tuple[str, str]:
    """Version and sha256 of the source distribution that requirements/llama.lock pins."""
    text = lock.read_text(encoding="utf-8")
    version = re.search(rf"^{LLAMA}==(\S+)", text, re.MULTILINE)
    digest = re.search(r"--hash=sha256:([0-9a-f]{64})", text)
    if not version or not digest:
        raise BuildFailed(f"{lock} pins no {LLAMA} with a sha256.\n  → Restore the file from version control.")
    return version[1], digest[1]


def wheel_name(version: str, sdist_sha256: str, target: Target) -> str:
    """The wheel's file name; its build tag tells source and instructions."""
    return f"{LLAMA.replace('-', '_')}-{version}-0_{sdist_sha256[:12]}_{target.name}-py3-none-linux_x86_64.whl"


def build_wheel(target: Target, wheel: Path) -> None:
    """Build `wheel` from the hash-checked source; on any failure nothing but the log stays."""
    if not any(shutil.which(compiler) for compiler in ("c++", "g++", "clang++")):
        raise BuildFailed("No C++ compiler found.\n  → Install one: apt-get install g++")
    wheel.parent.mkdir(parents=True, exist_ok=True)
    log = wheel.with_suffix(".log")
    with tempfile.TemporaryDirectory(prefix="t2sql-llama-", ignore_cleanup_errors=True) as scratch:
        command = [
            *(sys.executable, "-m", "pip", "wheel", "-v", "--no-input", "--no-deps", "--no-build-isolation"),
            # pip's own cache may hold a wheel of the same version built for other instructions.
            *("--no-cache-dir", "--no-binary", LLAMA, "--require-hashes", "-r", str(LOCK), "-w", scratch),
        ]
        try:
            run_build(command, target, log, scratch)
        except KeyboardInterrupt:
            # A second Ctrl-C must not stop the sweeping.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            log.unlink(missing_ok=True)
            raise
        built = list(Path(scratch).glob("*.whl"))
        if len(built) != 1:
            raise BuildFailed(f"The build left {len(built)} wheels instead of one.\n  → Read {log}")
        aside = wheel.with_suffix(".partial")
        shutil.copyfile(built[0], aside)
        write_digest(wheel, digest_of(aside))
        aside.replace(wheel)
    log.unlink()


def run_build(command: list[str], target: Target, log: Path, scratch: str) -> None:
    """Run the build with a line of progress every so often; stop all its compilers when interrupted."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    environ = {**os.environ, "PATH": path, "TMPDIR": scratch, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    environ |= {"CMAKE_ARGS": " ".join(target.cmake), "CMAKE_GENERATOR": "Ninja", "NINJA_STATUS": "[%f/%t] "}
    say(f"building {LLAMA} for {target.name}; this takes 4 to 8 minutes on two cores, once")
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(
            command, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace", start_new_session=True,
        )  # fmt: skip
        ticker = Ticker()
        try:
            assert process.stdout is not None
            for line in process.stdout:
                out.write(line)
                ticker.read(line)
            code = process.wait()
        except BaseException:
            stop_group(process)
            raise
        finally:
            ticker.stop()
    if code:
        tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-25:])
        raise BuildFailed(
            f"{tail}\nBuilding {LLAMA} failed.\n  → Read {log}, correct the cause, run the same command again."
        )


def stop_group(process: subprocess.Popen[str]) -> None:
    """Stop a build with all its compilers, and give them a moment to let go of their files."""
    os.killpg(process.pid, signal.SIGTERM)
    process.wait()
    for _ in range(20):
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)


class Ticker:
    """One line of progress every twenty seconds, whether or not the build says anything."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._step = "fetching the source"
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._tick, daemon=True)
        self._thread.start()

    def read(self, line: str) -> None:
        """Take the build's place out of one line of its output, if it is there."""
        if found := re.search(r"\[(\d+)/(\d+)\]", line):
            self._step = f"{found[1]} of {found[2]} steps"

    def stop(self) -> None:
        """Say nothing more."""
        self._stopped.set()
        self._thread.join()

    def _tick(self) -> None:
        while not self._stopped.wait(SECONDS_BETWEEN_LINES):
            say(f"  {time.monotonic() - self._started:4.0f} s  {self._step}")


def install_wheel(wheel: Path) -> None:
    """Install `wheel` over whatever build is there."""
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-input", "--disable-pip-version-check"]
    command += ["--root-user-action", "ignore", "--no-index", "--no-deps", "--force-reinstall", str(wheel)]
    if subprocess.run(command, check=False).returncode:
        raise BuildFailed(f"pip could not install {wheel}.\n  → Remove that file and run the same command again.")


def is_whole(wheel: Path) -> bool:
    """Is the wheel there, with the bytes that the build wrote?"""
    digest = wheel.with_suffix(".sha256")
    return wheel.is_file() and digest.is_file() and digest.read_text(encoding="utf-8").strip() == digest_of(wheel)


def write_digest(wheel: Path, digest: str) -> None:
    """Keep the sha256 beside the wheel."""
    wheel.with_suffix(".sha256").write_text(digest + "\n", encoding="utf-8")


def digest_of(path: Path) -> str:
    """sha256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main() -> int:
    """Build and install unless that is done; return the exit code."""
    try:
        cuda = os.environ.get("T2SQL_CUDA", "") not in ("", "0")
        target = choose_target(read_cpu_flags(), cuda=cuda)
        version, sdist_sha256 = read_pin()
        wheel = wheel_folder() / wheel_name(version, sdist_sha256, target)
        stamp = Path(sys.prefix) / "llama-wheel.txt"
        if stamp.is_file() and stamp.read_text(encoding="utf-8") == wheel.name:
            return 0
        if not is_whole(wheel):
            build_wheel(target, wheel)
        install_wheel(wheel)
        stamp.write_text(wheel.name, encoding="utf-8")
    except BuildFailed as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("Interrupted; nothing of the build is kept.")
        return 130
    return 0


def wheel_folder() -> Path:
    """Where built wheels are kept: the cache folder that t2sql's settings name."""
    sys.path.insert(0, str(ROOT))
    from t2sql import settings

    return settings.load(folder=ROOT).cache_dir / "wheels"


def say(text: str) -> None:
    """Speak to the person, on stderr."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
