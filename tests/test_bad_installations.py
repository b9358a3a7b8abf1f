"""What can be wrong with an installation: each ends in an error with a hint and its exit code, and no trace."""

# ruff: noqa: E501
# One case a line.
from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from shop import build_shop, run_t2sql

ASK = ("ask", "2025年各城市的销售收入")
SERVE = ("serve", "--port", "8597")
Break = Callable[[Path], None]


def write(name: str, text: str) -> Break:
    """Replace a file."""
    return lambda folder: (folder / name).write_text(text, encoding="utf-8") and None


def change(name: str, old: str, new: str) -> Break:
    """Replace text inside a file."""

    def apply(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")

    return apply


def remove(name: str) -> Break:
    """Remove a file."""
    return lambda folder: (folder / name).unlink()


def own_cache(folder: Path) -> None:
    """A cache folder with nothing in it."""
    settings = folder / "t2sql.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + f'cache_dir = "{folder}/cache"\n', encoding="utf-8")


def with_weights(content: bytes) -> Break:
    """A file in the place of the weights."""

    def apply(folder: Path) -> None:
        own_cache(folder)
        (folder / "bad.gguf").write_bytes(content)
        settings = folder / "t2sql.toml"
        settings.write_text(settings.read_text(encoding="utf-8") + f'llm = "{folder}/bad.gguf"\n', encoding="utf-8")

    return apply


MODEL, POLICIES, SETTINGS = "metrics/shop/model.yml", "metrics/shop/policies.yml", "t2sql.toml"
CASES: list[tuple[str, Break, tuple[str, ...], int, str]] = [
    ("no database", remove("shop.duckdb"), ASK, 8, "does not exist"),
    ("a text file as database", write("shop.duckdb", "not a database, " * 500), ASK, 8, "cannot be opened"),
    ("a truncated database", lambda f: (f / "shop.duckdb").write_bytes((f / "shop.duckdb").read_bytes()[:5000]) and None, ASK, 8, "→"),
    ("no definitions", remove(MODEL), ASK, 3, "model.yml"),
    ("no policies", remove(POLICIES), ASK, 3, "policies.yml"),
    ("broken YAML", change(MODEL, "datasets:", "datasets: ["), ASK, 3, "model.yml:"),
    ("a tab in YAML", change(MODEL, "    datasets:", "\tdatasets:"), ASK, 3, "model.yml:"),
    ("an unknown key", change(MODEL, "primary_key: [store_id]", "primary_keys: [store_id]"), ASK, 3, "Did you mean 'primary_key'"),
    ("an unknown field", change(MODEL, "SUM(sales.amount)", "SUM(sales.amont)"), ASK, 3, "model.yml:"),
    ("bad SQL in a metric", change(MODEL, "SUM(sales.amount)", "SUM(sales.amount"), ASK, 3, "model.yml:"),
    ("an unknown role", change(POLICIES, "[everything]", "[everthing]"), ASK, 3, "everthing"),
    ("nobody asks", change(SETTINGS, 'principal = "analyst"', ""), ASK, 6, "Nobody is signed in"),
    ("an unknown principal", change(SETTINGS, '"analyst"', '"ceo"'), ASK, 6, "Nobody is signed in"),
    ("choosing who asks outside a demo", lambda f: None, (*ASK, "--as", "ceo"), 6, "demo"),
    ("broken settings", write(SETTINGS, "metrics = "), ASK, 3, "t2sql.toml"),
    ("an unknown setting", change(SETTINGS, "source", "sorce"), ASK, 3, "sorce"),
    ("a setting out of range", change(SETTINGS, "metrics = ", "row_limit = 0\nmetrics = "), ASK, 3, "row_limit"),
    ("no weights", own_cache, SERVE, 4, "llm pull"),
    ("weights that are no GGUF", with_weights(b"<html>not found</html>" * 100), SERVE, 4, "GGUF"),
    ("weights cut short", with_weights(b"GGUF\x03\x00\x00\x00" + b"\x00" * 64), SERVE, 4, "→"),
    ("semantic SQL that writes", lambda f: None, ("sql", "DROP TABLE sale"), 2, "SELECT"),
    ("semantic SQL with an unknown metric", lambda f: None, ("sql", "SELECT revenu FROM shop"), 2, "Did you mean 'revenue'"),
    ("semantic SQL over a raw table", lambda f: None, ("sql", "SELECT amount FROM sale"), 2, "FROM shop"),
    ("an empty question", lambda f: None, ("ask", "  "), 2, "→"),
    ("a question of 20,000 characters", lambda f: None, ("ask", "收入" * 10_000), 2, "→"),
    ("a period before any load", lambda f: None, ("sql", "SELECT revenue FROM shop WHERE year = '2035'"), 2, "last load"),
]  # fmt: skip


@pytest.mark.parametrize(("damage", "words", "code", "told"), [pytest.param(*case[1:], id=case[0]) for case in CASES])
def test_what_is_wrong_is_told(damage: Break, words: tuple[str, ...], code: int, told: str, tmp_path: Path) -> None:
    """Exit code by the table, what to do next, no stack trace, and the database as it was."""
    folder = build_shop(tmp_path)
    damage(folder)
    bank = folder / "shop.duckdb"
    before = hashlib.sha256(bank.read_bytes()).hexdigest() if bank.is_file() else ""
    done = run_t2sql(*words, folder=folder)
    speech = done.stdout + done.stderr
    assert done.returncode == code, speech
    assert told in speech
    assert "→" in speech
    assert "Traceback" not in speech
    assert (hashlib.sha256(bank.read_bytes()).hexdigest() if bank.is_file() else "") == before


def test_an_index_of_older_definitions_is_replaced(tmp_path: Path) -> None:
    """Changed definitions are found at the next question, without being told to."""
    folder = build_shop(tmp_path)
    own_cache(folder)
    first = run_t2sql("index", folder=folder)
    assert first.returncode == 0, first.stderr
    built = {path.name for path in (folder / "cache" / "index").iterdir()}
    change(MODEL, "en: revenue}}", "en: income from shops}}")(folder)
    done = run_t2sql("ask", "how well did shops sell by city in 2025", folder=folder)
    assert done.returncode in (0, 9, 10), done.stderr
    now = {path.name for path in (folder / "cache" / "index").iterdir()}
    assert len(now - built) == 1, "an index of the new definitions stands"
