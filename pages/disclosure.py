"""``/my-data.json``: everything that is kept about the person who asks, as a file."""

import json
from typing import Final

from aiohttp import web

from auth.sessions import EntraSessions
from billing.ports import Audit, Clock, Disclosure
from pages.download import disposition
from pages.render import PRIVATE
from pages.session import Visits

EXPORT: Final = "export"
"""What the audit calls it."""


class DisclosurePage:
    """Hands people their own data. It takes a session and no role: who may see no invoice may still ask what is known about them."""

    def __init__(self, visits: Visits, sessions: EntraSessions, disclosure: Disclosure, audit: Audit, clock: Clock) -> None:
        self._visits = visits
        self._sessions = sessions
        self._disclosure = disclosure
        self._audit = audit
        self._clock = clock

    async def file(self, request: web.Request) -> web.Response:
        """Return the file. Raises NotSignedIn, SourceDown."""
        person = (await self._visits.browser(request)).person
        await self._sessions.confirmed(person)  # no Caller is asked for, which would: a Caller has a role
        await self._audit.note(person, EXPORT, "ok")
        about = {"tenant": person.tenant, "person": person.id, "as_of": self._clock().isoformat(timespec="seconds")}
        told = json.dumps({**about, "kept": await self._disclosure.of(person)}, ensure_ascii=False, indent=2)
        headers = {**PRIVATE, "Content-Disposition": disposition("attachment", "", "my-data.json")}
        return web.Response(text=told, headers=headers, content_type="application/json", charset="utf-8")
