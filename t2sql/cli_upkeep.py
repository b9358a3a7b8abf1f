"""Commands that keep an installation well: check, index, doctor, serve, demo build.

Like cli.py it holds no business rule, and imports what a command needs inside the command.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from t2sql.errors import AccessDenied, ConfigError, LlmUnavailable

FINDINGS, DOCTOR_FAILED = 3, 4
LOOPBACK = ("127.0.0.1", "localhost", "::1")

app = typer.Typer(rich_markup_mode=None)
demo = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The demo bank.\n\n\b\nExample: t2sql demo build")
app.add_typer(demo, name="demo")


@app.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="Folder with model.yml; by default the settings'.")] = None,
    source: Annotated[bool, typer.Option("--source", help="Compare with the database too.")] = False,
) -> int:
    """Find mistakes in the definitions.

    Each with file and line, what is wrong and what to do. Exit code 3 when there is an error.

    \b
    Example: t2sql check metrics/bank --source
    """
    from t2sql import settings
    from t2sql.check import check as find_all
    from t2sql.cli_speech import counted
    from t2sql.wording import visible

    chosen = settings.load()
    where = folder or chosen.metrics
    own = where / settings.FILE_NAME
    if source and where.resolve() != chosen.metrics.resolve() and own.is_file():
        # Definitions that bring their own settings are of that database.
        chosen = settings.load(own)
    if source:
        from contextlib import closing

        from t2sql.compiler.engines.dialects import transpile
        from t2sql.warehouse import open_warehouse

        with closing(open_warehouse(chosen, transpile)) as warehouse:
            found = find_all(where, warehouse, timeout_seconds=chosen.timeout_seconds)
    else:
        found = find_all(where)
    for finding in found:
        print(visible(f"{finding.place}: {finding.level}: {finding.message}"))
        print(visible(f"  → {finding.hint}"))
    errors = sum(finding.level == "error" for finding in found)
    told = f"{counted(errors, 'error')}, {counted(len(found) - errors, 'warning')}" if found else "nothing to mend"
    _say(f"{where}: {told}")
    return FINDINGS if errors else 0


@app.command()
def index(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Build it again even if it is up to date.")] = False,
) -> int:
    """Build the search index of the definitions, and let the llm read them once.

    Both are kept, so that questions start at once. What is older than the definitions is replaced.

    \b
    Example: t2sql index --rebuild
    """
    from t2sql import settings
    from t2sql.cli_speech import Speech
    from t2sql.opening import open_agent

    chosen = settings.load()
    with Speech() as speech:
        agent = open_agent(chosen, progress=speech.progress)
        agent.index(rebuild=rebuild)
        try:
            agent.prepare_llm(chosen.principal)
        except (LlmUnavailable, AccessDenied) as error:
            _say(f"The llm has not read the definitions yet: {error.message}")
    _say(f"{len(agent.catalog.metrics)} metrics and {len(agent.catalog.dimensions)} dimensions are indexed.")
    print(chosen.index_dir / agent.catalog.fingerprint)
    return 0


@app.command()
def doctor(
    full: Annotated[
        bool, typer.Option("--full", help="Also hash the weights and try a prompt; takes a minute.")
    ] = False,
) -> int:
    """Tell what is missing here and how to fix it.

    Exit code 4 when something must be fixed.

    \b
    Example: t2sql doctor --full
    """
    from t2sql import settings
    from t2sql.doctor import examine
    from t2sql.wording import visible

    has_failed = False
    for symptom in examine(settings.load(), is_full=full):
        has_failed |= symptom.state == "fail"
        print(f"{symptom.state:4}  {symptom.name:12} {visible(symptom.text)}", flush=True)
        if symptom.fix:
            print(f"      {'':12} → {visible(symptom.fix)}", flush=True)
    return DOCTOR_FAILED if has_failed else 0


@app.command()
def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="TCP port of the page.")] = 8501,
    host: Annotated[str, typer.Option(help="Address to listen on; only this machine by default.")] = "127.0.0.1",
) -> int:
    """Open the page for questions.

    It listens on this machine only, unless --host says otherwise, and sends nothing anywhere else.

    \b
    Example: t2sql serve --port 8080
    """
    import os

    from t2sql import llms, settings
    from t2sql.generation.probe import probe
    from t2sql.warehouse.sources import refuse_missing

    chosen = settings.load()
    page = Path(__file__).resolve().parents[1] / "ui" / "app.py"
    if not page.is_file():
        raise ConfigError(f"The page {str(page)!r} is not there.", "Run t2sql out of its checkout.")
    refuse_missing(chosen)
    _say("Trying the llm on this machine …")
    if chosen.is_llm_served:
        from t2sql.opening import reach_llm

        reach_llm(chosen).entry()
    elif error := probe(llms.find(chosen.llm, chosen).path).error:
        raise error
    if host not in LOOPBACK:
        _say(f"Listening on {host}: whoever reaches this address can ask" + (" as anybody." if chosen.demo else "."))
    _say(f"The page: http://{'localhost' if host in LOOPBACK else host}:{port}  (Ctrl-C stops it)")
    command = [sys.executable, "-m", "streamlit", "run", str(page), *streamlit_options(host, port)]
    # Streamlit takes this process's place, so that signals reach it and nothing is left behind.
    os.execv(sys.executable, command)


def streamlit_options(host: str, port: int) -> list[str]:
    """No telemetry, no browser started, no file watching, errors without traces, uploads off.

    One drawing at a time for each session: of two at once, the end of the first would forget the timers of the second,
    and its question would never be told. No search of the whole memory for garbage after every drawing: with the llm's
    vocabulary in it that takes half a second of everybody's.
    """
    options = {
        "server.address": host,
        "server.port": str(port),
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "server.maxUploadSize": "1",
        "browser.gatherUsageStats": "false",
        "runner.fastReruns": "false",
        "runner.postScriptGC": "false",
        "client.showErrorDetails": "none",
        "client.toolbarMode": "minimal",
    }
    return [f"--{key}={value}" for key, value in options.items()]


@demo.command()
def build(
    scale: Annotated[float, typer.Option(min=0.02, max=20, help="1 is 50,000 customers.")] = 1.0,
    force: Annotated[bool, typer.Option("--force", help="Build again even if there is one.")] = False,
) -> int:
    """Build the demo bank, the same on every machine.

    One that is there stays, unless --force is given.

    \b
    Example: t2sql demo build --scale 0.1 --force
    """
    from t2sql import settings
    from t2sql.cli_speech import Speech

    path = settings.load().demo_bank
    if path.is_file() and not force:
        _say("The demo bank is there; --force builds it again.")
    else:
        from t2sql.demo import build_bank

        with Speech() as speech:
            build_bank(path, scale=scale, progress=speech.progress)
        _say(f"The demo bank is built, {path.stat().st_size / 1e6:,.0f} MB.")
    print(path)
    return 0


def _say(text: str) -> None:
    from t2sql.cli_speech import tell

    tell(text)
