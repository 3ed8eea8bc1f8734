"""Turns over a real inbox, with everything around them."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import asyncio
import json
from dataclasses import replace
from typing import Any, Final

from botbuilder.core import TurnContext
from botbuilder.schema import Activity, InvokeResponse

from backends.postgres.database import Database
from backends.postgres.inbox import PostgresInbox
from bot.adapter import Channel
from bot.fairness import Bounds
from bot.turns import ABANDONED_AFTER, Limits, Turns
from tests.bot.activities import recorded
from tests.bot.receiver import Receiver
from tests.clock import ChosenClock

FEW = Bounds(running=2, running_of_one=1, waiting=6, waiting_of_one=4)
QUIET: Final = Limits(typing_s=3600)
"""The product's, but nobody sees the bot typing: how long a turn takes is the machine's affair."""


class Desk:
    """Turns with everything around them.

    seen   the text of every activity whose turn has begun
    begun  set once the first turn has begun
    may    lets turns answer; they do at once unless it is cleared
    """

    def __init__(self, receiver: Receiver, database: Database) -> None:
        self.receiver = receiver
        self.clock = ChosenClock()
        self.inbox = PostgresInbox(database, self.clock)
        self.seen: list[str] = []
        self.begun = asyncio.Event()
        self.may = asyncio.Event()
        self.may.set()
        self.failure: Exception | None = None
        self.turns = self.another()

    def another(self, limits: Limits = QUIET) -> Turns:
        """Return what another process has: its own turns, the same inbox."""
        return Turns(Channel(self.receiver.connector), self.inbox, self._on_turn, self.clock, limits, _loop_time)

    def limit(self, **changes: Any) -> None:
        """Go on with other limits; nothing may be under way."""
        self.turns = self.another(replace(QUIET, **changes))

    async def accept(self, activity_id: str = "1", **changes: Any) -> None:
        """Accept a message."""
        wire = self.wire(activity_id, **changes)
        await self.turns.accept(wire, json.dumps(wire).encode())

    def wire(self, activity_id: str = "1", **changes: Any) -> dict[str, Any]:
        """Return a message to be answered at the receiver."""
        return recorded("message", id=activity_id, serviceUrl=self.receiver.url, **changes)

    async def the_next_begins(self) -> None:
        """Let the turns that are under way answer, and wait until one has begun that has to wait again."""
        self.begun.clear()
        self.may.set()
        self.may = asyncio.Event()
        await self.begun.wait()

    def said(self) -> list[str]:
        """Return the texts that were sent."""
        return [each.body.get("text", each.body["type"]) for each in self.receiver.asked]

    async def left(self) -> int:
        """Return how many activities nobody has answered."""
        self.clock.advance(ABANDONED_AFTER)
        return len(await self.inbox.left_over(ABANDONED_AFTER, 100))

    async def _on_turn(self, context: TurnContext) -> None:
        self.seen.append(context.activity.text)
        self.begun.set()
        await self.may.wait()
        if self.failure:
            raise self.failure
        if context.activity.type == "invoke":
            await context.send_activity(Activity(type="invokeResponse", value=InvokeResponse(status=200, body={})))
        else:
            await context.send_activity(f"re: {context.activity.text}")


def _loop_time() -> float:
    """Return the time that deadlines go by, which a test may move."""
    return asyncio.get_running_loop().time()
