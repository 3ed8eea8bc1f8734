"""``python app.py check``: every setting and outside system, one line each, no secret in any."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta

from assembly import utc_now
from assembly.backends import Backends, opened
from assembly.clouds import BOT_SCOPE
from assembly.people import METADATA
from auth.entra import AppToken
from auth.keys import SigningKeys
from backends.postgres.mirror import Mirror
from backends.work365.mapping import BadMapping
from backends.work365.schema import check as compared
from billing.errors import BadToken, Problem
from settings import Settings

Check = Callable[[Backends], Awaitable[str]]


async def check(settings: Settings) -> bool:
    """Print a line for each check; False when one failed."""
    print("ok    settings")
    async with AsyncExitStack() as stack:
        try:
            backends = await stack.enter_async_context(opened(settings, utc_now))
        except (Problem, BadMapping) as error:
            print(f"FAIL  database or mapping: {type(error).__name__}: {error}")
            return False
        return all([is_fine async for is_fine in _lines(backends)])


async def _lines(backends: Backends) -> AsyncIterator[bool]:
    for name, checking in CHECKS.items():
        try:
            print(f"ok    {name}: {await checking(backends)}")
        except Problem as problem:
            print(f"FAIL  {name}: {type(problem).__name__}: {problem}")
            yield False
        else:
            yield True


async def _database(backends: Backends) -> str:
    as_of = await Mirror(backends.all_rows).as_of()
    return f"migrated; mirror complete as of {as_of:%Y-%m-%d %H:%M:%SZ}" if as_of else "migrated; no sync has been completed yet"


async def _bot(backends: Backends) -> str:
    await AppToken(backends.entra, backends.clouds.bot, BOT_SCOPE, backends.clock)()
    return "Entra gives the bot a token for the connector"


async def _channel(backends: Backends) -> str:
    return await _keys(backends, backends.clouds.metadata)


async def _people(backends: Backends) -> str:
    return await _keys(backends, f"{backends.clouds.login}/{METADATA}")


async def _work365(backends: Backends) -> str:
    findings = await compared(backends.dataverse, backends.mapping)
    fatal = [str(finding) for finding in findings if finding.fatal]
    if fatal:
        raise Problem(missing="; ".join(fatal))
    return "; ".join(map(str, findings)) or "every mapped table and column is there and can be read"


async def _pay(backends: Backends) -> str:
    hosts = backends.settings.pay_link_hosts
    return f"may lead to {', '.join(hosts)}" if hosts else "off, since PAY_LINK_HOSTS is empty"


async def _freshness(backends: Backends) -> str:
    as_of = await Mirror(backends.all_rows).as_of()
    if as_of is not None and utc_now() - as_of > timedelta(seconds=backends.settings.max_staleness_s):
        raise Problem(mirror="older than MAX_STALENESS_S: is a worker running?")
    return "young enough" if as_of else "starts with the first sync"


async def _keys(backends: Backends, address: str) -> str:
    """Fetch an issuer's keys; asking for one that cannot exist says whether the others came."""
    keys = SigningKeys(backends.http, address, backends.clock)
    try:
        await keys.get("no such key")
    except BadToken:
        return f"signing keys fetched from {address}"
    raise Problem(keys="an issuer knows every key id")


CHECKS: dict[str, Check] = {
    "database": _database,
    "bot registration": _bot,
    "channel keys": _channel,
    "sign-in keys": _people,
    "Work 365": _work365,
    "mirror": _freshness,
    "Pay now": _pay,
}
