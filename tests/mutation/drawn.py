"""One hundred mutants of the compiler, drawn by a fixed seed from all that cosmic-ray makes, judged by the cases.

    .venv/bin/pip install --require-hashes -r requirements/mutants.lock
    .venv/bin/python tests/mutation/drawn.py [--count 100] [--seed 2026]

Mutants that change only annotations, or that do not parse, are not drawn. Prints one line a mutant and a summary.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).parent.parent
sys.path[:0] = [str(TESTS.parent), str(TESTS), str(Path(__file__).parent)]

from cosmic_ray import plugins  # noqa: E402
from cosmic_ray.ast import ast_nodes, get_ast  # noqa: E402
from cosmic_ray.mutating import mutate_code  # noqa: E402

from built_bank import built_bank  # noqa: E402
from trial import PACKAGE, Trial  # noqa: E402


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change to one module."""

    module: str
    """Path inside the package."""
    operator: str
    occurrence: int

    def text(self) -> str | None:
        """The module's text with the change; None where it is the same program, or none at all."""
        source = (PACKAGE / self.module).read_text(encoding="utf-8")
        changed = mutate_code(source, plugins.get_operator(self.operator)(), self.occurrence)
        try:
            return None if changed is None or _program(changed) == _program(source) else str(changed)
        except SyntaxError:
            return None

    def difference(self, text: str) -> str:
        """The changed lines, before and after."""
        source = (PACKAGE / self.module).read_text(encoding="utf-8")
        lines = difflib.unified_diff(source.splitlines(), text.splitlines(), n=0, lineterm="")
        kept = [line for line in lines if line[:1] in "+-@" and not line.startswith(("+++", "---"))]
        return "\n    ".join(kept)


def _program(text: str) -> str:
    """The program without its annotations."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            node.returns = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
    return ast.dump(tree)


def every_mutant() -> Iterator[Mutant]:
    """All that the tool can make, in a fixed order. Operators that need arguments are left out."""
    for path in sorted((PACKAGE / "compiler").rglob("*.py")):
        tree = get_ast(path.read_text(encoding="utf-8"))
        nodes = list(ast_nodes(tree))
        for name in sorted(plugins.operator_names()):
            try:
                operator = plugins.get_operator(name)()
            except TypeError:
                continue
            count = sum(1 for node in nodes for _ in operator.mutation_positions(node))
            for occurrence in range(count):
                yield Mutant(str(path.relative_to(PACKAGE)), name, occurrence)


def draw(count: int, seed: int) -> list[tuple[Mutant, str]]:
    """`count` mutants with their module's text."""
    mutants = list(every_mutant())
    random.Random(seed).shuffle(mutants)
    found: list[tuple[Mutant, str]] = []
    for mutant in mutants:
        if len(found) == count:
            break
        text = mutant.text()
        if text is not None:
            found.append((mutant, text))
    return found


def main() -> int:
    """Draw, judge, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=2026)
    chosen = parser.parse_args()
    drawn = draw(chosen.count, chosen.seed)
    started, survivors = time.monotonic(), 0
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(built_bank(), Path(folder))
        for number, (mutant, text) in enumerate(drawn, 1):
            verdict = trial.judge(mutant.module, text)
            survivors += not verdict.is_killed
            told = f"killed by {verdict.by}" if verdict.is_killed else "SURVIVED"
            print(
                f"{number:>3} {mutant.module} {mutant.operator.split('/')[-1]} #{mutant.occurrence}: {told}", flush=True
            )
            if not verdict.is_killed:
                print(f"    {mutant.difference(text)}", flush=True)
    print(f"{len(drawn)} mutants, {survivors} survived, {time.monotonic() - started:.0f} s, seed {chosen.seed}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
