"""Cards and payers follow the mirror: who is told, with the rights of that moment, and how often."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from backends.postgres.conversations import PostgresConversations
from backends.postgres.database import Database
from backends.postgres.following import LEASE, PostgresFollowed
from backends.postgres.invoices import PostgresInvoices
from backends.postgres.mirror import Mirror
from backends.postgres.shown import PostgresShown
from backends.rows import Table
from billing.access import Caller, Person
from billing.errors import NoRole, NotSignedIn, Problem, SourceDown, Stale, UnknownPerson, UnknownTenant
from billing.invoice import Charge, State
from billing.pay import PayRule
from billing.people import Conversation
from bot.addressees import Addressees
from bot.following import Following
from bot.notifier import Notifier
from bot.paid import PaidNotices
from cards.links import Links
from tests import make, rows
from tests.bot.receiver import Receiver, Reply, delivered, hung_up, refused
from tests.clock import ChosenClock

OWED = make.invoice()
PAID = rows.invoice(state=State.COMPLETE, changed=make.NOW + timedelta(minutes=1))
CLICKED = make.caller()
NOBODY = [NotSignedIn(), UnknownTenant(), UnknownPerson(), NoRole(), make.caller(company=make.FABRIKAM)]


class Callers:
    """Answers with somebody's rights, or with why there are none."""

    def __init__(self, answer: Caller | Problem) -> None:
        self._answer = answer

    async def caller(self, person: Person) -> Caller:
        """Return the answer."""
        assert person == CLICKED.person
        if isinstance(self._answer, Problem):
            raise self._answer
        return self._answer


class Story:
    """A chat that shows an invoice, whose person has pressed Pay now; the mirror knows the invoice as owed."""

    def __init__(self, receiver: Receiver, database: Database, mirror: Mirror, sync_database: Database) -> None:
        self.receiver = receiver
        self.mirror = mirror
        self.clock = ChosenClock()
        self._rows = database
        self.shown, self.followed = PostgresShown(database, self.clock), PostgresFollowed(sync_database)
        self.conversations = PostgresConversations(database, self.clock)
        self.following = self.worker(CLICKED)

    def worker(self, now: Caller | Problem) -> Following:
        """Return what one process has of it, once the person's rights are *now*'s."""
        notifier, links, rule = Notifier(self.receiver.connector, self.conversations), Links("https://bot.example"), PayRule(frozenset())
        addressees, invoices = Addressees(Callers(now), self.conversations), PostgresInvoices(self._rows)
        notices = PaidNotices(addressees, invoices, self.followed, notifier, links, rule, self.clock)
        return Following(self.followed, notices, self.clock)

    async def begin(self) -> None:
        """Open the invoice in the chat, and press Pay now."""
        reference: dict[str, Any] = {"serviceUrl": self.receiver.url, "channelId": "msteams"}
        await self.conversations.save(Conversation(CLICKED.person, "a:1", reference, "en-US", "UTC"))
        await rows.put_invoices(self.mirror, rows.invoice())
        await self.shown.note(CLICKED.person, OWED, "1:details")
        await self.shown.pays(CLICKED.person, OWED)

    async def passes(self, *workers: Following) -> list[str]:
        """Let a pass of the sync end in *workers* at once, and return what Teams is asked."""
        before = len(self.receiver.asked)
        for each in workers or (self.following,):
            each.nudge()
        for each in workers or (self.following,):
            await each.settled()
        return [each.method for each in self.receiver.asked[before:]]


@pytest.fixture
async def story(receiver: Receiver, database: Database, mirror: Mirror, sync_database: Database) -> Story:
    told = Story(receiver, database, mirror, sync_database)
    await told.begin()
    return told


