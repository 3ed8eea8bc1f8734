"""Accounts, contracts, contacts, external identities and web roles as rows of Dataverse."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sandbox.dataverse.columns import Row
from sandbox.demo.companies import COMPANIES, CURRENCIES, TAILSPIN_ROBOTICS, Company
from sandbox.demo.partner import RESELLER_MARGIN
from sandbox.people import (
    ADMINISTRATOR,
    CONTOSO,
    FINANCE_MANAGER,
    INTERNAL_USER,
    PEOPLE,
    SUBSCRIPTION_MANAGER,
    DemoPerson,
    person,
    stable_id,
)

FINANCE_MANAGER_SPACED = "Work 365 Finance Manager"
"""The same role as on other sites: the spelling varies."""

WEB_ROLES = (ADMINISTRATOR, FINANCE_MANAGER, FINANCE_MANAGER_SPACED, SUBSCRIPTION_MANAGER, INTERNAL_USER, "Authenticated Users")
_ACTIVE = {"statecode": 0, "statuscode": 1}
_INACTIVE = {"statecode": 1, "statuscode": 2}


class Put(NamedTuple):
    """A row and the entity set that it belongs to."""

    plural: str
    row: Row


def customer_rows(*, enhanced: bool) -> Iterator[Put]:
    """Yield every row about customers; web roles in the enhanced data model of Power Pages, or in the standard one."""
    for currency in CURRENCIES:
        row = {"isocurrencycode": currency.code, "currencyname": currency.name, "currencysymbol": currency.symbol}
        numbers = {"currencyprecision": currency.digits, "exchangerate": currency.rate}
        yield Put("transactioncurrencies", {"transactioncurrencyid": currency.id, **row, **numbers})
    for company in COMPANIES:
        yield from _company(company)
    yield from _loose_ends()
    roles = Roles(enhanced=enhanced)
    yield from roles.definitions()
    for someone in PEOPLE:
        if someone.account:
            yield from _contact(someone, someone.account)
            yield from roles.of_contact(contact_id(someone.key), (_as_spelt_there(someone, role) for role in someone.roles))
    yield from _second_account(person("taro"), TAILSPIN_ROBOTICS)
    yield roles.of_account(TAILSPIN_ROBOTICS.id, ADMINISTRATOR)
    yield from _former_employee()
    yield from roles.of_contact(contact_id("former"), [FINANCE_MANAGER])


def contact_id(key: str) -> str:
    """Return the id of a person's contact; ``taro.robotics`` is the one in the tenant's second account."""
    return stable_id(f"contact.{key}")


def role_id(name: str) -> str:
    """Return the id of a web role."""
    return stable_id(f"role.{name}")


class Roles:
    """Writes web roles in one of the two data models of Power Pages."""

    def __init__(self, *, enhanced: bool) -> None:
        self._enhanced = enhanced
        self._tie = "powerpagecomponent_mspp_webrole" if enhanced else "adx_webrole"
        self._key = "powerpagecomponentid" if enhanced else "adx_webroleid"

    def definitions(self) -> Iterator[Put]:
        """Yield the roles that the site has."""
        for name in WEB_ROLES:
            if self._enhanced:
                row = {"powerpagecomponentid": role_id(name), "name": name, "powerpagecomponenttype": 11, **_ACTIVE}
                yield Put("powerpagecomponents", row)
            else:
                yield Put("adx_webroles", {"adx_webroleid": role_id(name), "adx_name": name, **_ACTIVE})

    def of_contact(self, contact: str, names: Iterable[str]) -> Iterator[Put]:
        """Yield what gives a contact these roles, beside the one that everybody has."""
        for name in (*names, "Authenticated Users"):
            yield self._tied("contact", contact, name)

    def of_account(self, account: str, name: str) -> Put:
        """Return what gives a role to all contacts of an account."""
        return self._tied("account", account, name)

    def _tied(self, holder: str, holder_id: str, name: str) -> Put:
        tie = f"{self._tie}_{holder}"
        row = {f"{tie}id": stable_id(f"{tie}.{holder_id}.{name}"), f"{holder}id": holder_id, self._key: role_id(name)}
        return Put(f"{tie}set", row)


def _company(company: Company) -> Iterator[Put]:
    row = {"accountid": company.id, "name": company.name, "address1_composite": company.address, **_ACTIVE}
    yield Put("accounts", {**row, "accountnumber": f"C-{company.id[:4].upper()}"})
    for contract in company.contracts:
        row = {"work365_billingcontractid": contract.id, "work365_billingcontract_name": contract.name, **_ACTIVE}
        links = {"_work365_billingcontract_customer_value": company.id, "_transactioncurrencyid_value": contract.currency.id}
        yield Put("work365_billingcontracts", {**row, **links, "work365_billingcontract_resellermargin": RESELLER_MARGIN})
    if company.bound:
        yield _provider_account(company.key, company.bound, company.id)


def _provider_account(key: str, tenant: str, account: str | None) -> Put:
    row = {
        "work365_provideraccountid": stable_id(f"provideraccount.{key}"),
        "work365_provideraccount_name": f"Microsoft CSP - {key}",
        "work365_provideraccount_providerspecificaccountid": tenant,
        "_work365_provideraccount_account_value": account,
        **_ACTIVE,
    }
    return Put("work365_provideraccounts", row)


def _loose_ends() -> Iterator[Put]:
    """Yield provider accounts as years of work leave them: no account, no tenant id, another vendor's number."""
    yield _provider_account("unassigned", stable_id("tenant.unassigned"), None)
    yield _provider_account("other-vendor", "ACRONIS-20418", COMPANIES[0].id)


def _contact(someone: DemoPerson, account: str, key: str = "", provider: str = "https://login.windows.net/common") -> Iterator[Put]:
    key = key or someone.key
    first, _, last = someone.name.partition(" ")
    row = {"fullname": someone.name, "firstname": first, "lastname": last, "emailaddress1": someone.upn, "donotemail": False, **_ACTIVE}
    yield Put("contacts", {"contactid": contact_id(key), "_parentcustomerid_value": stable_id(f"account.{account}"), **row})
    if someone.bound:
        yield _identity(key, someone.oid, provider)


def _identity(key: str, oid: str, provider: str) -> Put:
    row = {"adx_externalidentityid": stable_id(f"identity.{key}"), "adx_username": oid, "adx_identityprovidername": provider, **_ACTIVE}
    return Put("adx_externalidentities", {**row, "_adx_contactid_value": contact_id(key)})


def _second_account(someone: DemoPerson, company: Company) -> Iterator[Put]:
    yield from _contact(someone, company.key, f"{someone.key}.{company.key}", f"https://sts.windows.net/{someone.tenant.id}/")


def _former_employee() -> Iterator[Put]:
    former = DemoPerson("former", "Oskar Brandt", CONTOSO, "contoso", (FINANCE_MANAGER,))
    for put in _contact(former, "contoso"):
        yield Put(put.plural, {**put.row, **(_INACTIVE if put.plural == "contacts" else {})})


def _as_spelt_there(someone: DemoPerson, role: str) -> str:
    return FINANCE_MANAGER_SPACED if someone.account == "fabrikam" and role == FINANCE_MANAGER else role
