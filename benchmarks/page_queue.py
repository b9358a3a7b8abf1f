"""The queue of the llm, as the page tells it: several people ask, one after another, what only the llm can choose.

A place tells how many go before. It is right when it only falls, is no more than those who asked before and had no end
yet, and is more than those of them who were still told to wait: one at least is with the llm then.
"""

from __future__ import annotations

import asyncio
import time
from itertools import pairwise

from page_sessions import Session, Waited

QUESTION = "Lending by region"
"""It leaves the llm a choice."""
PEOPLE = 8
APART_SECONDS = 0.1
"""Between two questions: long enough that their order is sure, shorter than the llm takes for one."""
OLD_SECONDS = 1.5
"""How long a page may tell a place that has changed since."""


async def measure_queue(address: str) -> None:
    """Prints the places that each was told, and whether all were right. Raises AssertionError where one was not."""
    sessions = [await Session.open(address) for _ in range(PEOPLE)]

    async def ask(number: int, session: Session) -> tuple[Waited, float]:
        await asyncio.sleep(number * APART_SECONDS)
        waited = await session.ask(QUESTION)
        return waited, time.perf_counter()

    found = await asyncio.gather(*(ask(n, one) for n, one in enumerate(sessions)))
    for number, (waited, _) in enumerate(found):
        told = ", ".join(str(place) for _, place in waited.places)
        print(f"asked as number {number + 1}: {f'told {told} before it' if told else 'did not wait'}")
        earlier = found[:number]
        for (at, place), (_, then) in pairwise([*waited.places, (0.0, 0)]):
            unended = sum(end > at - OLD_SECONDS for _, end in earlier)
            still = sum(bool(w.places) and w.places[0][0] <= at < w.places[-1][0] for w, _ in earlier)
            assert then < place and still < place <= unended, (number, place, still, unended)
    waiting = sum(bool(waited.places) for waited, _ in found)
    assert waiting >= 3, f"only {waiting} people waited"
    print(f"{waiting} people waited for the llm; every place that was told was right")
    for session in sessions:
        await session.close()
