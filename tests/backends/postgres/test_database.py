"""The door to PostgreSQL: whose rows a transaction sees, and how failures come out."""

import asyncio
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from backends.postgres.conversations import PostgresConversations
from backends.postgres.database import Connection, Database, DatabaseRole
from backends.postgres.embedded import EmbeddedServer
from backends.postgres.inbox import PostgresInbox
from backends.postgres.invoices import PostgresInvoices
from backends.postgres.migrations import current, migrate
from billing.errors import Malformed, SourceDown
from billing.invoice import Show, Wanted
from billing.people import Arrival
from tests import databases
from tests.clock import ChosenClock
from tests.make import ADA, CONTOSO, FABRIKAM, TODAY
from tests.patience import PATIENCE_S


async def insert_and_fail(connection: Connection) -> None:
    """Write a row, then make the transaction fail."""
    await connection.execute("insert into bot.inbox values ('1', null, now(), now())")
    await connection.execute("selec")


async def lock_and_break(connection: Connection) -> None:
    """Take a lock, and leave a transaction in which nothing is possible any more."""
    await connection.execute("select pg_advisory_lock(1)")
    await connection.execute("begin")
    with suppress(asyncpg.PostgresSyntaxError):
        await connection.execute("selec")


async def reloaded(admin: asyncpg.Connection) -> None:
    """Let the server read its files again, and wait until it has."""
    before = await admin.fetchval("select pg_conf_load_time() from pg_reload_conf()")
    async with asyncio.timeout(PATIENCE_S):
        while await admin.fetchval("select pg_conf_load_time()") == before:  # noqa: ASYNC110 - PostgreSQL rings no bell
            await asyncio.sleep(0)


class TestOf:
    async def test_names_the_account_until_the_transaction_ends(self, database_url: str) -> None:
        one = await Database.open(database_url, DatabaseRole.APP, max_size=1)

        async with one.of(CONTOSO.id) as connection:
            inside = await connection.fetchval("select current_setting('app.account', true)")
        async with one.shared() as connection:
            after = await connection.fetchval("select current_setting('app.account', true)")
        await one.close()

        assert (inside, after) == (CONTOSO.id, "")

    async def test_keeps_parallel_callers_apart(self, database: Database) -> None:
        async def seen(account: str) -> str:
            async with database.of(CONTOSO.id if account == CONTOSO.id else FABRIKAM.id) as connection:
                await asyncio.sleep(0)
                return await connection.fetchval("select current_setting('app.account', true)")

        wanted = [CONTOSO.id, FABRIKAM.id] * 20

        assert await asyncio.gather(*map(seen, wanted)) == wanted

    async def test_rolls_back_what_failed(self, database: Database) -> None:
        with pytest.raises(asyncpg.PostgresSyntaxError):
            async with database.of(CONTOSO.id) as connection:
                await insert_and_fail(connection)

        async with database.shared() as connection:
            assert await connection.fetchval("select count(*) from bot.inbox") == 0


class TestSession:
    async def test_leaves_no_lock_and_no_temporary_table(self, database_url: str) -> None:
        one = await Database.open(database_url, DatabaseRole.SYNC, max_size=1)

        async with one.session() as connection:
            await connection.execute("create temporary table mine ()")
            await connection.execute("select pg_advisory_lock(1)")
        async with one.shared() as connection:
            left = await connection.fetchrow(
                "select to_regclass('mine'), (select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid())"
            )
        await one.close()

        assert left is not None
        assert tuple(left) == (None, 0)

    async def test_keeps_no_lock_that_it_cannot_let_go(self, database_url: str) -> None:
        one = await Database.open(database_url, DatabaseRole.SYNC, max_size=1)

        with pytest.raises(asyncpg.InFailedSQLTransactionError):
            async with one.session() as connection:
                await lock_and_break(connection)

        async with databases.connected(database_url, DatabaseRole.SYNC) as another, another.session() as connection:
            await connection.execute("select pg_advisory_lock(1)")  # waits for whoever holds it, ten seconds at most
        await one.close()


