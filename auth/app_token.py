"""The application's own token for another service: always at hand, renewed beside the work."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

from auth.entra import Entra, Registration
from billing.errors import SourceDown
from billing.ports import Clock

log = logging.getLogger(__name__)

MINUTE = timedelta(minutes=1)
NEVER = datetime.min.replace(tzinfo=UTC)


class AppToken:
    """One token of the application itself, renewed from half its life on; nobody waits for that while the old one is good."""

    def __init__(self, entra: Entra, registration: Registration, scope: str, clock: Clock) -> None:
        self._entra = entra
        self._registration = registration
        self._scope = scope
        self._clock = clock
        self._token = ""
        self._renew_at = self._good_until = NEVER
        self._renewal: asyncio.Task[SourceDown | None] | None = None

    async def __call__(self, *, fresh: bool = False) -> str:
        """Return a token that lives for at least another minute; a new one where *fresh*. Raises SourceDown."""
        if fresh or not self._is_good():
            problem = await asyncio.shield(self._renewing())
            if problem is not None and not self._is_good():
                raise problem
        elif self._clock() >= self._renew_at:
            self._renewing()
        return self._token

    async def close(self) -> None:
        """Give up a renewal that is under way."""
        if self._renewal is not None:
            self._renewal.cancel()
            await asyncio.wait({self._renewal})

    def _is_good(self) -> bool:
        return self._clock() < self._good_until

    def _renewing(self) -> "asyncio.Task[SourceDown | None]":
        """Return the one renewal that is under way, begun now where there is none."""
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.create_task(self._renew())
        return self._renewal

    async def _renew(self) -> SourceDown | None:
        """Ask for a new token, and return why there is none."""
        asked = self._clock()  # its life began before it arrived: the clock may have been set forward meanwhile
        try:
            self._token, life = await self._entra.app_token(self._registration, self._scope)
        except SourceDown as problem:
            log.warning("entra.token_not_renewed", extra={"scope": self._scope, "facts": problem.facts})
            self._renew_at = self._clock() + MINUTE
            return problem
        self._renew_at, self._good_until = asked + life / 2, asked + life - MINUTE
        return None
