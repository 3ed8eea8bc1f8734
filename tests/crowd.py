"""Many customers at once: companies, people who installed the app and signed in, and a bill that is due today for each company."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from backends.postgres.database import Database
from sandbox.dataverse import environment
from sandbox.demo.bills import Bill
from sandbox.demo.companies import USD, Company, Contract
from sandbox.demo.customers import Roles
from sandbox.demo.invoices import invoice_rows
from sandbox.people import FINANCE_MANAGER, DemoPerson, DemoTenant, stable_id
from sandbox.world import World

_CHATS = """
    insert into bot.conversations (tenant, person, id, reference, locale, zone)
    select * from unnest($1::text[], $2::text[], $3::text[], $4::json[], $5::text[], $6::text[])
"""
_SESSIONS = """
    insert into bot.sessions (tenant, person, upn, name, confirmed, tokens)
    select tenant, person, person || '@crowd.example', 'Somebody', $3::timestamptz, ''
    from unnest($1::text[], $2::text[]) as p (tenant, person)
"""


@dataclass(frozen=True, slots=True)
class Crowd:
    """Companies that have one bill each, and their people."""

    companies: tuple[Company, ...]
    people: tuple[DemoPerson, ...]

    @classmethod
    def of(cls, companies: int, people_each: int, zone: str = "America/New_York") -> "Crowd":
        """Return so many companies, each in a tenant of its own."""
        made = tuple(_company(n) for n in range(companies))
        return cls(made, tuple(_person(each, n, zone) for each in made for n in range(people_each)))

    def settle(self, world: World, due: date) -> None:
        """Put them into Work 365."""
        tables = environment(world)
        roles = Roles(enhanced=False)
        for place, company in enumerate(self.companies):
            tables.table("accounts").put({"accountid": company.id, "name": company.name, "statecode": 0, "statuscode": 1})
            contract = company.contracts[0]
            names = {"work365_billingcontractid": contract.id, "work365_billingcontract_name": contract.name}
            tables.table("work365_billingcontracts").put(names)
            tables.table("work365_provideraccounts").put(_tie(company))
            bill = Bill(f"{company.key}.due", company, contract, "Teams Phone", due - timedelta(days=30), due, 1)
            invoice, _ = invoice_rows(bill, 50_000 + place, world.base_url, world.clock())
            tables.table("invoices").put(invoice)
        for someone in self.people:
            contact, account = stable_id(f"contact.{someone.key}"), stable_id(f"account.{someone.account}")
            row = {"contactid": contact, "fullname": someone.name, "_parentcustomerid_value": account, "statecode": 0, "statuscode": 1}
            tables.table("contacts").put(row)
            for put in roles.of_contact(contact, [FINANCE_MANAGER]):
                tables.table(put.plural).put(put.row)
            tables.table("adx_externalidentities").put(_identity(someone))

    async def arrive(self, world: World, rows: Database) -> None:
        """Let everybody install the app and sign in, without the clicks."""
        chats: list[str] = []
        for someone in self.people:
            conversation = world.teams.client(someone).conversation
            conversation.is_installed = True
            chats.append(conversation.id)
        people = [each.tenant.id for each in self.people], [each.oid for each in self.people]
        references = [json.dumps({"serviceUrl": world.teams.delivery.service_url, "conversation": {"id": each}}) for each in chats]
        shown = ["en-US"] * len(chats), [each.zone for each in self.people]
        async with rows.transaction() as connection:
            await connection.execute(_CHATS, *people, chats, references, *shown)
            await connection.execute(_SESSIONS, *people, world.clock())

    def got(self, world: World) -> Sequence[int]:
        """Return how many reminders each person has got."""
        return [len(world.teams.client(each).conversation.entries) for each in self.people]


def _company(place: int) -> Company:
    key = f"crowd{place}"
    tenant = DemoTenant(stable_id(f"tenant.{key}"), f"Crowd {place}", f"{key}.example")
    return Company(key, f"Crowd {place} Ltd", "", 1, 30, (Contract(f"{key}.main", "Main", USD, Decimal(0)),), tenant, tenant.id)


def _person(company: Company, place: int, zone: str) -> DemoPerson:
    tenant = company.tenant or DemoTenant("", "", "")
    return DemoPerson(f"{company.key}.{place}", f"Person {place}", tenant, company.key, (FINANCE_MANAGER,), zone=zone)


def _tie(company: Company) -> dict[str, object]:
    return {
        "work365_provideraccountid": stable_id(f"provideraccount.{company.key}"),
        "work365_provideraccount_name": company.name,
        "work365_provideraccount_providerspecificaccountid": company.bound,
        "_work365_provideraccount_account_value": company.id,
        "statecode": 0,
        "statuscode": 1,
    }


def _identity(someone: DemoPerson) -> dict[str, object]:
    return {
        "adx_externalidentityid": stable_id(f"identity.{someone.key}"),
        "adx_username": someone.oid,
        "adx_identityprovidername": "https://login.windows.net/common",
        "_adx_contactid_value": stable_id(f"contact.{someone.key}"),
        "statecode": 0,
        "statuscode": 1,
    }
