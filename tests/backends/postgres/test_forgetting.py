"""What is kept of a person is gone when they are forgotten: proven by looking into every table."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import datetime, timedelta

import asyncpg
import pytest

from backends.postgres.audit import PostgresAudit
from backends.postgres.conversations import PostgresConversations
from backends.postgres.database import Database
from backends.postgres.embedded import EmbeddedServer
from backends.postgres.forgetting import AT_ONCE, Forgetting
from backends.postgres.inbox import PostgresInbox
from backends.postgres.sessions import PostgresSessions
from backends.postgres.shown import PostgresShown
from backends.postgres.sign_ins import PostgresSignIns
from billing.access import Person, PersonId, TenantId
from billing.errors import NotSignedIn
from billing.people import BrowserFlow, Conversation, Session, SignInRequest
from tests import databases
from tests.clock import ChosenClock
from tests.make import ADA, guid, invoice
from tests.patience import PATIENCE_S

FINN = Person(ADA.tenant, PersonId(guid("finn")))
FAY = Person(TenantId(guid("tenant.fabrikam")), PersonId(guid("fay")))
KEPT = timedelta(days=400)
GRACE = timedelta(days=30)

_VALUES = {
    "text": "'x'", "bytea": "'\\x00'", "json": "'{}'", "boolean": "true", "ARRAY": "'{}'", "date": "current_date",
    "uuid": "gen_random_uuid()", "smallint": "1", "numeric": "1", "timestamp with time zone": "now()",
}  # fmt: skip


_STUBBORN = """
    create function stubborn() returns trigger language plpgsql as $do$ begin raise 'not that one'; end $do$;
    create trigger stubborn before delete on bot.conversations for each row when (old.person = '{person}') execute function stubborn()
"""


class Everything:
    """Every table of the bot, seen past all walls."""

    def __init__(self, admin: asyncpg.Connection, database: Database, clock: ChosenClock) -> None:
        self._admin = admin
        self._inbox = PostgresInbox(database, clock)

    async def fill(self, person: Person) -> int:
        """Write a row about *person* into each table that has room for one; return how many tables that are."""
        tables = await self._admin.fetch(
            "select table_name from information_schema.columns where table_schema = 'bot' and column_name in ('tenant', 'person')"
            " group by table_name having count(*) = 2"
        )
        for row in tables:
            await self._insert(row["table_name"], person)
        said = f'{{"from": {{"aadObjectId": "{person.id}"}}, "channelData": {{"tenant": {{"id": "{person.tenant}"}}}}}}'
        await self._inbox.accept("chat", person.id, said.encode())
        await self._admin.execute("insert into bot.reminder_tenants values ($1, now(), 0) on conflict do nothing", person.tenant)
        return len(tables)

    async def somebody_waits(self) -> None:
        """Return once a statement waits for another's rows."""
        async with asyncio.timeout(PATIENCE_S):
            while not await self._admin.fetchval("select count(*) from pg_locks where not granted"):  # noqa: ASYNC110 - PostgreSQL rings no bell
                await asyncio.sleep(0)

    async def mentioning(self, name: str) -> set[str]:
        """Return the tables that contain *name*, in whatever column and however wrapped."""
        return await databases.mentioning(self._admin, name)

    async def _insert(self, table: str, person: Person) -> None:
        needed = await self._admin.fetch(
            "select column_name, data_type from information_schema.columns where table_schema = 'bot' and table_name = $1"
            " and (is_nullable = 'NO' or column_name in ('id', 'invoice')) and column_default is null and is_identity = 'NO'"
            " and column_name not in ('tenant', 'person')",
            table,
        )
        columns = ", ".join(["tenant", "person", *(row[0] for row in needed)])
        values = ", ".join([f"'{person.tenant}'", f"'{person.id}'", *(self._value(person, *row) for row in needed)])
        await self._admin.execute(f"insert into bot.{table} ({columns}) values ({values})")  # noqa: S608 - names of our own tables

    def _value(self, person: Person, column: str, kind: str) -> str:
        if column == "id":
            return f"'{person.id}'" if kind == "text" else f"'{person.id}'::bytea"
        return _VALUES[kind]


@pytest.fixture
def clock() -> ChosenClock:
    return ChosenClock()


@pytest.fixture
def forgetting(sync_database: Database, clock: ChosenClock) -> Forgetting:
    return Forgetting(sync_database, clock)


