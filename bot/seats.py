"""Places for pressed buttons: Teams waits for their answers, so few stand in line, and companies take turns for the next place."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from billing.errors import Overloaded
from bot.fairness import Bounds, Line


class Seats:
    """So many are served at a time, altogether and of one company."""

    def __init__(self, bounds: Bounds) -> None:
        self._line: Line[asyncio.Future[None]] = Line(bounds)

    @asynccontextmanager
    async def one(self, owner: str) -> AsyncGenerator[None]:
        """Have a place until the block ends, as soon as it is the turn of *owner*. Raises Overloaded where too many wait."""
        if not self._line.has_room(owner):
            raise Overloaded(presses=len(self._line))
        called = asyncio.get_running_loop().create_future()
        self._line.put(owner, called)
        self._call()
        try:
            await called
            yield
        finally:
            if not called.cancelled():
                self._line.done(owner)
                self._call()

    def _call(self) -> None:
        while (found := self._line.take()) is not None:
            owner, called = found
            if called.done():  # gave up waiting
                self._line.done(owner)
            else:
                called.set_result(None)
