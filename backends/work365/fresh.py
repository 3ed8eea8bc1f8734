"""One invoice straight from Work 365, for the moments in which the mirror may be too old."""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from decimal import Decimal
from typing import cast

from backends.dataverse.client import Dataverse
from backends.dataverse.limits import Limits
from backends.dataverse.query import Query, logical_name
from backends.rows import CurrencyRow, InvoiceRow, LineRow
from backends.work365.mapping import Work365Mapping
from backends.work365.parallel import together
from backends.work365.questions import Questions
from backends.work365.schema import Schema
from backends.work365.translate import Translator, Unreadable, text
from billing.access import AccountId
from billing.errors import NotFound, SourceDown
from billing.invoice import Contract, ContractId, Details, Invoice, InvoiceId, Line
from billing.money import Money
from billing.ports import Json


class FreshInvoices:
    """Reads past the mirror, by the same rules."""

    def __init__(self, dataverse: Dataverse, schema: Schema, limits: Limits | None = None) -> None:
        self._dataverse = dataverse
        self._schema = schema
        self._budget_s = (limits or Limits()).one_s

    async def now(self, account: AccountId, held: Details) -> Details:
        """Return what *account* has as *held* as it is now: by one request where nothing of it has changed, else by up to three.

        Raises NotFound, also when it is another account's or its status hides it; SourceDown when it takes too long.
        """
        try:
            async with asyncio.timeout(self._budget_s):
                return await _Reading(self._dataverse, await self._schema.names(), self._budget_s).now(account, held)
        except (TimeoutError, Unreadable) as error:
            raise SourceDown(source="dataverse", invoice=held.invoice.id, budget_s=self._budget_s) from error


class _Reading:
    """One read of one invoice."""

    def __init__(self, dataverse: Dataverse, names: Work365Mapping, patience_s: float) -> None:
        self._dataverse = dataverse
        self._names = names
        self._ask = Questions(names)
        self._translate = Translator(names)
        self._patience_s = patience_s

    async def now(self, account: AccountId, held: Details) -> Details:
        row = await self._dataverse.row(self._ask.invoice_with_customer(), held.invoice.id, self._patience_s)
        found = self._translate.invoice(row, await self._currencies(row))
        if not isinstance(found, InvoiceRow) or found.account != account:
            raise NotFound(account=account, invoice=held.invoice.id)
        async with together() as group:
            lines = group.create_task(self._lines(found, held))
            contract = group.create_task(self._contract(found.contract, held.invoice.contract))
        customer = _expanded(row, f"{logical_name(self._names.invoices.customer)}_account")
        return Details(
            invoice=_invoice(found, contract.result()),
            lines=lines.result(),
            customer=text(customer, self._names.accounts.name),
            address=text(customer, self._names.accounts.address),
        )

    async def _lines(self, found: InvoiceRow, held: Details) -> tuple[Line, ...]:
        if held.lines and found.changed == held.invoice.changed:
            return held.lines
        lines = [self._translate.line(row) for row in await self._all(self._ask.lines_of([found.id]))]
        return tuple(_line(line, found) for line in sorted(lines, key=lambda line: (line.position, line.id)))

    async def _currencies(self, row: Json) -> dict[str, CurrencyRow]:
        """Return the invoice's currency; all of them where it names none and the mapping has one for that."""
        named = _expanded(row, logical_name(self._names.invoices.currency))
        rows = [named] if named else await self._all(self._ask.all_of(self._names.currencies)) if self._names.missing_currency else []
        return {currency.id: currency for currency in map(self._translate.currency, rows)}

    async def _contract(self, contract: str | None, held: Contract | None) -> Contract | None:
        if contract is None:
            return None
        if held is not None and held.id == contract:
            return held
        try:
            row = await self._dataverse.row(self._ask.all_of(self._names.contracts), contract, self._patience_s)
        except NotFound:
            return None
        return Contract(ContractId(contract), self._translate.contract(row).name)

    async def _all(self, query: Query) -> list[Json]:
        async with aclosing(self._dataverse.pages(query, patience_s=self._patience_s)) as pages:
            return [row async for page in pages for row in page.rows]


def _expanded(row: Json, path: str) -> Json:
    found = row.get(path)
    return cast("Json", found) if isinstance(found, Mapping) else {}


def _invoice(row: InvoiceRow, contract: Contract | None) -> Invoice:
    def money(amount: Decimal) -> Money:
        return Money(amount, row.currency, row.digits)

    return Invoice(
        id=InvoiceId(row.id),
        number=row.number,
        name=row.name,
        state=row.state,
        due=row.due,
        billed=row.billed,
        paid=row.paid,
        total=money(row.total),
        tax=money(row.tax),
        charged=money(row.charged),
        balance=money(row.balance),
        contract=contract,
        purchase_order=row.purchase_order,
        terms=row.terms,
        bill_to=row.bill_to,
        charge=row.charge,
        pay_link=row.pay_link,
        pay_expires=row.pay_expires,
        changed=row.changed,
    )


def _line(row: LineRow, of: InvoiceRow) -> Line:
    unit_price, tax, amount = (Money(amount, of.currency, of.digits) for amount in (row.unit_price, row.tax, row.amount))
    return Line(row.position, row.product, row.description, row.quantity, unit_price, tax, amount)
