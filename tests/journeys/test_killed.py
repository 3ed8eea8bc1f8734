"""``sync`` killed with -9 at any moment, alone and beside another: what is left is gone on from, and nothing is lost."""

import asyncio
import random
from asyncio.subprocess import Process
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from backends.postgres.database import Database
from sandbox.dataverse import environment
from tests.assembly.conftest import place as place  # noqa: PLC0414 - a fixture
from tests.assembly.place import Place
from tests.backends.postgres.test_mirror import KEPT, SUMMED, indexes
from tests.backends.work365.partner import BILLED, CANCELED, COMPLETE, DRAFT, PARTIAL, Partner

INVOICES = 5_100
"""More than a page: there is something between two transactions, wherever one dies."""

STATUSES = (BILLED, PARTIAL, COMPLETE, DRAFT, CANCELED)
KILLS = 2

Held = dict[str, tuple[Decimal, frozenset[tuple[str, Decimal]]]]
"""Balance and lines of the invoices that customers may see."""


@pytest.fixture
def chance() -> random.Random:
    """Return the dice of a test."""
    return random.Random(7)  # noqa: S311 - they decide who dies when


@pytest.fixture
def partner(place: Place, chance: random.Random) -> Partner:
    """Return a partner with many bills, whose server takes its time."""
    made = Partner(place.world)
    for number in range(INVOICES):
        _bill(made, number, chance.choice(STATUSES))
    made.environment.limits.latency_s = 0.03
    return made


async def test_loads_everything(place: Place, partner: Partner, chance: random.Random, sync_database: Database) -> None:
    before = await indexes(sync_database)

    await _killed_and_ended(place, chance)

    assert await _mirrored(sync_database) == _source(partner)
    assert await _is_added_up(sync_database)
    assert await indexes(sync_database) == before


async def test_follows_every_change(place: Place, partner: Partner, chance: random.Random, sync_database: Database) -> None:
    await place.run("sync")
    before = await _mirrored(sync_database)
    _change(partner, chance)

    await _killed_and_ended(place, chance)

    assert await _mirrored(sync_database) == _source(partner) != before
    assert await _is_added_up(sync_database)


def _bill(partner: Partner, number: int, status: tuple[int, int]) -> None:
    changed = datetime(2026, 10, 1, tzinfo=UTC) + timedelta(minutes=number)
    partner.invoice(f"K-{number}", status, lines=0, totalamount=Decimal(number), modifiedon=changed)
    partner.line(f"K-{number}", 1, extendedamount=Decimal(number), modifiedon=changed)


def _change(partner: Partner, chance: random.Random) -> None:
    for number in chance.sample(range(INVOICES), 400):
        partner.status(f"K-{number}", chance.choice(STATUSES), totalamount=Decimal(number + 1))
    for number in chance.sample(range(INVOICES), 100):
        partner.line(f"K-{number}", 2, modifiedon=datetime.now(UTC))


async def _killed_and_ended(place: Place, chance: random.Random) -> None:
    """Kill one pass, then two at once, and so on; in the end let two run to their ends at the same time."""
    for round_ in range(KILLS):
        before, patience = len(place.world.asked("dataverse")), chance.randint(1, 9)
        running = [await place.start("sync") for _ in range(1 + round_ % 2)]
        await _asked(place, before + patience, running)
        for each in running:
            await _kill(each, chance.random() / 4)
    said: list[str] = []
    while not any("as of" in each for each in said):  # the database may still be at the end of what a killed one began
        ends = await asyncio.gather(place.run("sync"), place.run("sync"))
        assert all(status == 0 for status, _ in ends)
        said = [line for _, line in ends]


async def _asked(place: Place, number: int, running: list[Process]) -> None:
    """Wait until Dataverse has seen that many requests, or nobody is left to ask."""
    while len(place.world.asked("dataverse")) < number and any(each.returncode is None for each in running):  # noqa: ASYNC110
        await asyncio.sleep(0)


async def _kill(process: Process, in_s: float) -> None:
    talking = asyncio.create_task(process.communicate())
    await asyncio.wait((talking,), timeout=in_s)
    if process.returncode is None:
        process.kill()
    await talking


async def _is_added_up(database: Database) -> bool:
    """Whether the sums are those of the invoices."""
    async with database.shared() as connection:
        lacking = await connection.fetch(f"{SUMMED} except {KEPT}")
        wrong = await connection.fetch(f"{KEPT} except {SUMMED}")
    return not lacking and not wrong


async def _mirrored(database: Database) -> Held:
    async with database.shared() as connection:
        rows = await connection.fetch(
            "select i.id::text, i.balance, array(select (l.id::text, l.amount) from mirror.lines l where l.invoice = i.id) as lines"
            " from mirror.invoices i"
        )
        orphans = await connection.fetchval(
            "select count(*) from mirror.lines l where not exists (select from mirror.invoices where id = l.invoice)"
        )
    assert orphans == 0
    return {row["id"]: (row["balance"], frozenset(tuple(line) for line in row["lines"])) for row in rows}


def _source(partner: Partner) -> Held:
    lines: dict[str, set[tuple[str, Decimal]]] = {}
    for row in partner.table("invoicedetails").values():
        lines.setdefault(str(row["_invoiceid_value"]), set()).add((row["invoicedetailid"], row["extendedamount"]))
    return {
        row["invoiceid"]: (_balance(row), frozenset(lines.get(row["invoiceid"], set())))
        for row in environment(partner.world).table("invoices").values()
        if (row["statecode"], row["statuscode"]) in (BILLED, PARTIAL, COMPLETE) and row["_transactioncurrencyid_value"]
    }


def _balance(row: dict[str, Any]) -> Decimal:
    is_paid = (row["statecode"], row["statuscode"]) == COMPLETE
    return Decimal(0) if is_paid else row["totalamount"] - (row.get("work365_invoice_amountcharged") or 0)
