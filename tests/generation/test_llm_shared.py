"""One llm for several processes: real processes, spawned, and what the two sides owe each other."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from t2sql.errors import Cancelled, GenerationError, LlmUnavailable
from t2sql.generation.llm import Llm, ScriptedLlm, Writing
from t2sql.generation.shared import LlmAddress, LlmHost, SharedLlm

GRAMMAR = 'start: "SELECT npl_ratio FROM bank" | "SELECT loan_balance FROM bank"'
ANSWERS = {"不良": "SELECT npl_ratio FROM bank", "loans": "SELECT loan_balance FROM bank"}


class Patient(ScriptedLlm):
    """Waits for its cancel where the suffix says so; knows what it was told, and how many write at once."""

    def __init__(self) -> None:
        super().__init__(ANSWERS)
        self.cancelled = threading.Event()
        self.running = 0
        self.most_running = 0
        self.is_closed = False
        self._counting = threading.Lock()

    def write(
        self,
        prefix: str,
        suffix: str,
        grammar: str,
        *,
        max_tokens: int,
        tail: str = "",
        cancel: threading.Event | None = None,
    ) -> Writing:
        with self._counting:
            self.running += 1
            self.most_running = max(self.most_running, self.running)
        try:
            if "wait" in suffix:
                assert cancel is not None
                assert cancel.wait(30), "nobody cancelled"
                self.cancelled.set()
                raise Cancelled("The work was cancelled.")
            if "together" in suffix:
                until = time.monotonic() + 30
                while self.most_running < 2 and time.monotonic() < until:
                    time.sleep(0.01)
            return super().write(prefix, suffix, grammar, max_tokens=max_tokens, tail=tail, cancel=cancel)
        finally:
            with self._counting:
                self.running -= 1

    def prepare(self, prefix: str, progress: Callable[[float], None] | None = None) -> bool:
        if progress is not None:
            progress(0.5)
            progress(1.0)
        return False

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def llm() -> Patient:
    return Patient()


@pytest.fixture
def host(llm: Patient) -> Iterator[LlmHost]:
    with LlmHost(lambda: llm) as host:
        yield host


def write(llm: Llm, suffix: str, cancel: threading.Event | None = None, max_tokens: int = 99) -> Writing:
    return llm.write("p", suffix, GRAMMAR, max_tokens=max_tokens, cancel=cancel)


def _ask_in_a_process(address: LlmAddress, suffix: str, answers: object) -> None:
    try:
        answers.put((os.getpid(), write(SharedLlm(address), suffix).text))  # type: ignore[attr-defined]
    except Exception as error:
        answers.put((os.getpid(), repr(error)))  # type: ignore[attr-defined]


def test_two_processes_ask_one_llm_at_the_same_time(host: LlmHost, llm: Patient) -> None:
    spawn = multiprocessing.get_context("spawn")
    answers = spawn.Queue()
    asked = ("together 不良", "together loans")
    workers = [spawn.Process(target=_ask_in_a_process, args=(host.address, text, answers)) for text in asked]
    for worker in workers:
        worker.start()
    heard = [answers.get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join(30)
    assert {text for _pid, text in heard} == set(ANSWERS.values())
    assert len({pid for pid, _text in heard} | {os.getpid()}) == 3
    assert llm.most_running == 2


def test_a_process_that_is_killed_leaves_nothing_running(host: LlmHost, llm: Patient) -> None:
    spawn = multiprocessing.get_context("spawn")
    answers = spawn.Queue()
    worker = spawn.Process(target=_ask_in_a_process, args=(host.address, "wait", answers))
    worker.start()
    until = time.monotonic() + 60
    while not llm.running and time.monotonic() < until:
        time.sleep(0.05)
    os.kill(worker.pid or 0, signal.SIGKILL)
    worker.join(30)
    assert llm.cancelled.wait(30)
    assert write(SharedLlm(host.address), "不良").text == ANSWERS["不良"]


def test_it_stands_where_an_llm_stands(host: LlmHost, llm: Patient) -> None:
    shared = SharedLlm(host.address)
    typed: Llm = shared
    heard: list[float] = []
    assert write(typed, "loans") == write(llm, "loans")
    assert typed.count("四个汉字") == 4
    assert typed.fingerprint == "scripted"
    assert typed.prepare("p", heard.append) is False and heard == [0.5, 1.0]
    shared.close()
    assert write(shared, "loans").text == ANSWERS["loans"]


def test_the_llm_is_loaded_at_the_first_call_and_once(llm: Patient) -> None:
    loaded = []
    with LlmHost(lambda: loaded.append(1) or llm) as host:  # type: ignore[func-returns-value]
        shared = SharedLlm(host.address)
        assert loaded == []
        write(shared, "loans"), write(shared, "不良")
        assert loaded == [1]
    assert llm.is_closed


def test_errors_come_over_whole(host: LlmHost) -> None:
    shared = SharedLlm(host.address)
    with pytest.raises(GenerationError, match="longer than 3 tokens") as caught:
        write(shared, "loans", max_tokens=3)
    assert caught.value.hint == "Ask for less in one question."
    with pytest.raises(GenerationError, match=r"LookupError.*nothing is scripted"):
        write(shared, "weather")
    assert write(shared, "loans").text == ANSWERS["loans"]


def test_an_llm_that_cannot_be_loaded_is_told_to_each_caller() -> None:
    def load() -> Llm:
        raise LlmUnavailable("There are no weights.", "Run `t2sql llm pull`.")

    with LlmHost(load) as host:
        for _ in range(2):
            with pytest.raises(LlmUnavailable, match="no weights") as caught:
                write(SharedLlm(host.address), "loans")
            assert caught.value.hint == "Run `t2sql llm pull`."


def test_cancel_reaches_the_host(host: LlmHost, llm: Patient) -> None:
    shared, cancel = SharedLlm(host.address), threading.Event()
    threading.Timer(0.2, cancel.set).start()
    with pytest.raises(Cancelled):
        write(shared, "wait", cancel)
    assert llm.cancelled.wait(30)
    with pytest.raises(Cancelled):
        write(shared, "loans", cancel)
    assert write(shared, "loans").text == ANSWERS["loans"]


def test_closing_ends_what_runs_and_nobody_waits_for_ever(llm: Patient) -> None:
    host = LlmHost(lambda: llm)
    shared, ended = SharedLlm(host.address), []

    def ask() -> None:
        try:
            write(shared, "wait")
        except (Cancelled, LlmUnavailable) as error:
            ended.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    until = time.monotonic() + 30
    while not llm.running and time.monotonic() < until:
        time.sleep(0.01)
    host.close()
    host.close()
    asking.join(30)
    assert len(ended) == 1 and llm.cancelled.is_set() and llm.is_closed
    assert not Path(host.address.path).parent.exists()
    with pytest.raises(LlmUnavailable, match="has ended"):
        write(SharedLlm(host.address), "loans")


def test_the_key_is_asked_for_and_never_shown(host: LlmHost) -> None:
    with pytest.raises(LlmUnavailable):
        write(SharedLlm(LlmAddress(host.address.path, b"guessed")), "loans")
    assert write(SharedLlm(host.address), "loans").text == ANSWERS["loans"]
    assert host.address.key.hex() not in repr(host.address) and "key" not in repr(host.address)
    assert pickle.loads(pickle.dumps(host.address)) == host.address
    assert os.stat(Path(host.address.path).parent).st_mode & 0o077 == 0
