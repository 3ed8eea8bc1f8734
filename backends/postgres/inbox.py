"""The Inbox port: what has been accepted survives the process, and is accepted once."""

import hashlib
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import LiteralString

from backends.postgres.database import Database
from backends.postgres.together import Together
from billing.ports import Clock

_ATTEMPTS = 3
_REMEMBERED = timedelta(hours=24)

# In order of id, so that two processes that accept the same activities wait for each other and not in a circle.
_ACCEPT: LiteralString = """
    insert into bot.inbox (id, body, accepted, taken)
    select id, body, $3, $3 from unnest($1::bytea[], $2::bytea[]) as come (id, body) order by id
    on conflict do nothing returning id
"""

_CLAIM: LiteralString = """
    update bot.inbox set taken = $1, attempts = attempts + 1
    where id in (
        select id from bot.inbox where body is not null and taken <= $2 and attempts < $3
        order by taken limit $4 for update skip locked)
    returning body
"""


class PostgresInbox:
    """Knows an activity by a hash of its ids: of fixed length, and of use to nobody else. Forgets it after 24 hours."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._accept = Together(self._accept_all)
        self._done = Together(self._done_all)

    async def accept(self, conversation: str, activity: str, body: bytes) -> bool:
        """Keep an activity durably; False when it has been accepted before."""
        return await self._accept((_key(conversation, activity), body))

    async def done(self, conversation: str, activity: str) -> None:
        """Note that the activity has been answered, and forget its body."""
        await self._done(_key(conversation, activity))

    async def _accept_all(self, come: Sequence[tuple[bytes, bytes]]) -> Sequence[bool]:
        ids, bodies = zip(*come, strict=True)
        async with self._database.shared() as connection:
            kept = {row["id"] for row in await connection.fetch(_ACCEPT, ids, bodies, self._clock())}
        # Of an activity that has come twice at the same time, the first one counts.
        return [id_ in kept and id_ not in ids[:place] for place, id_ in enumerate(ids)]

    async def _done_all(self, ids: Sequence[bytes]) -> Sequence[None]:
        async with self._database.shared() as connection:
            await connection.execute("update bot.inbox set body = null where id = any($1)", ids)
        return [None] * len(ids)

    async def left_over(self, older_than: timedelta, limit: int) -> Sequence[bytes]:
        """Claim what nobody has answered or claimed for *older_than*, oldest first; drop what is a day old."""
        now = self._clock()
        async with self._database.shared() as connection:
            await connection.execute("delete from bot.inbox where accepted <= $1", now - _REMEMBERED)
            rows = await connection.fetch(_CLAIM, now, now - older_than, _ATTEMPTS, limit)
        return [row["body"] for row in rows]


def _key(conversation: str, activity: str) -> bytes:
    return hashlib.sha256(json.dumps([conversation, activity]).encode()).digest()
