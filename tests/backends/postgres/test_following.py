"""What chats show and payers know, against the mirror."""

import asyncio
from datetime import timedelta

import pytest

from backends.postgres.database import Database
from backends.postgres.following import AT_THE_TILL, LEASE, PostgresFollowed
from backends.postgres.mirror import Mirror
from backends.postgres.shown import KEPT, PostgresShown
from backends.rows import InvoiceRow, Table
from billing.access import Person, PersonId
from billing.following import Payer, ShownCard
from billing.invoice import Charge, Settlement, State
from tests import make, rows
from tests.clock import ChosenClock
from tests.make import ADA, CONTOSO, NOW, guid

INVOICE = make.invoice()
OWED = rows.invoice()
LATER = NOW + timedelta(minutes=1)
PENDING = rows.invoice(charge=Charge.PENDING, changed=LATER)
PAID = rows.invoice(state=State.COMPLETE, charge=Charge.SUCCEEDED, changed=LATER)
FINN = Person(ADA.tenant, PersonId(guid("finn")))


class Story:
    """A mirror with one invoice, and chats."""

    def __init__(self, database: Database, sync_database: Database, mirror: Mirror) -> None:
        self.clock = ChosenClock()
        self.shown = PostgresShown(database, self.clock)
        self.followed = PostgresFollowed(sync_database)
        self.mirror = mirror

    async def mirrored(self, invoice: InvoiceRow) -> None:
        """Let the mirror hold the invoice so."""
        await rows.put_invoices(self.mirror, invoice)

    async def cards(self) -> list[ShownCard]:
        """Return cards that are behind."""
        return await self.followed.cards(self.clock(), 10)

    async def payers(self) -> list[Payer]:
        """Return payers who have not been told."""
        return await self.followed.payers(self.clock(), 10)


@pytest.fixture
async def story(database: Database, sync_database: Database, mirror: Mirror) -> Story:
    told = Story(database, sync_database, mirror)
    await told.mirrored(OWED)
    return told


class TestCards:
    @pytest.mark.parametrize("now", [PENDING, PAID, rows.invoice(charged=INVOICE.total.amount / 2)], ids=["pending", "paid", "part"])
    async def test_are_behind_once_the_mirror_says_otherwise(self, story: Story, now: InvoiceRow) -> None:
        await story.shown.note(ADA, INVOICE, "1")
        assert not await story.cards()

        await story.mirrored(now)

        assert await story.cards() == [ShownCard(ADA, INVOICE.id, "1", CONTOSO.id, story.clock())]

    async def test_are_not_behind_a_mirror_that_is_older(self, story: Story) -> None:
        await story.shown.note(ADA, make.invoice(charge=Charge.PENDING, changed=LATER), "1")

        assert not await story.cards()

    async def test_are_behind_once_they_have_offered_what_could_not_be_had(self, story: Story) -> None:
        await story.shown.note(ADA, INVOICE, "1")
        await story.shown.note(FINN, INVOICE, "2")

        await story.shown.refused(ADA, INVOICE.id)
        [card] = await story.cards()
        assert card.person == ADA

        await story.followed.drawn(card, settled(OWED))
        assert not await story.cards()

    async def test_are_behind_where_the_invoice_is_gone(self, story: Story) -> None:
        await story.shown.note(ADA, INVOICE, "1")

        async with story.mirror.writing() as batch:
            await batch.remove(Table.INVOICES, [INVOICE.id])

        assert [each.account for each in await story.cards()] == [None]

    async def test_are_taken_by_one_process_at_a_time_and_again_where_it_died(self, story: Story) -> None:
        await story.shown.note(ADA, INVOICE, "1")
        await story.mirrored(PAID)

        found = await asyncio.gather(*(story.cards() for _ in range(5)))
        assert len([card for cards in found for card in cards]) == 1

        story.clock.advance(LEASE)
        assert len(await story.cards()) == 1

    async def test_are_done_once_drawn_until_the_next_change(self, story: Story) -> None:
        await story.shown.note(ADA, INVOICE, "1")
        await story.mirrored(PENDING)
        [card] = await story.cards()

        await story.followed.drawn(card, settled(PENDING))
        assert not await story.cards()

        await story.mirrored(PAID)
        assert [each.activity for each in await story.cards()] == ["1"]

    async def test_are_followed_no_further_where_nothing_was_drawn(self, story: Story) -> None:
        await story.shown.note(ADA, INVOICE, "1")
        await story.mirrored(PENDING)
        [card] = await story.cards()

        await story.followed.drawn(card, None)
        await story.mirrored(PAID)

        assert not await story.cards()

    async def test_count_as_what_the_person_has_opened_meanwhile(self, story: Story) -> None:
        await story.shown.note(ADA, INVOICE, "1")
        await story.mirrored(PENDING)
        [card] = await story.cards()

        await story.shown.note(ADA, INVOICE, "2")
        await story.followed.drawn(card, settled(PENDING))

        assert [each.activity for each in await story.cards()] == ["2"]

    async def test_are_left_alone_once_they_show_something_else(self, story: Story) -> None:
        await story.shown.note(ADA, INVOICE, "1")
        await story.shown.note(ADA, make.invoice("INV-2"), "1")
        await story.shown.note(FINN, INVOICE, "2")
        await story.shown.covered(FINN, "2")

        await story.mirrored(PAID)

        assert INVOICE.id not in [each.invoice for each in await story.cards()]

    async def test_follow_for_a_month(self, story: Story) -> None:
        await story.shown.note(ADA, INVOICE, "1")
        await story.mirrored(PAID)

        story.clock.advance(KEPT)

        assert not await story.cards()


