"""The invokes of Teams' single sign-on: a token to exchange, a popup that is done, a client that could not."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import logging
from http import HTTPStatus

from botbuilder.schema import InvokeResponse

from auth.sign_in import OnSignedIn
from auth.single_sign_on import Exchanged, SingleSignOn
from billing.errors import BadToken, NotSignedIn, Problem
from billing.ports import Sessions
from bot.answers import plain_invoke
from bot.asker import Asker
from bot.wire import Wire
from words.reader import Reader

log = logging.getLogger(__name__)

TOKEN_EXCHANGE = "signin/tokenExchange"  # noqa: S105 - the name of an invoke
VERIFY_STATE = "signin/verifyState"
FAILURE = "signin/failure"
NAMES = frozenset({TOKEN_EXCHANGE, VERIFY_STATE, FAILURE})
LONGEST_ID = 200


class ChatSignIn:
    """Answers what Teams sends on a person's behalf while they sign in."""

    def __init__(self, single_sign_on: SingleSignOn, sessions: Sessions) -> None:
        self._single_sign_on = single_sign_on
        self._sessions = sessions

    async def answer(self, asker: Asker, reader: Reader, name: str, value: Wire, on_signed_in: OnSignedIn) -> InvokeResponse:
        """Answer one of NAMES: 200 where the person is signed in, else what makes Teams show its button."""
        if name == TOKEN_EXCHANGE:
            return await self._exchange(asker, reader, value, on_signed_in)
        if name == FAILURE:
            log.info("sign_in.client_failed", extra={"code": str(value.get("code", ""))[:40], "caller": asker.person.hashed})
            return plain_invoke(HTTPStatus.OK)
        return await self._verify(asker)

    async def exchange(self, asker: Asker, value: Wire, on_signed_in: OnSignedIn) -> bool:
        """Return whether the token in *value* has signed the person in; *on_signed_in* is told of the question that waited for it."""
        exchange_id, token = value.get("id"), value.get("token")
        if not isinstance(exchange_id, str) or not isinstance(token, str) or not 0 < len(exchange_id) <= LONGEST_ID:
            return False
        try:
            exchanged = await self._single_sign_on.exchange(asker.person, exchange_id, token, on_signed_in)
        except BadToken as problem:
            log.warning("sign_in.bad_token", extra={"facts": problem.facts, "caller": asker.person.hashed})
            return False
        return exchanged is Exchanged.DONE

    async def _exchange(self, asker: Asker, reader: Reader, value: Wire, on_signed_in: OnSignedIn) -> InvokeResponse:
        try:
            is_done = await self.exchange(asker, value, on_signed_in)
        except Problem as problem:
            log.warning("sign_in.no_exchange", extra={"facts": problem.facts})
            is_done = False
        if is_done:
            return plain_invoke(HTTPStatus.OK)
        said = reader.say("Please sign in with the button.")
        told = {"id": value.get("id"), "connectionName": value.get("connectionName"), "failureDetail": said}
        return plain_invoke(HTTPStatus.PRECONDITION_FAILED, told)

    async def _verify(self, asker: Asker) -> InvokeResponse:
        """Tell the client whether its popup has succeeded; the browser's callback has done the work."""
        try:
            await self._sessions.get(asker.person)
        except NotSignedIn:
            return plain_invoke(HTTPStatus.NOT_FOUND)
        return plain_invoke(HTTPStatus.OK)
