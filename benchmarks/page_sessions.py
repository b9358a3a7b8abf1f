"""People without browsers: each speaks the page's own protocol to the server, draws nothing, and asks one question
after another.

What they wait for is the server's part alone: finding the answer, and making the page that shows it. It must never be
told as what a person at a browser waits for.
"""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

from ui.words import WORDS

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

WAIT_SECONDS = 120.0
LARGEST_MESSAGE = 64 * 2**20
WARMING = WORDS["warming"][0]
TURN = re.compile(r"turn-(\d+)$")


@dataclass
class Waited:
    """Seconds after a question was sent; 0 for what has not come."""

    first: float = 0.0
    answer: float = 0.0
    places: list[tuple[float, int]] = field(default_factory=list)
    """Places in the llm's queue that were told, each when it was told first (perf_counter's seconds)."""


class Session:
    """One person's connection. It asks for drawings by the server's timers, as a browser does."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._reader = asyncio.create_task(self._read())
        self._timers: dict[str, asyncio.Task[None]] = {}
        self._known: dict[str, ForwardMsg] = {}
        self._turns: dict[tuple[int, ...], int] = {}
        self._box = ""
        self._page = ""
        self._sent = 0.0
        self._asked = 0
        self._waited = Waited()
        self._is_ready, self._is_over = asyncio.Event(), asyncio.Event()
        self.is_warming = False
        """Whether the page says that the llm gets ready."""
        self.bytes = self.messages = 0

    @classmethod
    async def open(cls, address: str) -> Self:
        """A session whose page has been drawn once."""
        uri = f"ws{address.removeprefix('http')}/_stcore/stream"
        socket = await connect(uri, subprotocols=["streamlit"], max_size=LARGEST_MESSAGE, origin=address)  # type: ignore[list-item, arg-type]
        session = cls(socket)
        await session._send(BackMsg())
        async with asyncio.timeout(WAIT_SECONDS):
            await session._is_ready.wait()
        return session

    async def ask(self, text: str) -> Waited:
        """Send a question and wait for the sentence that answers, or another end."""
        message = BackMsg()
        state = message.rerun_script.widget_states.widgets.add(id=self._box)
        state.chat_input_value.data = text
        self._waited, self._asked, self._sent = Waited(), self._asked + 1, time.perf_counter()
        self._is_over.clear()
        await self._send(message)
        async with asyncio.timeout(WAIT_SECONDS):
            await self._is_over.wait()
        return self._waited

    async def close(self) -> None:
        """Leave."""
        for timer in self._timers.values():
            timer.cancel()
        self._reader.cancel()
        await self._socket.close()

    async def _send(self, message: BackMsg) -> None:
        script = message.rerun_script
        script.page_script_hash = self._page
        script.context_info.locale = "zh-CN"
        script.context_info.timezone = "UTC"
        script.context_info.url = "http://127.0.0.1/"
        script.cached_message_hashes.extend(self._known)
        await self._socket.send(message.SerializeToString())

    async def _read(self) -> None:
        async for raw in self._socket:
            assert isinstance(raw, bytes)
            self.bytes += len(raw)
            self.messages += 1
            message = ForwardMsg.FromString(raw)
            kind = message.WhichOneof("type")
            if kind == "ref_hash":
                known = self._known[message.ref_hash]
                kept = ForwardMsg()
                kept.CopyFrom(known)
                kept.metadata.CopyFrom(message.metadata)
                message, kind = kept, known.WhichOneof("type")
            elif message.metadata.cacheable:
                self._known[message.hash] = message
            if kind == "new_session":
                self._begin(message)
            elif kind == "delta":
                self._see(tuple(message.metadata.delta_path), message.delta)
            elif kind == "auto_rerun":
                self._repeat(message.auto_rerun)
            elif kind == "stop_auto_rerun":
                for fragment in message.stop_auto_rerun.fragment_ids:
                    if timer := self._timers.pop(fragment, None):
                        timer.cancel()

    def _begin(self, message: ForwardMsg) -> None:
        """A run of the script: of the whole page, the timers end that it does not set again."""
        self._page = message.new_session.page_script_hash
        if not message.metadata.run.fragment_ids:
            self._turns.clear()
            self.is_warming = False
            for timer in self._timers.values():
                timer.cancel()
            self._timers.clear()

    def _repeat(self, asked: Any) -> None:
        old = self._timers.pop(asked.fragment_id, None)
        if old:
            old.cancel()
        self._timers[asked.fragment_id] = asyncio.create_task(self._rerun(asked.fragment_id, asked.interval))

    async def _rerun(self, fragment: str, interval: float) -> None:
        while True:
            await asyncio.sleep(interval)
            message = BackMsg()
            message.rerun_script.fragment_id = fragment
            message.rerun_script.is_auto_rerun = True
            await self._send(message)

    def _see(self, path: tuple[int, ...], delta: Any) -> None:
        """One piece of the page."""
        kind = delta.WhichOneof("type")
        if kind == "add_block":
            if found := TURN.search(delta.add_block.id):
                self._turns[path] = int(found[1])
            return
        if kind != "new_element":
            return
        element = delta.new_element
        if element.WhichOneof("type") == "chat_input":
            self._box = element.chat_input.id
            self._is_ready.set()
        elif element.WhichOneof("type") == "html":
            self.is_warming |= WARMING in element.html.body
            if self._of_last(path):
                self._hear(element.html.body)

    def _of_last(self, path: tuple[int, ...]) -> bool:
        return any(self._turns.get(path[:n]) == self._asked for n in range(1, len(path)))

    def _hear(self, body: str) -> None:
        """Words in the newest turn."""
        waited, since = self._waited, time.perf_counter() - self._sent
        if not waited.first:
            waited.first = since
        if place := re.search(r"(?:还有|busy:) (\d+)", body):
            told = int(place[1])
            if not waited.places or waited.places[-1][1] != told:
                waited.places.append((time.perf_counter(), told))
        if not waited.answer and ('class="headline"' in body or "notice" in body):
            waited.answer = since
            self._is_over.set()
