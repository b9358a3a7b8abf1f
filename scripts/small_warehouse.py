"""A PostgreSQL of one's own with a small warehouse in it, to try `t2sql init` on: docs/your-own-database.md.

    python scripts/small_warehouse.py start warehouse
    python scripts/small_warehouse.py stop warehouse

The server listens on a socket in the folder alone, and its reader may read and do nothing else. It needs the programs
of PostgreSQL (Debian: postgresql); nothing here is part of the product.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

OWNER, READER, DATABASE = "owner", "reader", "tpch"
UNPRIVILEGED = ("postgres", "nobody")
SQL = Path(__file__).with_suffix(".sql")


def main(words: list[str]) -> int:
    """start FOLDER or stop FOLDER."""
    if len(words) != 2 or words[0] not in ("start", "stop"):
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(words[1]).resolve()
    return start(folder) if words[0] == "start" else stop(folder)


def start(folder: Path) -> int:
    """Make the server and fill it; print the address that its reader is reached at."""
    import psycopg
    from psycopg import sql

    programs = found_programs()
    if programs is None:
        print("PostgreSQL is not installed.\n  → apt-get install postgresql", file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    who = runner(folder)
    make = [programs / "initdb", "-D", folder / "data", "-U", OWNER, "-A", "trust", "-E", "UTF8", "--no-sync"]
    subprocess.run([*make, "--locale=C.UTF-8"], check=True, stdout=subprocess.DEVNULL, cwd=folder, **who)
    asked = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
    begin = [programs / "pg_ctl", "-D", folder / "data", "-l", folder / "server.log", "-w", "-o", asked, "start"]
    subprocess.run(begin, check=True, stdout=subprocess.DEVNULL, cwd=folder, **who)
    with psycopg.connect(host=str(folder), user=OWNER, dbname="postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    with psycopg.connect(host=str(folder), user=OWNER, dbname=DATABASE, autocommit=True) as connection:
        connection.execute(SQL.read_bytes())
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(READER)))
        connection.execute(sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {}").format(sql.Identifier(READER)))
    print(f"postgresql://{READER}@/{DATABASE}?host={folder}")
    return 0


def stop(folder: Path) -> int:
    """Stop the server and remove the folder."""
    programs = found_programs()
    if programs is not None and (folder / "data").is_dir():
        end = [programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop"]
        subprocess.run(end, check=False, stdout=subprocess.DEVNULL, cwd=folder, **runner(folder))
    shutil.rmtree(folder, ignore_errors=True)
    return 0


def found_programs() -> Path | None:
    """The newest folder that holds initdb; None where PostgreSQL is not installed."""
    on_path = shutil.which("initdb")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda f: int(f.parent.name), reverse=True)
    found = ([Path(on_path).parent] if on_path else []) + folders
    return next((f for f in found if (f / "initdb").is_file()), None)


def runner(folder: Path) -> dict[str, Any]:
    """Who runs the server: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = next(known[name] for name in UNPRIVILEGED if name in known)
    shutil.chown(folder, user.pw_name)
    return {"user": user.pw_name, "group": user.pw_gid, "extra_groups": []}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
