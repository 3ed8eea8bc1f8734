"""Everything that is kept about one person, to be handed to that person."""

import json
from collections.abc import Mapping, Sequence
from typing import Final, LiteralString

from backends.postgres.database import Database
from billing.access import Person
from billing.ports import Json

KEPT: Final[Mapping[str, LiteralString]] = {
    "audit": "select at, what, invoice, outcome, correlation from bot.audit where tenant = $1 and person = $2 order by at",
    "browser_sessions": "select opened, seen from bot.browser_sessions where tenant = $1 and person = $2 order by opened",
    "choices": "select account from bot.choices where tenant = $1 and person = $2",
    "conversations": """
        select id, reference, locale, zone, created, removed, unreachable from bot.conversations where tenant = $1 and person = $2
    """,
    "exchanges": "select taken, is_done from bot.exchanges where tenant = $1 and person = $2 order by taken",
    "inbox": """
        select accepted, convert_from(body, 'UTF8') as activity from bot.inbox
        where position(convert_to($1, 'UTF8') in body) > 0 and position(convert_to($2, 'UTF8') in body) > 0 order by accepted
    """,
    "left_by_choice": "select true as is_left from bot.left_by_choice where tenant = $1 and person = $2",
    "payers": """
        select invoice, clicked, state, charge, charged, balance, changed from bot.payers where tenant = $1 and person = $2 order by clicked
    """,
    "reminder_ledger": """
        select account, invoice, stage, state, reason, planned, not_before, message from bot.reminder_ledger
        where tenant = $1 and person = $2 order by planned, id
    """,
    "reminder_messages": "select id, day, claimed from bot.reminder_messages where tenant = $1 and person = $2 order by id",
    "reminder_snoozes": "select invoice, until from bot.reminder_snoozes where tenant = $1 and person = $2 order by until",
    "reminder_wishes": "select is_on, hour, days, business_days, silent from bot.reminder_wishes where tenant = $1 and person = $2",
    "sessions": "select upn, name, confirmed, app_roles from bot.sessions where tenant = $1 and person = $2",
    "shown": "select invoice, activity, shown from bot.shown where tenant = $1 and person = $2 order by shown",
    "sign_in_requests": """
        select conversation, question, expires from bot.sign_in_requests where tenant = $1 and person = $2 order by expires
    """,
}
"""For each table that knows a person, what of it is theirs. Left out is what opens something: tokens, cookies, states."""


class PostgresDisclosure:
    """Works with the sync role, since the app's role may not read the audit."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, person: Person) -> Mapping[str, Sequence[Json]]:
        """Return the rows about *person* by table; tables without any are there, and empty."""
        async with self._database.transaction() as connection:
            return {table: json.loads(await connection.fetchval(_as_json(rows), person.tenant, person.id)) for table, rows in KEPT.items()}


def _as_json(rows: LiteralString) -> LiteralString:
    return f"select coalesce(json_agg(r), '[]') from ({rows}) r"  # noqa: S608 - literals
