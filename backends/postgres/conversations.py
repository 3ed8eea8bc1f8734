"""The Conversations port."""

import json
from datetime import datetime
from typing import LiteralString

from backends.postgres.database import Database
from billing.access import Person
from billing.errors import NotAllowed, NotFound
from billing.people import Conversation
from billing.ports import Clock
from billing.zones import UTC

# A conversation belongs to one person for ever: whoever else comes with its id is refused by inserting nothing. So is what was
# written before the app was removed. xmax is zero in a row that did not exist: of several at the same time, one finds it so.
_SAVE: LiteralString = """
    with known as (select removed from bot.conversations where tenant = $1 and person = $2 for update)
    insert into bot.conversations as kept (tenant, person, id, reference, locale, zone)
    select $1, $2, $3, $4, $5, $6 from (select) as always left join known on true
    where not exists (select from bot.conversations where id = $3 and (tenant, person) <> ($1, $2))
        and (removed is null or $7::timestamptz is null or removed < $7)
    on conflict (tenant, person) do update
    set id = excluded.id, reference = excluded.reference, locale = excluded.locale, zone = excluded.zone, removed = null,
        unreachable = null
    returning kept.xmax = 0 or exists (select from known where removed is not null)
"""
_IS_ANOTHERS: LiteralString = "select exists (select from bot.conversations where id = $3 and (tenant, person) <> ($1, $2))"
_GET: LiteralString = "select id, reference, locale, zone from bot.conversations where tenant = $1 and person = $2 and removed is null"
_MOVED: LiteralString = """
    update bot.conversations set reference = $4 where tenant = $1 and person = $2 and id = $3 and removed is null
"""
_LIVES_IN: LiteralString = "update bot.conversations set zone = $3 where tenant = $1 and person = $2 and zone = $4"
_REMOVED: LiteralString = "update bot.conversations set removed = $3 where tenant = $1 and person = $2 and removed is null"


class PostgresConversations:
    """One row a person; the newest chat counts."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def save(self, conversation: Conversation, written: datetime | None = None) -> bool:
        """Keep the newest reference, locale and zone of a person's chat; True when it is new, or new again.

        Raises NotAllowed where the conversation is another person's, NotFound where the app was removed after *written*.
        """
        person, reference = conversation.person, json.dumps(dict(conversation.reference))
        whose = person.tenant, person.id, conversation.id
        async with self._database.shared() as connection:
            is_new = await connection.fetchval(_SAVE, *whose, reference, conversation.locale, conversation.zone, written)
            if is_new is None and await connection.fetchval(_IS_ANOTHERS, *whose):
                raise NotAllowed(person=person.hashed, reason="another person's conversation")
        if is_new is None:
            raise NotFound(person=person.hashed, reason="app removed")
        return bool(is_new)

    async def get(self, person: Person) -> Conversation:
        """Return the person's chat. Raises NotFound."""
        async with self._database.shared() as connection:
            row = await connection.fetchrow(_GET, person.tenant, person.id)
        if row is None:
            raise NotFound(person=person.hashed)
        return Conversation(person, row["id"], json.loads(row["reference"]), row["locale"], row["zone"])

    async def moved(self, conversation: Conversation) -> None:
        """Keep the reference of a chat that there is; nothing happens where it is gone or the app was removed."""
        person = conversation.person
        async with self._database.shared() as connection:
            await connection.execute(_MOVED, person.tenant, person.id, conversation.id, json.dumps(dict(conversation.reference)))

    async def lives_in(self, person: Person, zone: str) -> None:
        """Keep the time zone that a browser tells, where Teams has told none; nothing happens where it has, or there is no chat."""
        async with self._database.shared() as connection:
            await connection.execute(_LIVES_IN, person.tenant, person.id, zone, str(UTC))

    async def removed(self, person: Person) -> None:
        """Note that the person has removed the app; nothing happens where there is no chat."""
        async with self._database.shared() as connection:
            await connection.execute(_REMOVED, person.tenant, person.id, self._clock())
