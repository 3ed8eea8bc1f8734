"""What a chat is told once Work 365 says otherwise: its card is drawn anew, and a payer reads what became of the payment."""

import logging
from typing import Final

from billing.delivery import SURELY_NOT_ARRIVED, NotDelivered, Outcome
from billing.following import Followed, Payer, ShownCard
from billing.invoice import Details
from billing.pay import PayRule
from billing.people import Conversation
from billing.ports import Clock, Invoices
from billing.zones import zone_named
from bot.addressees import Addressees
from bot.notifier import Notifier
from cards.invoice_details import invoice_details
from cards.kit import Card
from cards.links import Links
from cards.paid import paid
from cards.withdrawn import withdrawn
from words.reader import Reader

log = logging.getLogger(__name__)

_LATER: Final = SURELY_NOT_ARRIVED | {Outcome.UNAUTHORIZED}
"""After these a message may be sent again, as for reminders. A card may after UNCERTAIN too: drawn twice, it is the same card."""


class PaidNotices:
    """Tells a chat what Work 365 says, as far as its person may still see it: their rights are asked each time."""

    def __init__(
        self,
        addressees: Addressees,
        invoices: Invoices,
        followed: Followed,
        notifier: Notifier,
        links: Links,
        pay: PayRule,
        clock: Clock,
    ) -> None:
        self._addressees = addressees
        self._invoices = invoices
        self._followed = followed
        self._notifier = notifier
        self._links = links
        self._pay = pay
        self._clock = clock

    async def draw(self, card: ShownCard) -> None:
        """Draw a card anew where it stands. One that the person has deleted stays deleted.

        Raises Stale, SourceDown: the card has not been touched then, and is behind as before.
        """
        details = None if card.account is None else await self._invoices.details(card.account, card.invoice)
        conversation = await self._addressees.chat(card.person, card.account)
        settlement = details and details.invoice.settlement
        if conversation is not None:
            try:
                drawn = self._drawn(conversation, details)
                await self._notifier.replace(conversation, card.activity, drawn, drawn["fallbackText"])
            except NotDelivered as problem:
                log.warning("card.undelivered", extra={"facts": problem.facts})
                if problem.outcome in _LATER | {Outcome.UNCERTAIN}:
                    return
                settlement = None
        await self._followed.drawn(card, settlement)

    async def confirm(self, payer: Payer) -> None:
        """Say what became of the payment, once among all processes, and not again where it may have arrived.

        Raises Stale, SourceDown: nothing has been said then.
        """
        details = await self._invoices.details(payer.account, payer.invoice)
        conversation = await self._addressees.chat(payer.person, payer.account)
        now = details.invoice.settlement
        if not await self._followed.claim(payer, now) or conversation is None:
            return
        offers = self._pay.on(payer.person.tenant, is_phone=None).offers(details.invoice, self._clock())
        card = paid(payer.told, details.invoice, self._reader(conversation), self._links, payable=offers)
        if card is None:
            return
        try:
            await self._notifier.send(conversation, card, card["fallbackText"])
        except NotDelivered as problem:
            log.warning("paid.undelivered", extra={"facts": problem.facts})
            if problem.outcome in _LATER:
                await self._followed.give_back(payer, now)

    def _drawn(self, conversation: Conversation, details: Details | None) -> Card:
        reader = self._reader(conversation)
        if details is None:
            return withdrawn(reader)
        reason = self._pay.on(conversation.person.tenant, is_phone=None).against(details.invoice, self._clock())
        return invoice_details(details, reader, self._links, payable=reason is None, unpayable=reason)

    def _reader(self, conversation: Conversation) -> Reader:
        return Reader(conversation.locale, zone_named(conversation.zone), self._clock())
