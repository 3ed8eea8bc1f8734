"""The state of Entra, and what an administrator there can change about people."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sandbox.entra.errors import EntraError, person_disabled
from sandbox.entra.issued import Issued
from sandbox.entra.registry import Client
from sandbox.entra.tokens import Asked, Minter
from sandbox.keys import SigningKeys
from sandbox.people import PEOPLE, DemoPerson
from sandbox.site import Site

CHALLENGE = json.dumps({"access_token": {"nbf": {"essential": True, "value": "0"}}})
"""The claims challenge that ``Entra.challenge`` demands."""


Session = dict[str, datetime]
"""Who is signed in to a browser, by object id, and since when."""


class Entra:
    """Everything that Entra remembers.

    people    who can sign in; a test may add some
    clients   the registered applications by id
    machines  client ids of managed identities; none at first
    sessions  by the value of a browser's cookie
    """

    def __init__(self, site: Site, clients: Iterable[Client]) -> None:
        self.site = site
        self.keys = SigningKeys("entra")
        self.minter = Minter(site, self.keys)
        self.issued = Issued(site)
        self.people: list[DemoPerson] = list(PEOPLE)
        self.clients = {each.id: each for each in clients}
        self.machines: set[str] = set()
        self.sessions: dict[str, Session] = {}
        self._roles: dict[str, tuple[str, ...]] = {}
        self._without_consent: set[tuple[str, str]] = set()
        self._disabled: set[str] = set()
        self._challenged: set[str] = set()

    def assign(self, person: DemoPerson, *roles: str) -> None:
        """Give the person these app roles and no others."""
        self._roles[person.oid] = roles

    def roles(self, person: DemoPerson) -> tuple[str, ...]:
        """Return the person's app roles."""
        return self._roles.get(person.oid, ())

    def withdraw_consent(self, person: DemoPerson, client_id: str) -> None:
        """Forbid an application to act for the person; at first everybody has consented to everything."""
        self._without_consent.add((client_id, person.oid))

    def give_consent(self, person: DemoPerson, client_id: str) -> None:
        """Let an application act for the person."""
        self._without_consent.discard((client_id, person.oid))

    def has_consent(self, person: DemoPerson, client_id: str) -> bool:
        """Say whether an application may act for the person."""
        return (client_id, person.oid) not in self._without_consent

    def disable(self, person: DemoPerson) -> None:
        """Switch the person's account off, and revoke what they hold."""
        self._disabled.add(person.oid)
        self.issued.revoke(person)

    def is_disabled(self, person: DemoPerson) -> bool:
        """Say whether the person's account is switched off."""
        return person.oid in self._disabled

    def revoke(self, person: DemoPerson) -> None:
        """Make the person's refresh tokens useless, as a change of password does."""
        self.issued.revoke(person)

    def challenge(self, person: DemoPerson) -> None:
        """Refuse the person tokens until an interactive sign-in brings a claims challenge along."""
        self._challenged.add(person.oid)

    def meet_challenge(self, person: DemoPerson) -> None:
        """Take it that the person has proved what was asked."""
        self._challenged.discard(person.oid)

    def check(self, person: DemoPerson) -> None:
        """Raise EntraError where the person may get no tokens now."""
        if self.is_disabled(person):
            raise person_disabled()
        if person.oid in self._challenged:
            say = "Due to a configuration change made by your administrator, you must use multi-factor authentication."
            raise EntraError(50076, "interaction_required", say, suberror="basic_action", claims=CHALLENGE)

    def sso_token(self, person: DemoPerson, client_id: str) -> str:
        """Return what a Teams client obtains for a bot: a user's token for the application itself.

        Raises EntraError.
        """
        self.check(person)
        asked = Asked(person, client_id, f"{client_id}/access_as_user", self.site.clock())
        return self.minter.access_token(asked, self.roles(person))

    def claims(self, token: str, audience: str) -> dict[str, Any]:
        """Return the claims of an access token for *audience*.

        Raises jwt.PyJWTError.
        """
        return self.keys.verified(token, audience, self.site.clock())
