"""What the processor does with an invoice: look it up by its link, charge it, and say so in Work 365."""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from sandbox.dataverse.columns import Row
from sandbox.dataverse.environment import Home, environment
from sandbox.dataverse.table import Table

_BILLED = (0, 4)
_PARTIAL = (2, 100002)
_COMPLETE = (2, 100001)


class Standing(StrEnum):
    """What the page has to say about an invoice."""

    DUE = "due"
    PAID = "paid"
    PENDING = "pending"
    EXPIRED = "expired"
    NOTHING_DUE = "nothing_due"


class Choice(StrEnum):
    """The page's buttons."""

    PAY = "pay"
    PART = "part"
    DEBIT = "debit"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Checkout:
    """One invoice at the till.

    due       what is left to pay
    part      what ``Choice.PART`` pays: half of it
    currency  ISO code; empty where Work 365 has none
    digits    places that the currency has
    """

    id: str
    number: str
    customer: str
    standing: Standing
    due: Decimal
    currency: str
    digits: int

    @property
    def part(self) -> Decimal:
        """Half of what is due, at the currency's precision."""
        return (self.due / 2).quantize(Decimal(1).scaleb(-self.digits), ROUND_HALF_UP)

    def shown(self, amount: Decimal) -> str:
        """Return an amount for people: ``USD 1,234.50``."""
        return f"{self.currency} {amount:,.{self.digits}f}".strip()


class Till:
    """Takes demo payments."""

    def __init__(self, world: Home) -> None:
        self._world = world

    def checkout(self, token: str) -> Checkout | None:
        """Return the invoice behind a payment link; None for a link that nobody issued."""
        link = f"{self._world.site.base_url}/pay/{token}"
        row = next(iter(self._invoices.find("work365_invoice_paylink", link)), None)
        return self._checkout(row) if row else None

    def take(self, checkout: Checkout, choice: Choice) -> None:
        """Do what a button of a checkout that is DUE says, and write it into Work 365."""
        row = self._invoices[checkout.id]
        match choice:
            case Choice.PAY:
                self._charged(checkout, _COMPLETE, row["totalamount"])
            case Choice.PART:
                self._charged(checkout, _PARTIAL, (row.get("work365_invoice_amountcharged") or Decimal(0)) + checkout.part)
            case Choice.DEBIT:
                self._invoices.change(checkout.id, work365_invoice_lastchargestatus="Pending")
            case Choice.CANCEL:
                pass

    @property
    def _invoices(self) -> Table:
        return environment(self._world).table("invoices")

    def _charged(self, checkout: Checkout, state: tuple[int, int], amount: Decimal) -> None:
        self._invoices.change(
            checkout.id,
            statecode=state[0],
            statuscode=state[1],
            work365_invoice_amountcharged=amount,
            work365_invoice_paidondate=self._world.site.clock().date(),
            work365_invoice_lastchargestatus="Succeeded",
        )

    def _checkout(self, row: Row) -> Checkout:
        tables = environment(self._world)
        currency = tables.table("transactioncurrencies").get(row.get("_transactioncurrencyid_value") or "", {})
        customer = tables.table("accounts").get(row.get("_customerid_value") or "", {})
        due = row["totalamount"] - (row.get("work365_invoice_amountcharged") or Decimal(0))
        standing = _standing(row, due, self._world.site.clock())
        code, digits = currency.get("isocurrencycode", ""), currency.get("currencyprecision", 2)
        return Checkout(row["invoiceid"], row["invoicenumber"], customer.get("name", ""), standing, due, code, digits)


def _standing(row: Row, due: Decimal, now: datetime) -> Standing:
    state = (row["statecode"], row["statuscode"])
    if state == _COMPLETE:
        return Standing.PAID
    if state not in (_BILLED, _PARTIAL) or due <= 0:
        return Standing.NOTHING_DUE
    if row.get("work365_invoice_lastchargestatus") == "Pending":
        return Standing.PENDING
    expires = row.get("work365_invoice_paymentexpirydate")
    return Standing.EXPIRED if expires and expires <= now else Standing.DUE
