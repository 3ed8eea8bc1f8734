"""Browsers that are signed in: a random cookie, its hash on the server, idle for eight hours at most."""

from datetime import timedelta
from hashlib import sha256
from hmac import compare_digest
from secrets import token_urlsafe

from billing.access import Person
from billing.errors import Malformed, NotSignedIn
from billing.people import BrowserSession
from billing.ports import BrowserSessions, Clock

IDLE = timedelta(hours=8)


class Browsers:
    """Knows a browser by its cookie."""

    def __init__(self, sessions: BrowserSessions, clock: Clock) -> None:
        self._sessions = sessions
        self._clock = clock

    async def open(self, person: Person, old_cookie: str) -> str:
        """Sign a browser in and return its new cookie; what it had before is worth nothing from now on."""
        await self.close(old_cookie)
        cookie = token_urlsafe(32)
        await self._sessions.open(BrowserSession(_digest(cookie), person, token_urlsafe(24), self._clock()))
        return cookie

    async def close(self, cookie: str) -> None:
        """End the session of a cookie; nothing happens where there is none."""
        if cookie:
            await self._sessions.close(_digest(cookie))

    async def known(self, cookie: str) -> BrowserSession:
        """Return the session of a cookie. Raises NotSignedIn."""
        if not cookie:
            raise NotSignedIn(browser="no cookie")
        now = self._clock()
        return await self._sessions.seen(_digest(cookie), now, now - IDLE)


def check_form(session: BrowserSession, token: str) -> None:
    """Raise Malformed unless a form carries its session's token."""
    if not compare_digest(session.csrf.encode(), token.encode()):
        raise Malformed(reason="form token")


def _digest(cookie: str) -> bytes:
    return sha256(cookie.encode(errors="surrogateescape")).digest()  # a header may hold any bytes
