"""From an intent to its card, for a caller whose rights are established."""

from contextlib import suppress
from datetime import datetime, timedelta

from billing.access import Caller
from billing.details import CurrentDetails
from billing.errors import Malformed, NotFound
from billing.invoice import Invoice, InvoiceId, Show
from billing.pay import PayRule
from billing.ports import MOST_FOUND, Clock
from billing.queries import InvoiceQueries
from bot.asks import Ask
from bot.intents import Find, Intent, List, Open
from bot.reminder_intents import Save, Snooze, SnoozeNumber, Wake
from bot.reminders import ReminderCommands
from cards.balance import balance
from cards.choose import choose, fitting
from cards.companies import also, others
from cards.export import export
from cards.invoice_details import invoice_details
from cards.invoice_list import ROWS, invoice_list
from cards.kit import Card
from cards.links import Links
from cards.verbs import Place
from cards.who_am_i import who_am_i
from words.reader import Reader


class Commands:
    """Answers about invoices.

    dated_after  an answer from data older than this says how old it is
    """

    def __init__(
        self,
        queries: InvoiceQueries,
        current: CurrentDetails,
        reminders: ReminderCommands,
        links: Links,
        pay: PayRule,
        clock: Clock,
        dated_after: timedelta,
    ) -> None:
        self._queries = queries
        self._current = current
        self.reminders = reminders
        self._links = links
        self._pay = pay
        self._clock = clock
        self._dated_after = dated_after

    async def answer(self, intent: Intent, caller: Caller, reader: Reader, *, is_phone: bool = False) -> Card:
        """Return the card that answers *intent*, for the device it was asked on. Raises Problem."""
        pay = self._pay.on(caller.person.tenant, is_phone=is_phone)
        match intent:
            case List():
                return await self._list(caller, intent, reader, pay)
            case Find():
                return await self._find(caller, intent, reader, pay)
            case Open(invoice, back):
                return await self._details(caller, invoice, reader, pay, back)
            case Ask.BALANCE:
                return await self._balance(caller, reader, pay)
            case Ask.EXPORT:
                return export(reader, self._links)
            case Ask.REMINDERS | Ask.REMINDERS_ON | Snooze() | SnoozeNumber() | Wake() | Save():
                return await self.reminders.answer(intent, caller, reader)
            case Ask.WHO_AM_I | Ask.SIGN_IN:
                return who_am_i(caller, reader, as_of=self._dated(caller))
            case _:
                raise Malformed(intent=type(intent).__name__)

    async def _list(self, caller: Caller, asked: List, reader: Reader, pay: PayRule) -> Card:
        page = await self._queries.page(caller, asked.place.wanted(reader.today, ROWS))
        card = invoice_list(
            page,
            reader,
            self._links,
            company=caller.company.name,
            payable=pay.payable(page.invoices, self._clock()),
            is_wider=asked.is_wider,
            as_of=self._dated(caller),
        )
        return also(card, others(caller), reader)

    async def _find(self, caller: Caller, asked: Find, reader: Reader, pay: PayRule) -> Card:
        """Show the invoice with one of those numbers, or the choice where several fit. Raises NotFound where none does."""
        found: dict[InvoiceId, Invoice] = {}
        numbers, are_more = (asked.number, *asked.others), False
        for number in numbers:
            with suppress(NotFound):
                fit = await self._queries.find(caller, number)
                found |= {each.id: each for each in fit}
                are_more |= len(fit) >= MOST_FOUND
        payable = pay.payable(found.values(), self._clock())
        match fitting(list(found.values()), asked.order, payable):
            case []:
                raise NotFound(", ".join(numbers), account=caller.account)
            case [invoice] if not are_more:
                return await self._details(caller, invoice.id, reader, pay)
            case shown:
                typed = " ".join(numbers)
                return choose(shown, reader, self._links, typed=typed, payable=payable, order=asked.order, are_more=are_more)

    async def _details(self, caller: Caller, invoice: InvoiceId, reader: Reader, pay: PayRule, back: Place | None = None) -> Card:
        read = await self._current.read(await self._queries.turned(caller, invoice), invoice)
        unpayable = pay.against(read.details.invoice, self._clock())
        return invoice_details(
            read.details, reader, self._links, payable=unpayable is None, unpayable=unpayable, back=back, as_of=read.as_of
        )

    async def _balance(self, caller: Caller, reader: Reader, pay: PayRule) -> Card:
        page = await self._queries.page(caller, Place(Show.OPEN).wanted(reader.today, 1))
        first = await self._queries.first_owed(caller, page)
        payable = first is not None and pay.offers(first, self._clock())
        card = balance(page, first, reader, self._links, company=caller.company.name, payable=payable, as_of=self._dated(caller))
        return also(card, others(caller), reader)

    def _dated(self, caller: Caller) -> datetime | None:
        """Return the age to show, if the data is old enough for that."""
        return caller.as_of if self._clock() - caller.as_of > self._dated_after else None
