"""The contract of Invoices. Give the fixture ``holding``: it mirrors rows and returns the implementation."""

import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from backends.rows import InvoiceRow, LineRow
from billing.errors import NotFound
from billing.invoice import ContractId, InvoiceId, Page, Position, Show, State, Total, Turn, Wanted
from billing.ports import Invoices
from tests import make, rows
from tests.make import CONTOSO, FABRIKAM, TODAY, guid, money

Holding = Callable[[Sequence[InvoiceRow], Sequence[LineRow]], Awaitable[Invoices]]

GARBAGE = ["", "x", "../1", "00000000-0000-0000-0000-000000000000", "' or 1=1 --", "\0", "\ud800", "9" * 10_000]
_DAYS = [-400, -104, -103, -40, -39, -38, -2, -1, 0, 1, 24, 25, 26, 89, 400]
"""Days from today, some of them on either side of where sums over many due dates could begin."""
FAR = [None, date.min, date.max, TODAY, *(TODAY + timedelta(days) for days in (-1, -39, -40, 24, 25))]


def scattered(count: int, seed: int = 7) -> list[InvoiceRow]:
    """Return Contoso's invoices with many equal and missing due dates, credits, all states, three currencies, and some of Fabrikam's."""
    chosen = random.Random(seed)  # noqa: S311 - a test's dice
    made: list[InvoiceRow] = []
    for number in range(count):
        currency, digits = chosen.choice([("USD", 2), ("JPY", 0), ("KWD", 3)])
        total = Decimal(chosen.randrange(-200, 1000)).scaleb(-digits)
        state = chosen.choice(list(State))
        made.append(
            rows.invoice(
                f"INV-{number}",
                account=chosen.choice([CONTOSO.id, CONTOSO.id, FABRIKAM.id]),
                contract=chosen.choice([rows.CONTRACT.id, guid("unknown contract"), None]),
                due=chosen.choice([None, *(TODAY + timedelta(days) for days in _DAYS)]),
                state=state,
                total=total,
                charged=total if state is State.COMPLETE else total / 4,
                currency=currency,
                digits=digits,
            )
        )
    return made


def expected(held: Sequence[InvoiceRow], wanted: Wanted) -> list[InvoiceRow]:
    """Return Contoso's whole list, the slow and simple way."""

    def is_shown(row: InvoiceRow) -> bool:
        is_open = row.state is not State.COMPLETE
        is_late = is_open and row.balance > 0 and row.due is not None and row.due < wanted.today
        shown = {Show.OPEN: is_open, Show.OVERDUE: is_late, Show.PAID: not is_open, Show.ALL: True}[wanted.show]
        return row.account == CONTOSO.id and shown and wanted.contract in {None, row.contract}

    backwards = -1 if wanted.show in {Show.PAID, Show.ALL} else 1
    return sorted(filter(is_shown, held), key=lambda row: (row.due is None, backwards * (row.due or TODAY).toordinal(), row.id))


def expected_totals(listed: Sequence[InvoiceRow]) -> tuple[Total, ...]:
    """Return what each currency of a list comes to."""
    found: list[Total] = []
    for currency in sorted({row.currency for row in listed}):
        mine = [row for row in listed if row.currency == currency]
        late = [row.balance for row in mine if row.balance > 0 and row.due is not None and row.due < TODAY]
        amounts = (sum(row.balance for row in mine), sum(late), sum(row.total for row in mine))
        balance, overdue, total = (money(str(amount), currency, mine[0].digits) for amount in amounts)
        found.append(Total(len(mine), balance, overdue, total))
    return tuple(found)


async def all_pages(invoices: Invoices, wanted: Wanted) -> list[Page]:
    """Leaf to the end of a list."""
    pages = [await invoices.page(CONTOSO.id, wanted)]
    while pages[-1].further:
        pages.append(await invoices.page(CONTOSO.id, replace(wanted, position=pages[-1].further, turn=Turn.AFTER)))
    return pages


