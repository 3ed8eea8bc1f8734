"""What is asked of Dataverse: each question selects the mapped columns and no others."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from backends.dataverse.query import Expand, Filter, Query, both, either, has_id, has_number, is_in, logical_name, neither, since
from backends.work365.mapping import Work365Mapping
from backends.work365.names import Names, UsageNames


@dataclass(frozen=True, slots=True)
class Questions:
    """Builds queries with the names of one environment."""

    names: Work365Mapping

    def all_of(self, table: Names) -> Query:
        """Ask for every row of a table."""
        return Query(table.entity_set, table.columns)

    def accounts(self) -> Query:
        """Ask for all companies, with their web roles."""
        return self._with_roles(self.names.accounts, self.names.web_roles and self.names.web_roles.account)

    def contacts(self) -> Query:
        """Ask for all people, with their web roles."""
        return self._with_roles(self.names.contacts, self.names.web_roles and self.names.web_roles.contact)

    def invoices(self, changed_since: datetime | None) -> Query:
        """Ask for invoices in the order of their changes."""
        return self._by_change(self.names.invoices, self.names.invoices.modified, changed_since)

    def invoices_with(self, ids: Iterable[str]) -> Query:
        """Ask for some invoices."""
        names = self.names.invoices
        return Query(names.entity_set, names.columns, is_in(names.id, ids))

    def visible_invoices(self) -> Filter:
        """Match the invoices that customers may see."""
        return either(*map(self._is, self.names.status.shown))

    def unlisted_invoices(self) -> Query:
        """Ask for the states of invoices that have one of which the mapping does not speak."""
        names, status = self.names.invoices, self.names.status
        return Query(names.entity_set, (names.id, names.state, names.status), neither(*map(self._is, (*status.shown, *status.hidden))))

    def _is(self, pair: tuple[int, int | None]) -> Filter:
        """Match invoices with that pair of statecode and statuscode; None stands for any statuscode."""
        (state, status), names = pair, self.names.invoices
        has_state = has_number(names.state, state)
        return has_state if status is None else both(has_state, has_number(names.status, status))

    def invoice_with_customer(self) -> Query:
        """Ask for an invoice along with its currency and its customer's name and address."""
        invoice, account, currency = self.names.invoices, self.names.accounts, self.names.currencies
        customer = Expand(f"{logical_name(invoice.customer)}_account", account.columns)
        return Query(invoice.entity_set, invoice.columns, expand=(customer, Expand(logical_name(invoice.currency), currency.columns)))

    def lines(self, changed_since: datetime | None) -> Query:
        """Ask for lines in the order of their changes, with what decides whether their invoices are shown."""
        lines, invoice = self.names.lines, self.names.invoices
        query = self._by_change(lines, lines.modified, changed_since)
        shown = Expand(logical_name(lines.invoice), (invoice.state, invoice.status, invoice.currency))
        return Query(query.table, query.select, query.where, query.order, (shown,))

    def changed_lines(self, changed_since: datetime | None) -> Query:
        """Ask which lines of which invoices have changed."""
        lines = self.names.lines
        where = None if changed_since is None else since(lines.modified, changed_since)
        return Query(lines.entity_set, (lines.id, lines.invoice, lines.modified), where, (lines.modified, lines.id))

    def lines_of(self, invoices: Iterable[str]) -> Query:
        """Ask for all lines of some invoices."""
        lines = self.names.lines
        return Query(lines.entity_set, lines.columns, is_in(lines.invoice, invoices))

    def owners_of(self, lines: Iterable[str]) -> Query:
        """Ask which invoices some lines belong to."""
        names = self.names.lines
        return Query(names.entity_set, (names.invoice,), is_in(names.id, lines))

    def owner(self) -> Query:
        """Ask whose an invoice is and whether it is visible."""
        names = self.names.invoices
        return Query(names.entity_set, (names.customer, names.state, names.status))

    def usage_of(self, usage: UsageNames, invoice: str) -> Query:
        """Ask for an invoice's usage, day by day where it has days."""
        order = (usage.date, usage.id) if usage.date else ()
        return Query(usage.entity_set, usage.columns, has_id(usage.invoice, invoice), order)

    def samples(self) -> dict[str, Query]:
        """Return a question to each table that shows whether it may be read, by section of the mapping."""
        samples = {at: self.all_of(names) for at, names in self.names.tables.items()}
        return samples | {"accounts": self.accounts(), "contacts": self.contacts()}

    def _with_roles(self, table: Names, path: str | None) -> Query:
        roles = self.names.web_roles
        expand = (Expand(path, (roles.name,)),) if roles and path else ()
        return Query(table.entity_set, table.columns, expand=expand)

    def _by_change(self, table: Names, modified: str, changed_since: datetime | None) -> Query:
        where = None if changed_since is None else since(modified, changed_since)
        return Query(table.entity_set, table.columns, where, (modified, table.id))
