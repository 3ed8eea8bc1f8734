"""The Invoices port over the mirror: pages by position, one query each."""

from collections.abc import Sequence
from typing import LiteralString

from backends.postgres.database import Database
from backends.postgres.invoice_page import page_of, query_for
from backends.postgres.invoice_records import INVOICE_COLUMNS, NOWHERE, as_uuid, invoice_in, line_in
from backends.rows import number_key
from billing.access import AccountId
from billing.errors import NotFound
from billing.invoice import Details, Invoice, InvoiceId, Page, Wanted
from billing.ports import MOST_FOUND

_LAST = "\U0010ffff"

_INVOICE: LiteralString = f"select {INVOICE_COLUMNS} from mirror.invoices i left join mirror.contracts c on c.id = i.contract"  # noqa: S608 - literals

BY_NUMBER: LiteralString = f"{_INVOICE} where i.account = $1 and i.number_key = $2 order by i.id limit $3"

BY_END_OF_NUMBER: LiteralString = f"""
    {_INVOICE} where i.account = $1 and i.number_reversed >= $2 and i.number_reversed < $3
    order by i.number_reversed, i.id limit $4
"""

_DETAILS: LiteralString = f"""
    select {INVOICE_COLUMNS}, a.name as customer, a.address, array(
        select (l.position, l.product, l.description, l.quantity, l.unit_price, l.tax, l.amount)
        from mirror.lines l where l.invoice = i.id order by l.position, l.id) as lines
    from mirror.invoices i
    left join mirror.contracts c on c.id = i.contract
    left join mirror.accounts a on a.id = i.account
    where i.account = $1 and i.id = $2
"""  # noqa: S608 - literals


class PostgresInvoices:
    """Reads the mirror as the one account that it is asked for: by row-level security, and by every query's own filter."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, account: AccountId, wanted: Wanted) -> Page:
        """Return a page with the totals of its whole list, all of one moment."""
        query, parameters = query_for(wanted)
        async with self._database.of(account) as connection:
            rows = await connection.fetch(query, account, *parameters)
        return page_of(wanted, rows)

    async def details(self, account: AccountId, invoice: InvoiceId) -> Details:
        """Return one invoice with its lines. Raises NotFound."""
        async with self._database.of(account) as connection:
            row = await connection.fetchrow(_DETAILS, account, as_uuid(invoice) or NOWHERE)
        if row is None:
            raise NotFound(account=account, invoice=invoice)
        found = invoice_in(row)
        lines = tuple(line_in(line, found.total) for line in row["lines"])
        return Details(found, lines, row["customer"] or "", row["address"] or "")

    async def find(self, account: AccountId, number: str) -> Sequence[Invoice]:
        """Return at most ``MOST_FOUND`` invoices by their number or, failing that, by its end."""
        key = number_key(number)
        if not key:
            return []
        end = key[::-1]
        async with self._database.of(account) as connection:
            rows = await connection.fetch(BY_NUMBER, account, key, MOST_FOUND)
            if not rows:
                rows = await connection.fetch(BY_END_OF_NUMBER, account, end, end + _LAST, MOST_FOUND)
        return [invoice_in(row) for row in rows]
