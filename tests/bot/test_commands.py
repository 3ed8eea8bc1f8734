"""Answers about invoices, from a real mirror: what is asked decides the card, who asks decides what is in it."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from backends.postgres.database import Database
from backends.postgres.invoices import PostgresInvoices
from backends.postgres.ledger_wishes import PostgresChoosing
from backends.postgres.mirror import Mirror
from billing.access import AccountId, Caller, Company
from billing.allowance import READS, Allowance
from billing.details import CurrentDetails
from billing.due import Custom, Until
from billing.errors import Malformed, NoRole, NotFound, SourceDown
from billing.invoice import Details, InvoiceId, Show, State
from billing.pay import PayRule
from billing.queries import InvoiceQueries
from billing.silence import For, Silence, Unclear, UntilDay, UntilWeekday
from bot.commands import Commands
from bot.intents import Ask, Find, Intent, List, Open, Unknown, pressed
from bot.reminder_intents import Snooze, SnoozeNumber, Wake
from bot.reminders import ReminderCommands
from cards.choose import Order
from cards.invoice_list import ROWS
from cards.kit import Card
from cards.links import Links
from cards.verbs import Place
from tests import make, rows
from tests.cards.reading import button, nodes, titles
from tests.clock import ChosenClock
from words.reader import Reader

READER = Reader("en-US", ZoneInfo("UTC"), make.NOW)
OURS = [rows.invoice(f"INV-1000{n}", due=date(2026, 12, 1 + n)) for n in range(ROWS + 1)]
PAID = rows.invoice("INV-20001", state=State.COMPLETE)
LINKLESS = rows.invoice("INV-40001", account=make.FABRIKAM.id, pay_link=None)
THEIRS = rows.invoice("INV-30001", account=make.FABRIKAM.id)
TWINS = [rows.invoice("A-77", id=make.guid("twin 1")), rows.invoice("A-77", id=make.guid("twin 2"))]

MIRRORED = [List(Place()), Ask.BALANCE]
"""What is answered from the mirror alone."""

OPENED = [Find("INV-10001"), Open(InvoiceId(OURS[0].id), Place())]
"""What is read afresh."""

ASKED = [*MIRRORED, *OPENED]
"""One of everything that shows invoices."""


class Source:
    """The FreshInvoices port: says what the mirror says, while it answers."""

    def __init__(self, mirrored: PostgresInvoices) -> None:
        self._mirrored = mirrored
        self.is_down = False

    async def now(self, account: AccountId, held: Details) -> Details:
        """Return an invoice. Raises NotFound, SourceDown while told to be down."""
        if self.is_down:
            raise SourceDown(source="test")
        return await self._mirrored.details(account, held.invoice.id)


class Desk:
    """Commands over a mirror with two companies' invoices."""

    def __init__(self, database: Database) -> None:
        self.clock = ChosenClock()
        self.reader = READER
        invoices = PostgresInvoices(database)
        self.source = Source(invoices)
        queries, current = InvoiceQueries(invoices), CurrentDetails(invoices, self.source, Allowance(READS, self.clock))
        pay = PayRule(frozenset({"pay.example"}))
        links = Links("https://bot.example")
        self.choosing = PostgresChoosing(database)
        reminders = ReminderCommands(self.choosing, queries, Custom((-7, 0, 7), 9), links)
        self.commands = Commands(queries, current, reminders, links, pay, self.clock, timedelta(minutes=2))

    async def answer(self, intent: Intent, caller: Caller | None = None) -> Card:
        """Return the card for Contoso's finance manager, or for somebody else."""
        return await self.commands.answer(intent, caller or make.caller(), self.reader)


@pytest.fixture
async def desk(mirror: Mirror, database: Database) -> Desk:
    """Return commands over a filled mirror."""
    await rows.put_invoices(mirror, *OURS, PAID, THEIRS, LINKLESS, *TWINS)
    return Desk(database)


def said(card: Card) -> str:
    """Return all words of a card."""
    return "\n".join(str(node.get(name, "")) for node in nodes(card) for name in ("text", "title") if node.get(name))


