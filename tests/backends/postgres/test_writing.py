"""Whether a message could be kept is known without keeping one."""

import pytest

from backends.postgres.database import Database, DatabaseRole
from backends.postgres.embedded import EmbeddedServer
from backends.postgres.migrations import migrate
from backends.postgres.writing import PostgresWriting
from billing.errors import SourceDown
from tests import databases


class TestCheck:
    async def test_leaves_nothing_behind(self, database: Database) -> None:
        for _ in range(3):
            await PostgresWriting(database).check()

        async with database.transaction() as connection:
            assert await connection.fetchval("select count(*) from bot.inbox") == 0

    async def test_says_that_a_database_is_read_only(self, postgres: EmbeddedServer) -> None:
        async with databases.empty(postgres) as url, databases.superuser(postgres, url) as admin:
            await migrate(url)
            name = await admin.fetchval("select current_database()")
            await admin.execute(f"alter database {name} set default_transaction_read_only = on")
            async with databases.connected(url, DatabaseRole.APP) as database:
                with pytest.raises(SourceDown):
                    await PostgresWriting(database).check()
