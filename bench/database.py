"""A PostgreSQL of a benchmark's own, with all tables and no rows."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from backends.postgres.embedded import EmbeddedServer
from backends.postgres.migrations import migrate


@asynccontextmanager
async def empty(folder: Path) -> AsyncGenerator[tuple[str, str]]:
    """Run PostgreSQL in *folder* and return the addresses of a new database: for the product, and for an administrator."""
    server = await EmbeddedServer.start(folder)
    try:
        admin = await asyncpg.connect(server.admin_url)
        await admin.execute("drop database if exists bench with (force)")
        await admin.execute("create database bench owner my_invoices")
        await admin.close()
        url, admin_url = (urlsplit(each)._replace(path="/bench").geturl() for each in (server.url, server.admin_url))
        await migrate(url)
        yield url, admin_url
    finally:
        await server.stop()
