"""Usage, streamed from Work 365 page by page and never kept."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from decimal import Decimal

from backends.dataverse.client import Dataverse
from backends.work365.names import UsageNames
from backends.work365.questions import Questions
from backends.work365.schema import Schema
from backends.work365.translate import Unreadable, amount, day, text
from billing.access import AccountId
from billing.errors import NotFound, SourceDown, UsageOff
from billing.invoice import InvoiceId
from billing.ports import Json
from billing.usage import UsageRow

PAGE = 2_000
"""Rows in memory at once, of each download."""


class UsageLines:
    """Reads the mapped columns of an invoice's usage, and no others."""

    def __init__(self, dataverse: Dataverse, schema: Schema) -> None:
        self._dataverse = dataverse
        self._schema = schema

    async def rows(self, account: AccountId, invoice: InvoiceId) -> AsyncGenerator[Sequence[UsageRow]]:
        """Yield the invoice's usage, some thousand rows at a time; close the generator to stop early.

        Raises UsageOff where the environment has no such table, NotFound, also when the invoice exists in another account or is
        hidden, and SourceDown, also in the middle.
        """
        names = await self._schema.names()
        if names.usage is None:
            raise UsageOff(account=account, invoice=invoice)
        await self._require(account, invoice)
        async with aclosing(self._dataverse.pages(Questions(names).usage_of(names.usage, invoice), PAGE)) as pages:
            async for page in pages:
                handed = [[_row(row, names.usage) for row in page.rows]]
                page.rows.clear()
                yield handed.pop()  # while a slow reader is waited for, nobody keeps the rows

    async def _require(self, account: AccountId, invoice: InvoiceId) -> None:
        """Raise NotFound unless *account* may see the invoice."""
        names = await self._schema.names()
        row = await self._dataverse.row(Questions(names).owner(), invoice)
        state = names.status.state(row.get(names.invoices.state), row.get(names.invoices.status))
        if state is None or text(row, names.invoices.customer).lower() != account:
            raise NotFound(account=account, invoice=invoice)


def _row(row: Json, names: UsageNames) -> UsageRow:
    try:
        return UsageRow(
            day=day(row, names.date),
            subscription=text(row, names.subscription),
            service=text(row, names.service),
            resource=text(row, names.resource),
            region=text(row, names.region),
            quantity=_number(row, names.quantity),
            unit=text(row, names.unit),
            unit_price=_number(row, names.unit_price),
            total=_number(row, names.total),
            currency=text(row, names.currency),
        )
    except Unreadable as error:  # to leave the row out would pass off a part as the whole
        raise SourceDown(source="dataverse", table=names.entity_set, column=str(error)) from error


def _number(row: Json, column: str | None) -> Decimal | None:
    return None if column is None or row.get(column) is None else amount(row, column)
