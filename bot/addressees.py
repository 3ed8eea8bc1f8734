"""Whom the bot may tell something of an invoice, unasked."""

from billing.access import AccountId, Person
from billing.errors import NotAllowed, NotFound, NotSignedIn
from billing.people import Conversation
from billing.ports import Callers, Conversations


class Addressees:
    """Asks for a person's rights each time: they may have gone since the person was last here."""

    def __init__(self, callers: Callers, conversations: Conversations) -> None:
        self._callers = callers
        self._conversations = conversations

    async def chat(self, person: Person, account: AccountId | None) -> Conversation | None:
        """Return a person's chat; None for somebody who may not see invoices of *account*, or has no chat any more.

        account  None for what no company has any more

        Raises Stale, SourceDown.
        """
        try:
            caller = await self._callers.caller(person)
            conversation = await self._conversations.get(person)
        except (NotSignedIn, NotAllowed, NotFound):
            return None
        return conversation if account is None or account in {each.id for each in caller.companies} else None