@pytest.fixture
async def everything(postgres: EmbeddedServer, database_url: str, database: Database, clock: ChosenClock) -> AsyncGenerator[Everything]:
    async with databases.superuser(postgres, database_url) as admin:
        yield Everything(admin, database, clock)


class TestForget:
    async def test_leaves_nothing_of_a_person_in_any_table(self, forgetting: Forgetting, everything: Everything) -> None:
        tables = await everything.fill(ADA)
        before = await everything.mentioning(ADA.id)

        deleted = await forgetting.forget(ADA.tenant, ADA.id)

        assert tables >= 10
        assert len(before) == tables + 1
        assert deleted == tables - 1
        assert await everything.mentioning(ADA.id) == set()

    async def test_leaves_others_as_they_are(self, forgetting: Forgetting, everything: Everything) -> None:
        for person in (ADA, FINN, FAY):
            await everything.fill(person)
        before = await everything.mentioning(FINN.id), await everything.mentioning(FAY.id)

        await forgetting.forget(ADA.tenant, ADA.id)

        assert (await everything.mentioning(FINN.id), await everything.mentioning(FAY.id)) == before

    async def test_leaves_nothing_of_a_tenant_but_the_audits_line(self, forgetting: Forgetting, everything: Everything) -> None:
        for person in (ADA, FINN, FAY):
            await everything.fill(person)
        others = await everything.mentioning(FAY.tenant)

        await forgetting.forget(ADA.tenant)

        assert await everything.mentioning(ADA.id) | await everything.mentioning(FINN.id) == set()
        assert await everything.mentioning(ADA.tenant) == {"audit"}
        assert await everything.mentioning(FAY.tenant) == others

    async def test_keeps_the_audits_lines_of_one_person_together_under_a_pseudonym(
        self, forgetting: Forgetting, database: Database, sync_database: Database, clock: ChosenClock
    ) -> None:
        audit = PostgresAudit(database, clock)
        for person in (ADA, ADA, FINN):
            await audit.note(person, "view", "ok")

        await forgetting.forget(ADA.tenant, ADA.id)
        await forgetting.forget(ADA.tenant, ADA.id)

        async with sync_database.shared() as connection:
            named = [row[0] for row in await connection.fetch("select person from bot.audit order by entry")]
        assert named[0] == named[1] != named[2]
        assert named[0].startswith("forgotten-")
        assert named[2] == FINN.id


class TestAtTheSameTime:
    @pytest.mark.parametrize("person", [ADA.id, None], ids=["a person", "a tenant"])
    async def test_waits_for_the_end_of_a_message_and_not_the_other_way_round(
        self, forgetting: Forgetting, everything: Everything, sync_database: Database, person: PersonId | None
    ) -> None:
        await everything.fill(ADA)
        async with sync_database.transaction() as ending:
            await ending.execute("update bot.reminder_ledger set reason = 'x'")
            forgotten = asyncio.create_task(forgetting.forget(ADA.tenant, person))
            await everything.somebody_waits()
            for table in ("reminder_messages", "conversations", "reminder_tenants"):
                await ending.execute(f"update bot.{table} set tenant = tenant")  # noqa: S608 - literals

        assert await forgotten
        assert await everything.mentioning(ADA.id) == set()


