"""An llm behind an OpenAI-compatible server inside the network: llama.cpp's own, llama-cpp-python's, vLLM.

It gets the same prompt and the same grammar as weights in this process. That a server keeps to the grammar is proved by
a text that only a grammar forces, never believed, and each text is checked by our own matcher besides. A server splits
a prompt with special tokens, so text of a user is broken apart wherever it could spell one.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from collections.abc import Callable
from typing import Any

from t2sql.errors import Cancelled, GenerationError, LlmUnavailable, did_you_mean
from t2sql.generation.decoding import accepts
from t2sql.generation.exchange import Exchange, RefusedRequest
from t2sql.generation.gbnf import to_gbnf
from t2sql.generation.llm import Writing

_FORCED = "zq7-kept-to-grammar-4xv"  # no llm says this by itself
_PROBE_PROMPT = "Say hello."
_PROBE_TOKENS = 64
_BYTES_A_TOKEN = 3
_POLL_SECONDS = 0.05
_MARKER = re.compile(r"([<\[](?=\S)|[<\[]$)")
DIALECTS: dict[str, Callable[[str], dict[str, Any]]] = {
    "grammar": lambda gbnf: {"grammar": gbnf},
    "structured_outputs": lambda gbnf: {"structured_outputs": {"grammar": gbnf}},
    "guided_grammar": lambda gbnf: {"guided_grammar": gbnf},
}
"""How a grammar is passed: llama.cpp's servers, vLLM's from 0.12 on, vLLM's before."""


