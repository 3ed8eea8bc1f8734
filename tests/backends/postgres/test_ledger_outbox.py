"""The outbox keeps the port's contract; what it claims is tried in ``tests/reminders``."""

import pytest

from backends.postgres.database import Database
from backends.postgres.ledger_outbox import PostgresOutbox
from tests.clock import ChosenClock
from tests.contract.outbox import OutboxContract


class TestPostgresOutbox(OutboxContract):
    @pytest.fixture
    def outbox(self, sync_database: Database) -> PostgresOutbox:
        return PostgresOutbox(sync_database, ChosenClock())


async def test_the_ledger_is_closed_to_chat_and_pages(database: Database) -> None:
    async with database.shared() as connection:
        allowed = await connection.fetchval(
            "select count(*) from unnest($1::text[]) as t where has_any_column_privilege(t, 'select, insert, update')",
            ["bot.reminder_ledger", "bot.reminder_messages", "bot.reminder_tenants"],
        )

    assert allowed == 0
