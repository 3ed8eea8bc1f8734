"""Answers about invoices, from a real mirror: what is asked decides the card, who asks decides what is in it."""

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
from billing.due import Custom
from billing.errors import Malformed, NoRole, NotFound, SourceDown
from billing.invoice import Details, InvoiceId, Show, State
from billing.pay import PayRule
from billing.queries import InvoiceQueries
from bot.commands import ROWS, Commands
from bot.intents import Ask, Find, Intent, List, Open, Unknown
from bot.reminders import ReminderCommands
from cards.kit import Card
from cards.links import Links
from cards.verbs import Place
from cards.words import Reader
from tests import make, rows
from tests.cards.reading import nodes, titles
from tests.clock import ChosenClock

READER = Reader("en-US", ZoneInfo("UTC"), make.NOW)
OURS = [rows.invoice(f"INV-1000{n}", due=date(2026, 12, 1 + n)) for n in range(ROWS + 1)]
PAID = rows.invoice("INV-20001", state=State.COMPLETE)
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
        invoices = PostgresInvoices(database)
        self.source = Source(invoices)
        queries, current = InvoiceQueries(invoices), CurrentDetails(invoices, self.source, Allowance(READS, self.clock))
        pay = PayRule(frozenset({"pay.example"}))
        links = Links("https://bot.example")
        reminders = ReminderCommands(PostgresChoosing(database), queries, Custom((-7, 0, 7), 9), links)
        self.commands = Commands(queries, current, reminders, links, pay, self.clock, timedelta(minutes=2))

    async def answer(self, intent: Intent, caller: Caller | None = None) -> Card:
        """Return the card for Contoso's finance manager, or for somebody else."""
        return await self.commands.answer(intent, caller or make.caller(), READER)


@pytest.fixture
async def desk(mirror: Mirror, database: Database) -> Desk:
    """Return commands over a filled mirror."""
    await rows.put_invoices(mirror, *OURS, PAID, THEIRS, *TWINS)
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

    async def test_finds_an_invoice_by_its_number(self, desk: Desk) -> None:
        assert "INV-10001" in said(await desk.answer(Find("inv-10001")))

    async def test_opens_an_invoice_by_its_id(self, desk: Desk) -> None:
        card = await desk.answer(Open(InvoiceId(PAID.id), Place(Show.PAID)))

        assert "INV-20001" in said(card)
        assert "Pay now" not in titles(card)

    async def test_asks_which_one_where_several_fit(self, desk: Desk) -> None:
        card = await desk.answer(Find("a-77"))

        assert "Which invoice do you mean?" in said(card)
        assert titles(card).count("Details") == 2

    async def test_tells_the_balance(self, desk: Desk) -> None:
        assert "$13,579.50" in said(await desk.answer(Ask.BALANCE))

    @pytest.mark.parametrize("intent", [Ask.WHO_AM_I, Ask.SIGN_IN])
    async def test_tells_who_is_signed_in(self, desk: Desk, intent: Ask) -> None:
        assert "Ada Lindqvist" in said(await desk.answer(intent))

    @pytest.mark.parametrize("intent", [Ask.HELP, Ask.SIGN_OUT, Unknown("x", ())], ids=str)
    async def test_leaves_to_others_what_is_not_about_invoices(self, desk: Desk, intent: Intent) -> None:
        with pytest.raises(Malformed):
            await desk.answer(intent)


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
