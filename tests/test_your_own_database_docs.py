"""docs/your-own-database.md: its commands are run as they stand, on a PostgreSQL that they start themselves."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from needs import needs
from servers import postgres_programs

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "your-own-database.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"```bash\n(.*?)```", PAGE, re.DOTALL)
BY_HAND = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)[0]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder to work in that PostgreSQL's own user can reach, with the page's script in it."""
    needs(postgres_programs(), "PostgreSQL (initdb, postgres)")
    made = Path(tempfile.mkdtemp(prefix="t2sql-doc-"))
    made.chmod(0o755)
    shutil.copytree(ROOT / "scripts", made / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    (made / "bin").mkdir()
    for name, words in (("t2sql", f"{sys.executable} -m t2sql.cli"), ("python", sys.executable)):
        (made / "bin" / name).write_text(f'#!/bin/sh\nexec {words} "$@"\n', encoding="utf-8")
        (made / "bin" / name).chmod(0o755)
    try:
        yield made
    finally:
        subprocess.run([sys.executable, "scripts/small_warehouse.py", "stop", "warehouse"], cwd=made, check=False)
        shutil.rmtree(made, ignore_errors=True)


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A command of the page, with the settings that the page exports once they are written."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith("T2SQL_")}
    programs = postgres_programs()
    path = os.pathsep.join([str(folder / "bin"), str(programs), plain["PATH"]])
    chosen = {"T2SQL_SETTINGS": "metrics/tpch/t2sql.toml"} if (folder / "metrics/tpch/t2sql.toml").exists() else {}
    environ = {**plain, **chosen, "PATH": path, "PYTHONPATH": str(ROOT), "T2SQL_CACHE_DIR": str(folder / "cache")}
    return subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environ, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.mark.slow
def test_the_page_leads_from_nothing_to_the_first_right_answer(folder: Path) -> None:
    import psycopg

    start, draft, check, ask, sql, change, drifted, again, clear = COMMANDS
    begun = run(start, folder)
    assert begun.returncode == 0, begun.stderr
    assert begun.stdout.strip() == f"postgresql://reader@/tpch?host={folder}/warehouse"
    drafted = run(draft, folder)
    assert drafted.returncode == 0, drafted.stderr
    assert "7 datasets, 7 relationships" in drafted.stderr
    checked = run(check, folder)
    assert (checked.returncode, checked.stdout) == (0, ""), checked.stdout

    with psycopg.connect(f"host={folder}/warehouse user=reader dbname=tpch") as connection:
        by_hand = dict(connection.execute(BY_HAND).fetchall())
    answer = run(ask.replace("t2sql ask", "t2sql ask --json"), folder)
    assert answer.returncode == 0, answer.stderr
    for segment, amount in by_hand.items():
        assert segment in answer.stdout and str(amount) in answer.stdout, answer.stdout
    figures = run(sql, folder)
    assert figures.returncode == 0 and "1-URGENT" in figures.stdout, figures.stderr

    changed = run(change, folder)
    assert changed.returncode == 0, changed.stderr
    gone = run(drifted, folder)
    assert gone.returncode == 3 and "table 'part' has no column 'p_brand'." in gone.stdout, gone.stdout + gone.stderr
    meanwhile = run(ask, folder)
    assert meanwhile.returncode == 0 and "p_brand" in meanwhile.stderr, "all else answers, with a warning"
    mended = run(again, folder)
    assert mended.returncode == 0, mended.stdout + mended.stderr
    assert "New column public.part.p_size" in mended.stderr and "Column public.part.p_brand is gone" in mended.stderr
    assert run(clear, folder).returncode == 0 and not (folder / "warehouse").exists()


def test_what_the_page_shows_of_a_guess_is_what_the_shapes_take() -> None:
    from ruamel.yaml import YAML

    from t2sql.ossie_shapes import RelationshipShape

    shown = YAML(typ="safe").load(re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[0])
    found = RelationshipShape.model_validate(shown[0])
    assert found.t2sql.guess is not None and set(found.t2sql.guess.reason) == {"zh", "en"}