class TestPayers:
    async def test_are_those_who_went_off_to_pay_what_has_changed_since(self, story: Story) -> None:
        await story.shown.note(FINN, INVOICE, "1")
        await story.shown.pays(ADA, INVOICE)
        assert not await story.payers()

        await story.mirrored(PAID)

        assert await story.payers() == [Payer(ADA, INVOICE.id, CONTOSO.id, INVOICE.settlement)]

    async def test_are_told_by_one_process(self, story: Story) -> None:
        await story.shown.pays(ADA, INVOICE)
        await story.mirrored(PAID)
        [payer] = await story.payers()

        claims = await asyncio.gather(*(story.followed.claim(payer, settled(PAID)) for _ in range(5)))

        assert sorted(claims) == [False] * 4 + [True]
        assert not await story.payers()

    async def test_are_told_later_where_it_has_surely_not_arrived(self, story: Story) -> None:
        await story.shown.pays(ADA, INVOICE)
        await story.mirrored(PAID)
        [payer] = await story.payers()
        await story.followed.claim(payer, settled(PAID))

        await story.followed.give_back(payer, settled(PAID))

        assert await story.payers() == [payer]

    async def test_still_have_to_be_told_what_came_before_their_second_click(self, story: Story) -> None:
        await story.shown.pays(ADA, INVOICE)
        await story.mirrored(PENDING)

        await story.shown.pays(ADA, make.invoice(charge=Charge.PENDING, changed=LATER))

        assert [each.told for each in await story.payers()] == [INVOICE.settlement]

    async def test_are_told_nothing_by_a_mirror_that_is_older(self, story: Story) -> None:
        await story.shown.pays(ADA, make.invoice(charge=Charge.FAILED, changed=LATER))

        assert not await story.payers()

    async def test_are_told_that_it_failed_again_soon_after_a_click(self, story: Story) -> None:
        await story.shown.pays(ADA, make.invoice(charge=Charge.FAILED))
        await story.mirrored(rows.invoice(charge=Charge.FAILED))
        assert not await story.payers()

        again = rows.invoice(charge=Charge.FAILED, changed=LATER)
        await story.mirrored(again)
        [payer] = await story.payers()

        await story.followed.claim(payer, settled(again))
        assert not await story.payers()

    async def test_are_not_told_so_for_what_was_written_before_the_click_or_long_after_it(self, story: Story) -> None:
        await story.shown.pays(ADA, make.invoice(charge=Charge.FAILED))
        await story.mirrored(rows.invoice(charge=Charge.FAILED, changed=LATER))
        await story.shown.pays(ADA, make.invoice(charge=Charge.FAILED, changed=LATER))
        assert not await story.payers()

        await story.mirrored(rows.invoice(charge=Charge.FAILED, changed=NOW + AT_THE_TILL))

        assert not await story.payers()

    async def test_are_remembered_for_a_month(self, story: Story) -> None:
        await story.shown.pays(ADA, INVOICE)
        await story.mirrored(PAID)

        story.clock.advance(KEPT)

        assert not await story.payers()


def settled(row: InvoiceRow) -> Settlement:
    return Settlement(row.state, row.charge, row.charged, row.balance, row.changed)
