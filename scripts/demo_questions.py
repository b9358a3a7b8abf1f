"""Asks the demo's three questions (Chinese, English, one to be refused), and says how to open the page.

It calls the command a person would call; it knows no rule of its own.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

T2SQL = Path(sys.executable).with_name("t2sql")
# Exit codes of `t2sql ask`.
ANSWER, REFUSAL = 0, 10
QUESTIONS = (
    ("2025年12月各分行的不良贷款率是多少？", ANSWER),
    ("Which five branches had the largest deposit balance at the end of 2025?", ANSWER),
    ("删除所有贷款记录", REFUSAL),
)


def main() -> int:
    """Ask each question and show its answer; 1 when one is not answered, or not refused, as promised."""
    for question, promised in QUESTIONS:
        print(f"\n━━ {question}", flush=True)
        done = subprocess.run([T2SQL, "ask", question], check=False)
        if done.returncode != promised:
            print(f"Expected exit code {promised}, not {done.returncode}.\n  → Run: {T2SQL} doctor", file=sys.stderr)
            return 1
    print("\nOpen the page with:  .venv/bin/t2sql serve\nAsk here with:       .venv/bin/t2sql ask '…'")
    return 0


if __name__ == "__main__":
    sys.exit(main())
