"""What is kept about a person is told to that person: all of it, and nothing of anybody else."""

import json

import asyncpg

from backends.postgres.audit import PostgresAudit
from backends.postgres.database import Database
from backends.postgres.disclosure import KEPT, PostgresDisclosure
from backends.postgres.embedded import EmbeddedServer
from tests import databases
from tests.backends.postgres.test_forgetting import FINN, Everything
from tests.clock import ChosenClock
from tests.make import ADA

KNOWS_PEOPLE = """
    select table_name from information_schema.columns where table_schema = 'bot' and column_name in ('tenant', 'person')
    group by table_name having count(*) = 2
"""
OPENS_SOMETHING = {"tokens", "csrf", "browser", "flow"}


class TestDisclosure:
    async def test_knows_every_table_that_knows_people(self, postgres: EmbeddedServer, database_url: str) -> None:
        async with databases.superuser(postgres, database_url) as admin:
            tables = {row[0] for row in await admin.fetch(KNOWS_PEOPLE)}

        assert set(KEPT) == tables | {"inbox"}

    async def test_tells_all_that_is_kept_and_nothing_of_anybody_else(
        self, postgres: EmbeddedServer, database_url: str, database: Database, sync_database: Database
    ) -> None:
        async with databases.superuser(postgres, database_url) as admin:
            await _fill(admin, database)

        told = await PostgresDisclosure(sync_database).of(ADA)

        assert {table for table, rows in told.items() if not rows} == set()
        assert FINN.id not in json.dumps(told)

    async def test_tells_nothing_that_opens_something(
        self, postgres: EmbeddedServer, database_url: str, database: Database, sync_database: Database
    ) -> None:
        async with databases.superuser(postgres, database_url) as admin:
            await _fill(admin, database)

        told = await PostgresDisclosure(sync_database).of(ADA)

        assert {column for rows in told.values() for row in rows for column in row} & OPENS_SOMETHING == set()
        assert set(told["browser_sessions"][0]) == {"opened", "seen"}

    async def test_is_empty_where_nothing_is_known(self, sync_database: Database) -> None:
        assert await PostgresDisclosure(sync_database).of(ADA) == {table: [] for table in KEPT}


async def _fill(admin: asyncpg.Connection, database: Database) -> None:
    clock = ChosenClock()
    everything = Everything(admin, database, clock)
    for person in (ADA, FINN):
        await everything.fill(person)
        await PostgresAudit(database, clock).note(person, "view", "ok")
