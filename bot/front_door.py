"""``POST /api/messages``: nothing from outside reaches a turn before it has been measured, verified and understood."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import json
import logging
from http import HTTPStatus
from math import isfinite
from typing import Any, Final, NoReturn

from aiohttp import web
from botbuilder.schema import InvokeResponse

from auth.tokens import ChannelTokens
from billing import correlation
from billing.errors import ForeignToken, Malformed, Overloaded, Problem, TooFast
from billing.measures import REJECTIONS, UNMEASURED, Measures
from bot.answers import CARD_ACTION
from bot.connector import ServiceHosts
from bot.flood import Flood, Flow
from bot.turns import Turns
from bot.turnstile import Turnstile
from bot.wire import Wire, as_object, written
from words.reader import Reader

log = logging.getLogger(__name__)

LARGEST_BYTES = 256 * 1024
DEEPEST = 64
LONGEST_ID = 1024
HEADERS: Final = {
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": "Bearer"},
    HTTPStatus.TOO_MANY_REQUESTS: {"Retry-After": "2"},
    HTTPStatus.SERVICE_UNAVAILABLE: {"Retry-After": "2"},
}
NEEDED = ("type", "id", "channelId", "serviceUrl")


class FrontDoor:
    """The handler behind the bot's messaging endpoint.

    flood    of one person's messages
    presses  of one person's buttons
    """

    def __init__(
        self, tokens: ChannelTokens, hosts: ServiceHosts, flood: Flood, presses: Flood, turns: Turns, measures: Measures = UNMEASURED
    ) -> None:
        self._tokens = tokens
        self._flood = flood
        self._presses = presses
        self._hosts = hosts
        self._turns = turns
        self._turnstile = Turnstile()
        self._measures = measures

    def routes(self) -> list[web.RouteDef]:
        """Return the endpoint."""
        return [web.post("/api/messages", self.handle)]

    async def handle(self, request: web.Request) -> web.Response:
        """Answer the channel: 202, an invoke's answer, or 400, 401, 403, 413, 415, 429, 503; 500 is a mistake of ours."""
        correlation.begin()
        try:
            return await self._admit(request)
        except _Refused as refusal:
            log.info("door.refused", extra={"status": refusal.status, "why": refusal.why})
            return self._rejected(refusal.status, refusal.why)
        except Problem as problem:
            _note(problem)
            return self._rejected(HTTPStatus(problem.status), problem.say)
        except TimeoutError:
            log.warning("door.too_slow")
            return self._rejected(HTTPStatus.SERVICE_UNAVAILABLE, "That took too long. Please try again.")
        except Exception:
            log.exception("door.failed")
            return self._rejected(HTTPStatus.INTERNAL_SERVER_ERROR, f"Reference: {correlation.current.get()}")

    def _rejected(self, status: HTTPStatus, why: str) -> web.Response:
        self._measures.count(REJECTIONS, status=str(status.value))
        error = {"code": status.phrase.replace(" ", ""), "message": why}
        return web.json_response({"error": error}, status=status, headers=HEADERS.get(status))

    async def _admit(self, request: web.Request) -> web.Response:
        authorization = request.headers.get("Authorization", "")
        if not authorization:
            _refuse(HTTPStatus.UNAUTHORIZED, "no token")
        proof = await self._tokens.verify(authorization)
        body = await _read(request)
        await self._turnstile.enter(request.headers.get("x-ms-tenant-id", ""))  # proves nothing; whoever lies queues elsewhere
        wire = _parse(body)
        service_url = wire["serviceUrl"]
        proof.require(service_url, wire["channelId"])
        if not self._hosts.trust(service_url):
            raise ForeignToken(reason="service host")
        if wire["type"] == "invoke":
            return await self._invoked(wire)
        if wire["type"] != "message" or await self._is_bearable(wire):
            await self._turns.accept(wire, body)
        return web.Response(status=HTTPStatus.ACCEPTED)

    async def _invoked(self, wire: Wire) -> web.Response:
        """Answer an invoke. What is too much for a pressed button is said in its answer: of any other status Teams tells nothing."""
        try:
            self._require_leisure(wire)
            return _answered(await self._turns.invoke(wire))
        except (Overloaded, TooFast) as problem:
            if wire.get("name") != CARD_ACTION:
                raise
            _note(problem)
            self._measures.count(REJECTIONS, status=str(problem.status))
            return _answered(self._turns.refusal(wire, problem))

    def _require_leisure(self, wire: Wire) -> None:
        """Raise TooFast where the sender presses faster than one can look at the answers."""
        if self._presses.flow(wire["from"]["id"]) is not Flow.TAKE:
            raise TooFast

    async def _is_bearable(self, wire: Wire) -> bool:
        """Whether the sender may go on; a flood is told once, and then dropped."""
        flow = self._flood.flow(wire["from"]["id"])
        if flow is Flow.NOTICE:
            log.warning("door.flood")
            self._turns.say(wire, _too_much)
        return flow is Flow.TAKE


def _too_much(reader: Reader) -> str:
    return reader.say("That was a lot at once. I will answer again in a few seconds.")


def _note(problem: Problem) -> None:
    level = logging.WARNING if problem.status in {401, 403} else logging.INFO
    log.log(level, "door.refused", extra={"status": problem.status, "facts": problem.facts})


class _Refused(Exception):
    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


def _refuse(status: HTTPStatus, why: str) -> NoReturn:
    raise _Refused(status, why)


async def _read(request: web.Request) -> bytes:
    """Read at most 256 KB; what claims to be longer is not read at all."""
    if request.content_type != "application/json" or "Content-Encoding" in request.headers:
        _refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "application/json, not compressed, is expected")
    if (request.content_length or 0) > LARGEST_BYTES:
        _refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too large")
    body = bytearray()
    async for chunk in request.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > LARGEST_BYTES:
            _refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too large")
    return bytes(body)


def _parse(body: bytes) -> Wire:
    """Return an activity whose routing fields are there and are short strings. Raises Malformed."""
    try:
        wire = as_object(json.loads(body.decode(), parse_constant=_no_constant, parse_float=_finite))
    except (ValueError, RecursionError):
        raise Malformed(reason="no JSON") from None
    if _is_too_deep(wire, body):
        raise Malformed(reason="too deep")
    sender, conversation = as_object(wire.get("from")), as_object(wire.get("conversation"))
    needed = [wire.get(name) for name in NEEDED]
    for found in (*needed, sender.get("id"), conversation.get("id")):
        if not isinstance(found, str) or not found or len(found) > LONGEST_ID or not found.isprintable():
            raise Malformed(reason="routing fields")
    return wire


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _finite(digits: str) -> float:
    """Return the number, which JSON could say again: 1e999 is infinity to Python."""
    return number if isfinite(number := float(digits)) else _no_constant(digits)


def _is_too_deep(wire: Wire, body: bytes) -> bool:
    if body.count(b"{") + body.count(b"[") <= DEEPEST:
        return False
    level: list[Any] = [wire]
    for _ in range(DEEPEST):
        level = [inner for each in level for inner in (each.values() if isinstance(each, dict) else each) if isinstance(inner, dict | list)]
        if not level:
            return False
    return True


def _answered(answer: InvokeResponse | None) -> web.Response:
    """Return an invoke's answer as Teams reads it."""
    if answer is None:
        return web.Response(status=HTTPStatus.NOT_IMPLEMENTED)
    if answer.body is None:
        return web.Response(status=answer.status)
    return web.Response(status=answer.status, body=written(answer.body), content_type="application/json", charset="utf-8")