class PageContract:
    @pytest.mark.parametrize("contract", [None, rows.CONTRACT.id, guid("no such contract")])
    @pytest.mark.parametrize("show", Show)
    async def test_leafs_through_every_row_once(self, holding: Holding, show: Show, contract: ContractId | None) -> None:
        held = scattered(150)
        invoices = await holding(held, [])
        wanted = Wanted(show, TODAY, 7, contract)

        pages = await all_pages(invoices, wanted)

        listed = expected(held, wanted)
        assert [invoice.id for page in pages for invoice in page.invoices] == [row.id for row in listed]
        assert {page.totals for page in pages} == {expected_totals(listed)}
        assert [page.first for page in pages] == (list(range(1, len(listed) + 1, 7)) or [0])
        assert pages[0].back is None

    @pytest.mark.parametrize("show", Show)
    async def test_leafs_back_over_the_same_pages(self, holding: Holding, show: Show) -> None:
        invoices = await holding(scattered(150), [])
        wanted = Wanted(show, TODAY, 4)
        there = await all_pages(invoices, wanted)

        back = [there[-1]]
        while position := back[-1].back:
            back.append(await invoices.page(CONTOSO.id, replace(wanted, position=position, turn=Turn.BEFORE)))

        assert len(there) > 2
        assert [(page.invoices, page.first, page.further) for page in reversed(back)] == [
            (page.invoices, page.first, page.further) for page in there
        ]

    @pytest.mark.parametrize("turn", Turn)
    @pytest.mark.parametrize("show", Show)
    async def test_starts_anywhere_without_harm(self, holding: Holding, show: Show, turn: Turn) -> None:
        held = scattered(40)
        invoices = await holding(held, [])
        listed = [row.id for row in expected(held, Wanted(show, TODAY, 5))]

        for due in FAR:
            for id_ in [*GARBAGE, held[0].id, guid("elsewhere")]:
                page = await invoices.page(CONTOSO.id, Wanted(show, TODAY, 5, None, Position(due, InvoiceId(id_)), turn))
                shown = [invoice.id for invoice in page.invoices]
                assert shown == listed[page.first - 1 :][: len(shown)]
                assert page.count == len(listed)

    @pytest.mark.parametrize("contract", GARBAGE)
    async def test_shows_nothing_of_a_contract_that_is_none(self, holding: Holding, contract: str) -> None:
        invoices = await holding([rows.invoice(), rows.invoice("INV-2", contract=None)], [])

        page = await invoices.page(CONTOSO.id, Wanted(Show.ALL, TODAY, 5, ContractId(contract)))

        assert (page.invoices, page.totals, page.first) == ((), (), 0)

    async def test_shows_only_the_accounts_own(self, holding: Holding) -> None:
        invoices = await holding([rows.invoice("INV-1"), rows.invoice("INV-2", account=FABRIKAM.id)], [])

        page = await invoices.page(FABRIKAM.id, Wanted(Show.ALL, TODAY, 5))

        assert [invoice.number for invoice in page.invoices] == ["INV-2"]
        assert page.count == 1

    async def test_returns_an_invoice_as_it_was_mirrored(self, holding: Holding) -> None:
        invoices = await holding([rows.invoice()], [])

        page = await invoices.page(CONTOSO.id, Wanted(Show.OPEN, TODAY, 5))

        assert page.invoices == (make.invoice(),)
        assert page.totals == make.totals(make.invoice())


class InvoicesContract(PageContract):
    async def test_returns_details_with_lines_in_order(self, holding: Holding) -> None:
        bill = rows.invoice()
        invoices = await holding([bill], [rows.line(bill, 10, product="Last"), rows.line(bill, 2)])

        details = await invoices.details(CONTOSO.id, InvoiceId(bill.id))

        assert details == make.details(make.invoice(), make.line(2), make.line(10, "Last"))

    async def test_does_not_find_another_companys_invoice(self, holding: Holding) -> None:
        theirs = rows.invoice("INV-9", account=FABRIKAM.id)
        invoices = await holding([theirs], [rows.line(theirs)])

        with pytest.raises(NotFound):
            await invoices.details(CONTOSO.id, InvoiceId(theirs.id))
        assert await invoices.find(CONTOSO.id, "INV-9") == []

    @pytest.mark.parametrize("garbage", GARBAGE)
    async def test_does_not_find_garbage(self, holding: Holding, garbage: str) -> None:
        invoices = await holding([rows.invoice()], [])

        with pytest.raises(NotFound):
            await invoices.details(CONTOSO.id, InvoiceId(garbage))

    async def test_finds_a_number_in_any_case(self, holding: Holding) -> None:
        invoices = await holding([rows.invoice("Réf-ẞ1"), rows.invoice("X-Réf-ẞ1")], [])

        found = await invoices.find(CONTOSO.id, "  rÉF-ss1 ")

        assert [invoice.number for invoice in found] == ["Réf-ẞ1"]

    async def test_finds_the_end_of_a_number_where_no_number_is_equal(self, holding: Holding) -> None:
        invoices = await holding([rows.invoice("INV-10421"), rows.invoice("INV-20421"), rows.invoice("INV-10422")], [])

        found = await invoices.find(CONTOSO.id, "421")

        assert {invoice.number for invoice in found} == {"INV-10421", "INV-20421"}

    async def test_finds_eight_at_most(self, holding: Holding) -> None:
        same = [rows.invoice("INV-1", id=guid(f"same {number}")) for number in range(9)]
        invoices = await holding([*same, *(rows.invoice(f"X{number}") for number in range(10, 99))], [])

        assert len(await invoices.find(CONTOSO.id, "inv-1")) == 8
        assert len(await invoices.find(CONTOSO.id, "7")) == 8

    @pytest.mark.parametrize("number", ["", "  ", "%", "_", "INV%", "*", "4_1"])
    async def test_finds_nothing_by_a_wildcard(self, holding: Holding, number: str) -> None:
        invoices = await holding([rows.invoice()], [])

        assert await invoices.find(CONTOSO.id, number) == []

    async def test_lists_the_contracts_of_the_account(self, holding: Holding) -> None:
        mine = [rows.invoice(f"INV-{number}", contract=contract) for number, contract in enumerate([rows.CONTRACT.id] * 3 + [None])]
        invoices = await holding(mine, [])

        assert [contract.name for contract in await invoices.contracts(CONTOSO.id)] == [rows.CONTRACT.name]
        assert await invoices.contracts(FABRIKAM.id) == []
