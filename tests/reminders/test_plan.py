"""Planning: the right people, the right day, once."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from backends.postgres.mirror import Mirror
from billing.due import Notice, Why, Wishes
from billing.invoice import Charge, State
from tests.crowd import Crowd
from tests.reminders.office import TODAY, Office, person_of
from tests.reminding import MORNING


async def why(office: Office) -> list[str]:
    return [f"{each.why}" for each in [prospect async for prospect in office.reminders.planner.rehearse()]]


Change = Callable[[Office, Crowd], Awaitable[None]]


async def turned_off(office: Office, crowd: Crowd) -> None:
    await office.choosing.wish(person_of(crowd.people[0]), Wishes(is_on=False))


async def turned_on(office: Office, crowd: Crowd) -> None:
    await office.choosing.wish(person_of(crowd.people[0]), Wishes())


async def left_the_company(office: Office, _: Crowd) -> None:
    await run(office, "update mirror.contacts set active = false")


async def came_back(office: Office, _: Crowd) -> None:
    await run(office, "update mirror.contacts set active = true")


async def run(office: Office, statement: str) -> None:
    async with office.database.shared() as connection:
        await connection.execute(statement)  # type: ignore[arg-type]


async def held_back(office: Office, change: Change) -> Crowd:
    """Return people of whom one has a reminder that *change* held back after it was planned."""
    crowd = await office.settle()
    await office.bill(crowd)
    await office.reminders.planner.run()
    await change(office, crowd)
    await office.one_pass()
    return crowd


class TestPlanner:
    async def test_plans_what_has_reached_a_stage_and_does_so_once(self, office: Office) -> None:
        crowd = await office.settle()
        for number, days in (("INV-1", -3), ("INV-2", 0), ("INV-3", 7), ("INV-4", 8), ("INV-5", -60)):
            await office.bill(crowd, number, TODAY + timedelta(days=days))
        await office.bill(crowd, "INV-6", None)
        await office.bill(crowd, "INV-7", state=State.COMPLETE)

        planned = [await office.reminders.planner.run(), await office.reminders.planner.run()]

        assert planned == [3, 0]

    async def test_plans_for_two_planners_at_once_as_for_one(self, office: Office) -> None:
        crowd = await office.settle(3, 5)
        for company in crowd.companies:
            await office.bill(crowd, company.key, account=company.id)

        planned = await asyncio.gather(*(office.reminders.planner.run() for _ in range(4)))

        assert sum(planned) == 15

    async def test_asks_nobody_outside_their_hours(self, office: Office) -> None:
        crowd = await office.settle(zone="Asia/Tokyo")
        await office.bill(crowd)

        assert await office.reminders.planner.run() == 0
        assert await why(office) == [Why.ASLEEP]

    async def test_says_why_somebody_gets_nothing(self, office: Office) -> None:
        crowd = await office.settle(people_each=5)
        off, out, gone, unreachable, idle = map(person_of, crowd.people)
        await office.choosing.wish(off, Wishes(is_on=False))
        async with office.database.shared() as connection:
            await connection.execute("delete from bot.sessions where person = $1", out.id)
            await connection.execute("update bot.conversations set removed = now() where person = $1", gone.id)
            await connection.execute("update bot.conversations set unreachable = 'gone' where person = $1", unreachable.id)

        found = {prospect.to.conversation.person: prospect.why async for prospect in office.reminders.planner.rehearse()}

        expected = {off: Why.OFF, out: Why.SIGNED_OUT, gone: Why.UNINSTALLED, unreachable: Why.UNREACHABLE, idle: Why.NOTHING}
        assert found == expected

    async def test_rehearses_what_it_would_plan_and_changes_nothing(self, office: Office) -> None:
        crowd = await office.settle()
        await office.bill(crowd, "INV-9", TODAY)

        says = [each async for prospect in office.reminders.planner.rehearse() for each in prospect.says]

        assert [(each.number, each.stage) for each in says] == [("INV-9", f"due:{TODAY}:+0")]
        assert not await office.states()

    async def test_plans_nothing_for_a_company_in_which_a_person_has_no_role(self, office: Office) -> None:
        crowd = await office.settle(2)
        await office.bill(crowd, account=crowd.companies[1].id)
        async with Mirror(office.database).writing() as batch:
            await batch.replace_contact_roles([])

        assert await office.reminders.planner.run() == 0

    async def test_prefers_the_persons_stages_to_the_companys(self, office: Office) -> None:
        crowd = await office.settle(people_each=2)
        await office.bill(crowd, due=TODAY + timedelta(days=5))
        await office.reminders.plans.company(crowd.companies[0].id, (-5,))  # type: ignore[arg-type]
        await office.choosing.wish(person_of(crowd.people[0]), Wishes(days=(0,)))

        assert await office.reminders.planner.run() == 1

    async def test_begins_anew_when_the_due_date_moves(self, office: Office) -> None:
        crowd = await office.settle()
        bill = await office.bill(crowd)
        await office.one_pass()

        await office.put(replace(bill, due=TODAY + timedelta(days=8)))
        office.advance(timedelta(days=1))

        assert (await office.one_pass())["sent"] == 1
        assert "Due in 7 days" in office.got(crowd.people[0])[1]

    async def test_tells_news_once_and_not_what_is_switched_off(self, office: Office) -> None:
        crowd = await office.settle(people_each=2)
        await office.choosing.wish(person_of(crowd.people[0]), Wishes(silent=frozenset({Notice.PAID, Notice.FAILED})))
        far = TODAY + timedelta(days=30)
        await office.bill(crowd, "INV-1", far, billed=TODAY, changed=MORNING)
        await office.bill(crowd, "INV-2", state=State.COMPLETE, paid=TODAY, changed=MORNING)
        await office.bill(crowd, "INV-3", far, billed=date(2026, 1, 1), charge=Charge.FAILED, changed=MORNING)

        planned = [await office.reminders.planner.run(), await office.reminders.planner.run()]
        await office.one_pass()

        assert planned == [1 + 3, 0]
        assert "1 new" in office.got(crowd.people[0])[0]
        assert "Payment failed" in office.got(crowd.people[1])[0]

    @pytest.mark.parametrize("hours_down", [3, 72])
    async def test_catches_up_with_one_message_and_the_newest_stage(self, office: Office, hours_down: int) -> None:
        crowd = await office.settle()
        await office.bill(crowd, due=TODAY + timedelta(days=1))

        office.advance(timedelta(hours=hours_down))
        done = [await office.one_pass(), await office.one_pass()]

        assert [each["sent"] for each in done] == [1, 0]
        assert await office.states() == {("sent", ""): 1}
        assert ("Due tomorrow" if hours_down == 3 else "Overdue by 2 days") in office.got(crowd.people[0])[0]

    async def test_waits_for_the_morning_when_it_catches_up_at_night(self, office: Office) -> None:
        crowd = await office.settle()
        await office.bill(crowd)

        office.advance(timedelta(hours=12))  # half past nine in the evening
        at_night = await office.one_pass()
        office.advance(timedelta(hours=12))
        in_the_morning = await office.one_pass()

        assert (at_night["sent"], in_the_morning["sent"]) == (0, 1)

    async def test_counts_by_utc_for_somebody_whose_time_zone_nobody_knows(self, office: Office) -> None:
        crowd = await office.settle(people_each=2)
        await office.bill(crowd)
        async with office.database.shared() as connection:
            await connection.execute("update bot.conversations set zone = 'America/Lost' where person = $1", crowd.people[1].oid)

        assert (await office.one_pass())["sent"] == 2

    async def test_plans_for_the_others_where_something_about_somebody_makes_no_sense(
        self, office: Office, caplog: pytest.LogCaptureFixture
    ) -> None:
        crowd = await office.settle(3, 2)
        for company in crowd.companies:
            await office.bill(crowd, company.key, account=company.id)
        async with office.database.shared() as connection:
            await connection.execute("update mirror.invoices set balance = 'NaN' where account = $1", crowd.companies[1].id)

        planned = await office.reminders.planner.run()
        reasons = Counter(await why(office))

        assert planned == 4
        assert reasons == {Why.UNREADABLE: 2, "None": 4}
        named = {getattr(each, "person", "") for each in caplog.records if each.getMessage() == "reminders.not_planned"}
        assert named == {person_of(each).hashed for each in crowd.people[2:4]}

    async def test_plans_for_somebody_who_wants_silence_about_what_this_release_does_not_know(self, office: Office) -> None:
        crowd = await office.settle()
        await office.bill(crowd)
        await office.choosing.wish(person_of(crowd.people[0]), Wishes())
        async with office.database.shared() as connection:
            await connection.execute("update bot.reminder_wishes set silent = '{moved}'")

        assert await office.reminders.planner.run() == 1

    async def test_plans_for_everybody_though_an_invoice_is_due_at_the_end_of_time(self, office: Office) -> None:
        crowd = await office.settle(2)
        await office.bill(crowd)
        await office.bill(crowd, "INV-2", date(9999, 12, 30), account=crowd.companies[1].id, billed=TODAY, changed=MORNING)

        done = await office.one_pass()

        assert (done["planned"], done["sent"]) == (2, 2)


class TestHeldBack:
    @pytest.mark.parametrize(("change", "back"), [(turned_off, turned_on), (left_the_company, came_back)])
    async def test_is_said_after_all_once_the_reason_has_gone(self, office: Office, change: Change, back: Change) -> None:
        crowd = await held_back(office, change)

        await back(office, crowd)
        passes = [await office.one_pass() for _ in range(2)]

        assert [each["sent"] for each in passes] == [1, 0]
        assert await office.states() == {("sent", ""): 1}

    async def test_is_said_of_the_company_that_the_invoice_is_in_by_then(self, office: Office) -> None:
        crowd = await held_back(office, left_the_company)
        await run(office, "update bot.reminder_ledger set account = gen_random_uuid()")

        await came_back(office, crowd)

        assert (await office.one_pass())["sent"] == 1

    async def test_is_said_no_more_where_something_newer_is_to_be_said(self, office: Office) -> None:
        crowd = await held_back(office, turned_off)

        office.advance(timedelta(days=3))
        await turned_on(office, crowd)
        await office.one_pass()

        assert await office.states() == {("suppressed", Why.OFF): 1, ("sent", ""): 1}

    async def test_touches_nothing_that_was_said(self, office: Office) -> None:
        crowd = await office.settle()
        await office.bill(crowd)
        await office.one_pass()
        rows = "select string_agg(xmin || '/' || xmax, ' ') from bot.reminder_ledger"
        async with office.database.shared() as connection:
            before = await connection.fetchval(rows)

        await office.one_pass()

        async with office.database.shared() as connection:
            assert await connection.fetchval(rows) == before
