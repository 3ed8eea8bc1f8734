"""Answers about reminders: the settings, and the silence of one invoice."""

from dataclasses import replace
from typing import Literal

from billing.access import Caller, Person
from billing.due import Custom, Until, Wishes
from billing.invoice import Invoice
from billing.ports import MOST_FOUND
from billing.ports_reminders import Choosing
from billing.queries import InvoiceQueries
from billing.silence import Silence
from bot.asks import Ask
from bot.reminder_intents import About, Save, Snooze, SnoozeNumber, Wake
from cards.choose import Order, choose, fitting
from cards.kit import Card
from cards.links import Links
from cards.reminder_snooze import awake, nothing_due, snooze, snoozed
from cards.settings import settings, turned_off
from words.reader import Reader


class ReminderCommands:
    """What a person decides about reminders takes effect with the next message."""

    def __init__(self, choosing: Choosing, queries: InvoiceQueries, custom: Custom, links: Links) -> None:
        self._choosing = choosing
        self._queries = queries
        self._custom = custom
        self._links = links

    async def turn_off(self, person: Person, reader: Reader) -> Card:
        """Turn reminders off; whoever they are, they may."""
        await self._choosing.wish(person, replace(await self._choosing.wishes(person), is_on=False))
        return turned_off(reader)

    async def answer(self, intent: About | Literal[Ask.REMINDERS, Ask.REMINDERS_ON], caller: Caller, reader: Reader) -> Card:
        """Return the card that answers *intent*. Raises NotFound."""
        match intent:
            case Ask.REMINDERS:
                return await self._card(caller, await self._choosing.wishes(caller.person), reader)
            case Ask.REMINDERS_ON:
                return await self._kept(caller, replace(await self._choosing.wishes(caller.person), is_on=True), reader)
            case Save():
                return await self._save(intent, caller, reader)
            case Snooze(invoice, until, is_over):
                found = await self._queries.details(await self._queries.turned(caller, invoice), invoice)
                if is_over:
                    return await self._wake(caller, found.invoice, reader)
                return await self._snooze(caller, found.invoice, until, reader)
            case SnoozeNumber() | Wake():
                return await self._find(intent, caller, reader)

    async def _save(self, chosen: Save, caller: Caller, reader: Reader) -> Card:
        wishes = await self._choosing.wishes(caller.person)
        company = await self._choosing.stages(caller.account)
        usual = self._custom.stages(Wishes(), company)
        saved = Wishes(
            is_on=wishes.is_on,
            hour=None if chosen.hour == self._custom.hour else chosen.hour,
            days=None if set(chosen.days) == set(usual) else chosen.days,
            business_days=chosen.business_days,
            silent=chosen.silent,
        )
        return await self._kept(caller, saved, reader)

    async def _kept(self, caller: Caller, wishes: Wishes, reader: Reader) -> Card:
        await self._choosing.wish(caller.person, wishes)
        return await self._card(caller, wishes, reader, is_saved=True)

    async def _card(self, caller: Caller, wishes: Wishes, reader: Reader, *, is_saved: bool = False) -> Card:
        days = self._custom.stages(wishes, await self._choosing.stages(caller.account))
        return settings(wishes, self._custom, reader, days=days, is_saved=is_saved)

    async def _find(self, intent: SnoozeNumber | Wake, caller: Caller, reader: Reader) -> Card:
        found = await self._queries.find(caller, intent.number)
        are_more = len(found) >= MOST_FOUND
        fit = fitting(found, Order.SNOOZE, ())
        if len(fit) > 1 or are_more:
            order = Order.DETAILS if isinstance(intent, Wake) else Order.SNOOZE
            return choose(fit, reader, self._links, typed=intent.number, order=order, are_more=are_more)
        if isinstance(intent, Wake):
            return await self._wake(caller, fit[0], reader)
        return await self._snooze(caller, fit[0], intent.until, reader)

    async def _snooze(self, caller: Caller, invoice: Invoice, until: Silence | None, reader: Reader) -> Card:
        """Keep an invoice silent, or ask for how long."""
        if not invoice.is_owing:
            return nothing_due(invoice, reader)
        ends = None if until is None else until.ends(reader.today, invoice.due)
        if ends is None:
            return snooze(invoice, reader, is_unclear=until is not None and until is not Until.DUE)
        await self._choosing.snooze(caller.person, {invoice.id: ends})
        return snoozed(invoice, reader, ends)

    async def _wake(self, caller: Caller, invoice: Invoice, reader: Reader) -> Card:
        """End the silence of an invoice today."""
        if not invoice.is_owing:
            return nothing_due(invoice, reader)
        await self._choosing.snooze(caller.person, {invoice.id: reader.today})
        return awake(invoice, reader)
