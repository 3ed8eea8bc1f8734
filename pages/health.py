"""``/livez`` and ``/readyz``: whether this process runs, and whether it can answer people."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Final

from aiohttp import web

from billing.access import Person
from billing.errors import Problem
from billing.ports import Clock, Directory

_FRESH: Final = {"Cache-Control": "no-store"}

_NOBODY: Final = Person.parse("00000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-000000000000")


class Health:
    """What an orchestrator asks.

    writes    raises SourceDown where the database takes nothing: what cannot be kept is not answered either
    circuit   state of the breaker before Dataverse; an open one does not make this process unready: the mirror answers
    keys_age  time since the channel's signing keys were fetched; None before somebody wrote for the first time
    """

    def __init__(
        self,
        directory: Directory,
        writes: Callable[[], Awaitable[None]],
        max_staleness: timedelta,
        clock: Clock,
        circuit: Callable[[], str],
        keys_age: Callable[[], timedelta | None],
    ) -> None:
        self._directory = directory
        self._writes = writes
        self._max_staleness = max_staleness
        self._clock = clock
        self._circuit = circuit
        self._keys_age = keys_age

    async def live(self, _: web.Request) -> web.Response:
        """Say that the process runs; it asks nobody else."""
        return web.json_response({"live": True}, headers=_FRESH)

    async def ready(self, _: web.Request) -> web.Response:
        """Say whether the database answers and takes what is written, and the mirror is young enough; 503 where not."""
        checks: dict[str, object] = {
            "database": True,
            "sync_age_s": None,
            "dataverse": str(self._circuit()),
            "channel_keys_age_s": _seconds(self._keys_age()),
        }
        try:
            as_of = (await self._directory.standing(_NOBODY, None)).as_of
            await self._writes()
        except Problem:
            return _told({**checks, "database": False}, is_ready=False)
        age = None if as_of is None else self._clock() - as_of
        return _told({**checks, "sync_age_s": _seconds(age)}, is_ready=age is not None and age <= self._max_staleness)


def _seconds(age: timedelta | None) -> int | None:
    return None if age is None else round(age.total_seconds())


def _told(checks: dict[str, object], *, is_ready: bool) -> web.Response:
    status = HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE
    return web.json_response({"ready": is_ready, **checks}, status=status, headers=_FRESH)
