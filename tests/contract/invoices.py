"""The contract of Invoices. Give the fixture ``holding``: it mirrors rows and returns the implementation."""

import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from backends.rows import InvoiceRow, LineRow
from billing.errors import Malformed, NotFound
from billing.invoice import ContractId, InvoiceId, Page, Position, Show, Sort, State, Total, Turn, Wanted
from billing.ports import MOST_FOUND, Invoices
from tests import make, rows
from tests.make import CONTOSO, FABRIKAM, TODAY, guid, money

Holding = Callable[[Sequence[InvoiceRow], Sequence[LineRow]], Awaitable[Invoices]]

GARBAGE = ["", "x", "../1", "00000000-0000-0000-0000-000000000000", "' or 1=1 --", "\0", "\ud800", "9" * 10_000]
_DAYS = [-400, -104, -103, -40, -39, -38, -2, -1, 0, 1, 24, 25, 26, 89, 400]
"""Days from today, some of them on either side of where sums over many due dates could begin."""
FAR = ["", *(str(day) for day in (date.min, date.max, TODAY, *(TODAY + timedelta(days) for days in (-1, -39, -40, 24, 25))))]
_OTHERS = [sort for sort in Sort if sort is not Sort.DUE]


def scattered(count: int, seed: int = 7) -> list[InvoiceRow]:
    """Return Contoso's invoices with many equal and missing dates, credits, all states, three currencies, and some of Fabrikam's."""
    chosen = random.Random(seed)  # noqa: S311 - a test's dice
    made: list[InvoiceRow] = []
    for number in range(count):
        currency, digits = chosen.choice([("USD", 2), ("JPY", 0), ("KWD", 3)])
        total = Decimal(chosen.randrange(-200, 1000)).scaleb(-digits)
        state = chosen.choice(list(State))
        made.append(
            rows.invoice(
                f"INV-{number // 2}",
                id=guid(f"INV-{number}"),
                account=chosen.choice([CONTOSO.id, CONTOSO.id, FABRIKAM.id]),
                contract=chosen.choice([rows.CONTRACT.id, guid("unknown contract"), None]),
                due=chosen.choice([None, *(TODAY + timedelta(days) for days in _DAYS)]),
                billed=chosen.choice([None, *(TODAY - timedelta(days) for days in range(0, 90, 5))]),
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

    return sorted(filter(is_shown, held), key=lambda row: (*_sorted_by(wanted, row), row.id))


def _sorted_by(wanted: Wanted, row: InvoiceRow) -> tuple[Any, ...]:
    match wanted.sort:
        case Sort.DUE:
            backwards = -1 if wanted.show in {Show.PAID, Show.ALL} else 1
            return row.due is None, backwards * (row.due or TODAY).toordinal()
        case Sort.NUMBER:
            return (row.number_key,)
        case Sort.BILLED:
            return row.billed is None, -(row.billed or TODAY).toordinal()
        case Sort.TOTAL:
            return row.currency, -row.total
        case Sort.BALANCE:
            return row.currency, -row.balance


def expected_totals(listed: Sequence[InvoiceRow]) -> tuple[Total, ...]:
    """Return what each currency of a list comes to."""
    found: list[Total] = []
    for currency in sorted({row.currency for row in listed}):
        mine = [row for row in listed if row.currency == currency]
        late = [row.balance for row in mine if row.balance > 0 and row.due is not None and row.due < TODAY]
        credits_ = [row.balance for row in mine if row.state is not State.COMPLETE and row.balance < 0]
        amounts = (sum(row.balance for row in mine), sum(late), sum(credits_), sum(row.total for row in mine))
        balance, overdue, credit, total = (money(str(amount), currency, mine[0].digits) for amount in amounts)
        found.append(Total(len(mine), balance, overdue, credit, total))
    return tuple(found)


async def all_pages(invoices: Invoices, wanted: Wanted) -> list[Page]:
    """Leaf through a list: to its end, or from there with BEFORE."""
    pages = [await invoices.page(CONTOSO.id, wanted)]
    while position := pages[-1].further if wanted.turn is Turn.AFTER else pages[-1].back:
        pages.append(await invoices.page(CONTOSO.id, replace(wanted, position=position)))
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

    @pytest.mark.parametrize("sort", _OTHERS)
    @pytest.mark.parametrize("show", Show)
    async def test_leafs_through_every_row_once_however_it_is_sorted(self, holding: Holding, show: Show, sort: Sort) -> None:
        held = scattered(150)
        invoices = await holding(held, [])
        wanted = Wanted(show, TODAY, 7, sort=sort)

        there = await all_pages(invoices, wanted)
        back = await all_pages(invoices, replace(wanted, turn=Turn.BEFORE))

        listed = expected(held, wanted)
        assert [invoice.id for page in there for invoice in page.invoices] == [row.id for row in listed]
        assert [invoice.id for page in reversed(back) for invoice in page.invoices] == [row.id for row in listed]
        assert {page.totals for page in there} == {expected_totals(listed)}
        assert (there[0].back, back[0].further, {page.first for page in there}) == (None, None, {0})

    @pytest.mark.parametrize("turn", Turn)
    @pytest.mark.parametrize("sort", _OTHERS)
    async def test_leads_no_further_when_everything_fits(self, holding: Holding, sort: Sort, turn: Turn) -> None:
        invoices = await holding([rows.invoice(f"INV-{number}") for number in range(5)], [])

        pages = [await invoices.page(CONTOSO.id, Wanted(Show.ALL, TODAY, limit, turn=turn, sort=sort)) for limit in (5, 4)]

        assert [(page.back is None, page.further is None) for page in pages] == [
            (True, True),
            (turn is Turn.AFTER, turn is Turn.BEFORE),
        ]

    @pytest.mark.parametrize("show", Show)
    async def test_begins_at_the_end_when_it_is_asked_to(self, holding: Holding, show: Show) -> None:
        held = scattered(40)
        invoices = await holding(held, [])
        wanted = Wanted(show, TODAY, 4, turn=Turn.BEFORE)

        page = await invoices.page(CONTOSO.id, wanted)

        listed = [row.id for row in expected(held, wanted)]
        assert [invoice.id for invoice in page.invoices] == listed[-4:]
        assert (page.first, page.further) == (len(listed) - 3, None)

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

        for key in FAR:
            for id_ in [*GARBAGE, held[0].id, guid("elsewhere")]:
                page = await invoices.page(CONTOSO.id, Wanted(show, TODAY, 5, None, Position(key, InvoiceId(id_)), turn))
                shown = [invoice.id for invoice in page.invoices]
                assert shown == listed[page.first - 1 :][: len(shown)]
                assert page.count == len(listed)

    @pytest.mark.parametrize("sort", Sort)
    async def test_starts_at_a_foreign_position_without_harm(self, holding: Holding, sort: Sort) -> None:
        invoices = await holding([rows.invoice()], [])

        for key in [*GARBAGE, *FAR, "1", "1 USD", "1e9 USD", "9" * 30 + " USD", "x USD", "infinity", "2026-13-01"]:
            with suppress(Malformed):
                page = await invoices.page(CONTOSO.id, Wanted(Show.ALL, TODAY, 5, None, Position(key, InvoiceId(guid("x"))), sort=sort))
                assert page.count == 1

    @pytest.mark.parametrize(
        ("sort", "key"), [(Sort.DUE, "today"), (Sort.BILLED, "2026-11-30"), (Sort.TOTAL, "1.5 USD"), (Sort.NUMBER, "\0")]
    )
    async def test_refuses_a_position_of_another_list(self, holding: Holding, sort: Sort, key: str) -> None:
        invoices = await holding([rows.invoice()], [])

        with pytest.raises(Malformed):
            await invoices.page(CONTOSO.id, Wanted(Show.ALL, TODAY, 5, None, Position(key, InvoiceId(guid("x"))), sort=sort))

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

    async def test_names_the_contracts_of_the_account(self, holding: Holding) -> None:
        mine = [rows.invoice(f"INV-{number}", contract=contract) for number, contract in enumerate([rows.CONTRACT.id] * 3 + [None])]
        invoices = await holding(mine, [])

        ours, theirs = [(await invoices.page(each.id, Wanted(Show.PAID, TODAY, 1))).contracts for each in (CONTOSO, FABRIKAM)]

        assert ([contract.name for contract in ours], theirs) == ([rows.CONTRACT.name], ())


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

    async def test_finds_no_more_than_can_be_chosen_from(self, holding: Holding) -> None:
        same = [rows.invoice("INV-1", id=guid(f"same {number}")) for number in range(MOST_FOUND + 1)]
        invoices = await holding([*same, *(rows.invoice(f"X{number}") for number in range(10, 999))], [])

        assert len(await invoices.find(CONTOSO.id, "inv-1")) == MOST_FOUND
        assert len(await invoices.find(CONTOSO.id, "7")) == MOST_FOUND

    @pytest.mark.parametrize("number", ["", "  ", "%", "_", "INV%", "*", "4_1"])
    async def test_finds_nothing_by_a_wildcard(self, holding: Holding, number: str) -> None:
        invoices = await holding([rows.invoice()], [])

        assert await invoices.find(CONTOSO.id, number) == []
