"""What a person can ask about their company's invoices."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final

from billing.access import BILLING, AccountId, Caller
from billing.errors import NotFound
from billing.invoice import Details, Invoice, InvoiceId, Page, Turn, Wanted
from billing.ports import Invoices

_LEAFED: Final = 100
"""Rows that are looked at together where one among them is wanted."""

_SEARCHED: Final = 20
"""Companies of a person in which a number is looked for."""

_DIGITS: Final = re.compile(r"\d+$", re.ASCII)


class InvoiceQueries:
    """Answers from the mirror. The account comes from the caller alone."""

    def __init__(self, invoices: Invoices) -> None:
        self._invoices = invoices

    async def page(self, caller: Caller, wanted: Wanted) -> Page:
        """Return a page of the caller's invoices with the totals of the whole list."""
        caller.require(BILLING)
        return await self._invoices.page(caller.account, wanted)

    async def first_owed(self, caller: Caller, page: Page) -> Invoice | None:
        """Return the first invoice with something left to pay, from *page* of a list on; None where nothing is.

        Before it there may be credits, and bills of nothing.
        """
        while any(total.balance.amount > total.credit.amount for total in page.totals):
            for each in page.invoices:
                if each.is_owing:
                    return each
            if page.further is None:
                break
            page = await self.page(caller, replace(page.wanted, position=page.further, turn=Turn.AFTER, limit=_LEAFED))
        return None

    async def details(self, caller: Caller, invoice: InvoiceId) -> Details:
        """Return one invoice with its lines. Raises NotFound also when it is another account's."""
        caller.require(BILLING)
        return await self._invoices.details(caller.account, invoice)

    async def turned(self, caller: Caller, invoice: InvoiceId) -> Caller:
        """Return the caller turned to that of their companies which has the invoice; unchanged where none has it.

        A reminder speaks of all companies of a person, whichever of them they have chosen.
        """
        caller.require(BILLING)
        for company in caller.companies if len(caller.companies) > 1 else ():
            with suppress(NotFound):
                await self._invoices.details(company.id, invoice)
                return replace(caller, company=company)
        return caller

    async def find(self, caller: Caller, number: str) -> Sequence[Invoice]:
        """Return the invoices that a person may mean by *number*, never none: raises NotFound instead.

        What stands between its letters and digits counts only where a number has it as it was typed. Where the chosen company
        has none, the first other company of the person that has some counts: a reminder speaks of all of them.
        """
        caller.require(BILLING)
        for account in list(dict.fromkeys((caller.account, *(each.id for each in caller.companies))))[:_SEARCHED]:
            found = await self._invoices.find(account, number) or await self._find_bare(account, number)
            if found:
                return found
        raise NotFound(number, account=caller.account)

    async def _find_bare(self, account: AccountId, number: str) -> Sequence[Invoice]:
        """Look for the digits at the end, by the same index, and leave out what differs before them: "inv10424" is INV-10424."""
        digits = _DIGITS.search(number)
        if digits is None or digits[0] == number:
            return []
        ends = await self._invoices.find(account, digits[0])
        return [each for each in ends if _bare(each.number).endswith(_bare(number))]


def _bare(number: str) -> str:
    """Return a number's letters and digits."""
    return "".join(each for each in number.casefold() if each.isalnum())
