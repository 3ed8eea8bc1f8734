"""The Inbox of PostgreSQL keeps the port's contract, and knows whether the bot may speak first where an activity comes from."""

import asyncio

import pytest

from backends.postgres.conversations import PostgresConversations
from backends.postgres.database import Database
from backends.postgres.inbox import PostgresInbox
from billing.people import Arrival, Conversation
from tests.clock import ChosenClock
from tests.contract.inbox import InboxContract
from tests.make import ADA


class TestPostgresInbox(InboxContract):
    @pytest.fixture
    def clock(self) -> ChosenClock:
        return ChosenClock()

    @pytest.fixture
    def inbox(self, database: Database, clock: ChosenClock) -> PostgresInbox:
        return PostgresInbox(database, clock)


class TestAccept:
    @pytest.fixture
    def inbox(self, database: Database) -> PostgresInbox:
        return PostgresInbox(database, ChosenClock())

    @pytest.fixture
    async def conversations(self, database: Database) -> PostgresConversations:
        kept = PostgresConversations(database, ChosenClock())
        await kept.save(Conversation(ADA, "a:1", {}, "en-US", "UTC"))
        return kept

    @pytest.mark.usefixtures("conversations")
    async def test_tells_chats_apart_that_come_together(self, inbox: PostgresInbox) -> None:
        come = [("a:1", "1"), ("a:2", "1"), ("a:1", "1"), ("a:1", "2")]

        arrived = await asyncio.gather(*(inbox.accept(*each, b"{}") for each in come))

        assert arrived == [Arrival.KNOWN, Arrival.UNKNOWN, Arrival.REPEATED, Arrival.KNOWN]

    async def test_does_not_know_a_chat_without_the_app(self, inbox: PostgresInbox, conversations: PostgresConversations) -> None:
        await conversations.removed(ADA)

        assert await inbox.accept("a:1", "1", b"{}") is Arrival.UNKNOWN

    @pytest.mark.usefixtures("conversations")
    async def test_does_not_know_a_chat_that_is_not_reached(self, inbox: PostgresInbox, sync_database: Database) -> None:
        async with sync_database.shared() as connection:
            await connection.execute("update bot.conversations set unreachable = 'blocked'")

        assert await inbox.accept("a:1", "1", b"{}") is Arrival.UNKNOWN
