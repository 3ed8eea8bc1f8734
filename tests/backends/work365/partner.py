"""A partner's environment in the sandbox, filled row by row; every builder's argument has a default."""

import asyncio
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from aiohttp import ClientSession

from backends.dataverse.client import Dataverse
from backends.dataverse.limits import Limits
from sandbox.dataverse import Environment, Table, environment
from sandbox.people import PARTNER
from sandbox.world import DATAVERSE_CLIENT_ID, DATAVERSE_SECRET, World
from tests.backends.dataverse.script import Elapsed
from tests.make import ADA, CONTOSO, guid

BILLED, PARTIAL, COMPLETE, DRAFT, CANCELED = (0, 4), (2, 100002), (2, 100001), (0, 1), (3, 100003)
USD, JPY, KWD = guid("USD"), guid("JPY"), guid("KWD")
FINANCE_MANAGER = guid("role.finance")
LAST_MONTH = datetime(2026, 10, 20, 9, 30, tzinfo=UTC)

Row = dict[str, Any]


class Partner:
    """Work 365 as the partner's staff change it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.environment: Environment = environment(world)
        for code, row_id, digits in (("USD", USD, 2), ("JPY", JPY, 0), ("KWD", KWD, 3)):
            self.table("transactioncurrencies").put({"transactioncurrencyid": row_id, "isocurrencycode": code, "currencyprecision": digits})
        self.table("adx_webroles").put({"adx_webroleid": FINANCE_MANAGER, "adx_name": "Work365 Finance Manager"})
        self.table("work365_billingcontracts").put(
            {"work365_billingcontractid": guid("contract"), "work365_billingcontract_name": "Main contract"}
        )

    def table(self, plural: str) -> Table:
        """Return a table."""
        return self.environment.table(plural)

    def customer(self, account: str = CONTOSO.id, tenant: str = ADA.tenant, **changes: Any) -> None:
        """Add a company whose Entra tenant is *tenant*."""
        self.table("accounts").put({"accountid": account, "name": CONTOSO.name, "address1_composite": "1 Main Street", **changes})
        self.table("work365_provideraccounts").put(
            {
                "work365_provideraccountid": guid(f"tie.{account}.{tenant}"),
                "work365_provideraccount_providerspecificaccountid": tenant.upper(),
                "_work365_provideraccount_account_value": account,
                "statecode": 0,
            }
        )

    def contact(self, key: str = "ada", oid: str = ADA.id, account: str = CONTOSO.id, *, role: bool = True, **changes: Any) -> str:
        """Add a person with an external identity and, unless told otherwise, a role; return the contact's id."""
        contact = guid(f"contact.{key}")
        row = {"contactid": contact, "fullname": key.title(), "emailaddress1": f"{key}@contoso.example", "_parentcustomerid_value": account}
        self.table("contacts").put({**row, "statecode": 0, **changes})
        self.table("adx_externalidentities").put(
            {"adx_externalidentityid": guid(f"identity.{key}"), "adx_username": oid, "_adx_contactid_value": contact, "statecode": 0}
        )
        if role:
            tie = {"adx_webrole_contactid": guid(f"role.{key}"), "contactid": contact, "adx_webroleid": FINANCE_MANAGER}
            self.table("adx_webrole_contactset").put(tie)
        return contact

    def role_of_account(self, key: str = "contoso", account: str = CONTOSO.id) -> None:
        """Hang a role on a company."""
        tie = {"adx_webrole_accountid": guid(f"role.{key}"), "accountid": account, "adx_webroleid": FINANCE_MANAGER}
        self.table("adx_webrole_accountset").put(tie)

    def invoice(self, number: str = "INV-1", status: tuple[int, int] = BILLED, *, lines: int = 1, **changes: Any) -> str:
        """Add an invoice of 1,234.50 USD that was last changed a month ago; return its id."""
        row = {
            "invoiceid": guid(number),
            "invoicenumber": number,
            "name": "Microsoft 365, November",
            "_customerid_value": CONTOSO.id,
            "_transactioncurrencyid_value": USD,
            "_work365_invoice_billingcontract_value": guid("contract"),
            "duedate": date(2026, 11, 30),
            "totalamount": Decimal("1234.5000"),
            "paymenttermscode": 1,
            "statecode": status[0],
            "statuscode": status[1],
            "modifiedon": LAST_MONTH,
        }
        self.table("invoices").put({**row, **changes})
        for position in range(1, lines + 1):
            self.line(number, position)
        return guid(number)

    def line(self, number: str = "INV-1", position: int = 1, **changes: Any) -> str:
        """Add a line of 10 licences; return its id."""
        row_id = guid(f"line.{number}.{position}")
        row = {
            "invoicedetailid": row_id,
            "_invoiceid_value": guid(number),
            "productname": "Microsoft 365 E5",
            "description": "Monthly subscription",
            "quantity": Decimal(10),
            "priceperunit": Decimal("57.0000"),
            "extendedamount": Decimal("570.0000"),
            "lineitemnumber": position,
            "modifiedon": LAST_MONTH,
        }
        self.table("invoicedetails").put({**row, **changes})
        return row_id

    def usage(self, number: str = "INV-1", count: int = 3) -> None:
        """Add lines of usage."""
        for place in range(count):
            self.table("work365_usagelines").put(
                {
                    "work365_usagelineid": f"00000000-0000-4000-8000-{place:012}",
                    "_work365_usageline_invoice_value": guid(number),
                    "work365_usageline_subscriptionname": "Production",
                    "work365_usageline_usagedate": date(2026, 10, 1),
                    "work365_usageline_resource": f"vm-{place}",
                    "work365_usageline_quantity": Decimal("0.125"),
                    "work365_usageline_total": Decimal("1.2500"),
                    "work365_usageline_costprice": Decimal("0.9999"),
                }
            )

    def status(self, number: str, status: tuple[int, int], **changes: Any) -> None:
        """Change an invoice's status now."""
        self.table("invoices").change(guid(number), statecode=status[0], statuscode=status[1], **changes)

    async def asked(self, match: str) -> None:
        """Wait until a request with *match* in it has arrived."""
        while not self.world.asked("dataverse", match):  # noqa: ASYNC110 - the sandbox keeps a list and rings no bell
            await asyncio.sleep(0)


class PartnersToken:
    """Asks the sandbox's Entra for a token of the application user."""

    def __init__(self, session: ClientSession, world: World) -> None:
        self._session = session
        self._world = world
        self._token = ""

    async def __call__(self, *, fresh: bool = False) -> str:
        """Return the last token, or a new one."""
        if fresh or not self._token:
            form = {
                "grant_type": "client_credentials",
                "client_id": DATAVERSE_CLIENT_ID,
                "client_secret": DATAVERSE_SECRET,
                "scope": f"{self._world.dataverse_url}/.default",
            }
            async with self._session.post(f"{self._world.base_url}/{PARTNER.id}/oauth2/v2.0/token", data=form) as answer:
                self._token = (await answer.json())["access_token"]
        return self._token


def client(session: ClientSession, partner: Partner, **limits: Any) -> Dataverse:
    """Return a client of that environment whose waits take no time."""
    clock = Elapsed()
    token = PartnersToken(session, partner.world)
    return Dataverse(session, partner.world.dataverse_url, token, Limits(**limits), clock=clock, sleep=clock.sleep)
