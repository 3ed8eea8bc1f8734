"""The reseller's customers: accounts, their contracts, currencies and the tenants they are bound to."""

from dataclasses import dataclass
from decimal import Decimal

from sandbox.people import CONTOSO, FABRIKAM, TAILSPIN, DemoTenant, stable_id


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency; ``rate`` is what one US dollar costs in it."""

    code: str
    name: str
    symbol: str
    digits: int
    rate: Decimal

    @property
    def id(self) -> str:
        """Row id."""
        return stable_id(f"currency.{self.code}")


USD = Currency("USD", "US Dollar", "$", 2, Decimal(1))
EUR = Currency("EUR", "Euro", "€", 2, Decimal("0.92"))
JPY = Currency("JPY", "Japanese Yen", "¥", 0, Decimal(151))
KWD = Currency("KWD", "Kuwaiti Dinar", "KD ", 3, Decimal("0.3071"))
GBP = Currency("GBP", "Pound Sterling", "£", 2, Decimal("0.79"))
CURRENCIES = (USD, EUR, JPY, KWD, GBP)


@dataclass(frozen=True, slots=True)
class Contract:
    """A billing contract. ``tax`` is the share of sales tax or VAT on its bills."""

    key: str
    name: str
    currency: Currency
    tax: Decimal

    @property
    def id(self) -> str:
        """Row id."""
        return stable_id(f"contract.{self.key}")


@dataclass(frozen=True, slots=True)
class Company:
    """A customer's account.

    terms   payment terms code; ``days`` what it means
    tenant  the Entra tenant it is bound to; None: bound to none
    bound   the tenant id as somebody typed it into Work 365
    """

    key: str
    name: str
    address: str
    terms: int
    days: int
    contracts: tuple[Contract, ...]
    tenant: DemoTenant | None = None
    bound: str = ""

    @property
    def id(self) -> str:
        """Row id."""
        return stable_id(f"account.{self.key}")


CONTOSO_MAIN = Contract("contoso.main", "Contoso Main", USD, Decimal("0.089"))
CONTOSO_EMEA = Contract("contoso.emea", "Contoso EMEA", EUR, Decimal("0.21"))
FABRIKAM_MAIN = Contract("fabrikam.main", "Fabrikam Rahmenvertrag", EUR, Decimal("0.19"))
TOYS_MAIN = Contract("tailspin.main", "Tailspin Toys", JPY, Decimal("0.10"))
ROBOTICS_MAIN = Contract("robotics.main", "Tailspin Robotics", JPY, Decimal("0.10"))
ROBOTICS_GULF = Contract("robotics.gulf", "Tailspin Robotics Gulf", KWD, Decimal(0))
LITWARE_MAIN = Contract("litware.main", "Litware", GBP, Decimal("0.20"))

CONTOSO_LTD = Company(
    "contoso", "Contoso Ltd", "1200 Harbor Way\nSeattle, WA 98101\nUnited States", 1, 30, (CONTOSO_MAIN, CONTOSO_EMEA), CONTOSO, CONTOSO.id
)
FABRIKAM_GMBH = Company(
    "fabrikam", "Fabrikam GmbH", "Lindenstraße 14\n10969 Berlin\nGermany", 3, 45, (FABRIKAM_MAIN,), FABRIKAM, FABRIKAM.id.upper()
)
TAILSPIN_TOYS = Company(
    "tailspin", "Tailspin Toys", "2-7-1 Marunouchi\nChiyoda-ku, Tokyo 100-0005\nJapan", 4, 60, (TOYS_MAIN,), TAILSPIN, TAILSPIN.id
)
TAILSPIN_ROBOTICS = Company(
    "robotics",
    "Tailspin Robotics",
    "1-1-3 Umeda\nKita-ku, Osaka 530-0001\nJapan",
    1,
    30,
    (ROBOTICS_MAIN, ROBOTICS_GULF),
    TAILSPIN,
    TAILSPIN.id,
)
LITWARE = Company("litware", "Litware", "8 Quay Street\nBristol BS1 4DJ\nUnited Kingdom", 2, 30, (LITWARE_MAIN,))
COMPANIES = (CONTOSO_LTD, FABRIKAM_GMBH, TAILSPIN_TOYS, TAILSPIN_ROBOTICS, LITWARE)
