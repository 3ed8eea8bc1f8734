"""Whether an invoice can be paid now, and where that may lead."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from billing.access import TenantId
from billing.errors import NotPayable, Unpayable
from billing.invoice import Charge, Invoice, InvoiceId

_LINK: Final = re.compile(r"(https?)://([a-z0-9.-]+)(?::([0-9]{1,5}))?(?:[/?#][!-\[\]-~]*)?", re.ASCII | re.IGNORECASE)
"""What browsers and we read alike: a plain host, no name or password before it, and ASCII without backslash and blank after it."""


@dataclass(frozen=True, slots=True)
class PayRule:
    """The operator's rule for payment links.

    hosts          host names that Pay now may lead to; none switches it off
    plain_http_on  a host that may be reached without TLS: the sandbox's loopback address, else None
    off_for        tenants whose people do not pay from here
    off_on_phones  whether nobody pays from a phone, as an app store may demand
    """

    hosts: frozenset[str]
    plain_http_on: str | None = None
    off_for: frozenset[TenantId] = frozenset()
    off_on_phones: bool = False

    def on(self, tenant: TenantId, *, is_phone: bool | None) -> "PayRule":
        """Return the rule for a person of *tenant* at that device.

        is_phone  None where nobody knows what it will be read on
        """
        is_off = tenant in self.off_for or (is_phone is not False and self.off_on_phones)
        return replace(self, hosts=frozenset()) if is_off else self

    def link(self, invoice: Invoice, now: datetime) -> str:
        """Return the payment page's address. Raises NotPayable with the reason."""
        reason = self.against(invoice, now)
        if reason is not None:
            raise NotPayable(reason, invoice.number, invoice=invoice.id)
        return invoice.pay_link or ""

    def offers(self, invoice: Invoice, now: datetime) -> bool:
        """Whether a Pay now button makes sense; the click checks again with a fresh read."""
        return self.against(invoice, now) is None

    def payable(self, invoices: Iterable[Invoice], now: datetime) -> frozenset[InvoiceId]:
        """Return which of *invoices* a Pay now button makes sense for."""
        return frozenset(each.id for each in invoices if self.offers(each, now))

    def against(self, invoice: Invoice, now: datetime) -> Unpayable | None:
        """Return why an invoice cannot be paid; None where it can."""
        if not self.hosts:
            return Unpayable.SWITCHED_OFF
        if not invoice.is_open:
            return Unpayable.PAID
        if invoice.balance.amount <= 0:
            return Unpayable.NOTHING_DUE
        if invoice.charge is Charge.PENDING:
            return Unpayable.PENDING
        if not invoice.pay_link:
            return Unpayable.NO_LINK
        if invoice.pay_expires is not None and invoice.pay_expires <= now:
            return Unpayable.EXPIRED
        return None if self._trusts(invoice.pay_link) else Unpayable.UNTRUSTED_LINK

    def _trusts(self, link: str) -> bool:
        found = _LINK.fullmatch(link)
        if found is None:
            return False
        scheme, host, port = found[1].lower(), found[2].lower(), int(found[3] or 443)
        secure = scheme == "https" or (scheme == "http" and host == self.plain_http_on)
        return secure and host in self.hosts and port in range(1, 65536)
