"""How fast one tenant is written to."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Final

PER_S: Final = 25
"""Messages a second; sent in fives, no second sees more than 30. Teams allows an app 50 requests a second in one tenant: the
rest is for answers in chat."""

Sleep = Callable[[float], Awaitable[None]]


BESIDE_CHAT_PER_S: Final = 100
"""Messages a second of a process that answers in chat as well: a tenth of what it could do, so that nobody waits for an answer."""


class Pace:
    """Spaces messages evenly, and saves nothing up."""

    def __init__(self, per_s: float = PER_S, sleep: Sleep = asyncio.sleep) -> None:
        self._per_s = per_s
        self._sleep = sleep
        self._in_order = asyncio.Lock()
        self._free_at = 0.0

    async def take(self, messages: int) -> None:
        """Wait until *messages* may be sent, and count them. Who comes first is first."""
        async with self._in_order:
            await self._sleep(max(0.0, self._free_at - monotonic()))
            self._free_at = monotonic() + messages / self._per_s
