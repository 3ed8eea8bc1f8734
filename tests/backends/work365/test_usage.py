"""Usage streams to its owner, complete or not at all, without the partner's columns."""

import gc
from contextlib import aclosing
from datetime import date
from decimal import Decimal

import pytest

from backends.dataverse.client import Dataverse, Page
from backends.work365 import usage
from backends.work365.schema import Schema
from backends.work365.usage import UsageLines
from billing.access import AccountId
from billing.errors import NotFound, SourceDown, UsageOff
from billing.invoice import InvoiceId
from billing.usage import UsageRow
from sandbox.faults import Fault
from tests.backends.work365.partner import DRAFT, Partner
from tests.make import CONTOSO, FABRIKAM, guid

INVOICE = InvoiceId(guid("INV-1"))


@pytest.fixture
def lines(dataverse: Dataverse, schema: Schema, partner: Partner) -> UsageLines:
    """Read usage of an environment with one customer."""
    partner.customer()
    return UsageLines(dataverse, schema)


async def rows_of(lines: UsageLines, account: AccountId = CONTOSO.id) -> list[UsageRow]:
    async with aclosing(lines.rows(account, INVOICE)) as pages:
        return [row async for page in pages for row in page]


async def test_reads_the_mapped_columns(partner: Partner, lines: UsageLines) -> None:
    partner.invoice()
    partner.usage(count=1)

    (row,) = await rows_of(lines)

    expected = UsageRow(date(2026, 10, 1), "Production", "", "vm-0", "", Decimal("0.125"), "", None, Decimal("1.25"), "")
    assert row == expected


async def test_asks_for_no_column_of_the_partner(partner: Partner, lines: UsageLines) -> None:
    partner.invoice()
    partner.usage()

    await rows_of(lines)

    assert not [seen for seen in partner.world.asked("dataverse") if "cost" in seen.path]


async def test_reads_page_by_page_and_stops_with_the_reader(partner: Partner, lines: UsageLines) -> None:
    partner.invoice()
    partner.usage(count=3 * usage.PAGE)
    pages = lines.rows(CONTOSO.id, INVOICE)

    first = await anext(pages)
    await pages.aclose()

    assert len(first) == usage.PAGE
    assert len(partner.world.asked("dataverse", "work365_usagelines?")) <= 2


async def test_keeps_no_row_while_a_slow_reader_is_waited_for(partner: Partner, lines: UsageLines) -> None:
    partner.invoice()
    partner.usage(count=usage.PAGE + 1)

    def kept() -> int:
        objects = gc.get_objects()
        return sum(isinstance(each, UsageRow) for each in objects) + sum(len(each.rows) for each in objects if isinstance(each, Page))

    before = kept()
    async with aclosing(lines.rows(CONTOSO.id, INVOICE)) as pages:
        held = [await anext(pages)]
        while_held = kept()
        del held

        assert (while_held - before, kept() - before) == (usage.PAGE, 0)


async def test_reads_all_of_it(partner: Partner, lines: UsageLines) -> None:
    partner.invoice()
    partner.usage(count=2 * usage.PAGE + 1)

    assert len(await rows_of(lines)) == 2 * usage.PAGE + 1


async def test_reads_it_day_by_day(partner: Partner, lines: UsageLines) -> None:
    partner.invoice()
    partner.usage(count=usage.PAGE + 1)
    for number, row in enumerate(partner.environment["work365_usagelines"].values()):
        row["work365_usageline_usagedate"] = date(2026, 10, 1 + number * 5 % 28)

    days = [row.day for row in await rows_of(lines)]

    assert len(set(days)) == 28
    assert days == sorted(days, key=lambda day: day or date.max)


async def test_fails_in_the_middle_rather_than_pass_off_a_part(partner: Partner, lines: UsageLines) -> None:
    partner.invoice()
    partner.usage(count=usage.PAGE + 1)
    partner.world.faults.add(Fault("dataverse", "skiptoken", status=500, body={}))

    with pytest.raises(SourceDown):
        await rows_of(lines)


async def test_does_not_leave_out_a_row_that_makes_no_sense(partner: Partner, lines: UsageLines) -> None:
    partner.invoice()
    body = {"value": [{"work365_usageline_quantity": "many"}]}
    partner.world.faults.add(Fault("dataverse", "work365_usagelines?", status=200, body=body))

    with pytest.raises(SourceDown):
        await rows_of(lines)


async def test_does_not_find_another_companys(partner: Partner, lines: UsageLines) -> None:
    partner.invoice()
    partner.usage()

    with pytest.raises(NotFound):
        await rows_of(lines, FABRIKAM.id)


async def test_does_not_find_a_drafts(partner: Partner, lines: UsageLines) -> None:
    partner.invoice(status=DRAFT)
    partner.usage()

    with pytest.raises(NotFound):
        await rows_of(lines)


async def test_says_that_usage_is_off_where_the_environment_has_none(partner: Partner, lines: UsageLines) -> None:
    partner.invoice()
    del partner.environment["work365_usagelines"]

    with pytest.raises(UsageOff):
        await rows_of(lines)
