"""The embedded server: shared by processes, private to the user, ended by the last."""

import asyncio
import stat
from pathlib import Path

import asyncpg
import pytest

from backends.postgres.embedded import EmbeddedServer
from billing.errors import SourceDown


async def answers(url: str) -> bool:
    try:
        connection = await asyncpg.connect(url)
    except OSError:
        return False
    await connection.close()
    return True


class TestStart:
    async def test_gives_a_login_that_is_no_superuser(self, postgres: EmbeddedServer) -> None:
        connection = await asyncpg.connect(postgres.url)
        row = await connection.fetchrow("select rolname, rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = current_user")
        owner = await connection.fetchval("select datdba::regrole::text from pg_database where datname = current_database()")
        await connection.close()

        assert row is not None
        assert tuple(row) == ("my_invoices", False, False, True)
        assert owner == "my_invoices"

    async def test_works_in_a_deep_folder_and_ends_with_its_last_user(self, servers_folder: Path) -> None:
        folder = servers_folder / ("a folder with a long name " * 3) / ("and another one " * 4) / "postgres"
        first = await EmbeddedServer.start(folder)
        second = await EmbeddedServer.start(folder)

        await first.stop()
        kept = await answers(second.url)
        await second.stop()

        assert (kept, await answers(second.url)) == (True, False)

    async def test_works_in_a_folder_whose_name_a_shell_would_split(self, servers_folder: Path) -> None:
        server = await EmbeddedServer.start(servers_folder / "it's here & there" / "postgres")

        answered = await answers(server.url)
        await server.stop()

        assert answered

    async def test_starts_again_with_what_was_there(self, servers_folder: Path) -> None:
        first = await EmbeddedServer.start(servers_folder / "postgres")
        connection = await asyncpg.connect(first.url)
        await connection.execute("create table kept ()")
        await connection.close()
        await first.stop()

        second = await EmbeddedServer.start(servers_folder / "postgres")
        connection = await asyncpg.connect(second.url)
        kept = await connection.fetchval("select to_regclass('kept')::text")
        await connection.close()
        await second.stop()

        assert kept == "kept"

    async def test_lets_no_other_user_of_the_machine_in(self, postgres: EmbeddedServer) -> None:
        connection = await asyncpg.connect(postgres.admin_url)
        folder = await connection.fetchval("select current_setting('unix_socket_directories')")
        listening = await connection.fetchval("select current_setting('listen_addresses')")
        await connection.close()

        mode = (await asyncio.to_thread(Path(folder, ".s.PGSQL.5432").stat)).st_mode
        assert (stat.S_ISSOCK(mode), stat.S_IMODE(mode), listening) == (True, 0o700, "")

    async def test_says_that_it_cannot_start(self, servers_folder: Path) -> None:
        blocked = servers_folder / "file"
        blocked.touch()

        with pytest.raises(SourceDown):
            await EmbeddedServer.start(blocked / "postgres")
