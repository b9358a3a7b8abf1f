"""The product where only loopback exists: a network namespace of its own, so that nothing can reach outside even by
mistake.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from t2sql.settings import Settings

from needs import needs

ROOT = Path(__file__).parent.parent
SERVE_SECONDS = 60

SERVED = """
ip link set lo up
"$0" -m t2sql.cli serve --port 8599 >"$1" 2>&1 &
page=$!
trap 'kill $page' EXIT
for _ in $(seq $2); do
    "$0" -c 'import urllib.request as r; print(r.urlopen("http://127.0.0.1:8599/").status)' 2>/dev/null && exit 0
    sleep 1
done
exit 1
"""


@pytest.fixture(scope="module")
def offline(settings: Settings, demo_bank: Path) -> dict[str, str]:
    """Environment of the product over the demo bank; skips where no namespace can be made."""
    needs((settings.llm_dir / f"{settings.llm}.gguf").is_file(), f"the llm {settings.llm!r} (`t2sql llm pull`)")
    needs(shutil.which("ip"), "ip (Debian's iproute2)")
    made = subprocess.run(["unshare", "-n", "true"], capture_output=True, check=False)
    needs(made.returncode == 0, "the right to make a network namespace (root)")
    return {**os.environ, "T2SQL_SETTINGS": str(ROOT / "t2sql.toml"), "T2SQL_SOURCE": str(demo_bank)}


def test_the_namespace_has_no_way_out() -> None:
    """What the two tests below stand on: no address but loopback."""
    needs(shutil.which("unshare") and shutil.which("ip"), "unshare and ip")
    shown = subprocess.run(
        ["unshare", "-n", "bash", "-c", "ip link set lo up && ip -o addr"], capture_output=True, text=True, check=False
    )
    needs(shown.returncode == 0, "the right to make a network namespace (root)")
    assert {line.split()[1] for line in shown.stdout.splitlines()} == {"lo"}


def test_ask_answers_without_a_network(offline: dict[str, str]) -> None:
    """A question goes the whole way."""
    command = f'ip link set lo up; exec "{sys.executable}" -m t2sql.cli ask "2025年12月各分行的不良贷款率" --json'
    done = subprocess.run(
        ["unshare", "-n", "bash", "-c", command], env=offline, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["rows"]) == 18


def test_the_page_is_served_without_a_network(offline: dict[str, str], tmp_path: Path) -> None:
    """The page answers on loopback."""
    log = tmp_path / "serve.log"
    command = ["unshare", "-n", "bash", "-c", SERVED, sys.executable, str(log), str(SERVE_SECONDS)]
    done = subprocess.run(command, env=offline, capture_output=True, text=True, check=False, timeout=180)
    assert done.returncode == 0, log.read_text(encoding="utf-8")
    assert done.stdout.strip() == "200"
