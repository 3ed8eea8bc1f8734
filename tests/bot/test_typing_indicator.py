"""The sign of life: there when an answer takes long, and never after the answer."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import asyncio

import pytest
from aiohttp import web
from botbuilder.core import TurnContext

from bot.adapter import Channel
from bot.codec import decode
from bot.typing_indicator import AFTER_S, TypingIndicator
from tests.bot.activities import recorded
from tests.bot.receiver import Receiver, Reply, delivered, refused
from tests.patience import PATIENCE_S


async def turn(receiver: Receiver, answer_when: asyncio.Event, name: str = "message") -> list[str]:
    """Run a turn that answers when it is told, and return the types of what was sent."""
    channel = Channel(receiver.connector)
    activity = decode(recorded(name, serviceUrl=receiver.url))
    async with asyncio.timeout(PATIENCE_S), TypingIndicator(channel, activity, after_s=0.0) as typing:

        async def on_turn(context: TurnContext) -> None:
            context.on_send_activities(typing.before_sending)
            await answer_when.wait()
            await context.send_activity("the answer")

        await channel.run(activity, on_turn)
    return [each.body["type"] for each in receiver.asked]


def telling(event: asyncio.Event, reply: Reply) -> Reply:
    """Return *reply*, which tells *event* that it was asked for."""

    async def told(request: web.Request) -> web.StreamResponse:
        event.set()
        return await reply(request)

    return told


class TestTypingIndicator:
    def test_comes_well_within_the_two_seconds_that_the_store_asks_for(self) -> None:
        assert AFTER_S <= 1.0

    async def test_comes_before_a_slow_answer(self, receiver: Receiver) -> None:
        shown = asyncio.Event()
        receiver.replies = [telling(shown, delivered), delivered]

        assert await turn(receiver, shown) == ["typing", "message"]

    async def test_does_not_come_when_the_answer_is_there(self, receiver: Receiver) -> None:
        ready = asyncio.Event()
        ready.set()

        assert await turn(receiver, ready) == ["message"]

    async def test_is_for_messages_only(self, receiver: Receiver) -> None:
        ready = asyncio.Event()
        asyncio.get_running_loop().call_later(0.02, ready.set)

        assert await turn(receiver, ready, "installation_update") == ["message"]

    @pytest.mark.parametrize("status", [403, 429, 500])
    async def test_holds_nothing_up_when_it_is_refused(self, receiver: Receiver, status: int) -> None:
        refusing = asyncio.Event()
        receiver.replies = [telling(refusing, refused(status, headers={"Retry-After": "3600"})), delivered]

        assert await turn(receiver, refusing) == ["typing", "message"]
