"""Lets a few requests in at a time, so that a crowd at the door does not keep those waiting who are in."""

import asyncio

from billing.errors import Overloaded
from bot.fairness import Bounds, Line

BOUNDS = Bounds(running=4, running_of_one=4, waiting=1000, waiting_of_one=400)
"""What runs is let in in one round of the event loop: the turns that are under way get the rest of it."""


class Turnstile:
    """Companies take turns here, too. It costs nothing while fewer come than may pass."""

    def __init__(self, bounds: Bounds = BOUNDS) -> None:
        self._line: Line[asyncio.Future[None]] = Line(bounds)
        self._passed: list[str] = []

    async def enter(self, owner: str) -> None:
        """Wait until it is the turn of *owner*. Raises Overloaded where too many wait."""
        if not self._line.has_room(owner):
            raise Overloaded(at_the_door=len(self._line))
        passes = asyncio.get_running_loop().create_future()
        self._line.put(owner, passes)
        self._let_in()
        await passes

    def _let_in(self) -> None:
        is_first = not self._passed
        while (found := self._line.take()) is not None:
            owner, passes = found
            if passes.done():  # hung up
                self._line.done(owner)
            else:
                passes.set_result(None)
                self._passed.append(owner)
        if is_first and self._passed:
            asyncio.get_running_loop().call_soon(self._next_round)

    def _next_round(self) -> None:
        for owner in self._passed:
            self._line.done(owner)
        self._passed.clear()
        self._let_in()
