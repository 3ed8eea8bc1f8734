"""The permission first, and the account from the caller alone."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from billing.access import AccountId, Caller
from billing.errors import NoRole, NotFound, SourceDown
from billing.invoice import Details, Invoice, InvoiceId, Page, Position, Show, Wanted
from billing.queries import InvoiceQueries
from tests.make import CONTOSO, FABRIKAM, TODAY, caller, details, guid, invoice, page, totals

WANTED = Wanted(Show.OPEN, TODAY, 8)


class Shelf:
    """Holds one invoice of Contoso's.

    asked  whose account each question was about
    """

    def __init__(self) -> None:
        self.asked: list[AccountId] = []
        self.is_down = False

    async def page(self, account: AccountId, wanted: Wanted) -> Page:
        """Return a page."""
        return replace(page(*self._of(account)), wanted=wanted)

    async def details(self, account: AccountId, invoice: InvoiceId) -> Details:
        """Return the invoice in full."""
        for each in self._of(account):
            if each.id == invoice:
                return details(each)
        raise NotFound(invoice=invoice)

    async def find(self, account: AccountId, number: str) -> Sequence[Invoice]:
        """Return the invoice if it bears the number."""
        return [each for each in self._of(account) if each.number == number]

    def _of(self, account: AccountId) -> list[Invoice]:
        self.asked.append(account)
        if self.is_down:
            raise SourceDown
        return [invoice("INV-1")] if account == CONTOSO.id else []


class Leafed(Shelf):
    """Holds many invoices of Contoso's, a position being the number of those before it."""

    def __init__(self, held: Sequence[Invoice]) -> None:
        super().__init__()
        self._held = held

    async def page(self, account: AccountId, wanted: Wanted) -> Page:
        """Return a page with the totals of all."""
        self.asked.append(account)
        begin = int(wanted.position.key) if wanted.position else 0
        shown, end = tuple(self._held[begin : begin + wanted.limit]), begin + wanted.limit
        further = Position(str(end), shown[-1].id) if end < len(self._held) else None
        return Page(wanted, shown, totals(*self._held), begin + 1 if shown else 0, None, further)


Ask = Callable[[InvoiceQueries, Caller], Awaitable[Any]]
ASKED: dict[str, Ask] = {
    "page": lambda queries, who: queries.page(who, WANTED),
    "details": lambda queries, who: queries.details(who, InvoiceId(guid("INV-1"))),
    "find": lambda queries, who: queries.find(who, "INV-1"),
}


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
class TestEveryQuestion:
    async def test_is_answered_from_the_callers_account(self, ask: Ask) -> None:
        shelf = Shelf()

        assert await ask(InvoiceQueries(shelf), caller())
        assert shelf.asked == [CONTOSO.id]

    async def test_is_refused_without_a_role_and_nobody_is_asked(self, ask: Ask) -> None:
        shelf = Shelf()

        with pytest.raises(NoRole):
            await ask(InvoiceQueries(shelf), replace(caller(), roles=frozenset()))
        assert shelf.asked == []

    async def test_says_so_when_the_source_is_down(self, ask: Ask) -> None:
        shelf = Shelf()
        shelf.is_down = True

        with pytest.raises(SourceDown):
            await ask(InvoiceQueries(shelf), caller())


class TestFirstOwed:
    """Before what is owed, the list may have credits and bills of nothing."""

    async def first(self, *held: Invoice) -> Invoice | None:
        """Return what is to be paid first of Contoso's bills, looked for from a page of one row on."""
        queries, contoso = InvoiceQueries(Leafed(held)), caller()
        return await queries.first_owed(contoso, await queries.page(contoso, replace(WANTED, limit=1)))

    @pytest.mark.parametrize("before", [0, 1, 150])
    async def test_is_found_behind_credits(self, before: int) -> None:
        owed = invoice("INV-1")
        credits_ = [invoice(f"CR-{number}", total="-5") for number in range(before)]

        assert await self.first(*credits_, owed, invoice("INV-2")) == owed

    async def test_is_none_where_nothing_is_owed(self) -> None:
        assert await self.first(*(invoice(f"CR-{number}", total="-5") for number in range(9))) is None
        assert await self.first() is None


class TestAnotherCompany:
    async def test_finds_nothing_of_contosos(self) -> None:
        queries, fay = InvoiceQueries(Shelf()), caller(company=FABRIKAM)

        assert (await queries.page(fay, WANTED)).count == 0
        with pytest.raises(NotFound):
            await queries.details(fay, InvoiceId(guid("INV-1")))
        with pytest.raises(NotFound):
            await queries.find(fay, "INV-1")

    async def test_of_the_same_person_is_searched_after_the_chosen_one(self) -> None:
        shelf = Shelf()
        fay = replace(caller(company=FABRIKAM), companies=(FABRIKAM, CONTOSO))

        assert [each.number for each in await InvoiceQueries(shelf).find(fay, "INV-1")] == ["INV-1"]
        assert shelf.asked[0] == FABRIKAM.id
