"""What an operator asks about reminders, at the command line."""

from datetime import UTC, datetime, timedelta

import pytest

import app
from assembly import reminding
from backends.postgres.database import Database
from tests.assembly.place import Place
from tests.make import ADA, CONTOSO, guid
from tests.reminding import reachable, refusal
from tests.town import town

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

    async def test_says_so_where_there_were_none(self, place: Place) -> None:
        assert await place.run("remind", "--report", "30") == (0, "no reminders in the last 30 days\n")


class TestRehearse:
    async def test_ends_with_how_many_would_come_even_where_that_is_none(self, place: Place) -> None:
        assert await place.run("remind", "--dry-run") == (0, "planned 0, sent 0, skipped 0, failed 0, uncertain 0\n")

    async def test_counts_what_would_come_and_who_would_get_nothing(self, database_url: str, capsys: pytest.CaptureFixture[str]) -> None:
        morning_in_new_york = datetime.now(UTC).replace(hour=14, minute=30)
        async with town(database_url) as built:
            for key in ("finn", "nora"):
                await reachable(built, key)
            capsys.readouterr()

            await reminding.rehearse(built.settings, morning_in_new_york)

        *people, totals = capsys.readouterr().out.splitlines()
        (nothing,) = [line for line in people if "nothing: " in line]
        (says,) = [line for line in people if line != nothing]
        rows = says.count("INV-")
        assert nothing.endswith("nothing: no role")
        assert totals == f"planned {rows}, sent {rows}, skipped 0, failed 0, uncertain 0"


class TestRemind:
    async def test_counts_everything_it_was_about_in_one_unit_and_as_the_rehearsal_does(
        self, database_url: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        morning_in_new_york = datetime.now(UTC).replace(hour=14, minute=30)
        async with town(database_url) as built:
            await reachable(built, "finn")
            capsys.readouterr()

            await reminding.rehearse(built.settings, morning_in_new_york)
            rehearsed = capsys.readouterr().out.splitlines()[-1]
            await reminding.remind(built.settings, morning_in_new_york)
            done = capsys.readouterr().out.splitlines()[-1]

        planned, sent, *others = (int(each.split()[-1]) for each in done.split(", "))
        assert rehearsed == done
        assert planned == sent > 1
        assert others == [0, 0, 0]

    async def test_adds_up_where_some_are_skipped_and_some_go_again(
        self, database_url: str, sync_database: Database, capsys: pytest.CaptureFixture[str]
    ) -> None:
        morning_in_new_york = datetime.now(UTC).replace(hour=14, minute=30)
        async with town(database_url) as built:
            finn = await reachable(built, "finn")
            async with sync_database.shared() as connection:
                row = (finn.person.tenant.id, finn.person.oid, CONTOSO.id, guid("gone"), "planned", "", morning_in_new_york)
                await connection.execute(_ROW, *row)
            built.world.faults.add(refusal(429, "Throttled", times=None))
            capsys.readouterr()

            await reminding.remind(built.settings, morning_in_new_york)
            done = capsys.readouterr().out.splitlines()[-1]

        planned, sent, skipped, failed, uncertain, again = (int(each.split()[-1]) for each in done.split(", "))
        assert (sent, skipped, failed, uncertain) == (0, 1, 0, 0)
        assert planned == skipped + again
        assert again > 1


class TestSetCompany:
    async def test_refuses_an_account_that_has_not_been_read_from_work_365(self, place: Place, sync_database: Database) -> None:
        status, said = await place.run("remind", "--company", CONTOSO.id, "--days=1")

        async with sync_database.shared() as connection:
            kept = await connection.fetchval("select count(*) from bot.reminder_companies")
        assert (status, said, kept) == (1, f"{CONTOSO.id}: no such account has been read from Work 365\n", 0)

    async def test_sets_the_stages_of_one_that_has(self, place: Place, sync_database: Database) -> None:
        await place.run("sync")
        async with sync_database.shared() as connection:
            account = str(await connection.fetchval("select id from mirror.accounts limit 1"))

        assert await place.run("remind", "--company", account, "--days=-7,0") == (0, f"{account}: -7, +0\n")
        assert await place.run("remind", "--company", account) == (0, f"{account}: REMINDER_DAYS\n")


class TestUsage:
    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (("sent",), "without --settle it means nothing"),
            (("--uncertain", "--at", "2026-11-23T14:00:00Z"), "here it means nothing"),
            (("--report", "--at", "2026-11-23T14:00:00Z"), "here it means nothing"),
            (("--days=1",), "without --company ACCOUNT they mean nothing"),
            (("--company", "contoso"), "must be a GUID such as"),
            (("--company", CONTOSO.id, "--days=a,1,500"), "'a', '500': must be whole days from -365 to 365"),
            (("--at", "2026-11-23"), "such as 2026-11-23T14:00:00Z"),
            (("--at", "0001-01-01T00:00:00+14:00"), "such as 2026-11-23T14:00:00Z"),
            (("--report", "0"), "no number of days from 1 to 3650"),
            (("--report", "99999999999"), "no number of days from 1 to 3650"),
            (("--dry-run", "--uncertain"), "not allowed with"),
        ],
        ids=str,
    )
    async def test_is_told_where_words_mean_nothing_rather_than_a_pass_begun(
        self, words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(SystemExit) as ended:
            app.main(["remind", *words])

        assert ended.value.code == 2
        assert told in capsys.readouterr().err
