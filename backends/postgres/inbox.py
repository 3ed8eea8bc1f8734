"""The Inbox port: what has been accepted survives the process, and is accepted once."""

import hashlib
import json
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from typing import LiteralString

from backends.postgres.database import Database
from backends.postgres.together import Together
from billing.people import Arrival
from billing.ports import Clock

_ATTEMPTS = 3
_SOON_DONE = 1024
"""Activities whose hash is kept from their arrival to their end."""
_REMEMBERED = timedelta(hours=24)

# In order of id, so that two processes that accept the same activities wait for each other and not in a circle.
_ACCEPT: LiteralString = """
    with come as (select * from unnest($1::bytea[], $2::bytea[], $3::text[]) as come (id, body, conversation)),
    kept as (
        insert into bot.inbox (id, body, accepted, taken) select id, body, $4, $4 from come order by id
        on conflict do nothing returning id)
    select id, exists (
        select from bot.conversations c where c.id = come.conversation and c.removed is null and c.unreachable is null) as is_known
    from come join kept using (id)
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

    async def accept(self, conversation: str, activity: str, body: bytes) -> Arrival:
        """Keep an activity durably, unless it has been accepted before."""
        storable = conversation if conversation.isprintable() else ""  # any other is nobody's chat, and no text to PostgreSQL
        return await self._accept((_key(conversation, activity), body, storable))

    async def done(self, conversation: str, activity: str) -> None:
        """Note that the activity has been answered, and forget its body."""
        await self._done(_key(conversation, activity))

    async def _accept_all(self, come: Sequence[tuple[bytes, bytes, str]]) -> Sequence[Arrival]:
        ids, bodies, conversations = zip(*come, strict=True)
        async with self._database.shared() as connection:
            rows = await connection.fetch(_ACCEPT, ids, bodies, conversations, self._clock())
        kept = {row["id"]: Arrival.KNOWN if row["is_known"] else Arrival.UNKNOWN for row in rows}
        # Of an activity that has come twice at the same time, the first one counts.
        return [kept.pop(id_, Arrival.REPEATED) for id_ in ids]

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


@lru_cache(_SOON_DONE)
def _key(conversation: str, activity: str) -> bytes:
    return hashlib.sha256(json.dumps([conversation, activity]).encode()).digest()
