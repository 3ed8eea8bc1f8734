"""The walls between companies stand in the database, whatever a query forgets."""

from collections.abc import AsyncGenerator

import asyncpg
import pytest

from backends.postgres.database import Connection, Database
from backends.postgres.embedded import EmbeddedServer
from backends.postgres.mirror import Mirror
from billing.access import AccountId
from tests import databases, rows
from tests.make import CONTOSO, FABRIKAM, guid

OURS = rows.invoice("INV-1")
THEIRS = rows.invoice("INV-2", account=FABRIKAM.id, contract=guid("their contract"))


@pytest.fixture(autouse=True)
async def two_companies(mirror: Mirror) -> None:
    await rows.put_invoices(mirror, OURS, THEIRS, lines=[rows.line(OURS), rows.line(THEIRS)])
    await rows.put_ada(mirror)
    async with mirror.writing() as batch:
        await batch.put_contracts([rows.ContractRow(guid("their contract"), "Theirs"), rows.ContractRow(guid("nobody's"), "Nobody's")])


@pytest.fixture
async def admin(postgres: EmbeddedServer, database_url: str) -> AsyncGenerator[asyncpg.Connection]:
    async with databases.superuser(postgres, database_url) as connection:
        yield connection


async def ids(connection: Connection, query: str) -> set[str]:
    return {str(row[0]) for row in await connection.fetch(query)}  # pyright: ignore[reportArgumentType]


SEEN = {
    "select id from mirror.accounts": CONTOSO.id,
    "select id from mirror.invoices": OURS.id,
    "select account from mirror.sums": CONTOSO.id,
    "select invoice from mirror.lines": OURS.id,
    "select id from mirror.contracts": rows.CONTRACT.id,
}


class TestAppRole:
    @pytest.mark.parametrize("query", SEEN)
    async def test_sees_its_account_when_a_query_forgets_the_filter(self, database: Database, query: str) -> None:
        async with database.of(CONTOSO.id) as connection:
            assert await ids(connection, query) == {SEEN[query]}

    @pytest.mark.parametrize("query", SEEN)
    async def test_sees_nothing_without_an_account(self, database: Database, query: str) -> None:
        async with database.of(CONTOSO.id) as connection:
            await ids(connection, query)

        async with database.transaction() as connection:
            assert await ids(connection, query) == set()
        async with database.of(AccountId("")) as connection:
            assert await ids(connection, query) == set()

    @pytest.mark.parametrize(
        "table", ["provider_accounts", "contacts", "external_identities", "contact_roles", "account_roles", "currencies"]
    )
    async def test_has_no_right_to_people(self, database: Database, table: str) -> None:
        async with database.of(CONTOSO.id) as connection:
            assert not await connection.fetchval("select has_any_column_privilege($1, 'select')", f"mirror.{table}")

    @pytest.mark.parametrize(
        "statement",
        [
            "insert into mirror.accounts values (gen_random_uuid(), '', '')",
            "update mirror.invoices set account = account",
            "delete from mirror.lines",
            "truncate mirror.invoices",
            "drop table mirror.invoices",
            "alter table mirror.invoices no force row level security",
            "drop policy app on mirror.invoices",
            "alter function mirror.standing owner to my_invoices_app",
            "create table mirror.mine (id int)",
            "create table public.mine (id int)",
            "update mirror.sync_state set as_of = now()",
        ],
    )
    async def test_can_change_nothing(self, database: Database, statement: str) -> None:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with database.of(CONTOSO.id) as connection:
                await connection.execute(statement)  # pyright: ignore[reportArgumentType]

    @pytest.mark.parametrize("reset", ["reset role", "reset all", "set session authorization default", "discard all"])
    async def test_stays_what_it_is(self, database: Database, reset: str) -> None:
        async with database.shared() as connection:
            await connection.execute(reset)  # pyright: ignore[reportArgumentType]

            assert await connection.fetchval("select current_user") == "my_invoices_app"


class TestEveryRole:
    async def test_is_no_superuser_and_obeys_the_walls(self, admin: asyncpg.Connection) -> None:
        found = await admin.fetch("select rolname, rolsuper, rolbypassrls, rolcanlogin from pg_roles where rolname like 'my_invoices%'")

        assert {tuple(row) for row in found} == {
            ("my_invoices", False, False, True),
            ("my_invoices_app", False, False, False),
            ("my_invoices_sync", False, False, False),
            ("my_invoices_directory", False, False, False),
        }

    async def test_owns_nothing_but_the_login(self, admin: asyncpg.Connection) -> None:
        found = await admin.fetch(
            "select relname, relowner::regrole::text from pg_class where relnamespace::regnamespace::text in ('mirror', 'bot')"
        )

        assert {row[1] for row in found} == {"my_invoices"}

    async def test_public_may_do_nothing(self, admin: asyncpg.Connection) -> None:
        tables = await admin.fetchval(
            "select count(*) from pg_class where relnamespace::regnamespace::text in ('mirror', 'bot') and relacl::text ~ '[{,]='"
        )
        standing = await admin.fetchval("select has_function_privilege('public', 'mirror.standing(text, text, text)', 'execute')")

        assert (tables, standing) == (0, False)

    @pytest.mark.parametrize("role", ["my_invoices_app", "my_invoices_sync", "my_invoices_directory"])
    async def test_may_not_say_what_runs_as_the_owner(self, admin: asyncpg.Connection, role: str) -> None:
        assert not await admin.fetchval("select has_table_privilege($1, 'bot.set_aside', 'select, insert, update, delete, truncate')", role)


class TestEveryTable:
    async def test_has_a_forced_wall_where_it_holds_a_companys_rows(self, admin: asyncpg.Connection) -> None:
        found = await admin.fetch(
            "select relname, relrowsecurity and relforcerowsecurity from pg_class"
            " where relkind = 'r' and relnamespace = 'mirror'::regnamespace order by 1"
        )

        open_to_all = [row[0] for row in found if not row[1]]
        assert open_to_all == ["currencies", "sync_state"]
        assert len(found) == 12

    async def test_shows_nothing_to_its_owner(self, database_url: str) -> None:
        owner = await asyncpg.connect(database_url)
        shown = await owner.fetchval("select count(*) from mirror.invoices")
        await owner.close()

        assert shown == 0


class TestStandingFunction:
    async def test_runs_as_a_role_that_can_only_read_and_finds_no_foreign_code(self, admin: asyncpg.Connection) -> None:
        row = await admin.fetchrow(
            "select prosecdef, proowner::regrole::text, proconfig, provolatile from pg_proc where proname = 'standing'"
        )
        writes = await admin.fetchval(
            "select count(*) from pg_class where relnamespace::regnamespace::text in ('mirror', 'bot') and relkind = 'r'"
            " and has_table_privilege('my_invoices_directory', oid, 'insert, update, delete, truncate')"
        )

        assert row is not None
        assert tuple(row) == (True, "my_invoices_directory", ["search_path=pg_catalog, pg_temp"], b"s")
        assert writes == 0
