"""Makes `.venv` with everything pinned by hash, llama.cpp built for this host, and t2sql itself. Safe to run again.

Runs on the host's own Python with nothing installed, so it may import the standard library only.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
STAMPS = VENV / "set-up.json"
LOCKS = ROOT / "requirements"
OLDEST = (3, 11)
SECONDS_TO_CLEAN_UP = 10.0


class SetUpFailed(Exception):
    """A step that cannot go on; its text says what is wrong and what to do now."""


def main() -> int:
    """Run every step that is not done; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also what the tests need")
    dev = parser.parse_args().dev
    try:
        check_host()
        make_venv()
        # Build requirements first: t2sql and llama.cpp are both built without isolation, out of these pins.
        install_lock("build")
        install_lock("runtime")
        if dev:
            install_lock("dev")
            install_lock("engines", "--no-binary", "pyspark", "--no-build-isolation")
        install_project()
        build_llama()
    except SetUpFailed as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("Interrupted.\n  → Run the same command again; finished steps are kept.")
        return 130
    return 0


def check_host() -> None:
    """Refuse a Python that is too old, before anything is written."""
    if sys.version_info[:2] < OLDEST:
        found = ".".join(map(str, sys.version_info[:2]))
        raise SetUpFailed(
            f"Python {found} is too old.\n  → Install Python 3.11, or name one: make PYTHON=/path/to/python3.11 …"
        )


def make_venv() -> None:
    """A virtual environment for this Python, made again when an earlier try stopped half-way or Python changed."""
    key = sys.version
    if is_done("venv", key) and (VENV / "bin" / "python").exists():
        return
    say("making .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    if not has_ensurepip():
        install_venv_package()
    done = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
    if done.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        raise SetUpFailed(f"{(done.stdout + done.stderr).strip()}\n  → Install it: apt-get install python3-venv")
    mark_done("venv", key)


def has_ensurepip() -> bool:
    """Debian splits ensurepip off into python3-venv."""
    return subprocess.run([sys.executable, "-c", "import ensurepip"], capture_output=True, check=False).returncode == 0


def install_venv_package() -> None:
    """Fetch Debian's python3-venv where that is possible, else say so."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise SetUpFailed("This Python cannot make virtual environments.\n  → Run: sudo apt-get install python3-venv")
    say("installing python3-venv")
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", "python3-venv"]):
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SetUpFailed(f"{done.stderr.strip()}\n  → Run: apt-get install python3-venv")


def install_lock(name: str, *options: str) -> None:
    """Install requirements/NAME.lock: exact versions, every file checked against its hash, no source builds.

    `options` of pip come last, and may name a package that is published as source only.
    """
    lock = LOCKS / f"{name}.lock"
    text = lock.read_text(encoding="utf-8")
    key = hashlib.sha256(text.encode()).hexdigest()
    if is_done(name, key):
        return
    packages = sum("==" in line for line in text.splitlines() if not line.startswith(("#", " ")))
    say(f"installing {packages} pinned packages from requirements/{name}.lock")
    started = time.monotonic()
    pip("install", "--require-hashes", "--only-binary", ":all:", *options, "-r", str(lock))
    mark_done(name, key)
    say(f"  done in {time.monotonic() - started:.0f} s")


def install_project() -> None:
    """t2sql itself, editable, so that the checkout is what runs."""
    key = hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + str(ROOT).encode()).hexdigest()
    if is_done("project", key):
        return
    pip("install", "--no-deps", "--no-build-isolation", "--no-index", "-e", str(ROOT))
    mark_done("project", key)


def build_llama() -> None:
    """The llm's library, built for the instructions this host has; skips itself when that is done."""
    code = run([str(VENV / "bin" / "python"), str(ROOT / "scripts" / "build_llama.py")], dict(os.environ))
    if code == 130:
        raise KeyboardInterrupt
    if code:
        raise SetUpFailed("The llm's library is not installed; the reason is above.")


def pip(*arguments: str) -> None:
    """Run the environment's pip, through whatever index or mirror it is configured for; raise SetUpFailed."""
    command = [str(VENV / "bin" / "python"), "-m", "pip", *arguments[:1], "-qq", "--no-input"]
    environ = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"}
    if run([*command, *arguments[1:]], environ):
        raise SetUpFailed(
            "pip could not install the packages; its reason is above.\n"
            "  → Check the network or the mirror that `pip config list` names, then run the same command again."
        )


def run(command: list[str], environ: dict[str, str]) -> int:
    """Run a command to its end; when interrupted, let it clean up after itself first."""
    process = subprocess.Popen(command, env=environ, stdin=subprocess.DEVNULL)
    try:
        return process.wait()
    except KeyboardInterrupt:
        try:
            # From a terminal it has had the signal too, and a second one would stop its cleaning up.
            process.wait(SECONDS_TO_CLEAN_UP)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
            process.wait()
        raise


def is_done(step: str, key: str) -> bool:
    """Was `step` finished with exactly these inputs?"""
    return read_stamps().get(step) == key


def mark_done(step: str, key: str) -> None:
    """Remember that `step` is finished; a new virtual environment forgets all steps with its folder."""
    STAMPS.write_text(json.dumps({**read_stamps(), step: key}, indent=1), encoding="utf-8")


def read_stamps() -> dict[str, str]:
    """Finished steps and the hash of what each was made from; none when there is no file yet."""
    try:
        stamps: dict[str, str] = json.loads(STAMPS.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return stamps


def say(text: str) -> None:
    """Speak to the person, on stderr."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
