"""Signing in with a browser: to Entra and back, for a chat that asked or for a page that was opened."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from hmac import compare_digest
from secrets import token_urlsafe
from urllib.parse import urlsplit

from auth.entra import ClaimsDemanded, Entra, Registration
from auth.sessions import EntraSessions
from billing.access import Person
from billing.errors import NotFound, NotSignedIn, SignInExpired, SignInRefused, WrongPerson
from billing.people import BrowserFlow, SignInRequest
from billing.ports import Audit, Clock, Json, SignIns

LIFETIME = timedelta(minutes=10)
HOME = "/invoices"
NOT_SILENTLY = frozenset({"login_required", "interaction_required", "consent_required", "account_selection_required"})

OnSignedIn = Callable[[SignInRequest], Awaitable[None]]
"""Has the question answered that waited for a sign-in: once, however often it is told."""


@dataclass(frozen=True, slots=True)
class Departure:
    """Where to send a browser, and the cookie that proves later that it is the same one."""

    address: str
    cookie: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """A browser whose person is known.

    request  the chat's request that is thereby finished; None for a page
    next     own relative address to go on to
    """

    person: Person
    request: SignInRequest | None
    next: str


class SignIn:
    """The walk to Entra and back. It binds nobody but the person whom the chat belongs to."""

    def __init__(
        self,
        entra: Entra,
        registration: Registration,
        sign_ins: SignIns,
        sessions: EntraSessions,
        audit: Audit,
        redirect_uri: str,
        clock: Clock,
    ) -> None:
        self._entra = entra
        self._registration = registration
        self._sign_ins = sign_ins
        self._sessions = sessions
        self._audit = audit
        self._redirect_uri = redirect_uri
        self._clock = clock

    async def ask(self, person: Person, conversation: str, question: Json | None) -> SignInRequest:
        """Keep what the person wanted, and return the request whose id goes into the link."""
        request = SignInRequest(token_urlsafe(24), person, conversation, question, self._clock() + LIFETIME)
        await self._sign_ins.ask(request)
        return request

    async def wants_a_click(self, person: Person) -> bool:
        """Whether the person has signed out: Teams then must not sign them in again by itself."""
        return await self._sessions.has_left(person)

    async def depart_for_chat(self, request_id: str) -> Departure:
        """Start a walk that a chat has asked for; the person picks the account, since the browser may know several.

        Raises SignInExpired, SourceDown.
        """
        request = await self._asked(request_id)
        return await self._depart(request.id, HOME, is_silent=False, prompt="select_account")

    async def depart_for_page(self, next_path: str) -> Departure:
        """Start a walk for a page, silently first: a person with a session at Entra sees nothing. Raises SourceDown."""
        return await self._depart(None, own_path(next_path), is_silent=True, prompt="none")

    def consent_address(self) -> str:
        """Return where an administrator agrees for a whole organization; it grants the app nothing until they have signed in."""
        return self._registration.consent_address(self._redirect_uri)

    async def arrive(self, answer: Mapping[str, str], cookie: str, on_signed_in: OnSignedIn) -> Arrival | Departure:
        """Finish with what Entra sent back to the browser, once; or depart again where silence was not enough.

        on_signed_in  is told of the request, where a chat asked for the sign-in; what it raises leaves the chat's link as it was

        Raises SignInExpired (state unknown, old, used), WrongPerson, SignInRefused, SignInCancelled, SourceDown.
        """
        flow = await self._came_back(answer.get("state", ""), cookie)
        if flow.is_silent and answer.get("error") in NOT_SILENTLY:
            return await self._depart(flow.request, flow.next, is_silent=False)
        request = None if flow.request is None else await self._asked(flow.request)
        try:
            proof = await self._entra.redeem(self._registration, flow.flow, answer)
        except ClaimsDemanded as demand:
            if flow.flow.get("claims_challenge"):
                raise
            return await self._depart(flow.request, flow.next, is_silent=False, claims_challenge=demand.claims)
        session = await self._sessions.prove(proof, nonce=str(flow.flow.get("nonce", "")))
        if request is not None:
            await self._require_theirs(session.person, request)
        try:
            await self._sessions.keep(session, is_asked=not flow.is_silent)
        except NotSignedIn:  # by choice: nothing less than a click counts
            return await self._depart(flow.request, flow.next, is_silent=False, prompt="select_account")
        await self._audit.note(session.person, "sign-in", "ok")
        if request is not None:
            await on_signed_in(request)  # before it is used up: what fails in between can be done again
            await self._finish(request)
        return Arrival(session.person, request, flow.next)

    async def sign_out(self, person: Person) -> None:
        """End the person's sessions, in chat and in every browser, and delete their tokens."""
        await self._sessions.leave(person)
        await self._audit.note(person, "sign-out", "ok")

    async def _require_theirs(self, person: Person, request: SignInRequest) -> None:
        """Let nobody but the chat's own person finish its request. Raises WrongPerson."""
        if person != request.person:
            await self._audit.note(request.person, "sign-in", "another person")
            raise WrongPerson(chat=request.person.hashed, browser=person.hashed)

    async def _finish(self, request: SignInRequest) -> None:
        """Use a request up, once. Raises SignInExpired."""
        if not await self._sign_ins.finish(request.id):
            raise SignInExpired(reason="finished elsewhere")

    async def _depart(self, request: str | None, next_path: str, *, is_silent: bool, **hints: str) -> Departure:
        flow = await self._entra.begin(self._registration, self._redirect_uri, **hints)
        cookie = token_urlsafe(32)
        kept = BrowserFlow(str(flow["state"]), _digest(cookie), flow, request, next_path, is_silent, self._clock() + LIFETIME)
        await self._sign_ins.leave(kept)
        return Departure(str(flow["auth_uri"]), cookie)

    async def _came_back(self, state: str, cookie: str) -> BrowserFlow:
        try:
            flow = await self._sign_ins.come_back(state)
        except NotFound as error:
            raise SignInExpired(reason="state") from error
        if not compare_digest(flow.browser, _digest(cookie)):
            raise SignInRefused(reason="another browser")
        return flow

    async def _asked(self, request_id: str) -> SignInRequest:
        try:
            return await self._sign_ins.asked(request_id)
        except NotFound as error:
            raise SignInExpired(reason="request") from error


def own_path(wanted: str) -> str:
    """Return *wanted* if it is a path of ours, else the list of invoices: nobody is sent elsewhere."""
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return HOME
    is_ours = not parts.scheme and not parts.netloc and wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return wanted if is_ours and wanted.isprintable() and "\\" not in wanted else HOME


def _digest(cookie: str) -> bytes:
    return sha256(cookie.encode(errors="surrogateescape")).digest()  # a header may hold any bytes