class TestFailures:
    async def test_open_says_that_the_server_is_down(self, tmp_path: Path) -> None:
        with pytest.raises(SourceDown):
            await Database.open(f"postgresql://my_invoices@/my_invoices?host={tmp_path}", DatabaseRole.APP)

    async def test_every_store_says_that_the_server_went_down_and_recovers(self, servers_folder: Path) -> None:
        server = await EmbeddedServer.start(servers_folder / "postgres")
        await migrate(server.url)
        database = await Database.open(server.url, DatabaseRole.APP, min_size=0)
        inbox = PostgresInbox(database, ChosenClock())
        await inbox.accept("chat", "1", b"{}")

        await server.stop()
        with pytest.raises(SourceDown):
            await inbox.accept("chat", "2", b"{}")
        with pytest.raises(SourceDown):
            await PostgresInvoices(database).page(CONTOSO.id, Wanted(Show.OPEN, TODAY, 8))
        with pytest.raises(SourceDown):
            await PostgresConversations(database, ChosenClock()).get(ADA)

        server = await EmbeddedServer.start(servers_folder / "postgres")
        again = await inbox.accept("chat", "1", b"{}")
        await database.close()
        await server.stop()

        assert again is Arrival.REPEATED

    async def test_a_connection_cut_in_the_middle_is_the_server_down(self, database: Database, postgres: EmbeddedServer) -> None:
        admin = await asyncpg.connect(postgres.admin_url)

        async def be_cut() -> None:
            async with database.of(CONTOSO.id) as connection:
                # This one alone: the server is shared with tests that run beside this.
                own = await connection.fetchval("select pg_backend_pid()")
                await asyncio.gather(
                    connection.execute("select pg_sleep(30)"),
                    admin.execute("select pg_terminate_backend($1)", own),
                )

        with pytest.raises(SourceDown):
            await be_cut()
        await admin.close()

    async def test_connections_that_were_cut_while_idle_fail_nobody(self, database: Database, postgres: EmbeddedServer) -> None:
        async with database.shared() as one, database.shared() as other:
            idle = [await each.fetchval("select pg_backend_pid()") for each in (one, other)]
        admin = await asyncpg.connect(postgres.admin_url)

        for each in idle:
            await admin.fetchval("select pg_terminate_backend($1, 10000)", each)
        async with database.shared() as one, database.shared() as other:
            again = [await each.fetchval("select pg_backend_pid()") for each in (one, other)]
        await admin.close()

        assert not set(again) & set(idle)

    async def test_a_password_that_was_changed_is_the_server_down(self, servers_folder: Path) -> None:
        server = await EmbeddedServer.start(servers_folder / "postgres")
        await migrate(server.url)
        database = await Database.open(server.url, DatabaseRole.APP, min_size=0)
        admin = await asyncpg.connect(server.admin_url)
        (servers_folder / "postgres" / "pg_hba.conf").write_text("local all my_invoices scram-sha-256\nlocal all all trust\n")
        await reloaded(admin)

        with pytest.raises(SourceDown):
            await PostgresInbox(database, ChosenClock()).accept("chat", "1", b"{}")
        with pytest.raises(SourceDown):
            await migrate(server.url)
        await admin.close()
        await database.close()
        await server.stop()

    async def test_a_database_that_is_gone_is_the_server_down(self, database_url: str) -> None:
        gone = urlsplit(database_url)._replace(path="/nowhere").geturl()

        with pytest.raises(SourceDown):
            await Database.open(gone, DatabaseRole.APP)
        with pytest.raises(SourceDown):
            await current(gone)

    async def test_a_slow_statement_is_the_server_down(self, database_url: str) -> None:
        hasty = await Database.open(database_url, DatabaseRole.APP, command_timeout_s=0.1)

        with pytest.raises(SourceDown):
            async with hasty.shared() as connection:
                await connection.fetchval("select pg_sleep(30)")
        await hasty.close()

    async def test_no_free_connection_is_the_server_down(self, database_url: str) -> None:
        narrow = await Database.open(database_url, DatabaseRole.APP, max_size=1, command_timeout_s=0.1)

        async with narrow.shared():
            with pytest.raises(SourceDown):
                async with narrow.shared():
                    pass
        await narrow.close()

    @pytest.mark.parametrize("text", ["\0", "\ud800"])
    async def test_text_that_it_cannot_hold_is_malformed(self, database: Database, text: str) -> None:
        with pytest.raises(Malformed):
            async with database.shared() as connection:
                await connection.fetchval("select $1::text", text)

    async def test_our_own_mistakes_stay_what_they_are(self, database: Database) -> None:
        with pytest.raises(asyncpg.PostgresSyntaxError):
            async with database.shared() as connection:
                await connection.execute("selec")


async def test_lets_the_server_notice_within_two_minutes_that_we_are_gone(database: Database) -> None:
    async with database.shared() as connection:  # a socket of this machine reads 0, so look at what a reset would go back to
        asked = await connection.fetch("select split_part(name, '_', 3), reset_val::int from pg_settings where name ^@ 'tcp_keepalives'")

    waits = {row[0]: row[1] for row in asked}
    assert 0 < waits["idle"] + waits["interval"] * waits["count"] <= 120


async def test_two_roles_share_one_login(database_url: str) -> None:
    query = "select current_user || ' ' || session_user"
    async with (
        databases.connected(database_url, DatabaseRole.APP) as app,
        databases.connected(database_url, DatabaseRole.SYNC) as sync,
        app.shared() as one,
        sync.shared() as other,
    ):
        users = (await one.fetchval(query), await other.fetchval(query))

    assert users == ("my_invoices_app my_invoices", "my_invoices_sync my_invoices")
