"""An upgrade from the release before keeps what the database holds."""

import asyncio
from pathlib import Path
from typing import LiteralString

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from backends.postgres import migrations
from backends.postgres.database import DatabaseRole
from backends.postgres.embedded import EmbeddedServer
from backends.postgres.mirror import Mirror
from tests import databases, rows
from tests.backends.postgres.test_mirror import KEPT, SUMMED
from tests.contract.invoices import scattered

TABLES = "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname in ('mirror', 'bot') order by 1"
BY_SPAN: LiteralString = """
    select account, kind, span, currency, digits, contract, sum(invoices), sum(balance), sum(total)
    from mirror.sums group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6
"""
"""The sums as the release that kept them by spans reads them."""
WAITING = """
    select exists (select from pg_locks where not granted
        and database = (select oid from pg_database where datname = current_database()))
"""
NOTED = "insert into bot.audit (at, tenant, person, what, outcome, invoice, correlation) values (now(), 't', 'p', 'view', 'ok', '', '-')"


def revisions() -> list[str]:
    folder = Path(migrations.__file__).parent / "versions"
    return sorted(file.stem.partition("_")[0] for file in folder.glob("r*.py"))


async def bring_to(url: str, revision: str) -> None:
    def run(connection: Connection) -> None:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(Path(migrations.__file__).parent))
        command.upgrade(config, revision)

    engine = create_async_engine("postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(url), poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()


async def counted(admin: asyncpg.Connection) -> dict[str, int]:
    return {table: await admin.fetchval(f"select count(*) from {table}") for (table,) in await admin.fetch(TABLES)}  # noqa: S608


async def test_keeps_every_row_of_the_release_before(postgres: EmbeddedServer) -> None:
    async with databases.empty(postgres) as url, databases.superuser(postgres, url) as admin:
        await bring_to(url, revisions()[-2])
        async with databases.connected(url, DatabaseRole.SYNC) as opened:
            await rows.put_ada(Mirror(opened))
            await rows.put_invoices(Mirror(opened), rows.invoice())
        await admin.execute(NOTED)
        before = await counted(admin)

        upgraded = await migrations.migrate(url)

        assert upgraded
        assert before["mirror.invoices"] == before["mirror.contacts"] == before["bot.audit"] == 1
        assert before.items() <= (await counted(admin)).items()


async def test_waits_for_who_reads_and_does_not_stop_them(postgres: EmbeddedServer) -> None:
    async with databases.empty(postgres) as url, databases.superuser(postgres, url) as admin, databases.superuser(postgres, url) as reader:
        await bring_to(url, "r0007")
        async with reader.transaction():
            await reader.execute("select from mirror.invoices")
            upgrading = asyncio.create_task(migrations.migrate(url))
            while not await admin.fetchval(WAITING):
                pass
            await reader.execute("select from mirror.sums")

        assert await upgrading


async def test_adds_up_by_the_day_what_is_there_and_the_release_before_still_reads_it(postgres: EmbeddedServer) -> None:
    async with databases.empty(postgres) as url, databases.superuser(postgres, url) as admin:
        await bring_to(url, "r0007")
        async with databases.connected(url, DatabaseRole.SYNC) as opened:
            await rows.put_invoices(Mirror(opened), *scattered(300))
        by_span = await admin.fetch(BY_SPAN)

        await bring_to(url, "r0008")

        assert len(by_span) > 50
        assert await admin.fetch(BY_SPAN) == by_span
        async with databases.connected(url, DatabaseRole.SYNC) as opened, opened.shared() as connection:
            assert await connection.fetch(f"{SUMMED} except {KEPT}") == []
