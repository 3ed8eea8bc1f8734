"""The audit takes entries, and gives none back to those who write them."""

import asyncpg
import pytest

from backends.postgres.audit import PostgresAudit
from backends.postgres.database import Database
from backends.postgres.mirror import Mirror
from backends.rows import RoleRow
from billing import correlation
from tests.clock import ChosenClock
from tests.make import ADA, CONTOSO, NOW, guid
from tests.rows import contact, put_ada


class TestNote:
    async def test_says_who_did_what_about_which_invoice_how_it_ended_when_and_in_which_request(
        self, database: Database, sync_database: Database
    ) -> None:
        reference = correlation.begin()

        await PostgresAudit(database, ChosenClock()).note(ADA, "view", "ok", guid("INV-1"))

        async with sync_database.shared() as connection:
            rows = await connection.fetch("select at, tenant, person, what, invoice, outcome, correlation from bot.audit")
        assert [tuple(row) for row in rows] == [(NOW, ADA.tenant, ADA.id, "view", guid("INV-1"), "ok", reference)]


class TestAppRole:
    @pytest.mark.parametrize(
        "statement",
        [
            "select * from bot.audit",
            "select count(*) from bot.audit",
            "update bot.audit set outcome = 'ok'",
            "delete from bot.audit",
            "truncate bot.audit",
            "insert into bot.audit (at) values (now()) returning *",
            "alter table bot.audit disable trigger all",
            "drop table bot.audit",
            "select bot.forget('t', null)",
        ],
    )
    async def test_can_neither_read_nor_change_nor_delete_an_entry(self, database: Database, statement: str) -> None:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with database.shared() as connection:
                await connection.execute(statement)  # pyright: ignore[reportArgumentType]


class TestRoles:
    async def test_that_come_and_go_are_noted_for_the_person_who_holds_them(self, mirror: Mirror, sync_database: Database) -> None:
        ada, role = contact(), "Work365 Finance Manager"
        await put_ada(mirror)

        async with mirror.writing() as batch:
            await batch.replace_contact_roles([])
            await batch.replace_account_roles([RoleRow(CONTOSO.id, role)])
        async with mirror.writing() as batch:
            await batch.replace_contact_roles([RoleRow(ada.id, role)])
            await batch.replace_contact_roles([RoleRow(ada.id, role)])

        async with sync_database.shared() as connection:
            rows = await connection.fetch("select tenant, person, what, outcome from bot.audit order by entry")
        assert {tuple(row)[:3] for row in rows} == {(ADA.tenant, ADA.id, "role")}
        assert [row["outcome"] for row in rows][-2:] == [f"given {role}", f"given {role}"]
        assert sorted(row["outcome"] for row in rows[:-2]) == ["taken Work 365 Administrator", f"taken {role}"]

    async def test_of_the_first_load_are_no_change(self, mirror: Mirror, sync_database: Database) -> None:
        await put_ada(mirror)

        async with sync_database.shared() as connection:
            assert await connection.fetchval("select count(*) from bot.audit") == 0