class TestAnswer:
    async def test_shows_a_page_of_the_list(self, desk: Desk) -> None:
        card = await desk.answer(List(Place()))

        assert said(card).count("INV-1000") == ROWS - len(TWINS)
        assert "Next" in titles(card)
        assert "INV-20001" not in said(card)

    @pytest.mark.parametrize("intent", [List(Place()), Ask.BALANCE], ids=str)
    async def test_names_the_other_company_and_adds_nothing_of_it(self, desk: Desk, intent: Intent) -> None:
        alone = await desk.answer(intent)
        both = await desk.answer(intent, replace(make.caller(), companies=(make.CONTOSO, make.FABRIKAM)))

        assert "Also: Fabrikam" in said(both)
        assert "Also:" not in said(alone)
        assert [line for line in said(both).splitlines() if "$" in line] == [line for line in said(alone).splitlines() if "$" in line]

    async def test_says_where_a_list_is_wider_than_what_was_asked(self, desk: Desk) -> None:
        assert "cannot be narrowed by date, amount or currency" in said(await desk.answer(List(Place(), is_wider=True)))
        assert "cannot be narrowed" not in said(await desk.answer(List(Place())))

    async def test_finds_an_invoice_by_its_number(self, desk: Desk) -> None:
        assert "INV-10001" in said(await desk.answer(Find("inv-10001")))

    @pytest.mark.parametrize("typed", ["inv10001", "inv.10001", "Inv/10001", "#inv_10001", "v10001", "INV-1-0001"])
    async def test_finds_an_invoice_whatever_parts_its_letters_from_its_digits(self, desk: Desk, typed: str) -> None:
        assert "INV-10001" in said(await desk.answer(Find(typed)))

    @pytest.mark.parametrize("typed", ["bill10001", "inv-x10001", "a1b10001"])
    async def test_finds_none_with_other_letters(self, desk: Desk, typed: str) -> None:
        with pytest.raises(NotFound):
            await desk.answer(Find(typed))

    async def test_opens_an_invoice_by_its_id(self, desk: Desk) -> None:
        card = await desk.answer(Open(InvoiceId(PAID.id), Place(Show.PAID)))

        assert "INV-20001" in said(card)
        assert "Pay now" not in titles(card)

    async def test_tells_why_an_invoice_cannot_be_paid(self, desk: Desk) -> None:
        card = await desk.answer(Find("40001"), make.caller(company=make.FABRIKAM))

        assert "Pay now" not in titles(card)
        assert "It has no payment link. Please ask your provider how to pay it." in said(card)

    async def test_asks_which_one_where_several_fit(self, desk: Desk) -> None:
        card = await desk.answer(Find("a-77"))

        assert "Which invoice do you mean?" in said(card)
        assert titles(card).count("Details") == 2

    async def test_asks_which_one_to_snooze_or_to_pay_among_those_that_can_be(self, desk: Desk) -> None:
        snoozing = await desk.answer(SnoozeNumber("a-77"))
        paying = await desk.answer(Find("1", order=Order.PAY))

        assert titles(snoozing).count("Snooze") == 2
        assert "INV-20001" not in said(paying)

    async def test_says_how_many_fit(self, desk: Desk, mirror: Mirror) -> None:
        await rows.put_invoices(mirror, *(rows.invoice(f"B-{n}55") for n in range(9)))

        assert "More than 8 invoices fit “55”." in said(await desk.answer(Find("55")))

    async def test_lets_people_choose_among_several_numbers(self, desk: Desk) -> None:
        card = await desk.answer(Find("10001", ("10002", "99999")))

        assert "Which invoice do you mean?" in said(card)
        assert ("INV-10001" in said(card), "INV-10002" in said(card)) == (True, True)

    async def test_shows_the_only_one_of_several_numbers_that_is_known(self, desk: Desk) -> None:
        assert "Left to pay" in said(await desk.answer(Find("10001", ("30001",))))

    async def test_knows_none_of_several_numbers(self, desk: Desk) -> None:
        with pytest.raises(NotFound):
            await desk.answer(Find("30001", ("99999",)))

    async def test_says_where_the_files_are(self, desk: Desk) -> None:
        card = await desk.answer(Ask.EXPORT)

        assert button(card, "Open the list")["url"] == "https://bot.example/invoices"

    async def test_tells_the_balance(self, desk: Desk) -> None:
        assert "$13,579.50" in said(await desk.answer(Ask.BALANCE))

    @pytest.mark.parametrize("intent", [Ask.WHO_AM_I, Ask.SIGN_IN])
    async def test_tells_who_is_signed_in(self, desk: Desk, intent: Ask) -> None:
        assert "Ada Lindqvist" in said(await desk.answer(intent))

    @pytest.mark.parametrize("intent", [Ask.HELP, Ask.SIGN_OUT, Unknown("x", ())], ids=str)
    async def test_leaves_to_others_what_is_not_about_invoices(self, desk: Desk, intent: Intent) -> None:
        with pytest.raises(Malformed):
            await desk.answer(intent)


