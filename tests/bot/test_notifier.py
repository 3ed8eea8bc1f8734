"""Speaking first: what becomes of a message that the other cloud takes, whatever the database does meanwhile."""

from typing import Any

import pytest

from backends.postgres.conversations import PostgresConversations
from backends.postgres.database import Database
from billing.access import Person
from billing.delivery import NotDelivered, Outcome
from billing.errors import SourceDown
from billing.people import Conversation
from bot.notifier import Notifier
from tests import make
from tests.bot.receiver import Receiver, delivered, refused
from tests.clock import ChosenClock

CARD = {"type": "AdaptiveCard"}


class Forgetful(PostgresConversations):
    """The database goes away before the new address is kept."""

    async def moved(self, conversation: Conversation) -> None:
        """Fail."""
        raise SourceDown(source="database", person=conversation.person.hashed)


class Silent(PostgresConversations):
    """The database is away when it is asked whether there is still a chat."""

    async def get(self, person: Person) -> Conversation:
        """Fail."""
        raise SourceDown(source="database", person=person.hashed)


async def a_chat(receiver: Receiver, conversations: PostgresConversations) -> Conversation:
    reference: dict[str, Any] = {"serviceUrl": receiver.url, "channelId": "msteams"}
    chat = Conversation(make.ADA, "a:1", reference, "en-US", "UTC")
    await conversations.save(chat)
    receiver.replies = [refused(403, "InvalidBotApiHost"), delivered]
    return chat


class TestOtherCloud:
    async def test_keeps_the_address_that_worked(self, receiver: Receiver, database: Database) -> None:
        conversations = PostgresConversations(database, ChosenClock())
        chat = await a_chat(receiver, conversations)

        await Notifier(receiver.connector, conversations, f"{receiver.url}gcc").send(chat, CARD, "")

        assert (await conversations.get(make.ADA)).reference["serviceUrl"] == f"{receiver.url}gcc"

    async def test_has_sent_what_arrived_though_the_address_cannot_be_kept(
        self, receiver: Receiver, database: Database, caplog: pytest.LogCaptureFixture
    ) -> None:
        conversations = Forgetful(database, ChosenClock())
        chat = await a_chat(receiver, conversations)

        await Notifier(receiver.connector, conversations, f"{receiver.url}gcc").send(chat, CARD, "")

        assert len(receiver.asked) == 2
        assert [each.getMessage() for each in caplog.records] == ["notifier.address_lost"]

    async def test_has_surely_sent_nothing_where_it_cannot_ask_whether_there_is_still_a_chat(
        self, receiver: Receiver, database: Database
    ) -> None:
        conversations = Silent(database, ChosenClock())
        chat = await a_chat(receiver, conversations)

        with pytest.raises(NotDelivered) as refusal:
            await Notifier(receiver.connector, conversations, f"{receiver.url}gcc").send(chat, CARD, "")

        assert refusal.value.outcome is Outcome.UNREACHED
        assert len(receiver.asked) == 1
