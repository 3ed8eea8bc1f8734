"""Teams' single sign-on: the token that a client sends is verified, and exchanged once for a session."""

from enum import StrEnum

from auth.entra import Entra, Registration
from auth.sessions import EntraSessions
from auth.sign_in import OnSignedIn
from auth.tokens import EntraTokens
from billing.access import Person
from billing.errors import BadToken, ForeignToken, NotFound, NotSignedIn, Problem, SignInRefused
from billing.people import Exchange
from billing.ports import Audit, Exchanges, SignIns

PERMISSION = "access_as_user"


class Exchanged(StrEnum):
    """What became of a token that Teams sent.

    DONE         the person is signed in
    NEEDS_A_HAND  another client is being served, or Entra wants consent or interaction: Teams shows its button
    """

    DONE = "done"
    NEEDS_A_HAND = "needs a hand"


class SingleSignOn:
    """Signs people in without a click."""

    def __init__(
        self,
        entra: Entra,
        registration: Registration,
        tokens: EntraTokens,
        sessions: EntraSessions,
        exchanges: Exchanges,
        sign_ins: SignIns,
        audit: Audit,
    ) -> None:
        self._entra = entra
        self._registration = registration
        self._tokens = tokens
        self._sessions = sessions
        self._exchanges = exchanges
        self._sign_ins = sign_ins
        self._audit = audit

    async def exchange(self, person: Person, exchange_id: str, token: str, on_signed_in: OnSignedIn) -> Exchanged:
        """Sign *person* in with Teams' token, once however many of their clients send it.

        on_signed_in  is told of the request whose question waited for this; what it raises leaves the exchange to be repeated
        Raises BadToken, ForeignToken (another person's, or not for us), NotSignedIn (signed out by choice), SourceDown.
        """
        await self._admit(person, token)
        match await self._exchanges.begin(person, exchange_id):
            case Exchange.DONE:
                return Exchanged.DONE
            case Exchange.BUSY:
                return Exchanged.NEEDS_A_HAND
            case Exchange.OURS:
                return await self._run(person, exchange_id, token, on_signed_in)

    async def enter(self, token: str, *, is_asked: bool) -> Person:
        """Sign in whom the token names that Teams gave to our tab, and return them. Where they have a session already, it is enough.

        is_asked  whether the person has pressed a button; after they have signed out nothing less counts
        Raises BadToken, ForeignToken (not for us), NotSignedIn (signed out by choice), SignInRefused (consent or interaction is
        needed), SourceDown.
        """
        person = await self._named(token)
        try:
            await self._sessions.confirmed(person)
        except NotSignedIn:
            if not is_asked and await self._sessions.has_left(person):  # perhaps while Entra was asked
                raise
            await self._begin(person, token, is_asked=is_asked)
        await self._audit.note(person, "sign-in", "ok")
        return person

    async def _run(self, person: Person, exchange_id: str, token: str, on_signed_in: OnSignedIn) -> Exchanged:
        """Do everything that a repetition would do again before the exchange counts as done."""
        try:
            await self._begin(person, token, is_asked=False)
            await self._audit.note(person, "sign-in", "ok")
            await self._hand_on(person, exchange_id, on_signed_in)
        except Problem as problem:
            await self._exchanges.finish(person, exchange_id, is_done=False)
            if not isinstance(problem, SignInRefused):
                raise
            return Exchanged.NEEDS_A_HAND
        await self._exchanges.finish(person, exchange_id, is_done=True)
        return Exchanged.DONE

    async def _begin(self, person: Person, token: str, *, is_asked: bool) -> None:
        """Exchange the token for a session. Raises SignInRefused, NotSignedIn (signed out by choice, and nobody has asked), SourceDown."""
        try:
            proof = await self._entra.exchange(self._registration.of(person.tenant), token)
            await self._sessions.keep(await self._sessions.prove(proof, person=person), is_asked=is_asked)
        except SignInRefused:
            await self._audit.note(person, "sign-in", "consent or interaction needed")
            raise

    async def _admit(self, person: Person, token: str) -> None:
        try:
            await self._verify(person, token)
        except BadToken as problem:
            await self._audit.note(person, "sign-in", f"token refused: {problem.facts.get('reason')}")
            raise

    async def _verify(self, person: Person, token: str) -> None:
        if await self._named(token) != person:
            raise ForeignToken(reason="another person")

    async def _named(self, token: str) -> Person:
        """Return whose token it is. Raises BadToken, ForeignToken, SourceDown."""
        claims = await self._tokens.verify(token)
        if PERMISSION not in str(claims.get("scp", "")).split():
            raise ForeignToken(reason="scope")
        return Person.parse(claims["tid"], claims["oid"])

    async def _hand_on(self, person: Person, request_id: str, on_signed_in: OnSignedIn) -> None:
        """Hand on the question that waited for this sign-in, if there is one, and then use it up."""
        try:
            request = await self._sign_ins.asked(request_id)
        except NotFound:
            return
        if request.person == person:
            await on_signed_in(request)
            await self._sign_ins.finish(request_id)
