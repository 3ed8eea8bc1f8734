"""One PostgreSQL for a test run, one database for each worker, emptied for each test that asks."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from shutil import rmtree
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg

from backends.postgres.database import Database, DatabaseRole
from backends.postgres.embedded import EmbeddedServer
from backends.postgres.migrations import migrate

_EMPTY = """
do $do$
declare each text;
begin
    set local session_replication_role = replica;
    set local lock_timeout = '2min';
    while exists (select from bot.set_aside) loop perform mirror.restore_index(); end loop;
    for each in select format('%I.%I', schemaname, tablename) from pg_tables
        where schemaname not in ('pg_catalog', 'information_schema') and tablename <> 'alembic_version'
    loop execute 'delete from ' || each; end loop;
end $do$
"""


@contextmanager
def running(folder: Path) -> Generator[EmbeddedServer]:
    """Run the server in *folder*, together with the other workers of this run: the last one ends it."""
    with asyncio.Runner() as runner:
        server = runner.run(EmbeddedServer.start(folder))
        try:
            runner.run(_hurry(server))
            yield server
        finally:
            if runner.run(server.stop()):
                rmtree(folder.parent, ignore_errors=True)


@contextmanager
def migrated(server: EmbeddedServer) -> Generator[str]:
    """Make a database with the newest schema, to be shared by one worker's tests."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        url = runner.run(stack.enter_async_context(empty(server)))
        runner.run(migrate(url))
        yield url
        runner.run(stack.aclose())


@asynccontextmanager
async def empty(server: EmbeddedServer) -> AsyncGenerator[str]:
    """Make a database without any schema, and drop it at the end."""
    name = f"test_{uuid4().hex}"
    admin = await asyncpg.connect(server.admin_url)
    try:
        await admin.execute(f"create database {name} owner my_invoices")
        yield _of(server.url, name)
        await admin.execute(f"drop database {name} with (force)")
    finally:
        await admin.close()


@asynccontextmanager
async def superuser(server: EmbeddedServer, url: str) -> AsyncGenerator[asyncpg.Connection]:
    """Connect to the database at *url* past all walls."""
    admin = await asyncpg.connect(_of(server.admin_url, urlsplit(url).path.lstrip("/")))
    try:
        yield admin
    finally:
        await admin.close()


async def mentioning(admin: asyncpg.Connection, name: str) -> set[str]:
    """Return the tables of the bot and its queue that contain *name*, in whatever column and however wrapped."""
    found: set[str] = set()
    for schema, table in await admin.fetch("select schemaname, tablename from pg_tables where schemaname in ('bot', 'queue')"):
        rows = await admin.fetch(f"select t::text from {schema}.{table} t")  # noqa: S608 - names of our own tables
        if any(name in row[0] or name.encode().hex() in row[0] for row in rows):
            found.add(table)
    return found


async def clear(server: EmbeddedServer, url: str) -> None:
    """Delete every row of every table."""
    async with superuser(server, url) as admin:
        await admin.execute(_EMPTY)


@asynccontextmanager
async def connected(url: str, role: DatabaseRole) -> AsyncGenerator[Database]:
    """Open a pool, and close it at the end."""
    opened = await Database.open(url, role)
    try:
        yield opened
    finally:
        await opened.close()


def _of(url: str, database: str) -> str:
    return urlsplit(url)._replace(path=f"/{database}").geturl()


async def _hurry(server: EmbeddedServer) -> None:
    """Spare the disk: nobody misses a test's data after a power cut."""
    admin = await asyncpg.connect(server.admin_url)
    try:
        await admin.execute("alter system set fsync = off")
        await admin.execute("select pg_reload_conf()")
    finally:
        await admin.close()
