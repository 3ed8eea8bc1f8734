"""What was written about people just after they were forgotten: a plan, a card or a download was under way meanwhile."""

from datetime import datetime, timedelta
from typing import LiteralString

from backends.postgres.database import Connection

_FRESH = timedelta(days=1)
"""How old a plan, and a line of the audit, may be: what is under way ends within minutes, and who cleans up may have been away."""

_UNKNOWN: LiteralString = """
    not exists (select from bot.conversations k where k.tenant = r.tenant and k.person = r.person)
    and not exists (select from bot.sessions k where k.tenant = r.tenant and k.person = r.person)
    and not exists (select from bot.browser_sessions k where k.tenant = r.tenant and k.person = r.person)
"""
"""Whoever has neither a chat nor a session: nothing of these tables is of use for them."""

_DELETE_PLANS: LiteralString = f"delete from bot.reminder_ledger r where r.planned > $1 and {_UNKNOWN}"  # noqa: S608 - literals
_DELETE: tuple[LiteralString, ...] = (
    f"delete from bot.shown r where {_UNKNOWN}",  # noqa: S608 - literals
    f"delete from bot.payers r where {_UNKNOWN}",  # noqa: S608 - literals
)

# As bot.forget has it. That a line under the pseudonym exists tells that the person was forgotten before.
_PSEUDONYM: LiteralString = "'forgotten-' || left(encode(sha256(convert_to(r.tenant || '/' || r.person, 'UTF8')), 'hex'), 12)"
_RENAME: LiteralString = f"""
    update bot.audit r set person = {_PSEUDONYM}
    where r.at > $1 and r.person not like 'forgotten-%' and {_UNKNOWN}
        and exists (select from bot.audit f where f.tenant = r.tenant and f.person = {_PSEUDONYM})
"""  # noqa: S608 - literals


async def forget_stragglers(connection: Connection, now: datetime) -> None:
    """Delete what is kept of plans, cards and clicks of people whom nothing else knows, and have the audit name them by their pseudonym.

    The audit only where they were forgotten before: that a session has merely ended changes no line.
    """
    await connection.execute(_DELETE_PLANS, now - _FRESH)
    for statement in _DELETE:
        await connection.execute(statement)
    await connection.execute(_RENAME, now - _FRESH)
