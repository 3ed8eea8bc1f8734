"""From a person to a Caller: their session with Entra first, their rights in the mirror second."""

from auth.identity import Identity
from auth.sessions import EntraSessions
from billing.access import AccountId, Caller, Person
from billing.errors import NotFound
from billing.ports import Choices


class ConfirmedCallers:
    """The Callers port, and the switch between the companies of one tenant."""

    def __init__(self, sessions: EntraSessions, identity: Identity, choices: Choices) -> None:
        self._sessions = sessions
        self._identity = identity
        self._choices = choices

    async def caller(self, person: Person) -> Caller:
        """Return the person's company and roles as they are now, confirmed with Entra within the hour.

        Raises NotSignedIn, UnknownTenant, UnknownPerson, NoRole, Stale, SourceDown.
        """
        callers = await self._identity.callers(await self._sessions.confirmed(person))
        if len(callers) == 1:
            return callers[0]
        chosen = await self._choices.get(person)
        return next((each for each in callers if each.account == chosen), callers[0])

    async def switch(self, person: Person, account: AccountId) -> Caller:
        """Turn to another of the person's companies. Raises NotFound for any other account, and what ``caller`` raises."""
        callers = await self._identity.callers(await self._sessions.confirmed(person))
        for each in callers:
            if each.account == account:
                await self._choices.choose(person, account)
                return each
        raise NotFound(account=account)
