"""The SDK's turns over our connector."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from time import monotonic

import pytest
from botbuilder.core import TurnContext
from botbuilder.schema import Activity, InvokeResponse

from bot.adapter import Channel, waited_s
from bot.codec import decode
from bot.connector import NotDelivered
from tests.bot.activities import recorded
from tests.bot.receiver import Receiver, refused


def activity(receiver: Receiver, name: str = "message") -> Activity:
    """Return a recorded activity that is to be answered at *receiver*."""
    return decode(recorded(name, serviceUrl=receiver.url))


class TestRun:
    async def test_delivers_what_the_turn_says_in_order(self, receiver: Receiver) -> None:
        async def on_turn(context: TurnContext) -> None:
            await context.send_activities([Activity(type="message", text="one"), Activity(type="message", text="two")])
            await context.send_activity("three")

        answered = await Channel(receiver.connector).run(activity(receiver), on_turn)

        assert answered is None
        assert [each.body["text"] for each in receiver.asked] == ["one", "two", "three"]
        assert {each.body["conversation"]["id"] for each in receiver.asked} == {recorded("message")["conversation"]["id"]}
        assert {each.body["replyToId"] for each in receiver.asked} == {recorded("message")["id"]}

    async def test_returns_the_answer_to_an_invoke_and_sends_none(self, receiver: Receiver) -> None:
        async def on_turn(context: TurnContext) -> None:
            await context.send_activity(Activity(type="invokeResponse", value=InvokeResponse(status=200, body={"statusCode": 200})))

        answered = await Channel(receiver.connector).run(activity(receiver, "adaptive_card_action"), on_turn)

        assert answered is not None
        assert (answered.status, answered.body) == (200, {"statusCode": 200})
        assert receiver.asked == []

    async def test_replaces_and_deletes_our_own_message(self, receiver: Receiver) -> None:
        async def on_turn(context: TurnContext) -> None:
            sent = await context.send_activity("one")
            assert sent is not None
            assert sent is not None
            await context.update_activity(Activity(type="message", id=sent.id, text="two"))
            await context.delete_activity(sent.id)

        await Channel(receiver.connector).run(activity(receiver), on_turn)

        assert [each.method for each in receiver.asked] == ["POST", "PUT", "DELETE"]
        assert receiver.asked[1].path.endswith("/activities/1%3Asent")

    async def test_knows_since_when_somebody_waits(self, receiver: Receiver) -> None:
        waited: list[float] = []

        async def on_turn(context: TurnContext) -> None:
            waited.append(waited_s(context))

        await Channel(receiver.connector).run(activity(receiver), on_turn, since=monotonic() - 100)
        await Channel(receiver.connector).run(activity(receiver), on_turn)

        assert waited[0] >= 100 > waited[1]

    async def test_says_what_could_not_be_delivered(self, receiver: Receiver) -> None:
        receiver.replies = [refused(403, "MessageWritesBlocked")]

        async def on_turn(context: TurnContext) -> None:
            await context.send_activity("one")

        with pytest.raises(NotDelivered):
            await Channel(receiver.connector).run(activity(receiver), on_turn)
