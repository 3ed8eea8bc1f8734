"""The one gate that every request to an environment passes, so that together they stay below Dataverse's limits."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

from backends.dataverse.limits import Limits
from billing.errors import SourceDown

Seconds = Callable[[], float]
"""A clock that only runs forward (``time.monotonic``)."""

Sleep = Callable[[float], Awaitable[None]]
"""Waits that many seconds (``asyncio.sleep``)."""


class Gate:
    """Lets requests through: so many at once, so many in any window, and none during a pause."""

    def __init__(self, limits: Limits, clock: Seconds, sleep: Sleep) -> None:
        self._limits = limits
        self._clock = clock
        self._sleep = sleep
        self._slots = asyncio.Semaphore(limits.concurrent)
        self._sent: deque[float] = deque()
        self._shut_until = clock()

    def pause(self, seconds: float) -> None:
        """Let nobody through for that long; a longer pause that is under way stays."""
        self._shut_until = max(self._shut_until, self._clock() + seconds)

    @asynccontextmanager
    async def passed(self, until: float) -> AsyncGenerator[None]:
        """Hold one of the places. Raises SourceDown, at once where that is foreseeable, when none comes free before *until*."""
        try:
            async with asyncio.timeout(max(until - self._clock(), 0)):
                await self._slots.acquire()
        except TimeoutError as error:
            raise SourceDown(source="dataverse", reason="too many requests of our own") from error
        try:
            await self._opened(until)
            yield
        finally:
            self._slots.release()

    async def _opened(self, until: float) -> None:
        while (wait := self._wait()) > 0:
            if self._clock() + wait > until:
                raise SourceDown(source="dataverse", reason="limit reached", wait_s=round(wait))
            await self._sleep(wait)
        self._sent.append(self._clock())

    def _wait(self) -> float:
        """Return how long the pause and the window keep the gate shut; nothing or less when it is open."""
        now = self._clock()
        while self._sent and self._sent[0] <= now - self._limits.window_s:
            self._sent.popleft()
        full = len(self._sent) >= self._limits.requests
        return max(self._shut_until - now, self._sent[0] + self._limits.window_s - now if full else 0)
