"""The command line: questions and semantic SQL in, data on stdout, speech on stderr, an exit code for each end.

No business rule lives here. Only typer and errors are imported at the top: each command imports what it needs, so that
`t2sql --help` answers at once.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

import typer
from typer.exceptions import TyperException

from t2sql.cli_asking import CLARIFICATION, REFUSAL, USAGE
from t2sql.cli_asking import app as asking
from t2sql.cli_batch import TOO_MANY_FAILED
from t2sql.cli_batch import app as batch
from t2sql.cli_eval import GATE_SHUT
from t2sql.cli_eval import app as evaluation
from t2sql.cli_init import app as init
from t2sql.cli_metrics import app as metrics
from t2sql.cli_upkeep import app as upkeep
from t2sql.errors import T2sqlError
from t2sql.llm_cli import app as llm

DEFECT, CANCELLED = 1, 130
NO_PLACE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES)
NO_PLACE_CURE = (
    "Make room, or gain the right to write there, then do it again; batch and eval go on with --resume: nothing that"
    " was finished is lost."
)
EXIT_CODES = {
    0: "an answer, or done",
    DEFECT: "a defect of t2sql",
    USAGE: "wrong usage; a question or semantic SQL that cannot be used",
    3: "settings or definitions are wrong; `check` found an error",
    4: "weights or index are missing or damaged; `doctor` found something to fix",
    5: "the llm could not finish",
    6: "no rights, or nobody is signed in",
    7: "physical SQL that certify refused",
    8: "the database is missing, failed or took too long",
    CLARIFICATION: "a question back",
    REFUSAL: "the question is refused",
    TOO_MANY_FAILED: "too many questions of a batch failed",
    GATE_SHUT: "a gate of an evaluation is shut",
    CANCELLED: "cancelled",
}

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Ask a bank's warehouse in Chinese or English; every number comes with its SQL and its definition.\n\n"
    "\b\nExample: t2sql ask '2025年12月各分行的不良贷款率是多少？'",
)
app.add_typer(asking)
app.add_typer(batch)
app.add_typer(upkeep)
app.add_typer(init)
app.add_typer(evaluation, name="eval")
app.add_typer(metrics, name="metrics")
app.add_typer(llm, name="llm")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: the one place where an end of any kind becomes a code and a line."""
    from t2sql.cli_speech import tell, tell_error

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        code = app(args=list(sys.argv[1:] if argv is None else argv), prog_name="t2sql", standalone_mode=False)
        sys.stdout.flush()
        if code == CANCELLED:
            tell("Cancelled.")
        return int(code or 0)
    except T2sqlError as error:
        tell_error(error)
        return error.exit_code
    except TyperException as error:
        context = getattr(error, "ctx", None)
        asked_help = type(error).__name__ == "NoArgsIsHelpError"
        hint = f"\n  → Run `{context.command_path} --help`." if context and not asked_help else ""
        tell(error.format_message() + hint)
        return USAGE
    except (KeyboardInterrupt, typer.Abort):
        tell("Cancelled.")
        return CANCELLED
    except BrokenPipeError:
        # The reader has gone.
        _stop_writing()
        return 0
    except OSError as error:
        if error.errno not in NO_PLACE:
            return _tell_defect(error)
        _stop_writing()
        tell(f"{error.filename or 'The output'}: {error.strerror}.\n  → {NO_PLACE_CURE}")
        return USAGE
    except Exception as error:
        return _tell_defect(error)


def _stop_writing() -> None:
    """What is left in stdout's buffer goes nowhere: a flush at exit must not fail a second time."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _tell_defect(error: Exception) -> int:
    from t2sql.cli_speech import tell

    tell(f"Unexpected {type(error).__name__}: {str(error)[:300]}; this is a defect.\n  → Report it with what you ran.")
    try:
        from t2sql import settings

        is_debugging = settings.load().debug
    except T2sqlError:
        is_debugging = False
    if is_debugging:
        import traceback

        tell("".join(traceback.format_exception(error)))
    return DEFECT


if __name__ == "__main__":
    sys.exit(main())