class TestSnooze:
    @pytest.mark.parametrize("asked", [SnoozeNumber("10001"), Snooze(InvoiceId(OURS[1].id), None)], ids=str)
    async def test_asks_for_how_long(self, desk: Desk, asked: Intent) -> None:
        assert "For 3 days" in titles(await desk.answer(asked))

    async def test_asks_no_more_where_that_was_said(self, desk: Desk) -> None:
        card = await desk.answer(SnoozeNumber("10001", Until.THREE_DAYS))

        assert "No reminder of INV-10001 until Nov 26, 2026." in said(card)
        undo = button(card, "Undo")
        again = await desk.answer(pressed(undo["verb"], undo["data"]))
        assert "INV-10001 is not snoozed." in said(again)

    async def test_takes_a_weekday_on_the_readers_own_calendar(self, desk: Desk) -> None:
        assert "until Nov 27, 2026." in said(await desk.answer(SnoozeNumber("10001", UntilWeekday(4))))

    @pytest.mark.parametrize("asked", [For(1000), For(0), UntilDay(1, 1, 2020), Unclear()], ids=str)
    async def test_says_what_it_cannot_take(self, desk: Desk, asked: Silence) -> None:
        card = await desk.answer(SnoozeNumber("10001", asked))

        assert "I took from that no day between tomorrow and Nov 24, 2027." in said(card)
        assert "For 3 days" in titles(card)

    async def test_asks_again_where_the_due_date_has_come(self, desk: Desk) -> None:
        card = await desk.answer(SnoozeNumber("30001", Until.DUE), make.caller(company=make.FABRIKAM))
        assert "until Nov 30, 2026" in said(card)

        desk.reader = Reader("en-US", ZoneInfo("UTC"), make.NOW + timedelta(days=9))
        card = await desk.answer(SnoozeNumber("30001", Until.DUE), make.caller(company=make.FABRIKAM))
        assert "Until it is due" not in titles(card)
        assert "Until tomorrow" in titles(card)

    @pytest.mark.parametrize("asked", [SnoozeNumber("20001"), SnoozeNumber("20001", Until.TOMORROW), Wake("20001")], ids=str)
    async def test_says_that_nothing_is_due(self, desk: Desk, asked: Intent) -> None:
        card = await desk.answer(asked)

        assert "Nothing is due on INV-20001" in said(card)
        assert "Until tomorrow" not in titles(card)

    async def test_can_be_undone(self, desk: Desk, database: Database) -> None:
        await desk.answer(SnoozeNumber("10001", Until.THREE_DAYS))

        card = await desk.answer(Wake("10001"))

        async with database.shared() as connection:
            ends = await connection.fetchval("select until from bot.reminder_snoozes where invoice = $1", OURS[1].id)
        assert "INV-10001 is not snoozed. I remind you of it again." in said(card)
        assert ends == make.TODAY


class TestAge:
    @pytest.mark.parametrize("intent", MIRRORED, ids=lambda intent: type(intent).__name__)
    async def test_is_told_once_a_list_is_old(self, desk: Desk, intent: Intent) -> None:
        fresh = await desk.answer(intent)
        desk.clock.advance(timedelta(minutes=3))
        old = await desk.answer(intent)

        assert "As of" not in said(fresh)
        assert "As of" in said(old)

    @pytest.mark.parametrize("intent", OPENED, ids=lambda intent: type(intent).__name__)
    async def test_is_told_of_an_invoice_only_while_work365_does_not_answer(self, desk: Desk, intent: Intent) -> None:
        fresh = await desk.answer(intent)
        desk.source.is_down = True
        mirrored = await desk.answer(intent)

        assert "As of" not in said(fresh)
        assert "not read afresh" in said(mirrored)


class TestRights:
    @pytest.mark.parametrize("intent", ASKED, ids=lambda intent: type(intent).__name__)
    async def test_are_needed(self, desk: Desk, intent: Intent) -> None:
        nobody = Caller(make.ADA, "Ada", make.CONTOSO, (make.CONTOSO,), frozenset(), make.NOW)

        with pytest.raises(NoRole):
            await desk.answer(intent, nobody)

    @pytest.mark.parametrize(
        "intent", [Find("INV-30001"), Open(InvoiceId(THEIRS.id), Place()), Open(InvoiceId(make.guid("no")), Place())], ids=str
    )
    async def test_end_at_the_companys_door(self, desk: Desk, intent: Intent) -> None:
        with pytest.raises(NotFound):
            await desk.answer(intent)

    @pytest.mark.parametrize("company", [make.CONTOSO, make.FABRIKAM], ids=lambda company: company.name)
    async def test_show_the_companys_own_alone(self, desk: Desk, company: Company) -> None:
        shown = said(await desk.answer(List(Place(Show.ALL)), make.caller(company=company)))

        assert ("INV-30001" in shown) == (company == make.FABRIKAM)
        assert ("INV-1000" in shown) == (company == make.CONTOSO)
