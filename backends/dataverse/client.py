"""Dataverse's Web API over one session: deadlines, limits, repetitions and a circuit breaker for every request.

A request is repeated after a network fault, 429, 502, 503 and 504; all it ever does is read. ``Retry-After`` shuts the gate
for all requests. Everything that does not end well becomes SourceDown or NotFound, with Dataverse's own error code.
"""

import asyncio
import json
import logging
import random
import time
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from itertools import count
from typing import NoReturn, Protocol, cast

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout
from yarl import URL

from backends.dataverse.breaker import Breaker, Circuit
from backends.dataverse.gate import Gate, Seconds, Sleep
from backends.dataverse.limits import Limits
from backends.dataverse.query import Expand, Filter, Query, either, guid, has_text
from billing.errors import NotFound, Problem, SourceDown
from billing.measures import SOURCE_READ, SOURCE_READS, UNMEASURED, Measures
from billing.ports import Json

log = logging.getLogger(__name__)

_HEADERS = {"Accept": "application/json", "OData-MaxVersion": "4.0", "OData-Version": "4.0", "If-None-Match": "null"}
_DOWN = frozenset({502, 503, 504})


class Token(Protocol):
    """Where access tokens come from."""

    async def __call__(self, *, fresh: bool = False) -> str:
        """Return a token; a new one where *fresh*, since the last was refused. Raises SourceDown."""
        ...


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one answer, numbers as int or Decimal.

    at  the server's time when it answered, to the second (aware, UTC)
    """

    rows: list[Json]
    at: datetime


@dataclass(frozen=True, slots=True)
class Definition:
    """A table: its entity set name, and its columns by logical name."""

    entity_set: str
    columns: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Answer:
    body: Json
    at: datetime


class _Passing(Exception):
    """A failure that may have passed by the next attempt.

    wait_s  what the server asked for
    down    whether it speaks against the server's health
    """

    def __init__(self, fact: str, *, wait_s: float | None = None, down: bool = True) -> None:
        super().__init__(fact)
        self.wait_s = wait_s
        self.down = down


class Dataverse:
    """One environment, read by one application user."""

    def __init__(
        self,
        session: ClientSession,
        url: str,
        token: Token,
        limits: Limits | None = None,
        *,
        clock: Seconds = time.monotonic,
        sleep: Sleep = asyncio.sleep,
        measures: Measures = UNMEASURED,
    ) -> None:
        self._session = session
        self._root = URL(url.rstrip("/")) / "api/data/v9.2"
        self._token = token
        self._limits = limits or Limits()
        self._clock = clock
        self._sleep = sleep
        self._measures = measures
        self._gate = Gate(self._limits, clock, sleep)
        self._breaker = Breaker(self._limits.failures, self._limits.rest_s, clock)

    @property
    def circuit(self) -> Circuit:
        """Whether requests flow, are refused, or wait for one that tries."""
        return self._breaker.state

    async def pages(self, query: Query, size: int | None = None, patience_s: float | None = None) -> AsyncGenerator[Page]:
        """Yield the rows that *query* matches, page by page; at least one page, perhaps an empty one.

        A row may come twice or be missed when rows change between two pages. *patience_s* counts for each page.
        """
        url: URL | None = self._address(str(query))
        while url is not None:
            answer = await self._get(url, size or self._limits.page, patience_s)
            yield Page(_rows(answer.body), answer.at)
            link = answer.body.get("@odata.nextLink")
            url = None if link is None else self._own(str(link))

    async def row(self, query: Query, row_id: str, patience_s: float | None = None) -> Json:
        """Return the columns of one row. Raises NotFound, also when the id is no GUID."""
        try:
            key = guid(row_id)
        except ValueError as error:
            raise NotFound(table=query.table) from error
        table, options = str(query).split("?", 1)
        return (await self._get(self._address(f"{table}({key})?{options}"), None, patience_s)).body

    async def keys(self, table: str, key: str, where: Filter | None = None) -> AsyncGenerator[list[str]]:
        """Yield the ids of the rows of *table*, page by page."""
        async with aclosing(self.pages(Query(table, (key,), where))) as pages:
            async for page in pages:
                yield [guid(row.get(key)) for row in page.rows]

    async def definitions(self, logical_names: Iterable[str]) -> dict[str, Definition]:
        """Return what the metadata say of tables, by logical name; a table that does not exist is left out."""
        query = Query(
            "EntityDefinitions",
            ("LogicalName", "EntitySetName"),
            either(*(has_text("LogicalName", name) for name in logical_names)),
            expand=(Expand("Attributes", ("LogicalName",)),),
        )
        answer = await self._get(self._address(str(query)))
        return {str(each["LogicalName"]): _definition(each) for each in _rows(answer.body)}

    def _address(self, path: str) -> URL:
        return URL(f"{self._root}/{path}", encoded=True)

    def _own(self, link: str) -> URL:
        """Return a link as it is. Raises SourceDown where it would carry the token out of the environment."""
        try:
            url = URL(link, encoded=True)
            if url.origin() == self._root.origin() and url.user is None and url.path.startswith(f"{self._root.path}/"):
                return url
        except ValueError:
            pass
        raise SourceDown(source="dataverse", reason="next page is not in this environment")

    async def _get(self, url: URL, size: int | None = None, patience_s: float | None = None) -> _Answer:
        outcome = "interrupted"
        try:
            with self._measures.timed(SOURCE_READ):
                answer = await self._repeated(url, size, patience_s)
            outcome = "answered"
        except Problem as problem:
            outcome = type(problem).__name__
            raise
        finally:
            self._measures.count(SOURCE_READS, outcome=outcome)
        return answer

    async def _repeated(self, url: URL, size: int | None, patience_s: float | None) -> _Answer:
        until = self._clock() + (self._limits.patience_s if patience_s is None else patience_s)
        headers = _HEADERS if size is None else {**_HEADERS, "Prefer": f"odata.maxpagesize={size}"}
        for attempt in count(1):
            self._breaker.admit()
            try:
                async with self._gate.passed(until):
                    return await self._authorized(url, headers, until)
            except _Passing as fault:
                await self._rest(fault, attempt, until)
        raise AssertionError  # unreachable: count never ends

    async def _rest(self, fault: _Passing, attempt: int, until: float) -> None:
        """Wait as long as the next attempt should; SourceDown when there is none."""
        if fault.down:
            self._breaker.failed()
        longest = min(self._limits.backoff_s * 2 ** (attempt - 1), self._limits.backoff_max_s)
        wait_s = longest * random.uniform(0.5, 1)  # noqa: S311 - spreads retries, hides nothing
        log.warning("dataverse.repeat", extra={"fault": str(fault), "attempt": attempt, "asked_s": fault.wait_s})
        if fault.wait_s is not None or not fault.down:
            self._gate.pause(wait_s if fault.wait_s is None else min(fault.wait_s, self._limits.pause_s))
            wait_s = 0
        if attempt == self._limits.attempts or self._clock() + wait_s >= until:
            raise SourceDown(source="dataverse", fault=str(fault), attempts=attempt) from fault
        await self._sleep(wait_s)

    async def _authorized(self, url: URL, headers: Mapping[str, str], until: float) -> _Answer:
        answer = await self._sent(url, headers, await self._token(), until)
        if answer is None:
            answer = await self._sent(url, headers, await self._token(fresh=True), until)
        if answer is None:
            raise SourceDown(source="dataverse", status=HTTPStatus.UNAUTHORIZED)
        return answer

    async def _sent(self, url: URL, headers: Mapping[str, str], token: str, until: float) -> _Answer | None:
        """Send once; None where the token is refused."""
        left_s = max(until - self._clock(), 0.001)
        timeout = ClientTimeout(min(self._limits.request_s, left_s), sock_connect=self._limits.connect_s)
        try:
            sealed = {**headers, "Authorization": f"Bearer {token}"}
            async with self._session.get(url, headers=sealed, timeout=timeout, allow_redirects=False) as response:
                body = await response.read()
        except TimeoutError as error:
            raise _Passing("no answer in time", down=left_s >= self._limits.request_s) from error
        except (ClientError, OSError) as error:
            raise _Passing(type(error).__name__) from error
        answer = _read(response, body) if response.status == HTTPStatus.OK else None
        if response.status not in _DOWN:
            self._breaker.succeeded()
        if response.status not in {HTTPStatus.OK, HTTPStatus.UNAUTHORIZED}:
            raise _failure(response, body)
        return answer


def _read(response: ClientResponse, body: bytes) -> _Answer:
    try:
        document = json.loads(body, parse_float=Decimal, parse_constant=_no_number)
        at = parsedate_to_datetime(response.headers.get("Date", "")).astimezone(UTC)
    except (ValueError, RecursionError) as error:
        raise _Passing("unreadable answer") from error
    if not isinstance(document, dict):
        raise _Passing("answer is no object")
    return _Answer(cast("Json", document), at)


def _rows(body: Json) -> list[Json]:
    rows = body.get("value")
    if not isinstance(rows, list):
        raise SourceDown(source="dataverse", reason="answer without rows")
    return cast("list[Json]", rows)


def _definition(row: Json) -> Definition:
    columns = cast("list[Json]", row["Attributes"])
    return Definition(str(row["EntitySetName"]), frozenset(str(each["LogicalName"]) for each in columns))


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def _failure(response: ClientResponse, body: bytes) -> Exception:
    status, code = response.status, _error_code(body)
    if status in _DOWN | {HTTPStatus.TOO_MANY_REQUESTS}:
        return _Passing(f"status {status} {code}", wait_s=_retry_after(response), down=status in _DOWN)
    if status == HTTPStatus.NOT_FOUND:
        return NotFound(source="dataverse", code=code)
    return SourceDown(source="dataverse", status=status, code=code)


def _error_code(body: bytes) -> str:
    try:
        return str(json.loads(body)["error"]["code"])[:40]
    except (ValueError, TypeError, LookupError, RecursionError):
        return "-"


def _retry_after(response: ClientResponse) -> float | None:
    """Return the wait that the server asks for: seconds, or a date by the server's own clock."""
    text = response.headers.get("Retry-After", "")
    try:
        if text.strip().isdecimal():
            return float(text)
        now = response.headers.get("Date")
        start = parsedate_to_datetime(now) if now else datetime.now(UTC)
        return max((parsedate_to_datetime(text) - start).total_seconds(), 0)
    except (ValueError, TypeError):
        return None
