"""Shows that the bot is typing when an answer takes longer than a second; never after the answer."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Self

from botbuilder.core import TurnContext
from botbuilder.schema import Activity

from bot.adapter import Channel
from bot.connector import NotDelivered

AFTER_S = 1.0


class TypingIndicator:
    """Surrounds a turn that answers a message. Teams' store asks for a sign of life within two seconds."""

    def __init__(self, channel: Channel, activity: Activity, after_s: float = AFTER_S) -> None:
        self._channel = channel
        self._after_s = after_s
        self._activity = activity
        self._later: asyncio.TimerHandle | None = None
        self._showing: asyncio.Task[object] | None = None

    def begin(self) -> None:
        """Start the clock: the person waits from here on, whether or not the turn has begun."""
        if self._activity.type == "message" and self._later is None:
            self._later = asyncio.get_running_loop().call_later(self._after_s, self._show)

    async def __aenter__(self) -> Self:
        self.begin()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.end()

    async def before_sending(self, _context: TurnContext, _activities: object, send: Callable[[], Awaitable[None]]) -> None:
        """Stop before the answer goes out; a hook of ``TurnContext.on_send_activities``."""
        await self.end()
        await send()

    async def end(self) -> None:
        """Show nothing from here on."""
        if self._later is not None:
            self._later.cancel()
        showing, self._showing = self._showing, None
        if showing is not None:
            showing.cancel()
            with suppress(asyncio.CancelledError, NotDelivered):
                await showing

    def _show(self) -> None:
        self._showing = asyncio.create_task(self._channel.run(self._activity, _type))


async def _type(context: TurnContext) -> None:
    await context.send_activity(Activity(type="typing"))
