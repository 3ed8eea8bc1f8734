"""Every way in which a reminder can end, and what comes of it."""

from collections import Counter
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest

from billing.access import TenantId
from billing.delivery import NotDelivered, Outcome
from billing.due import Why
from billing.errors import SourceDown
from billing.people import Conversation
from billing.ports import Json
from billing.reminding import MessageId
from reminders.deliver import CHUNK
from sandbox.faults import Fault
from tests.reminders import office as offices
from tests.reminders.office import TODAY, Office
from tests.reminding import POST, refusal


@pytest.fixture
async def office(database_url: str) -> AsyncGenerator[Office]:
    """Return an office on a Monday morning in New York."""
    async with offices.office(database_url) as opened:
        yield opened


class Broken:
    """A way to a chat that always fails."""

    def __init__(self, failure: Exception) -> None:
        self._failure = failure
        self.tried: list[tuple[Conversation, Json, str]] = []

    async def send(self, conversation: Conversation, card: Json, summary: str) -> None:
        self.tried.append((conversation, card, summary))
        raise self._failure


_TOLD = ("suspended", 2), ("opted_out", 1), ("delivered", 1)


def posts(office: Office) -> int:
    return len(office.world.asked("connector", POST))


class TestOutcome:
    @pytest.mark.parametrize(
        ("status", "code", "reason"),
        [
            (403, "BotNotInConversationRoster", "uninstalled"),
            (403, "ForbiddenOperationException", "uninstalled"),
            (403, "ConversationBlockedByUser", "opted_out"),
            (403, "MessageWritesBlocked", "opted_out"),
            (403, "BotDisabledByAdmin", "suspended"),
            (403, "SomethingNew", "forbidden"),
            (404, "ConversationNotFound", "gone"),
        ],
    )
    async def test_out_of_reach_ends_it_until_the_person_comes_back(self, office: Office, status: int, code: str, reason: str) -> None:
        crowd = await office.settle()
        await office.bill(crowd)
        office.world.faults.add(refusal(status, code))

        await office.one_pass()
        await office.bill(crowd, "INV-2", TODAY + timedelta(days=1))
        office.advance(timedelta(days=1))
        silent = await office.one_pass()
        await office.put_back(crowd.people[0])
        spoken = await office.one_pass()

        assert await office.states() == {("failed", reason): 1, ("sent", ""): 1}
        assert (silent["sent"], spoken["sent"]) == (0, 1)

    @pytest.mark.parametrize(("code", "is_removal"), [("BotNotInConversationRoster", True), ("ConversationBlockedByUser", False)])
    async def test_without_the_app_is_a_removal_from_then_on(self, office: Office, code: str, *, is_removal: bool) -> None:
        crowd = await office.settle()
        await office.bill(crowd)
        office.world.faults.add(refusal(403, code))

        await office.one_pass()

        async with office.database.shared() as connection:
            removed = await connection.fetchval("select removed from bot.conversations")
        assert removed == (office.clock() if is_removal else None)

    async def test_a_customers_policy_and_a_persons_block_are_told_apart(self, office: Office) -> None:
        crowd = await office.settle(2, 2)
        for company in crowd.companies:
            await office.bill(crowd, company.key, account=company.id)
        forbidden, other = (TenantId(each.bound) for each in crowd.companies)
        blocker = office.world.teams.client(crowd.people[2])
        office.world.teams.disabled_in.add(forbidden)
        blocker.block()

        await office.one_pass()
        counts = await office.reminders.oversight.counts()
        rehearsed = [each.why async for each in office.reminders.planner.rehearse()]

        assert counts == {(forbidden, "failed", "suspended"): 2, (other, "failed", "opted_out"): 1, (other, "sent", ""): 1}
        assert Counter(rehearsed) == {Why.SUSPENDED: 2, Why.OPTED_OUT: 1, Why.HAD_ONE: 1}
        assert {f'my_invoices_deliveries_total{{outcome="{outcome}"}} {count}.0' for outcome, count in _TOLD} <= {*office.measured}

    async def test_a_bad_request_is_not_repeated(self, office: Office) -> None:
        crowd = await office.settle()
        await office.bill(crowd)
        office.world.faults.add(refusal(400, "BadArgument"))

        await office.one_pass()
        await office.one_pass()

        assert await office.states() == {("failed", "rejected"): 1}
        assert posts(office) == 1

    async def test_a_message_that_is_too_big_is_sent_in_short(self, office: Office) -> None:
        crowd = await office.settle()
        await office.bill(crowd)
        office.world.faults.add(refusal(413, "MessageSizeTooBig"))

        done = await office.one_pass()

        assert done["sent"] == 1
        assert "1 more invoice" in office.got(crowd.people[0])[0]

    async def test_the_community_cloud_is_tried_once_and_remembered(self, office: Office) -> None:
        crowd = await office.settle()
        await office.bill(crowd)
        office.world.faults.add(refusal(403, "InvalidBotApiHost"))

        done = await office.one_pass()

        assert done["sent"] == 1
        async with office.database.shared() as connection:
            kept = await connection.fetchval("select reference ->> 'serviceUrl' from bot.conversations")
        assert kept == f"{office.world.base_url}/connector"

    async def test_the_wrong_cloud_twice_is_a_failure(self, office: Office) -> None:
        crowd = await office.settle()
        await office.bill(crowd)
        office.world.faults.add(refusal(403, "InvalidBotApiHost", times=None))

        await office.one_pass()

        assert await office.states() == {("failed", "wrong_host"): 1}
        assert posts(office) == 2

    @pytest.mark.parametrize(
        "fault",
        [
            pytest.param(Fault("connector", POST, drop_after_handling=True), id="answer lost"),
            pytest.param(refusal(500, "ServiceError"), id="500"),
            pytest.param(refusal(502, "BadGateway"), id="502"),
            pytest.param(refusal(503, "ServiceUnavailable"), id="503"),
            pytest.param(refusal(408, "Timeout"), id="408"),
        ],
    )
    async def test_a_lost_answer_is_a_doubt_and_is_not_repeated(self, office: Office, fault: Fault) -> None:
        crowd = await office.settle()
        await office.bill(crowd)
        office.world.faults.add(fault)

        await office.one_pass()
        office.advance(timedelta(minutes=1))
        await office.one_pass()

        (doubt,) = await office.reminders.oversight.doubts()
        assert (doubt.person, doubt.rows, doubt.reason) == (crowd.people[0].oid, 1, "no answer")
        assert posts(office) == 1

    async def test_doubts_pause_the_tenant_before_there_are_many(self, office: Office) -> None:
        crowd = await office.settle(people_each=3 * CHUNK)
        await office.bill(crowd)
        office.world.faults.add(refusal(503, "ServiceUnavailable", times=None))

        doubtful = await office.one_pass()
        paused = await office.one_pass()
        office.world.faults.clear()
        office.advance(timedelta(minutes=1))
        rest = await office.one_pass()

        assert (doubtful["uncertain"], paused["uncertain"], rest["sent"]) == (CHUNK, 0, 2 * CHUNK)
        assert posts(office) == 3 * CHUNK

    async def test_a_doubt_ends_as_the_operator_says(self, office: Office) -> None:
        crowd = await office.settle(people_each=2)
        await office.bill(crowd)
        office.world.faults.add(refusal(500, "ServiceError", times=2))
        await office.one_pass()
        arrived, lost = await office.reminders.oversight.doubts()

        settled = [
            await office.reminders.oversight.settle(arrived.id, resend=False),
            await office.reminders.oversight.settle(lost.id, resend=True),
            await office.reminders.oversight.settle(lost.id, resend=True),
            await office.reminders.oversight.settle(MessageId(0), resend=True),
        ]
        office.advance(timedelta(minutes=1))
        again = await office.one_pass()

        assert settled == [True, True, False, False]
        assert again["sent"] == 1
        assert await office.states() == {("sent", "settled"): 1, ("sent", ""): 1}

    @pytest.mark.parametrize(
        ("failure", "state"),
        [
            (NotDelivered(Outcome.UNREACHED), ("planned", "unreached")),
            (SourceDown(source="database"), ("uncertain", "the attempt broke off")),
            (ValueError("a mistake of ours"), ("uncertain", "the attempt broke off")),
        ],
    )
    async def test_whatever_breaks_is_written_down(self, office: Office, failure: Exception, state: tuple[str, str]) -> None:
        crowd = await office.settle()
        await office.bill(crowd)
        await office.keep_fresh()
        await office.reminders.planner.run()

        drained = await office.delivery(Broken(failure)).drain(TenantId(crowd.people[0].tenant.id))

        assert await office.states() == {state: 1}
        assert (drained.pause is not None) == (state[0] == "planned")

    async def test_a_refused_token_is_replaced_at_once(self, office: Office) -> None:
        crowd = await office.settle()
        await office.bill(crowd)
        office.world.faults.add(refusal(401, "InvalidAuthenticationToken"))

        assert (await office.one_pass())["sent"] == 1

    async def test_a_token_that_is_refused_twice_pauses_the_tenant(self, office: Office) -> None:
        crowd = await office.settle()
        await office.bill(crowd)
        office.world.faults.add(refusal(401, "BotNotRegistered", times=2))

        refused = await office.one_pass()
        office.advance(timedelta(minutes=9))
        paused = await office.one_pass()
        office.advance(timedelta(minutes=2))

        assert (refused["sent"], paused["sent"]) == (0, 0)
        assert (await office.one_pass())["sent"] == 1


class TestLease:
    async def test_what_a_dead_process_had_begun_becomes_a_doubt(self, office: Office) -> None:
        crowd = await office.settle()
        await office.bill(crowd)
        await office.one_pass()
        async with office.database.shared() as connection:
            await connection.execute("update bot.reminder_ledger set state = 'sending'")

        expired = [await office.reminders.oversight.expire(each) for each in (timedelta(minutes=1), timedelta(0), timedelta(0))]

        assert expired == [0, 1, 0]
        assert await office.states() == {("uncertain", "the process died while sending"): 1}
