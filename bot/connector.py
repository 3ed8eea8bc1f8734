"""Sending to Teams: one pooled session, a deadline for every call, and an outcome for everything that can come back."""

import asyncio
import json
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from time import monotonic
from typing import Protocol, TypeVar
from urllib.parse import quote, urlsplit

import aiohttp
from yarl import URL

from billing.delivery import SURELY_NOT_ARRIVED, NotDelivered, Outcome
from billing.errors import SourceDown
from billing.measures import DELIVERIES, DELIVERY, UNMEASURED, Measures
from bot.wire import Wire, as_object, written

log = logging.getLogger(__name__)

DEADLINE_S = 10.0
CONNECT_S = 5.0
PATIENCE_S = 30.0
FIRST_WAIT_S = 0.5

T = TypeVar("T")
Sleep = Callable[[float], Awaitable[None]]


class Token(Protocol):
    """Where the bot's token comes from."""

    async def __call__(self, *, fresh: bool = False) -> str:
        """Return a token; a new one where *fresh*, since the last was refused. Raises SourceDown."""
        ...


@dataclass(frozen=True, slots=True)
class ServiceHosts:
    """The hosts that the bot's token may be sent to; source: "Global service URLs", Microsoft Learn.

    sandbox  a plain address that is trusted as well: the sandbox on loopback, else None
    """

    names: frozenset[str] = frozenset(
        {
            "smba.trafficmanager.net",
            "smba.infra.gcc.teams.microsoft.com",
            "smba.infra.gov.teams.microsoft.us",
            "smba.infra.dod.teams.microsoft.us",
        }
    )
    sandbox: str | None = None

    def trust(self, service_url: str) -> bool:
        """Whether *service_url* is https on a known host, or the sandbox."""
        if self.sandbox is not None:
            return service_url.startswith(f"{self.sandbox}/")
        try:
            parts = urlsplit(service_url)
            port = parts.port
        except ValueError:
            return False
        is_tidy = service_url.isascii() and service_url.isprintable() and " " not in service_url  # urlsplit drops what is not
        return is_tidy and parts.scheme == "https" and parts.hostname in self.names and port in {None, 443} and "@" not in parts.netloc


class Connector:
    """The Bot Connector's REST interface, as far as we use it."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        token: Token,
        hosts: ServiceHosts,
        sleep: Sleep = asyncio.sleep,
        measures: Measures = UNMEASURED,
    ) -> None:
        self._http = http
        self._token = token
        self._hosts = hosts
        self._sleep = sleep
        self._measures = measures

    async def send(self, service_url: str, conversation: str, activity: Wire) -> str:
        """Post an activity and return its id, waiting out throttling for half a minute. Raises NotDelivered."""
        return await self._patiently(lambda: self.send_once(service_url, conversation, activity))

    async def send_once(self, service_url: str, conversation: str, activity: Wire) -> str:
        """Post an activity, one attempt, and return its id. Raises NotDelivered."""
        answer = await self._call("POST", service_url, ("v3", "conversations", conversation, "activities"), activity)
        return str(answer.get("id", ""))

    async def update(self, service_url: str, conversation: str, activity_id: str, activity: Wire) -> None:
        """Replace one of our own messages. Raises NotDelivered, GONE where the person deleted it."""
        path = ("v3", "conversations", conversation, "activities", activity_id)
        await self._patiently(lambda: self._call("PUT", service_url, path, activity))

    async def delete(self, service_url: str, conversation: str, activity_id: str) -> None:
        """Delete one of our own messages. Raises NotDelivered."""
        await self._call("DELETE", service_url, ("v3", "conversations", conversation, "activities", activity_id), None)

    async def _patiently(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Try again while it is sure that nothing has arrived and patience lasts."""
        waited, wait = 0.0, FIRST_WAIT_S
        while True:
            try:
                return await attempt()
            except NotDelivered as failure:
                pause = max(failure.retry_after_s or 0.0, wait * random.uniform(0.5, 1.5))  # noqa: S311
                if failure.outcome not in SURELY_NOT_ARRIVED or waited + pause > PATIENCE_S:
                    raise
                log.info("connector.waits", extra={"outcome": failure.outcome, "seconds": round(pause, 2)})
            await self._sleep(pause)
            waited, wait = waited + pause, wait * 2

    async def _call(self, method: str, service_url: str, path: tuple[str, ...], body: Wire | None) -> Wire:
        outcome = "interrupted"
        try:
            with self._measures.timed(DELIVERY):
                answer = await self._request(method, service_url, path, body)
            outcome = "delivered"
        except NotDelivered as failure:
            outcome = failure.outcome.value
            raise
        finally:
            self._measures.count(DELIVERIES, outcome=outcome)
        return answer

    async def _request(self, method: str, service_url: str, path: tuple[str, ...], body: Wire | None) -> Wire:
        if not self._hosts.trust(service_url):
            raise NotDelivered(Outcome.WRONG_HOST, host=urlsplit(service_url).hostname)
        if not all(part.strip(".") for part in path):
            raise NotDelivered(Outcome.REJECTED, path="a part that leads elsewhere")
        url = f"{service_url.rstrip('/')}/{'/'.join(quote(part, safe='') for part in path)}"
        return await self._authorized(method, URL(url, encoded=True), None if body is None else written(body))

    async def _authorized(self, method: str, url: URL, content: bytes | None) -> Wire:
        """Send, and within the same deadline once more by a fresh token where ours is refused: nothing has arrived by then."""
        token = await self._bearer()
        until = monotonic() + DEADLINE_S
        try:
            return await self._sent(method, url, content, token, DEADLINE_S)
        except NotDelivered as refusal:
            if refusal.outcome is not Outcome.UNAUTHORIZED:
                raise
            log.info("connector.token_refused", extra={"facts": refusal.facts})
            try:
                async with asyncio.timeout(until - monotonic()):
                    token = await self._token(fresh=True)
            except (SourceDown, TimeoutError):
                raise refusal from None
        return await self._sent(method, url, content, token, max(until - monotonic(), 0.001))

    async def _sent(self, method: str, url: URL, content: bytes | None, token: str, left_s: float) -> Wire:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json; charset=utf-8"}
        timeout = aiohttp.ClientTimeout(total=left_s, sock_connect=CONNECT_S)
        try:
            async with self._http.request(method, url, data=content, headers=headers, timeout=timeout, allow_redirects=False) as answer:
                return await _read(answer)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotDelivered(Outcome.UNREACHED) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise NotDelivered(Outcome.UNCERTAIN, error=type(error).__name__) from error

    async def _bearer(self) -> str:
        try:
            return await self._token()
        except SourceDown as error:
            raise NotDelivered(Outcome.UNREACHED, source="token") from error


