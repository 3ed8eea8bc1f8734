"""The SignIns port: rows that are used once, and die by the clock that was handed in."""

import json
from typing import LiteralString

from backends.postgres.database import Database
from billing.access import Person, PersonId, TenantId
from billing.errors import NotFound
from billing.people import BrowserFlow, SignInRequest
from billing.ports import Clock

_ASK: LiteralString = """
    insert into bot.sign_in_requests (id, tenant, person, conversation, question, expires) values ($1, $2, $3, $4, $5, $6)
"""
_LEAVE: LiteralString = """
    insert into bot.browser_flows (state, browser, flow, request, next, is_silent, expires) values ($1, $2, $3, $4, $5, $6, $7)
"""
_ASKED: LiteralString = "select * from bot.sign_in_requests where id = $1 and expires > $2"
_FINISH: LiteralString = "delete from bot.sign_in_requests where id = $1 and expires > $2 returning true"
_COME_BACK: LiteralString = "delete from bot.browser_flows where state = $1 and expires > $2 returning *"


class PostgresSignIns:
    """Deleting a row is how it is used up: PostgreSQL lets one of many succeed."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def ask(self, request: SignInRequest) -> None:
        """Keep what the chat asked for."""
        question = None if request.question is None else json.dumps(dict(request.question))
        person = request.person
        async with self._database.shared() as connection:
            await connection.execute(_ASK, request.id, person.tenant, person.id, request.conversation, question, request.expires)

    async def asked(self, request_id: str) -> SignInRequest:
        """Return a request that has neither expired nor been finished. Raises NotFound."""
        async with self._database.shared() as connection:
            row = await connection.fetchrow(_ASKED, request_id, self._clock())
        if row is None:
            raise NotFound(request=request_id)
        person = Person(TenantId(row["tenant"]), PersonId(row["person"]))
        question = None if row["question"] is None else json.loads(row["question"])
        return SignInRequest(row["id"], person, row["conversation"], question, row["expires"])

    async def finish(self, request_id: str) -> bool:
        """Use up a request; False when somebody was faster, or it is unknown or expired."""
        async with self._database.shared() as connection:
            return bool(await connection.fetchval(_FINISH, request_id, self._clock()))

    async def leave(self, flow: BrowserFlow) -> None:
        """Keep a browser's flow while the person is at Entra."""
        async with self._database.shared() as connection:
            kept = (flow.state, flow.browser, json.dumps(dict(flow.flow)), flow.request, flow.next, flow.is_silent, flow.expires)
            await connection.execute(_LEAVE, *kept)

    async def come_back(self, state: str) -> BrowserFlow:
        """Take a flow out, once. Raises NotFound when it is unknown, expired or used."""
        async with self._database.shared() as connection:
            row = await connection.fetchrow(_COME_BACK, state, self._clock())
        if row is None:
            raise NotFound(flow="unknown")
        flow = json.loads(row["flow"])
        return BrowserFlow(row["state"], row["browser"], flow, row["request"], row["next"], row["is_silent"], row["expires"])