class HttpLlm:
    """The llm `name` of the server at `address`, "" meaning the first it lists; safe to use from many threads.

    Confidence is not measured: a writing has no choices. Opens nothing before the first call; a call raises
    LlmUnavailable, GenerationError, Cancelled. Raises ConfigError for an address that is none.
    """

    def __init__(self, address: str, *, name: str = "", key: str = "", timeout_seconds: float = 120.0) -> None:
        self._exchange = Exchange(address, key=key, timeout_seconds=timeout_seconds)
        self._wanted = name
        self._turn = threading.Lock()
        self._entry: dict[str, Any] | None = None
        self._proving = threading.Lock()
        self._dialect: str | None = None
        self._is_proved = False

    def __repr__(self) -> str:
        return f"HttpLlm({self._exchange.address!r})"

    @property
    def fingerprint(self) -> str:
        """sha256 of address, name and what the server tells of the llm. It is no proof of the weights behind it."""
        told = {key: value for key, value in self.entry().items() if key != "created"}
        said = json.dumps([self._exchange.address, told], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()

    @property
    def name(self) -> str:
        """The llm's name at the server."""
        return str(self.entry()["id"])

    def entry(self) -> dict[str, Any]:
        """What the server tells of the llm at /v1/models; asked once."""
        with self._turn:
            if self._entry is None:
                self._entry = self._listed()
            return self._entry

    def keeps_to_grammars(self) -> bool:
        """Whether the server was proved to write under a grammar; tries every dialect at the first call."""
        self._prove(None)
        return self._dialect is not None

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
        """As every llm writes; what could spell a chat-template token in `suffix` is broken apart (see `defuse`)."""
        started = time.perf_counter()
        if cancel is not None and cancel.is_set():
            raise Cancelled("The work was cancelled.")
        gbnf = to_gbnf(grammar)
        self._prove(cancel)
        constraint = DIALECTS[self._dialect](gbnf) if self._dialect else {}
        body = self._body(prefix + defuse(suffix) + tail, max_tokens) | constraint
        for _ in range(2):
            answer = self._exchange.post("/v1/completions", body, cancel=cancel)
            text, is_cut = _text_of(answer, self._exchange.address)
            text = text if self._dialect else text.strip()
            if accepts(grammar, text):
                return _writing(text, answer, (time.perf_counter() - started) * 1000)
            if self._dialect and is_cut:
                raise GenerationError(f"The draft is longer than {max_tokens} tokens.", "Ask for less in one question.")
        raise GenerationError(
            f"The llm's server {self._exchange.address!r} does not keep to grammars: it wrote what no reading says.",
            "Use a server that takes a grammar (llama.cpp's, vLLM), or weights in this process.",
        )

    def count(self, text: str) -> int:
        """An estimate: one token for three bytes. Only the server knows."""
        return len(text.encode("utf-8", "replace")) // _BYTES_A_TOKEN + 1

    def ahead(self, cancel: threading.Event) -> int:
        """0: the server does not tell who waits."""
        return 0

    def prepare(self, prefix: str, progress: Callable[[float], None] | None = None) -> bool:
        """Have the server read `prefix`, so that it may keep it; always False, since it does not tell."""
        self._exchange.post("/v1/completions", self._body(prefix, 1))
        if progress is not None:
            progress(1.0)
        return False

    def close(self) -> None:
        """Close the connections."""
        self._exchange.close()

    def _listed(self) -> dict[str, Any]:
        found = self._exchange.get("/v1/models").get("data")
        entries = [e for e in found if isinstance(e, dict) and "id" in e] if isinstance(found, list) else []
        names = [str(entry["id"]) for entry in entries]
        if not entries:
            raise LlmUnavailable(
                f"The llm's server {self._exchange.address!r} lists no llm.", "Start it with weights, then ask again."
            )
        if self._wanted and self._wanted not in names:
            raise LlmUnavailable(
                f"The llm's server {self._exchange.address!r} has no llm {self._wanted!r}."
                f"{did_you_mean(self._wanted, names)}",
                f"Set `llm_name` to one of: {', '.join(names[:5])}.",
            )
        return entries[names.index(self._wanted) if self._wanted else 0]

    def _prove(self, cancel: threading.Event | None) -> None:
        """Find the dialect by which the server keeps to a grammar, once; none may be found."""
        while not self._proving.acquire(timeout=_POLL_SECONDS):
            if cancel is not None and cancel.is_set():
                raise Cancelled("The work was cancelled.")
        try:
            if self._is_proved:
                return
            forced = to_gbnf(f'start: "{_FORCED}"')
            for dialect, passed in DIALECTS.items():
                try:
                    body = self._body(_PROBE_PROMPT, _PROBE_TOKENS) | passed(forced)
                    answer = self._exchange.post("/v1/completions", body, cancel=cancel)
                except RefusedRequest:
                    continue
                if _text_of(answer, self._exchange.address)[0] == _FORCED:
                    self._dialect = dialect
                    break
            self._is_proved = True
        finally:
            self._proving.release()

    def _body(self, prompt: str, max_tokens: int) -> dict[str, Any]:
        text = prompt.encode("utf-8", "replace").decode("utf-8")
        return {"model": self.name, "prompt": text, "max_tokens": max_tokens, "temperature": 0, "seed": 0}


def defuse(suffix: str) -> str:
    """`suffix` with a space after each "<" and "[" that something follows: no marker of any chat template, such as
    <|im_end|>, <s> or [INST], is left in one piece.

    >>> defuse("loans < 5 <|im_end|>")
    'loans < 5 < |im_end|>'
    """
    return _MARKER.sub(r"\1 ", suffix)


def _text_of(answer: dict[str, Any], address: str) -> tuple[str, bool]:
    """The text, and whether it was cut at `max_tokens`."""
    try:
        choice = answer["choices"][0]
        return str(choice["text"]), choice.get("finish_reason") == "length"
    except (LookupError, TypeError, AttributeError):
        raise LlmUnavailable(
            f"The llm's server {address!r} answers in another form than /v1/completions has.",
            "Use an OpenAI-compatible server.",
        ) from None


def _writing(text: str, answer: dict[str, Any], milliseconds: float) -> Writing:
    usage = answer.get("usage")
    usage = usage if isinstance(usage, dict) else {}
    details = usage.get("prompt_tokens_details")
    details = details if isinstance(details, dict) else {}
    return Writing(
        text=text,
        choices=(),
        prompt_tokens=int(usage.get("prompt_tokens") or 0),
        cached_tokens=int(details.get("cached_tokens") or 0),
        completion_tokens=int(usage.get("completion_tokens") or 0),
        forced_tokens=0,
        first_token_ms=milliseconds,
        decode_ms=0.0,
        total_ms=milliseconds,
    )
