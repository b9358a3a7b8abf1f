"""Fixtures of the llm's tests: the small weights, a server of llama-cpp-python over them, llama.cpp's own grammar."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import platformdirs
import pytest

from t2sql.generation.llama import Llama

from needs import needs

PATIENCE_SECONDS = 120
KEY = "the-key-of-this-server"


def _cached(name: str) -> Path:
    path = Path(platformdirs.user_cache_dir("t2sql")) / "llms" / f"{name}.gguf"
    needs(path.is_file(), f"the llm {name!r} (`t2sql llm pull {name}`)")
    return path


@pytest.fixture(scope="session")
def small_weights() -> Path:
    """The 0.5B weights."""
    return _cached("qwen2.5-coder-0.5b")


@pytest.fixture(scope="session")
def usual_weights() -> Path:
    """The weights that an installation has by default."""
    return _cached("qwen2.5-coder-1.5b")


@pytest.fixture(scope="session")
def server_key() -> str:
    """The key that the server of this run wants."""
    return KEY


@pytest.fixture(scope="session")
def llm_server(small_weights: Path) -> Iterator[str]:
    """Address of llama-cpp-python's own server over the small weights, on loopback; it wants KEY."""
    pytest.importorskip("fastapi")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--host", "127.0.0.1", "--port", str(port), "--n_ctx", "2048", "--api_key", KEY]
    command = [sys.executable, "-m", "llama_cpp.server", "--model", str(small_weights), *options]
    environ = {**os.environ, "GOMP_SPINCOUNT": "1000"}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environ) as server:
        try:
            address = f"http://127.0.0.1:{port}"
            until = time.monotonic() + PATIENCE_SECONDS
            while not _answers(address):
                assert server.poll() is None, "the server ended"
                assert time.monotonic() < until, "the server did not start"
                time.sleep(0.2)
            yield address
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()


def _answers(address: str) -> bool:
    request = urllib.request.Request(f"{address}/v1/models", headers={"Authorization": f"Bearer {KEY}"})
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


@pytest.fixture(scope="session")
def gbnf_accepts(small_weights: Path) -> Iterator[Callable[[str, str], bool]]:
    """Whether llama.cpp's own grammar sampler accepts a whole text under a GBNF grammar."""
    import ctypes

    from llama_cpp import llama_cpp as native

    llama = Llama(small_weights, context_tokens=256)

    def accepted(gbnf: str, text: str) -> bool:
        sampler = native.llama_sampler_init_grammar(llama.vocabulary, gbnf.encode(), b"root")
        assert sampler, "llama.cpp does not read this grammar"
        try:
            for token in (*llama.tokenize(text, special=False), llama.end_tokens[0]):
                one = native.llama_token_data(token, 1.0, 0.0)
                beside = native.llama_token_data_array(ctypes.pointer(one), 1, -1, False)
                native.llama_sampler_apply(sampler, ctypes.byref(beside))
                if one.logit == float("-inf"):
                    return False
                native.llama_sampler_accept(sampler, token)
            return True
        finally:
            native.llama_sampler_free(sampler)

    yield accepted
    llama.close()
