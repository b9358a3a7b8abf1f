"""Writes docs/cli.md out of the commands' own help, so that the page cannot say something else.

A test compares the file with what this would write.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs" / "cli.md"
HEAD = """# The command line

Written by `scripts/write_cli_docs.py` out of the commands' own help; change that, then run the script.

Data go to stdout, speech (steps, progress, errors) to stderr. Where a text is expected, `-` reads standard input.

## Exit codes

| code | end |
|---:|---|
"""


def reference() -> str:
    """The whole page."""
    import typer

    from t2sql import cli

    parts = [HEAD + "\n".join(f"| {code} | {meaning} |" for code, meaning in cli.EXIT_CODES.items()) + "\n"]
    root = typer.main.get_command(cli.app)
    for path, command in commands(root, "t2sql"):
        context = command.make_context(path, [], resilient_parsing=True)
        context.terminal_width = 80
        parts.append(f"## {path}\n\n```text\n{command.get_help(context).rstrip()}\n```\n")
    return "\n".join(parts)


def commands(command: Any, path: str) -> list[tuple[str, Any]]:
    """Every command below `command`, itself first, in the order of the help."""
    found = [(path, command)]
    for name, below in getattr(command, "commands", {}).items():
        found += commands(below, f"{path} {name}")
    return found


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    DOCS.parent.mkdir(exist_ok=True)
    DOCS.write_text(reference(), encoding="utf-8")
