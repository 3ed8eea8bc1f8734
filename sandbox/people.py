"""The demo companies and the people in them, as Entra, Teams and Work 365 all know them."""

import uuid
from dataclasses import dataclass
from functools import cache

ADMINISTRATOR = "Work 365 Administrator"
FINANCE_MANAGER = "Work365 Finance Manager"
SUBSCRIPTION_MANAGER = "Work 365 Subscription Manager"
INTERNAL_USER = "Work 365 Internal User"


@cache
def stable_id(name: str) -> str:
    """Return the same GUID for the same name, on every run."""
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{name}.sandbox.example"))


@dataclass(frozen=True, slots=True)
class DemoTenant:
    """A customer's Entra tenant."""

    id: str
    name: str
    domain: str


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody who can sign in and chat.

    key      short name, used by the person switcher and by tests
    tenant   the tenant whose Teams the person is in
    account  key of the Work 365 account whose contact the person is; None: no contact at all
    roles    web roles on that contact
    bound    whether the contact is linked by an external identity
    """

    key: str
    name: str
    tenant: DemoTenant
    account: str | None
    roles: tuple[str, ...]
    locale: str = "en-US"
    zone: str = "America/New_York"
    bound: bool = True

    @property
    def oid(self) -> str:
        """Entra object id."""
        return stable_id(f"oid.{self.key}")

    @property
    def upn(self) -> str:
        """User principal name; also the contact's mail address."""
        return f"{self.key}@{self.tenant.domain}"

    @property
    def says(self) -> str:
        """What the switcher shows below the name."""
        return f"{self.tenant.name}: {', '.join(self.roles) or 'no role'}"


PARTNER = DemoTenant(stable_id("tenant.partner"), "Northwind Cloud (the reseller)", "northwind.example")
CONTOSO = DemoTenant(stable_id("tenant.contoso"), "Contoso", "contoso.example")
FABRIKAM = DemoTenant(stable_id("tenant.fabrikam"), "Fabrikam", "fabrikam.example")
TAILSPIN = DemoTenant(stable_id("tenant.tailspin"), "Tailspin Toys", "tailspin.example")
STRANGERS = DemoTenant(stable_id("tenant.strangers"), "Woodgrove (not a customer)", "woodgrove.example")

TENANTS = (PARTNER, CONTOSO, FABRIKAM, TAILSPIN, STRANGERS)

PEOPLE = (
    DemoPerson("ada", "Ada Lindqvist", CONTOSO, "contoso", (ADMINISTRATOR,)),
    DemoPerson("finn", "Finn Okafor", CONTOSO, "contoso", (FINANCE_MANAGER,)),
    DemoPerson("nora", "Nora Weiss", CONTOSO, "contoso", ()),
    DemoPerson("sami", "Sami Haddad", CONTOSO, "contoso", (SUBSCRIPTION_MANAGER, INTERNAL_USER)),
    DemoPerson("fay", "Fay Moreau", FABRIKAM, "fabrikam", (FINANCE_MANAGER,), "en-GB", "Europe/Paris"),
    DemoPerson("greta", "Greta Vogel", FABRIKAM, "fabrikam", (ADMINISTRATOR,), "de-DE", "Europe/Berlin"),
    DemoPerson("taro", "Taro Sato", TAILSPIN, "tailspin", (ADMINISTRATOR,), "ja-JP", "Asia/Tokyo"),
    DemoPerson("uma", "Uma Petrov", TAILSPIN, None, ()),
    DemoPerson("walt", "Walt Stone", STRANGERS, None, ()),
)


def person(key: str) -> DemoPerson:
    """Return the demo person with that key; KeyError otherwise."""
    return {each.key: each for each in PEOPLE}[key]
