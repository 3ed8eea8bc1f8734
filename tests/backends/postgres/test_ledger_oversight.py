"""The operator's view of the ledger."""

from datetime import timedelta

from backends.postgres.database import Database
from backends.postgres.ledger_oversight import PostgresOversight
from backends.postgres.ledger_wishes import PostgresChoosing
from billing.due import CATCH_UP
from billing.invoice import InvoiceId
from tests.make import ADA, CONTOSO, NOW, TODAY, guid

_ROW = """
    insert into bot.reminder_ledger (tenant, person, account, invoice, stage, state, planned, not_before)
    values ($1, $2, $3, $4, 'issued', $5, $6, $6)
"""


async def put(database: Database, state: str, name: str) -> None:
    async with database.shared() as connection:
        await connection.execute(_ROW, ADA.tenant, ADA.id, CONTOSO.id, guid(name), state, NOW)


class TestCounts:
    async def test_tell_tenants_states_and_reasons_apart(self, sync_database: Database) -> None:
        for state, name in (("planned", "1"), ("planned", "2"), ("suppressed", "3")):
            await put(sync_database, state, name)

        assert await PostgresOversight(sync_database).counts() == {(ADA.tenant, "planned", ""): 2, (ADA.tenant, "suppressed", ""): 1}


class TestOpen:
    async def test_counts_what_has_not_come_to_an_end_and_says_so_where_there_is_none(self, sync_database: Database) -> None:
        for state, name in (("planned", "1"), ("planned", "2"), ("suppressed", "3")):
            await put(sync_database, state, name)

        assert await PostgresOversight(sync_database).open() == {"planned": 2, "sending": 0, "uncertain": 0}


class TestTidy:
    async def test_forgets_what_has_ended_and_keeps_what_waits(self, sync_database: Database) -> None:
        await put(sync_database, "suppressed", "1")
        await put(sync_database, "planned", "2")
        oversight = PostgresOversight(sync_database)

        deleted = [await oversight.tidy(NOW + age, NOW) for age in (timedelta(0), timedelta(seconds=1), timedelta(days=1))]

        assert deleted == [0, 1, 0]
        assert await oversight.counts() == {(ADA.tenant, "planned", ""): 1}

    async def test_forgets_a_snooze_once_nothing_can_come_of_its_end_any_more(self, sync_database: Database) -> None:
        ends = {guid(f"{days}"): TODAY - CATCH_UP - timedelta(days=days) for days in (0, 1, 2, 400)} | {guid("ahead"): TODAY}
        await PostgresChoosing(sync_database).snooze(ADA, {InvoiceId(invoice): until for invoice, until in ends.items()})

        await PostgresOversight(sync_database).tidy(NOW - timedelta(days=400), NOW)

        async with sync_database.shared() as connection:
            kept = {row[0] for row in await connection.fetch("select invoice::text from bot.reminder_snoozes")}
        assert kept == {guid("0"), guid("1"), guid("ahead")}
