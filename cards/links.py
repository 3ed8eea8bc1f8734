"""Addresses of the product's own pages. They carry no secret: the page asks the browser who it is."""

from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from billing.invoice import InvoiceId


class Links:
    """Addresses below the public URL, which may have a path of its own.

    has_usage  whether there is usage to download
    """

    def __init__(self, public_url: str, *, has_usage: bool = True) -> None:
        self.has_usage = has_usage
        scheme, host, path, _, _ = urlsplit(public_url)
        self._root = urlunsplit((scheme, host, path.rstrip("/"), "", ""))
        self._invoices = f"{self._root}/invoices"

    def invoices(self) -> str:
        """Return the page that lists the invoices."""
        return self._invoices

    def workbook(self) -> str:
        """Return the list of all invoices as an Excel workbook."""
        return f"{self._invoices}.csv?{urlencode({'show': 'all', 'format': 'xlsx'})}"

    def invoice(self, invoice: InvoiceId) -> str:
        """Return an invoice's page, which is also what gets printed."""
        return f"{self._invoices}/{quote(invoice, safe='')}"

    def pdf(self, invoice: InvoiceId) -> str:
        """Return an invoice as a PDF file."""
        return f"{self._invoices}/{quote(invoice, safe='')}/invoice.pdf"

    def usage(self, invoice: InvoiceId) -> str:
        """Return an invoice's usage as a CSV file."""
        return f"{self._invoices}/{quote(invoice, safe='')}/usage.csv"

    def pay(self, invoice: InvoiceId) -> str:
        """Return the address that checks an invoice once more and then leads to its payment page."""
        return f"{self._invoices}/{quote(invoice, safe='')}/pay"

    def disclosure(self) -> str:
        """Return everything that is kept about whoever opens it, as a file."""
        return f"{self._root}/my-data.json"

    def sign_in(self, request_id: str) -> str:
        """Return where a browser finishes the sign-in that a chat asked for."""
        return f"{self._root}/auth/start?{urlencode({'request': request_id})}"
