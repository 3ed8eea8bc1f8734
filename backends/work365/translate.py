"""Dataverse rows in our words. Every function raises Unreadable for a row that lacks what its table cannot do without."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import cast

from backends.dataverse.query import guid
from backends.rows import (
    AccountRow,
    ContactRow,
    ContractRow,
    CurrencyRow,
    IdentityRow,
    InvoiceRow,
    LineRow,
    ProviderAccountRow,
    RoleRow,
)
from backends.work365.mapping import Work365Mapping
from billing.invoice import State
from billing.ports import Json

ACTIVE = 0
MOST_DIGITS = 10
MOST_MAGNITUDE = 18
"""Power of ten beyond which a number is a mistake: Dataverse keeps money below 10^15."""

MOST_POSITION = 2**31 - 1
DATE_CHARS = 10
_NOTHING = Decimal(0)
_NUMBERS = (int, Decimal, str)


class Unreadable(Exception):
    """A row that makes no sense: an id that is no GUID, an amount that is no number."""


class Hidden(Enum):
    """Why an invoice is kept from its customer."""

    STATUS = "hidden by its status"
    UNKNOWN_STATUS = "unknown status"
    NO_CURRENCY = "without a known currency"


@dataclass(frozen=True, slots=True)
class Translator:
    """Reads rows by the names of one environment."""

    names: Work365Mapping

    def account(self, row: Json) -> AccountRow:
        """Return a customer company."""
        names = self.names.accounts
        return AccountRow(row_id(row, names.id), text(row, names.name), text(row, names.address))

    def contact(self, row: Json) -> ContactRow:
        """Return a person at a customer."""
        names = self.names.contacts
        account = _optional_id(row, names.account)
        return ContactRow(row_id(row, names.id), text(row, names.name), text(row, names.email), account, row.get(names.state) == ACTIVE)

    def roles(self, row: Json, holder: str, path: str | None) -> list[RoleRow]:
        """Return the web roles that were read along with a contact or an account."""
        found = row.get(path) if path else None
        if self.names.web_roles is None or not isinstance(found, list):
            return []
        names = [text(each, self.names.web_roles.name) for each in cast("list[Json]", found)]
        return [RoleRow(holder, name) for name in names if name]

    def provider_account(self, row: Json) -> ProviderAccountRow | None:
        """Return the tie between a tenant and an account; None where it ties nothing."""
        names = self.names.provider_accounts
        tenant, account = text(row, names.tenant).strip().lower(), _optional_id(row, names.account)
        return ProviderAccountRow(row_id(row, names.id), tenant, account) if tenant and account and _is_active(row, names.state) else None

    def identity(self, row: Json) -> IdentityRow | None:
        """Return the tie between a person and a contact; None where it ties nothing."""
        names = self.names.identities
        username, contact = text(row, names.username).strip(), _optional_id(row, names.contact)
        return IdentityRow(row_id(row, names.id), contact, username) if username and contact and _is_active(row, names.state) else None

    def currency(self, row: Json) -> CurrencyRow:
        """Return a currency."""
        names = self.names.currencies
        code, digits = text(row, names.code).strip().upper(), row.get(names.digits)
        if not code or not isinstance(digits, int) or not 0 <= digits <= MOST_DIGITS:
            raise Unreadable(names.entity_set)
        return CurrencyRow(row_id(row, names.id), code, digits)

    def contract(self, row: Json) -> ContractRow:
        """Return a billing contract."""
        names = self.names.contracts
        return ContractRow(row_id(row, names.id), text(row, names.name))

    def invoice(self, row: Json, currencies: Mapping[str, CurrencyRow]) -> InvoiceRow | Hidden:
        """Return an invoice, or why its customer may not see it."""
        names, status = self.names.invoices, self.names.status
        state = status.state(row.get(names.state), row.get(names.status))
        if state is None:
            return Hidden.STATUS if status.knows(row.get(names.state), row.get(names.status)) else Hidden.UNKNOWN_STATUS
        currency = self._currency(row, currencies)
        return Hidden.NO_CURRENCY if currency is None else self._shown(row, state, currency)

    def line(self, row: Json) -> LineRow:
        """Return one line of an invoice."""
        names = self.names.lines
        position = row.get(names.position) if names.position else None
        return LineRow(
            id=row_id(row, names.id),
            invoice=row_id(row, names.invoice),
            position=position if isinstance(position, int) and abs(position) <= MOST_POSITION else 0,
            product=next(filter(None, _texts(row, names.product)), ""),
            description="\n".join(dict.fromkeys(filter(None, _texts(row, names.description)))),
            quantity=amount(row, names.quantity),
            unit_price=amount(row, names.unit_price),
            tax=amount(row, names.tax),
            amount=amount(row, names.amount),
        )

    def _currency(self, row: Json, currencies: Mapping[str, CurrencyRow]) -> CurrencyRow | None:
        named = _optional_id(row, self.names.invoices.currency)
        if named is not None:
            return currencies.get(named)
        return next((each for each in currencies.values() if each.code == self.names.missing_currency), None)

    def _shown(self, row: Json, state: State, currency: CurrencyRow) -> InvoiceRow:
        names = self.names.invoices
        terms = row.get(names.terms) if names.terms else None
        changed = instant(row, names.modified)
        if changed is None:
            raise Unreadable(names.modified)
        return InvoiceRow(
            id=row_id(row, names.id),
            account=row_id(row, names.customer),
            number=text(row, names.number).strip() or text(row, names.name),
            name=text(row, names.name),
            state=state,
            due=day(row, names.due),
            billed=day(row, names.billed),
            paid=day(row, names.paid),
            total=amount(row, names.total),
            tax=amount(row, names.tax),
            charged=amount(row, names.charged),
            currency=currency.code,
            digits=currency.digits,
            contract=_optional_id(row, names.contract),
            purchase_order=text(row, names.purchase_order),
            terms=self.names.terms.get(terms, "") if isinstance(terms, int) else "",
            bill_to=text(row, names.bill_to),
            charge=self.names.charges.charge(row.get(names.charge) if names.charge else None),
            pay_link=text(row, names.pay_link).strip() or None,
            pay_expires=instant(row, names.pay_expires),
            changed=changed,
        )


def amount(row: Json, column: str | None) -> Decimal:
    """Return a number exactly, nothing for null. Raises Unreadable."""
    value = row.get(column) if column else None
    if value is None:
        return _NOTHING
    if isinstance(value, bool) or not isinstance(value, _NUMBERS):
        raise Unreadable(column)
    try:
        found = Decimal(value)
    except InvalidOperation as error:
        raise Unreadable(column) from error
    if not found.is_finite() or found.adjusted() > MOST_MAGNITUDE:
        raise Unreadable(column)
    return found


def day(row: Json, column: str | None) -> date | None:
    """Return a calendar date as it stands, never shifted by a time zone. Raises Unreadable."""
    value = text(row, column)
    try:
        return date.fromisoformat(value[:DATE_CHARS]) if value else None
    except ValueError as error:
        raise Unreadable(column) from error


def instant(row: Json, column: str | None) -> datetime | None:
    """Return an aware instant; of a bare date, the end of that day. Raises Unreadable."""
    value = text(row, column)
    try:
        if not value:
            return None
        if len(value) == DATE_CHARS:
            return datetime.combine(date.fromisoformat(value) + timedelta(days=1), time(tzinfo=UTC))
        found = datetime.fromisoformat(value)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Unreadable(column) from error


def row_id(row: Json, column: str) -> str:
    """Return the id in *column*. Raises Unreadable."""
    found = _optional_id(row, column)
    if found is None:
        raise Unreadable(column)
    return found


def _optional_id(row: Json, column: str | None) -> str | None:
    value = row.get(column) if column else None
    try:
        return None if value is None else guid(value)
    except ValueError as error:
        raise Unreadable(column) from error


def _is_active(row: Json, column: str | None) -> bool:
    return column is None or row.get(column) == ACTIVE


def text(row: Json, column: str | None) -> str:
    """Return a text, empty for null."""
    value = row.get(column) if column else None
    return value if isinstance(value, str) else "" if value is None else str(value)


def _texts(row: Json, columns: tuple[str, ...]) -> list[str]:
    return [text(row, column) for column in columns]