async def _read(answer: aiohttp.ClientResponse) -> Wire:
    content = await answer.read()
    try:
        body = as_object(json.loads(content or b"{}"))
    except ValueError:
        body = as_object(None)
    if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return body
    text = content.decode(errors="replace")
    code = _code(body, text)
    raise NotDelivered(
        _outcome(answer.status, code, text), _retry_after(answer.headers.get("Retry-After")), status=answer.status, code=code
    )


_WRITES_BLOCKED = "MessageWritesBlocked"
_WRITES_BLOCKED_NUMBER = 209


def _code(body: Wire, text: str) -> str:
    """Return what the connector calls the error; it tells of the person's block in several shapes."""
    if _WRITES_BLOCKED in text or body.get("errorCode") == _WRITES_BLOCKED_NUMBER:
        return _WRITES_BLOCKED
    return str(as_object(body.get("error")).get("code", ""))


FORBIDDEN = {
    "BotDisabledByAdmin": Outcome.SUSPENDED,
    "BotNotInConversationRoster": Outcome.UNINSTALLED,
    "ForbiddenOperationException": Outcome.UNINSTALLED,
    "ConversationBlockedByUser": Outcome.OPTED_OUT,
    _WRITES_BLOCKED: Outcome.OPTED_OUT,
    "InvalidBotApiHost": Outcome.WRONG_HOST,
}
BY_STATUS = {
    401: Outcome.UNAUTHORIZED,
    404: Outcome.GONE,
    412: Outcome.CONFLICT,
    413: Outcome.TOO_BIG,
    429: Outcome.THROTTLED,
    408: Outcome.UNCERTAIN,
}


def _outcome(status: int, code: str, text: str) -> Outcome:
    if status == HTTPStatus.FORBIDDEN:
        return FORBIDDEN.get(code, Outcome.FORBIDDEN)
    if status == HTTPStatus.BAD_REQUEST and ("MessageSizeTooBig" in code or "MessageSizeTooBig" in text):
        return Outcome.TOO_BIG
    return BY_STATUS.get(status, Outcome.UNCERTAIN if status >= HTTPStatus.INTERNAL_SERVER_ERROR else Outcome.REJECTED)


def _retry_after(header: str | None) -> float | None:
    """Read seconds or an HTTP date; None where there is neither."""
    if header is None:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):  # TypeError: a date without a zone
        return None
