"""The Conversations of PostgreSQL keep the port's contract, also where several processes write at the same moment."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from backends.postgres.conversations import PostgresConversations
from backends.postgres.database import Database
from backends.postgres.embedded import EmbeddedServer
from billing.people import Conversation
from tests import databases
from tests.clock import ChosenClock
from tests.contract.conversations import ConversationsContract
from tests.make import ADA
from tests.patience import PATIENCE_S

AT_ONCE = 3
WAITING = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"


@pytest.fixture
def conversations(database: Database) -> PostgresConversations:
    return PostgresConversations(database, ChosenClock())


class TestPostgresConversations(ConversationsContract):
    """The contract."""


class TestSave:
    @pytest.mark.parametrize("was_removed", [False, True])
    async def test_finds_a_chat_new_once_where_several_have_begun_to_save_it(
        self, conversations: PostgresConversations, postgres: EmbeddedServer, database_url: str, *, was_removed: bool
    ) -> None:
        chat = Conversation(ADA, "a:1", {}, "en-US", "UTC")
        await conversations.save(chat)
        await conversations.removed(ADA)
        async with AsyncExitStack() as stack:
            holder, watcher = [await stack.enter_async_context(databases.superuser(postgres, database_url)) for _ in range(2)]
            await stack.enter_async_context(asyncio.timeout(PATIENCE_S))
            if not was_removed:
                await holder.execute("create temporary table kept as table bot.conversations; delete from bot.conversations")
            holding = holder.transaction()
            await holding.start()
            await holder.execute("update bot.conversations set zone = zone" if was_removed else "insert into bot.conversations table kept")

            saving = [asyncio.create_task(conversations.save(chat)) for _ in range(AT_ONCE)]
            while await watcher.fetchval(WAITING) < AT_ONCE:  # noqa: ASYNC110 - PostgreSQL rings no bell
                await asyncio.sleep(0)
            await holding.rollback()

            assert sorted(await asyncio.gather(*saving)) == [False] * (AT_ONCE - 1) + [True]
