"""``python app.py check``: every setting and outside system, one line each, no secret in any."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from assembly import utc_now
from assembly.backends import Outside, mapped, reached, untouched
from assembly.expiry import ends
from assembly.people import METADATA
from auth.credentials import WARN_BEFORE
from auth.keys import SigningKeys
from backends.postgres.database import Database
from backends.postgres.migrations import newest
from backends.postgres.mirror import Mirror
from backends.work365.mapping import BadMapping
from backends.work365.schema import check as compared
from billing.errors import BadToken, Problem, SourceDown
from settings import Settings


class _Soon(Exception):
    """Fine today, and needs somebody within weeks."""


async def check(settings: Settings) -> bool:
    """Print a line for each check, whatever became of those before it; False when one failed."""
    print("ok    settings")
    return all([is_fine async for is_fine in _lines(settings)])


async def _lines(settings: Settings) -> AsyncIterator[bool]:
    async with AsyncExitStack() as stack:
        there = await stack.enter_async_context(reached(settings, utc_now))
        try:
            revision, all_rows = await stack.enter_async_context(untouched(there))
        except Problem as problem:
            yield _failed("database", problem, _hint(there, "database"))
        else:
            for name, said in _of_the_database(settings, revision, all_rows):
                yield await _is_fine(name, said, _hint(there, name))
        for name, ask in OUTSIDE.items():
            yield await _is_fine(name, ask(there), _hint(there, name))


def _of_the_database(settings: Settings, revision: str | None, all_rows: Database | None) -> Iterator[tuple[str, Awaitable[str]]]:
    if all_rows is None:
        yield "database", _to_be_migrated(revision)
        return
    for name, look in OF_THE_DATABASE.items():
        yield name, look(settings, all_rows)


def _hint(there: Outside, name: str) -> str:
    """Return where to look when something outside does not answer: names of settings, and the host that is asked."""
    named = {"database": "", "channel keys": there.clouds.metadata, "Work 365": there.settings.dataverse_url}
    host = urlsplit(named.get(name, there.clouds.login) or "").hostname
    return f"; look at {SETTINGS[name]}{f', and whether {host} can be reached' if host else ''}" if name in SETTINGS else ""


async def _is_fine(name: str, said: Awaitable[str], hint: str) -> bool:
    try:
        print(f"ok    {name}: {await said}")
    except _Soon as warning:
        print(f"WARN  {name}: {warning}")
    except (Problem, BadMapping) as error:
        return _failed(name, error, hint)
    return True


def _failed(name: str, error: Exception, hint: str) -> bool:
    told = "; ".join(str(error).splitlines())
    print(f"FAIL  {name}: {type(error).__name__}: {told}{hint if isinstance(error, SourceDown) else ''}")
    return False


async def _to_be_migrated(revision: str | None) -> str:
    if revision is not None and revision > newest():
        raise Problem(schema=f"{revision} is newer than this release, which knows {newest()}: was it rolled back?")
    return f"reached; the next start brings it from {revision or 'nothing'} to {newest()}"


async def _database(_: Settings, all_rows: Database) -> str:
    as_of = await Mirror(all_rows).as_of()
    return f"migrated; mirror complete as of {as_of:%Y-%m-%d %H:%M:%SZ}" if as_of else "migrated; no sync has been completed yet"


async def _freshness(settings: Settings, all_rows: Database) -> str:
    as_of = await Mirror(all_rows).as_of()
    if as_of is not None and utc_now() - as_of > timedelta(seconds=settings.max_staleness_s):
        raise Problem(mirror="older than MAX_STALENESS_S: is a worker running?")
    return "young enough" if as_of else "starts with the first sync"


async def _findings(_: Settings, all_rows: Database) -> str:
    found = await Mirror(all_rows).findings()
    if found:
        raise _Soon("; ".join(f"{count} {what}" for what, count in found.items()))
    return "nothing that Work 365 has for customers was left out at the last comparison"


async def _bot(there: Outside) -> str:
    await there.token()
    return "Entra gives the bot a token for the connector"


async def _channel(there: Outside) -> str:
    return await _keys(there, there.clouds.metadata)


async def _people(there: Outside) -> str:
    return await _keys(there, f"{there.clouds.login}/{METADATA}")


async def _work365(there: Outside) -> str:
    findings = await compared(there.dataverse, mapped(there.settings))
    fatal = [str(finding) for finding in findings if finding.fatal]
    if fatal:
        raise Problem(missing="; ".join(fatal))
    return "; ".join(map(str, findings)) or "every mapped table and column is there and can be read"


async def _credentials(there: Outside) -> str:
    found = ends(there.settings, there.clouds)
    if not found:
        return "nobody has said when one ends: CLIENT_SECRET_EXPIRES is for that of a client secret"
    left = {f"{name} ends on {end:%Y-%m-%d}": end - there.clock() for name, end in found.items()}
    if min(left.values()) <= timedelta(0):
        raise Problem(ended="; ".join(said for said, time in left.items() if time <= timedelta(0)))
    if min(left.values()) < WARN_BEFORE:
        raise _Soon("; ".join(f"{said}, in {time.days} days" for said, time in left.items() if time < WARN_BEFORE))
    return "; ".join(left)


async def _pay(there: Outside) -> str:
    hosts = there.settings.pay_link_hosts
    return f"may lead to {', '.join(hosts)}" if hosts else "off, since PAY_LINK_HOSTS is empty"


async def _keys(there: Outside, address: str) -> str:
    """Fetch an issuer's keys; asking for one that cannot exist says whether the others came."""
    keys = SigningKeys(there.http, address, there.clock)
    try:
        await keys.get("no such key")
    except BadToken:
        return f"signing keys fetched from {address}"
    raise Problem(keys="an issuer knows every key id")


OF_THE_DATABASE: Mapping[str, Callable[[Settings, Database], Awaitable[str]]] = {
    "database": _database,
    "mirror": _freshness,
    "left out": _findings,
}
OUTSIDE: Mapping[str, Callable[[Outside], Awaitable[str]]] = {
    "bot registration": _bot,
    "channel keys": _channel,
    "sign-in keys": _people,
    "credentials": _credentials,
    "Work 365": _work365,
    "Pay now": _pay,
}
SETTINGS: Final[Mapping[str, str]] = {
    "database": "DATABASE_URL",
    "bot registration": "MicrosoftAppId, MicrosoftAppTenantId, MicrosoftAppPassword or its certificate",
    "channel keys": "SSL_CERT_FILE",
    "sign-in keys": "ENTRA_AUTHORITY and SSL_CERT_FILE",
    "Work 365": "DATAVERSE_URL, DATAVERSE_TENANT_ID, DATAVERSE_CLIENT_ID, DATAVERSE_CLIENT_SECRET or its certificate",
}
"""Where to look when a check finds nobody to ask, or is given no token."""
