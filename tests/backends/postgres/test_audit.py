"""The audit takes entries, and gives none back to those who write them."""

import asyncpg
import pytest

from backends.postgres.audit import PostgresAudit
from backends.postgres.database import Database
from billing import correlation
from tests.clock import ChosenClock
from tests.make import ADA, NOW, guid


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
