"""Bring a database to the schema that this version of the house expects; forward only.

A revision is a file ``versions/rNNNN_what_it_does.py``; the highest number is the newest.
"""

from pathlib import Path

import asyncpg

from backends.postgres.database import translated
from billing.errors import SourceDown

_HERE = Path(__file__).parent
_LOCK = 0x6D79496E  # any constant, the same in every process


def newest() -> str:
    """Return the revision that this version of the house expects."""
    return max(file.stem for file in (_HERE / "versions").glob("r*.py")).partition("_")[0]


async def migrate(url: str) -> bool:
    """Bring the database at *url* to the newest revision; False when it was there already.

    Any number of processes may do so at once. The login must own the database. Raises SourceDown.
    """
    with translated():
        found = await _current(url)
        if found == newest():
            return False
        if found is not None and found > newest():
            raise SourceDown(source="database", schema=f"{found} is newer than this release, which knows {newest()}")
        await _upgrade(url)
    return True


async def current(url: str) -> str | None:
    """Return the database's revision; None for an empty database. Raises SourceDown."""
    with translated():
        return await _current(url)


async def _current(url: str) -> str | None:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval("select version_num from public.alembic_version")
    except asyncpg.UndefinedTableError:
        return None
    finally:
        await connection.close()


async def _upgrade(url: str) -> None:
    """Let Alembic run what is missing, all of it in one transaction."""
    from alembic import command  # noqa: PLC0415 - slow to import, and seldom needed
    from alembic.config import Config  # noqa: PLC0415
    from sqlalchemy import Connection, text  # noqa: PLC0415
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415
    from sqlalchemy.pool import NullPool  # noqa: PLC0415

    def run(connection: Connection) -> None:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(_HERE).replace("%", "%%"))
        command.upgrade(config, "head")

    engine = create_async_engine("postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(url), poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        await connection.run_sync(run)