class TestPaidNotices:
    async def test_draw_the_card_anew_and_confirm_once(self, story: Story) -> None:
        assert not await story.passes()

        await rows.put_invoices(story.mirror, PAID)

        assert await story.passes() == ["PUT", "POST"]
        assert "Complete" in str(story.receiver.asked[0].body)
        assert story.receiver.asked[1].body["summary"] == "INV-10421 is paid in full. Thank you."
        assert not await story.passes()

    async def test_say_once_what_several_processes_have_seen(self, story: Story) -> None:
        await rows.put_invoices(story.mirror, PAID)

        asked = await story.passes(*(story.worker(CLICKED) for _ in range(4)))

        assert sorted(asked) == ["POST", "PUT"]

    async def test_follow_a_debit_for_weeks_and_after_a_restart(self, story: Story) -> None:
        await rows.put_invoices(story.mirror, rows.invoice(charge=Charge.PENDING, changed=make.NOW + timedelta(seconds=5)))
        assert await story.passes() == ["PUT", "POST"]
        story.clock.advance(timedelta(days=14))

        await rows.put_invoices(story.mirror, PAID)

        assert await story.passes(story.worker(CLICKED)) == ["PUT", "POST"]

    async def test_draw_the_card_without_a_word_to_somebody_who_has_not_pressed_pay_now(self, story: Story) -> None:
        other = make.invoice("INV-2")
        await story.shown.note(CLICKED.person, other, "1:other")

        await rows.put_invoices(story.mirror, rows.invoice("INV-2", state=State.COMPLETE))

        assert await story.passes() == ["PUT"]

    async def test_draw_the_card_without_a_word_where_nothing_is_known(self, story: Story) -> None:
        await rows.put_invoices(story.mirror, rows.invoice(charge=Charge.SUCCEEDED))

        assert await story.passes() == ["PUT"]

    async def test_replace_the_card_of_an_invoice_that_was_withdrawn(self, story: Story) -> None:
        async with story.mirror.writing() as batch:
            await batch.remove(Table.INVOICES, [OWED.id])

        assert await story.passes() == ["PUT"]
        assert story.receiver.asked[0].body["summary"] == "This invoice is no longer in your company's account."
        assert not await story.passes()

    async def test_say_that_a_card_was_declined_again(self, story: Story) -> None:
        declined = rows.invoice(charge=Charge.FAILED, changed=make.NOW + timedelta(seconds=30))
        await rows.put_invoices(story.mirror, declined)
        assert await story.passes() == ["PUT", "POST"]

        await rows.put_invoices(story.mirror, replace(declined, changed=make.NOW + timedelta(minutes=1)))

        assert await story.passes() == ["POST"]
        assert not await story.passes()

    async def test_confirm_while_another_company_of_theirs_is_chosen(self, story: Story) -> None:
        await rows.put_invoices(story.mirror, PAID)

        now = replace(CLICKED, company=make.FABRIKAM, companies=(make.CONTOSO, make.FABRIKAM))

        assert await story.passes(story.worker(now)) == ["PUT", "POST"]

    @pytest.mark.parametrize("now", NOBODY, ids=lambda now: type(now).__name__)
    async def test_show_nothing_to_somebody_who_may_no_longer_see_it(self, story: Story, now: Caller | Problem) -> None:
        await rows.put_invoices(story.mirror, PAID)

        assert not await story.passes(story.worker(now))
        assert not await story.passes()

    @pytest.mark.parametrize("down", [SourceDown(), Stale()], ids=lambda down: type(down).__name__)
    async def test_wait_while_nobody_knows_the_rights(self, story: Story, down: Problem) -> None:
        await rows.put_invoices(story.mirror, PAID)

        assert not await story.passes(story.worker(down))
        story.clock.advance(LEASE)

        assert await story.passes() == ["PUT", "POST"]


class TestOutcomes:
    @pytest.fixture(autouse=True)
    async def paid(self, story: Story) -> None:
        await rows.put_invoices(story.mirror, PAID)

    @pytest.mark.parametrize(
        "replies", [[refused(429)], [refused(412)], [refused(401), refused(401)]], ids=["throttled", "conflict", "both tokens refused"]
    )
    async def test_say_it_again_where_it_has_surely_not_arrived(self, story: Story, replies: list[Reply]) -> None:
        story.receiver.replies = [delivered, *replies, delivered]

        assert await story.passes() == ["PUT", *["POST"] * len(replies)]
        assert await story.passes() == ["POST"]
        assert not await story.passes()

    @pytest.mark.parametrize("reply", [hung_up, refused(500), refused(503)], ids=["hung up", "500", "503"])
    async def test_do_not_say_again_what_may_have_arrived(self, story: Story, reply: Reply) -> None:
        story.receiver.replies = [delivered, reply, delivered]

        assert await story.passes() == ["PUT", "POST"]
        story.clock.advance(LEASE)
        assert not await story.passes()

    async def test_do_not_say_again_what_a_process_that_died_may_have_said(self, story: Story) -> None:
        [payer] = await story.followed.payers(story.clock(), 1)

        await story.followed.claim(payer, replace(payer.told, state=State.COMPLETE, charged=PAID.total, balance=PAID.balance))

        assert await story.passes() == ["PUT"]

    async def test_draw_again_where_nobody_knows_whether_the_card_was_drawn(self, story: Story) -> None:
        story.receiver.replies = [refused(503), delivered]

        assert await story.passes() == ["PUT", "POST"]
        story.clock.advance(LEASE)

        assert await story.passes() == ["PUT"]
        assert not await story.passes()

    async def test_leave_a_deleted_card_deleted_and_lead_to_the_invoice(self, story: Story) -> None:
        story.receiver.replies = [refused(404, "ActivityNotFoundInConversation"), delivered]

        assert await story.passes() == ["PUT", "POST"]
        assert "'title': 'Details'" in str(story.receiver.asked[1].body)
        story.clock.advance(LEASE)
        await rows.put_invoices(story.mirror, rows.invoice(changed=PAID.changed))
        assert not await story.passes()