class TestCleanUp:
    async def test_forgets_who_removed_the_app_once_the_grace_is_over(
        self, forgetting: Forgetting, everything: Everything, database: Database, clock: ChosenClock
    ) -> None:
        conversations = PostgresConversations(database, clock)
        await conversations.save(Conversation(ADA, "a:1", {}, "en-US", "UTC"))
        await PostgresSessions(database).save(_session(ADA, clock()))
        await conversations.removed(ADA)
        clock.advance(GRACE - timedelta(seconds=1))
        early = await forgetting.clean_up(GRACE, KEPT)
        clock.advance(timedelta(seconds=1))

        assert (early, await forgetting.clean_up(GRACE, KEPT)) == (0, 1)
        assert await everything.mentioning(ADA.id) == set()

    async def test_keeps_who_came_back(self, forgetting: Forgetting, database: Database, clock: ChosenClock) -> None:
        conversations = PostgresConversations(database, clock)
        for _ in range(2):
            await conversations.save(Conversation(ADA, "a:1", {}, "en-US", "UTC"))
            clock.advance(GRACE)
            if not await forgetting.clean_up(GRACE, KEPT):
                await conversations.removed(ADA)
        await conversations.save(Conversation(ADA, "a:1", {}, "en-US", "UTC"))
        clock.advance(GRACE)

        assert await forgetting.clean_up(GRACE, KEPT) == 0

    async def test_drops_sessions_whose_tokens_are_dead(self, forgetting: Forgetting, database: Database, clock: ChosenClock) -> None:
        sessions = PostgresSessions(database)
        await sessions.save(_session(ADA, clock()))
        clock.advance(timedelta(days=89))
        await sessions.save(_session(FINN, clock()))
        clock.advance(timedelta(days=1))

        await forgetting.clean_up(GRACE, KEPT)

        assert (await sessions.get(FINN)).person == FINN
        with pytest.raises(NotSignedIn):
            await sessions.get(ADA)

    async def test_drops_questions_and_walks_that_are_over(
        self, forgetting: Forgetting, database: Database, sync_database: Database, clock: ChosenClock
    ) -> None:
        sign_ins, soon = PostgresSignIns(database, clock), clock() + timedelta(minutes=10)
        await sign_ins.ask(SignInRequest("r1", ADA, "chat", None, soon))
        await sign_ins.leave(BrowserFlow("s1", b"cookie", {}, "r1", "/invoices", is_silent=False, expires=soon))
        clock.advance(timedelta(minutes=10))
        await sign_ins.ask(SignInRequest("r2", ADA, "chat", None, soon + timedelta(minutes=10)))

        await forgetting.clean_up(GRACE, KEPT)

        async with sync_database.shared() as connection:
            assert [row[0] for row in await connection.fetch("select id from bot.sign_in_requests")] == ["r2"]
            assert not await connection.fetch("select from bot.browser_flows")

    async def test_drops_cards_that_are_followed_no_more(
        self, forgetting: Forgetting, database: Database, sync_database: Database, clock: ChosenClock
    ) -> None:
        shown = PostgresShown(database, clock)
        await PostgresConversations(database, clock).save(Conversation(ADA, "a:1", {}, "en-US", "UTC"))
        await shown.note(ADA, invoice("INV-1"), "old")
        clock.advance(timedelta(days=30))
        await shown.note(ADA, invoice("INV-2"), "new")

        await forgetting.clean_up(GRACE, KEPT)

        async with sync_database.shared() as connection:
            assert [row[0] for row in await connection.fetch("select activity from bot.shown")] == ["new"]

    async def test_drops_old_audit_entries(
        self, forgetting: Forgetting, database: Database, sync_database: Database, clock: ChosenClock
    ) -> None:
        audit = PostgresAudit(database, clock)
        await audit.note(ADA, "old", "ok")
        clock.advance(timedelta(days=1))
        await audit.note(ADA, "new", "ok")
        clock.advance(KEPT - timedelta(days=1))

        await forgetting.clean_up(GRACE, KEPT)

        async with sync_database.shared() as connection:
            assert [row[0] for row in await connection.fetch("select what from bot.audit")] == ["new"]

    async def test_drops_more_of_them_than_one_statement_can(
        self, forgetting: Forgetting, sync_database: Database, clock: ChosenClock
    ) -> None:
        async with sync_database.shared() as connection:
            await connection.execute(
                "insert into bot.audit (at, tenant, person, what, invoice, outcome, correlation)"
                " select $1::timestamptz, 't', 'p', 'seen', '', 'ok', ''"
                " from generate_series(1, $2)",
                clock() - KEPT,
                2 * AT_ONCE + 1,
            )

        await forgetting.clean_up(GRACE, KEPT)

        async with sync_database.shared() as connection:
            assert await connection.fetchval("select count(*) from bot.audit") == 0

    async def test_forgets_one_person_although_another_one_fails(
        self, forgetting: Forgetting, postgres: EmbeddedServer, database_url: str, database: Database, clock: ChosenClock
    ) -> None:
        conversations = PostgresConversations(database, clock)
        for person in (ADA, FINN):
            await conversations.save(Conversation(person, f"a:{person.id}", {}, "en-US", "UTC"))
            await conversations.removed(person)
            clock.advance(timedelta(seconds=1))
        clock.advance(GRACE)
        async with databases.superuser(postgres, database_url) as admin:
            await admin.execute(_STUBBORN.format(person=FINN.id))
            try:
                with pytest.raises(asyncpg.RaiseError):
                    await forgetting.clean_up(GRACE, KEPT)
            finally:
                await admin.execute("drop function stubborn cascade")
            left = await admin.fetch("select person from bot.conversations")

        assert [row["person"] for row in left] == [FINN.id]


def _session(person: Person, confirmed: datetime) -> Session:
    return Session(person, "upn", "name", confirmed, frozenset(), b"sealed")
