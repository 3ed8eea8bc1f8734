"""Delivery: every way in which a message can end, and everything that can change before it is sent."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from backends.postgres.database import Database
from backends.postgres.mirror import Mirror
from backends.rows import InvoiceRow, Table
from billing.due import Why, Wishes
from billing.invoice import Charge, InvoiceId, State
from sandbox.connector.conversation import Entry
from sandbox.driver import actions
from tests.crowd import Crowd
from tests.reminders.office import TODAY, Office, person_of
from tests.reminding import POST

Change = Callable[[Office, Crowd, InvoiceRow], Awaitable[None]]


def posts(office: Office) -> int:
    return len(office.world.asked("connector", POST))


def titles(entry: Entry) -> list[str]:
    return [each["title"] for each in actions(entry) if each["type"] != "Action.Submit"]


class TestMessage:
    async def test_carries_everything_that_is_due_and_says_why_it_came(self, office: Office) -> None:
        crowd = await office.settle()
        await office.bill(crowd, "INV-1", TODAY - timedelta(days=3), pay_link=f"http://127.0.0.1:{office.settings.port}/pay")
        await office.bill(crowd, "INV-2", TODAY, charge=Charge.PENDING)
        await office.bill(crowd, "INV-3", TODAY, state=State.PARTIAL, charged=Decimal(234))

        await office.one_pass()

        (text,) = office.got(crowd.people[0])
        assert "1 overdue · 2 due today" in text
        assert "A payment is being processed" in text
        assert "You get this because you may see the invoices of Crowd 0 Ltd and reminders are on" in text
        (shown,) = office.shown(crowd.people[0])
        assert titles(shown).count("Pay now") == 1
        assert titles(shown)[-3:] == ["Open invoices", "Reminder settings", "Turn off reminders"]

    async def test_keeps_companies_and_currencies_apart(self, office: Office) -> None:
        crowd = await office.settle(2)
        first, second = crowd.companies
        async with office.database.shared() as connection:
            await connection.execute("update mirror.provider_accounts set tenant = $1", first.bound)
            await connection.execute("update mirror.contacts set email = 'ada@contoso.example'")
            await connection.execute("update mirror.external_identities set username = $1", crowd.people[0].oid)
        await office.bill(crowd, "INV-1", total=Decimal(100))
        await office.bill(crowd, "INV-2", total=Decimal(200), currency="EUR")
        await office.bill(crowd, "INV-3", account=second.id, total=Decimal(300))

        await office.one_pass()

        (text,) = office.got(crowd.people[0])
        one, _, other = text.partition("Crowd 1 Ltd")
        assert "€200.00 · $100.00" in one
        assert "$300.00" in other

    async def test_says_that_a_credit_covers_it(self, office: Office) -> None:
        crowd = await office.settle()
        await office.bill(crowd, "INV-1", total=Decimal(100))
        await office.bill(crowd, "INV-2", TODAY + timedelta(days=60), total=Decimal(-150))

        await office.one_pass()

        assert "Your company's credit of $150.00 covers it." in office.got(crowd.people[0])[0]

    async def test_promises_no_credit_twice(self, office: Office) -> None:
        crowd = await office.settle()
        await office.bill(crowd, "INV-1", total=Decimal(100))
        await office.bill(crowd, "INV-2", total=Decimal(100))
        await office.bill(crowd, "INV-3", TODAY + timedelta(days=60), total=Decimal(-150))

        await office.one_pass()

        assert "credit" not in office.got(crowd.people[0])[0]

    async def test_shows_a_part_of_very_many(self, office: Office) -> None:
        crowd = await office.settle()
        for number in range(60):
            await office.bill(crowd, f"INV-{number}", name="x" * 4000)

        assert (await office.one_pass())["sent"] == 1
        assert "52 more invoices" in office.got(crowd.people[0])[0]


async def _paid(office: Office, _: Crowd, bill: InvoiceRow) -> None:
    await office.put(replace(bill, state=State.COMPLETE, charged=bill.total))


async def _written_off(office: Office, _: Crowd, bill: InvoiceRow) -> None:
    await office.put(replace(bill, charged=bill.total))


async def _withdrawn(office: Office, _: Crowd, bill: InvoiceRow) -> None:
    async with Mirror(office.database).writing() as batch:
        await batch.remove(Table.INVOICES, [bill.id])


async def _given_away(office: Office, _: Crowd, bill: InvoiceRow) -> None:
    await office.put(replace(bill, account="00000000-0000-4000-8000-000000000001"))


async def _postponed(office: Office, _: Crowd, bill: InvoiceRow) -> None:
    await office.put(replace(bill, due=TODAY + timedelta(days=30)))


async def _snoozed(office: Office, crowd: Crowd, bill: InvoiceRow) -> None:
    await office.choosing.snooze(person_of(crowd.people[0]), {InvoiceId(bill.id): TODAY + timedelta(days=1)})


async def _turned_off(office: Office, crowd: Crowd, _: InvoiceRow) -> None:
    await office.choosing.wish(person_of(crowd.people[0]), Wishes(is_on=False))


async def _signed_out(office: Office, _: Crowd, __: InvoiceRow) -> None:
    await _run(office.database, "delete from bot.sessions")


async def _uninstalled(office: Office, _: Crowd, __: InvoiceRow) -> None:
    await _run(office.database, "update bot.conversations set removed = now()")


async def _lost_the_role(office: Office, _: Crowd, __: InvoiceRow) -> None:
    await _run(office.database, "delete from mirror.contact_roles")


async def _left_the_company(office: Office, _: Crowd, __: InvoiceRow) -> None:
    await _run(office.database, "update mirror.contacts set active = false")


async def _forgotten(office: Office, crowd: Crowd, _: InvoiceRow) -> None:
    async with office.database.shared() as connection:
        await connection.execute("select bot.forget($1, $2)", crowd.people[0].tenant.id, crowd.people[0].oid)


async def _run(database: Database, statement: str) -> None:
    async with database.shared() as connection:
        await connection.execute(statement)  # type: ignore[arg-type]


class TestClaim:
    @pytest.mark.parametrize(
        ("change", "why"),
        [
            (_paid, Why.SETTLED),
            (_written_off, Why.SETTLED),
            (_withdrawn, Why.GONE),
            (_given_away, Why.GONE),
            (_postponed, Why.PASSED),
            (_snoozed, Why.SNOOZED),
            (_turned_off, Why.OFF),
            (_signed_out, Why.SIGNED_OUT),
            (_uninstalled, Why.UNINSTALLED),
            (_lost_the_role, Why.NO_ROLE),
            (_left_the_company, Why.NO_ROLE),
        ],
    )
    async def test_looks_again_just_before_sending(self, office: Office, change: Change, why: Why) -> None:
        crowd = await office.settle()
        bill = await office.bill(crowd)
        await office.reminders.planner.run()

        await change(office, crowd, bill)
        await office.one_pass()

        assert await office.states() == {("suppressed", why): 1}
        assert posts(office) == 0

    async def test_finds_nothing_of_a_person_who_is_forgotten(self, office: Office) -> None:
        crowd = await office.settle()
        bill = await office.bill(crowd)
        await office.reminders.planner.run()

        await _forgotten(office, crowd, bill)
        await office.one_pass()

        assert not await office.states()
        assert posts(office) == 0

    async def test_leaves_out_what_was_paid_and_sends_the_rest(self, office: Office) -> None:
        crowd = await office.settle()
        await _paid(office, crowd, await office.bill(crowd, "INV-1"))
        paid = await office.bill(crowd, "INV-2")
        await office.reminders.planner.run()
        await _paid(office, crowd, paid)
        await office.bill(crowd, "INV-3")

        await office.one_pass()

        assert await office.states() == {("sent", ""): 1, ("suppressed", Why.SETTLED): 1}
        assert "INV-3" in office.got(crowd.people[0])[0]

    async def test_sends_to_the_others_where_something_about_somebody_makes_no_sense(self, office: Office) -> None:
        crowd = await office.settle(2, 2)
        for company in crowd.companies:
            await office.bill(crowd, company.key, account=company.id)
        await office.reminders.planner.run()
        async with office.database.shared() as connection:
            await connection.execute("update mirror.invoices set balance = 'NaN' where account = $1", crowd.companies[0].id)

        await office.one_pass()

        assert await office.states() == {("sent", ""): 2, ("suppressed", Why.UNREADABLE): 2}
        assert crowd.got(office.world) == [0, 0, 1, 1]

    async def test_sends_once_however_many_drains_there_are(self, office: Office) -> None:
        crowd = await office.settle(people_each=12)
        await office.bill(crowd)
        await office.keep_fresh()
        await office.reminders.planner.run()
        (tenant,) = await office.reminders.outbox.tenants(office.clock())

        await asyncio.gather(*(office.reminders.delivery.drain(tenant) for _ in range(4)))

        assert crowd.got(office.world) == [1] * 12

    async def test_waits_while_rights_cannot_be_confirmed(self, office: Office) -> None:
        crowd = await office.settle()
        await office.bill(crowd)
        await office.reminders.planner.run()
        (tenant,) = await office.reminders.outbox.tenants(office.clock())

        office.advance(timedelta(minutes=59))
        await office.reminders.delivery.drain(tenant)  # the mirror is too old by now
        while_stale = await office.states()
        office.advance(timedelta(minutes=10))

        assert while_stale == {("planned", ""): 1}
        assert (await office.one_pass())["sent"] == 1

    async def test_sends_a_second_message_on_no_day(self, office: Office) -> None:
        crowd = await office.settle()
        await office.bill(crowd, "INV-1")
        await office.one_pass()
        await office.bill(crowd, "INV-2")

        later_today = await office.one_pass()
        office.advance(timedelta(days=1))
        tomorrow = await office.one_pass()

        assert (later_today["sent"], tomorrow["sent"]) == (0, 1)

    async def test_repeats_nothing_when_the_clock_steps_back(self, office: Office) -> None:
        crowd = await office.settle()
        await office.bill(crowd)
        await office.one_pass()

        done: list[int] = []
        for step in (-2, 1, -30, 31):
            office.advance(timedelta(hours=step))
            done.append((await office.one_pass())["sent"])

        assert done == [0, 0, 0, 0]
