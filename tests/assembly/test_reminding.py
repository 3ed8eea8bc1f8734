"""What an operator asks about reminders, at the command line."""

from datetime import UTC, datetime, timedelta

from backends.postgres.database import Database
from tests.assembly.place import Place
from tests.make import ADA, CONTOSO, guid

_ROW = """
    insert into bot.reminder_ledger (tenant, person, account, invoice, stage, state, reason, planned, not_before)
    values ($1, $2, $3, $4, 'issued', $5, $6, $7, $7)
"""


async def put(database: Database, tenant: str, state: str, reason: str, age: timedelta) -> None:
    invoice = guid(f"{tenant} {state} {reason} {age}")
    async with database.shared() as connection:
        await connection.execute(_ROW, tenant, ADA.id, CONTOSO.id, invoice, state, reason, datetime.now(UTC) - age)


class TestReport:
    async def test_tells_what_became_of_the_last_days_reminders_by_tenant(self, place: Place, sync_database: Database) -> None:
        one, other = sorted([guid("tenant.one"), guid("tenant.other")])
        await put(sync_database, one, "planned", "", timedelta(days=1))
        await put(sync_database, one, "suppressed", "snoozed", timedelta(days=1))
        await put(sync_database, one, "suppressed", "snoozed", timedelta(days=2))
        await put(sync_database, other, "suppressed", "no role", timedelta(days=6))
        await put(sync_database, other, "planned", "", timedelta(days=8))

        week, more = await place.run("remind", "--report"), await place.run("remind", "--report", "30")

        assert week == (0, f"tenant {one}  planned 1, suppressed 2 (snoozed)\ntenant {other}  suppressed 1 (no role)\n")
        assert more[1].endswith(f"tenant {other}  planned 1, suppressed 1 (no role)\n")
