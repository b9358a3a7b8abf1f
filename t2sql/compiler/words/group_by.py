"""GROUP BY of a SELECT from the model: it may repeat what the SELECT groups by, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from t2sql.compiler.words.clauses import inner_of, name_of
from t2sql.compiler.words.spelling import as_written
from t2sql.errors import RefusedSyntax


def check_group_by(select: exp.Select, is_group: Callable[[exp.Expr], bool]) -> None:
    """Raises RefusedSyntax where GROUP BY is not the groups of the SELECT. `is_group`: whether an item is one."""
    group = select.args.get("group")
    if not group or group.args.get("all"):
        return
    hint = "Leave GROUP BY out; grouping follows the SELECT."
    named: set[str] = set()
    for item in group.expressions:
        if isinstance(item, exp.Literal) and item.is_int:
            place = int(item.this) - 1
            if not 0 <= place < len(select.expressions):
                raise RefusedSyntax(f"GROUP BY {item.this}: there is no such column.", hint)
            named.add(name_of(select.expressions[place])[0].lower())
        else:
            named.add(name_of(item)[0].lower())
    names = {name_of(i)[0].lower(): i for i in select.expressions}
    written = {as_written(inner_of(i)).lower(): name for name, i in names.items()}
    named = {written.get(n, n) for n in named}
    wanted = {n for n, i in names.items() if is_group(i)}
    if named - wanted:
        raise RefusedSyntax("GROUP BY may only repeat the dimensions and grain of the SELECT.", hint)
    if wanted - named:
        raise RefusedSyntax(f"GROUP BY leaves out {', '.join(sorted(wanted - named))}, which is selected.", hint)
