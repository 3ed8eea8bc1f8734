"""A person's session: begun with what Entra proves, confirmed by Entra within the hour, ended everywhere at once."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from hashlib import sha256
from typing import Any, cast
from weakref import WeakValueDictionary

from auth.entra import Entra, Proof, Registration
from auth.seal import Seal
from auth.tokens import EntraTokens
from billing.access import Person
from billing.errors import BadToken, NotSignedIn, SignInRefused
from billing.people import Session
from billing.ports import BrowserSessions, Clock, Sessions

log = logging.getLogger(__name__)

CONFIRMED_FOR = timedelta(minutes=60)


class EntraSessions:
    """Begins, confirms and ends sessions."""

    def __init__(
        self,
        entra: Entra,
        registration: Registration,
        tokens: EntraTokens,
        seal: Seal,
        sessions: Sessions,
        browsers: BrowserSessions,
        clock: Clock,
    ) -> None:
        self._entra = entra
        self._registration = registration
        self._tokens = tokens
        self._seal = seal
        self._sessions = sessions
        self._browsers = browsers
        self._clock = clock
        self._confirming: WeakValueDictionary[Person, asyncio.Lock] = WeakValueDictionary()

    async def prove(self, proof: Proof, *, nonce: str | None = None, person: Person | None = None) -> Session:
        """Return the session that *proof* gives a right to, not yet kept. Raises SignInRefused, SourceDown.

        nonce   what the id token must carry, hashed; None where the grant knows none
        person  whose proof it must be; None for anybody's
        """
        try:
            claims = await self._tokens.verify(proof.id_token)
        except BadToken as error:
            raise SignInRefused(proof="id token", **error.facts) from error
        if nonce is not None and claims.get("nonce") != sha256(nonce.encode()).hexdigest():
            raise SignInRefused(reason="nonce")
        proven = Person.parse(claims["tid"], claims["oid"])
        if person is not None and proven != person:
            raise SignInRefused(reason="another person's token")
        told = str(claims.get("preferred_username", "")), str(claims.get("name", ""))
        return Session(proven, *told, self._clock(), _roles(claims), self._seal.close(proven, proof.cache))

    async def keep(self, session: Session, *, is_asked: bool = True) -> None:
        """Begin a session. Raises NotSignedIn where nobody has asked for it and the person has signed out, even while Entra was asked."""
        await self._sessions.save(session, is_asked=is_asked)

    async def confirmed(self, person: Person) -> Session:
        """Return the person's session, confirmed by Entra within the hour. Raises NotSignedIn, SourceDown."""
        session = await self._sessions.get(person)
        if self._is_fresh(session):
            return session
        async with self._one_at_a_time(person):
            session = await self._sessions.get(person)
            return session if self._is_fresh(session) else await self._renewed(session)

    async def leave(self, person: Person) -> None:
        """Sign a person out of chat and browsers, as they wish, and delete their tokens."""
        await self._sessions.leave(person)
        await self._browsers.close_all(person)

    async def has_left(self, person: Person) -> bool:
        """Whether the person has signed out, and is not to be signed in again without a click."""
        return await self._sessions.has_left(person)

    async def _end(self, person: Person) -> None:
        """End everything of a person whom Entra no longer vouches for."""
        await self._sessions.end(person)
        await self._browsers.close_all(person)

    def _is_fresh(self, session: Session) -> bool:
        """Whether Entra has confirmed it within the hour; not where that lies in the future, by a clock that has been set back."""
        return timedelta(0) <= self._clock() - session.confirmed < CONFIRMED_FOR

    async def _renewed(self, session: Session) -> Session:
        person = session.person
        try:
            proof = await self._entra.renew(self._registration, self._seal.open(person, session.tokens))
            renewed = await self.prove(proof, person=person)
        except (NotSignedIn, SignInRefused) as refusal:
            log.info("session.ended", extra={"person": person.hashed, "facts": refusal.facts})
            await self._end(person)
            raise NotSignedIn(person=person.hashed, reason="not confirmed") from refusal
        return await self._taken_over(renewed, session)

    async def _taken_over(self, renewed: Session, session: Session) -> Session:
        """Keep what Entra said, unless the person has left or signed in anew, or another process was faster, while it was asked."""
        try:
            await self._sessions.save(renewed, renews=session)
        except NotSignedIn:
            return await self._sessions.get(session.person)
        return renewed

    @asynccontextmanager
    async def _one_at_a_time(self, person: Person) -> AsyncGenerator[None]:
        lock = self._confirming.setdefault(person, asyncio.Lock())
        async with lock:
            yield


def _roles(claims: Mapping[str, Any]) -> frozenset[str]:
    found = claims.get("roles")
    return frozenset(map(str, cast("list[object]", found))) if isinstance(found, list) else frozenset()
