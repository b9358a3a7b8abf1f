"""One server inside the network, spoken to over HTTP: JSON out, JSON in, every failure one of our errors.

It goes to the address of the settings and nowhere else: no proxy of the environment, no redirect. The key is a header
and never part of a message, and what a server says about a failure is quoted only in part and without the key. A call
can be cancelled at any time; its connection is then closed, so that the server may stop too.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
import urllib.parse
from typing import TYPE_CHECKING, Any

from t2sql.errors import Cancelled, ConfigError, GenerationError, LlmUnavailable

if TYPE_CHECKING:
    import httpx

CONNECT_SECONDS = 5.0
MOST_RETRIES = 2
_BACK_OFF_SECONDS = 0.3
_POLL_SECONDS = 0.05
_RETRIED = (429, 503)
_TOO_LONG = ("context length", "context window", "context size", "too long", "exceed")


class Exchange:
    """Requests to `address` by any number of threads at once. Raises ConfigError for an address that is none."""

    def __init__(self, address: str, *, key: str = "", timeout_seconds: float) -> None:
        self.address = tidy(address)
        self._key = key
        self._timeout_seconds = timeout_seconds
        self._turn = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._client: httpx.AsyncClient | None = None

    def __repr__(self) -> str:
        return f"Exchange({self.address!r})"

    def get(self, path: str, *, cancel: threading.Event | None = None) -> dict[str, Any]:
        """The JSON object at `path`. Raises LlmUnavailable, GenerationError, Cancelled."""
        return self._talk("GET", path, None, cancel)

    def post(self, path: str, body: dict[str, Any], *, cancel: threading.Event | None = None) -> dict[str, Any]:
        """The JSON object that answers `body`. Raises LlmUnavailable, GenerationError, Cancelled."""
        return self._talk("POST", path, body, cancel)

    def close(self) -> None:
        """Close the connections. A later call opens them again."""
        with self._turn:
            loop, client = self._loop, self._client
            self._loop = self._client = None
        if loop is not None and client is not None:
            asyncio.run_coroutine_threadsafe(client.aclose(), loop).result(CONNECT_SECONDS)
            loop.call_soon_threadsafe(loop.stop)

    def _talk(
        self, method: str, path: str, body: dict[str, Any] | None, cancel: threading.Event | None
    ) -> dict[str, Any]:
        running = asyncio.run_coroutine_threadsafe(self._exchange(method, path, body), self._running_loop())
        try:
            while True:
                if cancel is not None and cancel.is_set():
                    raise Cancelled("The work was cancelled.")
                done, _ = concurrent.futures.wait([running], timeout=_POLL_SECONDS if cancel is not None else None)
                if done:
                    return running.result()
        finally:
            running.cancel()

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        import httpx

        with self._turn:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
                timeout = httpx.Timeout(self._timeout_seconds, connect=CONNECT_SECONDS)
                limits = httpx.Limits(max_connections=64)
                self._client = httpx.AsyncClient(headers=headers, timeout=timeout, limits=limits, trust_env=False)
                threading.Thread(target=self._loop.run_forever, name="llm-exchange", daemon=True).start()
            return self._loop

    async def _exchange(self, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        import httpx

        client, url = self._client, self.address + path
        assert client is not None
        try:
            async with asyncio.timeout(self._timeout_seconds):
                for attempt in range(MOST_RETRIES + 1):
                    if attempt:
                        await asyncio.sleep(_BACK_OFF_SECONDS * 3 ** (attempt - 1))
                    try:
                        response = await client.request(method, url, json=body)
                    except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError):
                        if attempt == MOST_RETRIES:
                            raise
                        continue
                    if response.status_code not in _RETRIED:
                        break
        except (TimeoutError, httpx.TimeoutException) as error:
            if isinstance(error, httpx.ConnectTimeout):
                raise self._not_reached() from None
            raise GenerationError(
                f"The llm's server {self.address!r} did not answer within {self._timeout_seconds:g} s.",
                "Ask again, or raise the setting `llm_timeout_seconds`.",
            ) from None
        except httpx.ConnectError:
            raise self._not_reached() from None
        except httpx.HTTPError as error:
            raise GenerationError(
                f"The llm's server {self.address!r} broke the connection ({type(error).__name__}).",
                "Ask again; look at the server's log if it stays so.",
            ) from None
        return self._answer(response, path)

    def _answer(self, response: httpx.Response, path: str) -> dict[str, Any]:
        if response.status_code != 200:
            raise self._failure(response.status_code, self._said(response), path)
        try:
            answer = response.json()
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise LlmUnavailable(
                f"What answers at {self.address + path!r} does not speak JSON.",
                "Set `llm` to the address of an OpenAI-compatible server, such as http://llm.bank:8000.",
            )
        return answer

    def _failure(self, status: int, said: str, path: str) -> LlmUnavailable | GenerationError:
        server = f"The llm's server {self.address!r}"
        if status in (401, 403):
            return LlmUnavailable(f"{server} does not let us in ({status}).", "Set T2SQL_LLM_KEY to the server's key.")
        if status == 404:
            return LlmUnavailable(
                f"{server} has no {path!r} or no such llm (404){said}.",
                "Correct the settings `llm` (the address without /v1) and `llm_name`.",
            )
        if status < 500 and any(words in said.lower() for words in _TOO_LONG):
            return GenerationError(f"The prompt is too long for the server's llm{said}.", "Shorten the question.")
        if status in _RETRIED:
            return GenerationError(f"{server} is busy ({status}).", "Ask again later, or with less --concurrency.")
        if status >= 500:
            return GenerationError(f"{server} failed ({status}){said}.", "Look at the server's log, then ask again.")
        return RefusedRequest(f"{server} refused the request ({status}){said}.", "Look at the server's log.")

    def _said(self, response: httpx.Response) -> str:
        try:
            found = response.json()
            found = found.get("error", found)
            found = found.get("message", "") if isinstance(found, dict) else found
        except (ValueError, AttributeError):
            return ""
        text = " ".join(str(found).split())
        text = text.replace(self._key, "***") if self._key else text
        return f": {text[:200].rstrip('.')}" if text else ""

    def _not_reached(self) -> LlmUnavailable:
        return LlmUnavailable(
            f"The llm's server {self.address!r} cannot be reached.", "Start it, or correct the setting `llm`."
        )


class RefusedRequest(GenerationError):
    """A request that the server does not understand, such as one with a parameter that it does not know."""


def tidy(address: str) -> str:
    """`address` without a slash or /v1 at its end. Raises ConfigError unless it is http(s)://host, without a user."""
    parts = urllib.parse.urlsplit(address)
    try:
        is_plain = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_plain = False
    if "@" in parts.netloc:
        raise ConfigError("The setting 'llm' has a user or a key in its address.", "Put the key into T2SQL_LLM_KEY.")
    if not is_plain or parts.query or parts.fragment:
        raise ConfigError(f"The setting 'llm' is no address of a server: {address!r}.", "Write http://host:port.")
    return address.rstrip("/").removesuffix("/v1").rstrip("/")
