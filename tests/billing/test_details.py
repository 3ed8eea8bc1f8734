"""Details come from Work 365 while it answers, and only ever to the company whose they are."""

from dataclasses import replace

import pytest

from billing.access import Caller, Person, PersonId
from billing.allowance import Allowance
from billing.details import CurrentDetails
from billing.errors import NoRole, NotFound, SourceDown
from billing.invoice import InvoiceId, State
from tests import make
from tests.pages.room import HeldInvoices

OURS = make.details(make.invoice("INV-1"))
ID = OURS.invoice.id


class Told:
    """Details over two sources that a test may set apart, and the list of what is told to differ."""

    def __init__(self) -> None:
        self.mirrored, self.fresh = HeldInvoices(OURS), HeldInvoices(OURS)
        self.different: list[InvoiceId] = []
        self.details = CurrentDetails(self.mirrored, self.fresh, Allowance(3, lambda: make.NOW), self.different.append)


async def test_reads_what_is_true_now() -> None:
    told = Told()
    paid = replace(OURS, invoice=make.invoice("INV-1", state=State.COMPLETE))
    told.fresh.held[ID] = paid

    read = await told.details.read(make.caller(), ID)

    assert (read.details, read.as_of) == (paid, None)
    assert told.different == [ID]


async def test_says_nothing_where_nothing_differs() -> None:
    told = Told()

    await told.details.read(make.caller(), ID)

    assert told.different == []


async def test_falls_back_to_the_mirror_and_dates_it() -> None:
    told = Told()
    told.fresh.is_down = True

    read = await told.details.read(make.caller(), ID)

    assert (read.details, read.as_of) == (OURS, make.NOW)
    assert told.different == []


async def test_spares_work365_somebody_who_looks_again_and_again() -> None:
    told, other = Told(), make.caller(person=Person(make.ADA.tenant, PersonId(make.guid("nora"))))
    told.fresh.held[ID] = replace(OURS, customer="Contoso plc")

    reads = [await told.details.read(make.caller(), ID) for _ in range(4)]
    theirs = await told.details.read(other, ID)

    assert [read.as_of for read in (*reads, theirs)] == [None, None, None, make.NOW, None]
    assert [reads[-1].details, theirs.details] == [OURS, told.fresh.held[ID]]
    assert told.fresh.asked == 4


async def test_does_not_find_what_was_withdrawn_just_now() -> None:
    told = Told()
    del told.fresh.held[ID]

    with pytest.raises(NotFound):
        await told.details.read(make.caller(), ID)

    assert told.different == [ID]


@pytest.mark.parametrize("invoice", [ID, InvoiceId(make.guid("no such"))])
async def test_asks_work365_nothing_for_a_stranger(invoice: InvoiceId) -> None:
    told = Told()

    with pytest.raises(NotFound):
        await told.details.read(make.caller(company=make.FABRIKAM), invoice)

    assert told.fresh.asked == 0


async def test_needs_a_role() -> None:
    told = Told()
    nobody = Caller(make.ADA, "Ada", make.CONTOSO, (make.CONTOSO,), frozenset(), make.NOW)

    with pytest.raises(NoRole):
        await told.details.read(nobody, ID)

    assert told.mirrored.asked == 0


async def test_fails_with_the_mirror() -> None:
    told = Told()
    told.mirrored.is_down = True

    with pytest.raises(SourceDown):
        await told.details.read(make.caller(), ID)
