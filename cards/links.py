"""Addresses of the product's own pages. They carry no secret: the page asks the browser who it is."""

from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from billing.invoice import InvoiceId


class Links:
    """Addresses below the public URL, which may have a path of its own."""

    def __init__(self, public_url: str) -> None:
        scheme, host, path, _, _ = urlsplit(public_url)
        self._root = urlunsplit((scheme, host, path.rstrip("/"), "", ""))

    def invoices(self) -> str:
        """Return the page that lists the invoices."""
        return self._address("invoices")

    def invoice(self, invoice: InvoiceId) -> str:
        """Return an invoice's page, which is also what gets printed."""
        return self._address("invoices", invoice)

    def pdf(self, invoice: InvoiceId) -> str:
        """Return an invoice as a PDF file."""
        return self._address("invoices", invoice, "invoice.pdf")

    def usage(self, invoice: InvoiceId) -> str:
        """Return an invoice's usage as a CSV file."""
        return self._address("invoices", invoice, "usage.csv")

    def pay(self, invoice: InvoiceId) -> str:
        """Return the address that checks an invoice once more and then leads to its payment page."""
        return self._address("invoices", invoice, "pay")

    def sign_in(self, request_id: str) -> str:
        """Return where a browser finishes the sign-in that a chat asked for."""
        return self._address("auth", "start", request=request_id)

    def _address(self, *segments: str, **query: str) -> str:
        address = "/".join((self._root, *(quote(segment, safe="") for segment in segments)))
        return f"{address}?{urlencode(query)}" if query else address
