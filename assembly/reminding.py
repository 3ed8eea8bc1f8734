"""What an operator does with reminders at the command line."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from typing import Final

from assembly import house
from assembly.reminders import Reminders
from billing.access import AccountId, TenantId
from billing.errors import Problem
from billing.reminding import MessageId
from reminders.plan import Prospect
from reminders.schedule import LEASE
from settings import Settings

_AT_ONCE: Final = 20


async def remind(settings: Settings, at: datetime | None) -> None:
    """Run one pass as of *at* (None: now) and print what came of it."""
    async with house(settings, reminders_clock=(lambda: at) if at else None) as built:
        reminders = built.reminders
        await reminders.oversight.expire(LEASE)
        before = await _suppressed(reminders)
        planned = await reminders.planner.run()
        tally = await _drained(reminders)
        skipped = (await _suppressed(reminders)).total() - before.total()
        parts = {"planned": planned, "sent": tally["sent"], "skipped": skipped, "failed": tally["failed"], "uncertain": tally["uncertain"]}
        print(", ".join(f"{name} {count}" for name, count in parts.items()), f"messages to be tried again {tally['planned']}", sep=", ")


async def rehearse(settings: Settings, at: datetime | None) -> None:
    """Print who would get what as of *at* (None: now), and who nothing and why, and how many that is; change nothing."""
    planned = skipped = 0
    async with house(settings, reminders_clock=(lambda: at) if at else None) as built:
        async for prospect in built.reminders.planner.rehearse():
            why = await _why_nothing(built.reminders, prospect)
            what = f"nothing: {why}" if why else ", ".join(f"{each.number} ({each.stage})" for each in prospect.says)
            person = prospect.to.conversation.person
            print(f"tenant {person.tenant}  person {person.id}  {what}")
            planned += 0 if why else len(prospect.says)
            skipped += 1 if why else 0
    print(f"planned {planned}, people skipped {skipped}")


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


async def _drained(reminders: Reminders) -> Counter[str]:
    """Drain every tenant that has something to send, some at a time; return messages by how they ended."""
    slots, tally = asyncio.Semaphore(_AT_ONCE), Counter[str]()

    async def drain(tenant: TenantId) -> None:
        async with slots:
            tally.update((await reminders.delivery.drain(tenant)).tally)

    await asyncio.gather(*(drain(tenant) for tenant in await reminders.outbox.tenants(reminders.clock())))
    return tally


async def _suppressed(reminders: Reminders) -> Counter[str]:
    counts = await reminders.oversight.counts()
    return Counter({f"{tenant} {reason}": rows for (tenant, state, reason), rows in counts.items() if state == "suppressed"})


async def _why_nothing(reminders: Reminders, prospect: Prospect) -> str | None:
    if prospect.why is None:
        try:
            await reminders.callers.caller(prospect.to.conversation.person)
        except Problem as problem:
            return type(problem).__name__
    return prospect.why
