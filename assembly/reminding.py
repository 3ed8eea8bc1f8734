"""What an operator does with reminders at the command line."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from assembly import house
from assembly.reminders import Reminders
from billing.access import AccountId, TenantId
from billing.due import Why
from billing.errors import NoRole, NotSignedIn, Problem, Stale, UnknownPerson, UnknownTenant
from billing.reminding import MessageId
from reminders.plan import Prospect
from reminders.schedule import LEASE
from settings import Settings

_AT_ONCE: Final = 20

_REASONS: Final[Mapping[type[Problem], str]] = {
    NotSignedIn: Why.SIGNED_OUT,
    NoRole: Why.NO_ROLE,
    UnknownTenant: "unknown tenant",
    UnknownPerson: "no contact in Work 365",
    Stale: "the mirror is too old",
}


async def remind(settings: Settings, at: datetime | None) -> None:
    """Run one pass as of *at* (None: now) and print what came of it, in things to say: rows of the ledger."""
    async with house(settings, reminders_clock=(lambda: at) if at else None) as built:
        reminders = built.reminders
        await reminders.oversight.expire(LEASE)
        before = await _by_state(reminders)
        await reminders.planner.run()
        await _drain(reminders)
        after = await _by_state(reminders)
    ended = after - before
    _print_totals(
        sent=ended["sent"], skipped=ended["suppressed"], failed=ended["failed"], uncertain=ended["uncertain"], again=after["planned"]
    )


async def rehearse(settings: Settings, at: datetime | None) -> None:
    """Print who would get what as of *at* (None: now), and who nothing and why, and how many that is; change nothing."""
    sent = skipped = 0
    async with house(settings, reminders_clock=(lambda: at) if at else None) as built:
        async for prospect in built.reminders.planner.rehearse():
            why = await _why_nothing(built.reminders, prospect)
            what = f"nothing: {why}" if why else ", ".join(f"{each.number} ({each.stage})" for each in prospect.says)
            person = prospect.to.conversation.person
            print(f"tenant {person.tenant}  person {person.id}  {what}")
            sent += 0 if why else len(prospect.says)
            skipped += len(prospect.says) if why else 0
    _print_totals(sent=sent, skipped=skipped, failed=0, uncertain=0, again=0)


def _print_totals(*, sent: int, skipped: int, failed: int, uncertain: int, again: int) -> None:
    """Print how many things there were to say, and what became of them."""
    planned = sent + skipped + failed + uncertain + again
    rest = f", to be tried again {again}" if again else ""
    print(f"planned {planned}, sent {sent}, skipped {skipped}, failed {failed}, uncertain {uncertain}{rest}")


async def show_doubts(settings: Settings) -> None:
    """Print the messages of which nobody knows whether they arrived."""
    async with house(settings) as built:
        for doubt in await built.reminders.oversight.doubts():
            print(f"{doubt.id}  {doubt.day}  tenant {doubt.tenant}  person {doubt.person}  {doubt.rows} rows  {doubt.reason}")


async def report(settings: Settings, days: int) -> None:
    """Print what became of everything that was planned in the last *days*, a line for each tenant."""
    async with house(settings) as built:
        reminders = built.reminders
        lines: dict[TenantId, list[str]] = {}
        for (tenant, state, reason), rows in (await reminders.oversight.counts(reminders.clock() - timedelta(days=days))).items():
            lines.setdefault(tenant, []).append(f"{state} {rows} ({reason})" if reason else f"{state} {rows}")
    for tenant, counted in lines.items():
        print(f"tenant {tenant}  {', '.join(counted)}")
    if not lines:
        print(f"no reminders in the last {days} days")


async def settle(settings: Settings, message: MessageId, *, resend: bool) -> bool:
    """End a doubt: the message arrived, or it is to be sent again; False where there is no such doubt."""
    async with house(settings) as built:
        is_settled = await built.reminders.oversight.settle(message, resend=resend)
    print(f"{message} {'will be sent again' if resend else 'counts as sent'}" if is_settled else f"{message} is not in doubt")
    return is_settled


async def set_company(settings: Settings, account: AccountId, days: tuple[int, ...] | None) -> bool:
    """Set a company's own stages; None for REMINDER_DAYS. False where Work 365 has no such company."""
    async with house(settings) as built:
        is_set = await built.reminders.plans.company(account, days)
    stages = "REMINDER_DAYS" if days is None else ", ".join(f"{n:+d}" for n in days)
    print(f"{account}: {stages if is_set else 'no such account has been read from Work 365'}")
    return is_set


async def _drain(reminders: Reminders) -> None:
    """Drain every tenant that has something to send, some at a time."""
    slots = asyncio.Semaphore(_AT_ONCE)

    async def drain(tenant: TenantId) -> None:
        async with slots:
            await reminders.delivery.drain(tenant)

    await asyncio.gather(*(drain(tenant) for tenant in await reminders.outbox.tenants(reminders.clock())))


async def _by_state(reminders: Reminders) -> Counter[str]:
    """Count the rows of the ledger."""
    found = Counter[str]()
    for (_, state, _), rows in (await reminders.oversight.counts()).items():
        found[state] += rows
    return found


async def _why_nothing(reminders: Reminders, prospect: Prospect) -> str | None:
    """Return why a person would get nothing; that they may see nothing comes before that there is nothing new."""
    if prospect.why in {None, Why.NOTHING}:
        try:
            await reminders.callers.caller(prospect.to.conversation.person)
        except Problem as problem:
            return _REASONS.get(type(problem), type(problem).__name__)
    return prospect.why
