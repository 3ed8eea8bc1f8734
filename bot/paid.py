"""After a click on Pay now: the card that shows the invoice follows, and a short message says what became of the payment."""

import logging
from zoneinfo import ZoneInfo

from billing.access import Caller
from billing.delivery import NotDelivered, Outcome
from billing.errors import NotAllowed, NotFound, NotSignedIn
from billing.invoice import Details, Invoice
from billing.pay import PayRule
from billing.people import Conversation
from billing.ports import Callers, Clock, Conversations, Shown
from bot.connector import Connector
from bot.notifier import Notifier, proactive
from cards.invoice_details import invoice_details
from cards.links import Links
from cards.paid import paid
from cards.words import Reader

log = logging.getLogger(__name__)


class PaidNotices:
    """Tells a payer's chat what Work 365 says of the payment."""

    def __init__(
        self,
        callers: Callers,
        conversations: Conversations,
        shown: Shown,
        connector: Connector,
        links: Links,
        pay: PayRule,
        clock: Clock,
    ) -> None:
        self._callers = callers
        self._conversations = conversations
        self._shown = shown
        self._connector = connector
        self._notifier = Notifier(connector, conversations)
        self._links = links
        self._pay = pay
        self._clock = clock

    async def tell(self, clicked: Caller, before: Invoice, now: Details) -> None:
        """Draw the invoice's card anew where it stands, and say what became of the payment; a chat that is gone is left alone.

        clicked  who pressed Pay now, minutes ago: told only what they may still see

        Raises Stale, SourceDown: nothing has been said then.
        """
        try:
            caller = await self._callers.caller(clicked.person)
            conversation = await self._conversations.get(caller.person)
        except (NotSignedIn, NotAllowed, NotFound):
            return
        if clicked.account not in {each.id for each in caller.companies}:
            return
        reader = Reader(conversation.locale, ZoneInfo(conversation.zone), self._clock())
        try:
            await self._follow(conversation, now, reader)
            card = paid(before, now.invoice, reader)
            if card is not None:
                await self._notifier.send(conversation, card, card["fallbackText"])
        except NotDelivered as problem:
            log.warning("paid.undelivered", extra={"facts": problem.facts})

    async def _follow(self, conversation: Conversation, details: Details, reader: Reader) -> None:
        """Replace the card in place; one that the person has deleted stays deleted."""
        activity_id = await self._shown.last(conversation.person, details.invoice.id)
        if activity_id is None:
            return
        reason = self._pay.on(conversation.person.tenant, is_phone=False).against(details.invoice, self._clock())
        card = invoice_details(details, reader, self._links, payable=reason is None, unpayable=reason)
        wire = {**proactive(conversation.reference, card, card["fallbackText"]), "id": activity_id}
        try:
            await self._connector.update(str(conversation.reference.get("serviceUrl", "")), conversation.id, activity_id, wire)
        except NotDelivered as problem:
            if problem.outcome is not Outcome.GONE:
                raise
