"""Answers about reminders: the settings, and the silence of one invoice."""

from dataclasses import replace

from billing.access import Caller, Person
from billing.due import Custom, Until, Wishes
from billing.errors import Malformed
from billing.invoice import InvoiceId
from billing.ports_reminders import Choosing
from billing.queries import InvoiceQueries
from bot.reminder_intents import About, Save, Snooze, SnoozeNumber
from cards.choose import choose
from cards.kit import Card
from cards.links import Links
from cards.reminder_snooze import snooze, snoozed
from cards.settings import settings, turned_off
from cards.words import Reader


class ReminderCommands:
    """What a person decides about reminders takes effect with the next message."""

    def __init__(self, choosing: Choosing, queries: InvoiceQueries, custom: Custom, links: Links) -> None:
        self._choosing = choosing
        self._queries = queries
        self._custom = custom
        self._links = links

    async def settings(self, caller: Caller, reader: Reader) -> Card:
        """Return the settings card."""
        return await self._card(caller, await self._choosing.wishes(caller.person), reader)

    async def turn_on(self, caller: Caller, reader: Reader) -> Card:
        """Turn reminders on."""
        return await self._kept(caller, replace(await self._choosing.wishes(caller.person), is_on=True), reader)

    async def turn_off(self, person: Person, reader: Reader) -> Card:
        """Turn reminders off; whoever they are, they may."""
        await self._choosing.wish(person, replace(await self._choosing.wishes(person), is_on=False))
        return turned_off(reader)

    async def answer(self, intent: About, caller: Caller, reader: Reader) -> Card:
        """Return the card that answers *intent*. Raises NotFound, Malformed."""
        match intent:
            case Save():
                return await self._save(intent, caller, reader)
            case SnoozeNumber(number):
                return await self._find(caller, number, reader)
            case Snooze(invoice, until):
                return await self._snooze(caller, invoice, until, reader)

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

    async def _find(self, caller: Caller, number: str, reader: Reader) -> Card:
        found = await self._queries.find(caller, number)
        return snooze(found[0], reader) if len(found) == 1 else choose(found, reader, self._links, typed=number)

    async def _snooze(self, caller: Caller, invoice: InvoiceId, until: Until | None, reader: Reader) -> Card:
        found = (await self._queries.details(await self._queries.turned(caller, invoice), invoice)).invoice
        if until is None:
            return snooze(found, reader)
        ends = until.ends(reader.today, found.due)
        if ends is None:
            raise Malformed(until=until.value)
        await self._choosing.snooze(caller.person, {found.id: ends})
        return snoozed(found, reader, ends)
