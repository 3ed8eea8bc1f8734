"""Lets chats follow the mirror: whoever has changed it gives a nudge, and what chats show otherwise is put right."""

import asyncio
import logging
from collections.abc import Awaitable
from contextlib import suppress
from typing import Final

from billing.errors import Problem
from billing.following import Followed, Payer
from billing.ports import Clock
from bot.paid import PaidNotices

log = logging.getLogger(__name__)

AT_ONCE: Final = 10
"""Cards that are drawn at the same time: Teams takes some 50 messages a second of a bot in one tenant."""

PAYERS: Final = 200
"""People who are told between two lots of cards."""


class Following:
    """Works in the background of the process that was nudged, one round at a time. Several processes share what there is."""

    def __init__(self, followed: Followed, notices: PaidNotices, clock: Clock) -> None:
        self._followed = followed
        self._notices = notices
        self._clock = clock
        self._is_nudged = False
        self._working: asyncio.Task[None] | None = None

    def nudge(self) -> None:
        """Look soon whether chats are behind the mirror."""
        self._is_nudged = True
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work())
            self._working.add_done_callback(_told)

    async def settled(self) -> None:
        """Wait until everything has been tried."""
        if self._working is not None:
            await asyncio.wait({self._working})

    async def close(self) -> None:
        """Stop. What is left, the next nudge in any process finds."""
        if self._working is not None:
            self._working.cancel()
            with suppress(asyncio.CancelledError):
                await self._working

    async def _work(self) -> None:
        while self._is_nudged:
            self._is_nudged = False
            await _tried(self._round())

    async def _round(self) -> None:
        """Draw lot after lot, and tell the payers in between. Whom Teams did not let us tell, the next round tries again."""
        tried: set[Payer] = set()
        is_over = False
        while not is_over:
            cards = await self._followed.cards(self._clock(), AT_ONCE)
            await asyncio.gather(*(_tried(self._notices.draw(each)) for each in cards))
            for payer in await self._followed.payers(self._clock(), PAYERS):
                if payer not in tried:
                    tried.add(payer)
                    await _tried(self._notices.confirm(payer))
            is_over = not cards


async def _tried(attempt: Awaitable[None]) -> None:
    """Let the others go on where one fails."""
    try:
        await attempt
    except Problem as problem:
        log.info("following.missed", extra={"problem": type(problem).__name__, "facts": problem.facts})


def _told(done: asyncio.Task[None]) -> None:
    if not done.cancelled() and (error := done.exception()) is not None:
        log.error("following.failed", exc_info=error)
