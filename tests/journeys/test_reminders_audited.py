"""What the audit says of reminders: to whom, about which invoice, and how it ended; it outlives the ledger."""

from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest

from backends.postgres.forgetting import Forgetting
from billing.delivery import NotDelivered, Outcome
from billing.people import Conversation
from billing.ports import Json
from billing.reminding import Ended, MessageId
from tests.make import NOW
from tests.reminders import office as offices
from tests.reminders.office import TODAY, Office, person_of
from tests.reminding import refusal


@pytest.fixture
async def office(database_url: str) -> AsyncGenerator[Office]:
    """Return an office on a Monday morning in New York."""
    async with offices.office(database_url) as opened:
        yield opened


async def audited(office: Office) -> list[tuple[str, str, str]]:
    """Return person, invoice and outcome of what the audit says of reminders, oldest first."""
    async with office.database.shared() as connection:
        rows = await connection.fetch("select person, invoice, outcome from bot.audit where what = 'reminder' order by entry, invoice")
    return [(row["person"], row["invoice"], row["outcome"]) for row in rows]


class TestReminder:
    async def test_is_noted_once_for_each_invoice_that_it_told_of(self, office: Office) -> None:
        crowd = await office.settle(people_each=2)
        bills = [await office.bill(crowd, "INV-1"), await office.bill(crowd, "INV-2", changed=office.clock())]

        await office.one_pass()
        await office.one_pass()

        assert sorted(await audited(office)) == sorted((who.oid, bill.id, "sent") for who in crowd.people for bill in bills)

    async def test_has_the_tenant_and_the_correlation_of_its_drain(self, office: Office) -> None:
        crowd = await office.settle(2, 2)
        for company in crowd.companies:
            await office.bill(crowd, company.key, account=company.id)

        await office.one_pass()

        async with office.database.shared() as connection:
            rows = await connection.fetch("select tenant, correlation, count(*) from bot.audit where what = 'reminder' group by 1, 2")
        assert {row["tenant"]: row["count"] for row in rows} == {each.bound: 2 for each in crowd.companies}
        assert len({row["correlation"] for row in rows}) == 2
        assert all(len(row["correlation"]) == 16 for row in rows)

    @pytest.mark.parametrize(
        ("status", "code", "outcome"),
        [
            (403, "BotDisabledByAdmin", "failed: suspended"),
            (400, "BadArgument", "failed: rejected"),
            (500, "ServiceError", "uncertain: no answer"),
        ],
    )
    async def test_is_noted_as_it_ended(self, office: Office, status: int, code: str, outcome: str) -> None:
        crowd = await office.settle()
        bill = await office.bill(crowd)
        office.world.faults.add(refusal(status, code))

        await office.one_pass()

        assert await audited(office) == [(crowd.people[0].oid, bill.id, outcome)]

    async def test_is_not_noted_before_it_has_ended(self, office: Office) -> None:
        crowd = await office.settle()
        bill = await office.bill(crowd)
        office.world.faults.add(refusal(412, "PreconditionFailed"))

        await office.one_pass()
        meanwhile = await audited(office)
        office.advance(timedelta(seconds=38))
        await office.one_pass()

        assert meanwhile == []
        assert await audited(office) == [(crowd.people[0].oid, bill.id, "sent")]

    async def test_is_noted_once_where_the_end_is_recorded_twice(self, office: Office) -> None:
        crowd = await office.settle()
        await office.bill(crowd)
        office.world.faults.add(refusal(500, "ServiceError"))
        await office.one_pass()
        (doubt,) = await office.reminders.oversight.doubts()

        await office.reminders.outbox.end(Ended(MessageId(doubt.id), "uncertain", "no answer", NOW))

        assert len(await audited(office)) == 1

    async def test_of_a_process_that_died_is_noted_and_so_is_what_the_operator_says(self, office: Office) -> None:
        crowd = await office.settle(people_each=2)
        await office.bill(crowd)
        office.world.faults.add(refusal(500, "ServiceError", times=2))
        await office.one_pass()
        async with office.database.shared() as connection:
            await connection.execute("update bot.reminder_ledger set state = 'sending'")
            await connection.execute("delete from bot.audit")

        await office.reminders.oversight.expire(timedelta(0))
        died = await audited(office)
        one, other = await office.reminders.oversight.doubts()
        await office.reminders.oversight.settle(one.id, resend=False)
        await office.reminders.oversight.settle(other.id, resend=True)

        assert [outcome for _, _, outcome in died] == ["uncertain: the process died while sending"] * 2
        assert [(who, outcome) for who, _, outcome in (await audited(office))[2:]] == [
            (one.person, "settled: sent"),
            (other.person, "settled: resend"),
        ]

    async def test_stays_under_a_pseudonym_once_the_person_is_forgotten(self, office: Office) -> None:
        crowd = await office.settle()
        bill = await office.bill(crowd, due=TODAY)
        await office.one_pass()
        who = person_of(crowd.people[0])

        await Forgetting(office.database, office.clock).forget(who.tenant, who.id)

        ((named, invoice, outcome),) = await audited(office)
        assert named.startswith("forgotten-")
        assert (invoice, outcome) == (bill.id, "sent")
        assert not await office.states()

    async def test_leaves_no_note_where_the_person_is_forgotten_before_it_has_ended(self, office: Office) -> None:
        crowd = await office.settle()
        await office.bill(crowd)
        await office.keep_fresh()
        await office.reminders.planner.run()
        who = person_of(crowd.people[0])

        class Forgetful:
            async def send(self, conversation: Conversation, card: Json, summary: str) -> None:
                del conversation, card, summary
                await Forgetting(office.database, office.clock).forget(who.tenant, who.id)
                raise NotDelivered(Outcome.OPTED_OUT)

        await office.delivery(Forgetful()).drain(who.tenant)

        assert await audited(office) == []
