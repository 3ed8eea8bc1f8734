"""Migrations: safe for any number of processes, and silent once they are done."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncGenerator
from decimal import Decimal
from pathlib import Path

import asyncpg
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from backends.postgres import migrations
from backends.postgres.database import DatabaseRole
from backends.postgres.embedded import EmbeddedServer
from backends.postgres.mirror import Mirror
from billing.errors import SourceDown
from tests import databases, rows
from tests.patience import PATIENCE_S


@pytest.fixture
async def empty_url(postgres: EmbeddedServer) -> AsyncGenerator[str]:
    async with databases.empty(postgres) as url:
        yield url


async def revision(url: str) -> str:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval("select string_agg(version_num, ' ') from public.alembic_version")
    finally:
        await connection.close()


async def at_revision(url: str, version: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute("update public.alembic_version set version_num = $1", version)
    await connection.close()


async def in_processes(*urls: str) -> None:
    """Migrate at each of *urls* at the same time, in a process of its own each."""
    code = "import asyncio, sys; from backends.postgres.migrations import migrate; asyncio.run(migrate(sys.argv[1]))"
    runs = (asyncio.to_thread(subprocess.run, [sys.executable, "-c", code, url], timeout=PATIENCE_S, check=True) for url in urls)
    await asyncio.gather(*runs)


class TestMigrate:
    async def test_brings_an_empty_database_to_the_newest_revision(self, empty_url: str) -> None:
        migrated = await migrations.migrate(empty_url)

        assert (migrated, await revision(empty_url)) == (True, migrations.newest())

    async def test_lets_several_at_once_do_it_once(self, empty_url: str) -> None:
        await asyncio.gather(*(migrations.migrate(empty_url) for _ in range(3)))

        assert await revision(empty_url) == migrations.newest()

    async def test_lets_several_processes_do_it_once(self, empty_url: str) -> None:
        await in_processes(empty_url, empty_url, empty_url)

        assert await revision(empty_url) == migrations.newest()

    async def test_leaves_the_database_of_a_newer_release_alone(self, empty_url: str) -> None:
        await migrations.migrate(empty_url)
        connection = await asyncpg.connect(empty_url)
        await connection.execute("update public.alembic_version set version_num = 'r9999'")
        await connection.close()

        with pytest.raises(SourceDown, match="newer than this release"):
            await migrations.migrate(empty_url)
        assert await revision(empty_url) == "r9999"

    async def test_clears_rests_from_before_coins_counted_with_their_sums(self, empty_url: str) -> None:
        await migrations.migrate(empty_url)
        async with databases.connected(empty_url, DatabaseRole.SYNC) as database:
            await rows.put_invoices(Mirror(database), rows.invoice("INV-1"), rows.invoice("INV-2"))
            async with database.shared() as connection:
                await connection.execute("update mirror.invoices set balance = 0.0040 where number = 'INV-1'")
            await at_revision(empty_url, "r0012")

            await migrations.migrate(empty_url)

            async with database.shared() as connection:
                owed = await connection.fetch("select balance from mirror.invoices order by number")
                sums = await connection.fetchval("select sum(balance) from mirror.sums")
        assert [row[0] for row in owed] == [0, Decimal("1234.50")]
        assert sums == Decimal("1234.50")

    async def test_makes_the_roles_once_for_several_databases(self, servers_folder: Path) -> None:
        server = await EmbeddedServer.start(servers_folder / "postgres")
        try:
            async with databases.empty(server) as one, databases.empty(server) as two, databases.empty(server) as three:
                await in_processes(one, two, three)

                assert {await revision(url) for url in (one, two, three)} == {migrations.newest()}
        finally:
            await server.stop()

    async def test_does_not_import_alembic_where_nothing_is_to_be_done(self, database_url: str) -> None:
        code = (
            "import asyncio, sys; from backends.postgres.migrations import migrate\n"
            "print(asyncio.run(migrate(sys.argv[1])), 'alembic' in sys.modules, 'sqlalchemy' in sys.modules)"
        )

        ended = await asyncio.to_thread(
            subprocess.run, [sys.executable, "-c", code, database_url], capture_output=True, text=True, timeout=PATIENCE_S, check=True
        )

        assert ended.stdout.split() == ["False", "False", "False"]

    async def test_says_that_the_database_is_down(self, tmp_path: Path) -> None:
        with pytest.raises(SourceDown):
            await migrations.migrate(f"postgresql://my_invoices@/my_invoices?host={tmp_path}")


def test_newest_is_the_head_that_alembic_sees() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))

    assert ScriptDirectory.from_config(config).get_heads() == [migrations.newest()]
