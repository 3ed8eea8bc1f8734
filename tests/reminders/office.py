"""A post office: the whole of the reminders over real HTTP to the sandbox's Teams, with companies put straight into the mirror."""

import json
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from cryptography.fernet import Fernet

from assembly import house
from assembly.reminders import Reminders
from backends.postgres.conversations import PostgresConversations
from backends.postgres.database import Database, DatabaseRole
from backends.postgres.ledger_wishes import PostgresChoosing
from backends.postgres.mirror import Mirror
from backends.rows import InvoiceRow, RoleRow
from billing.access import Person
from billing.due import Custom
from billing.measures import Measures
from billing.pay import PayRule
from billing.people import Conversation
from billing.ports import Clock
from billing.ports_reminders import Messenger
from cards.links import Links
from reminders.deliver import Delivery
from sandbox.connector.conversation import Entry
from sandbox.driver import text_of
from sandbox.people import FINANCE_MANAGER, DemoPerson, stable_id
from sandbox.server import bot_environment, serving
from sandbox.world import World
from settings import Settings
from telemetry import Telemetry
from tests import databases, rows
from tests.clock import ChosenClock
from tests.crowd import Crowd
from tests.reminding import MORNING, one_pass, states

TODAY = MORNING.date()


@dataclass(frozen=True, slots=True)
class Office:
    """Everything between the mirror and a person's chat."""

    world: World
    clock: Clock
    reminders: Reminders
    database: Database
    settings: Settings
    measures: Measures

    @property
    def measured(self) -> list[str]:
        """What monitoring would see, by line."""
        if not isinstance(self.measures, Telemetry):
            raise TypeError("this office measures nothing")
        return self.measures.exposition().decode().splitlines()

    async def settle(self, companies: int = 1, people_each: int = 1, zone: str = "America/New_York") -> Crowd:
        """Put companies and their people into the mirror, with the app installed and signed in; no invoices yet."""
        crowd = Crowd.of(companies, people_each, zone)
        async with Mirror(self.database).writing() as batch:
            await batch.put_accounts([rows.account(each.id, each.name) for each in crowd.companies])
            await batch.put_contracts([rows.CONTRACT])
            ties = [rows.tie(each.tenant.id if each.tenant else "", each.id) for each in crowd.companies]
            contacts = [rows.contact(each.key, account=stable_id(f"account.{each.account}")) for each in crowd.people]
            await batch.put_contacts(contacts)
            await batch.replace_provider_accounts(ties)
            await batch.replace_identities([rows.identity(contact, who.oid) for contact, who in zip(contacts, crowd.people, strict=True)])
            await batch.replace_contact_roles([RoleRow(each.id, FINANCE_MANAGER) for each in contacts])
            await batch.mark_complete(self.clock())
        await crowd.arrive(self.world, self.database)
        await self._met_long_ago()
        return crowd

    async def bill(self, crowd: Crowd, number: str = "INV-1", due: date | None = TODAY, **changes: object) -> InvoiceRow:
        """Put an invoice of the first company into the mirror, due today unless told otherwise; changed long ago, so no news."""
        long_ago = MORNING.replace(year=2026, month=1)
        made = rows.invoice(number, **{"account": crowd.companies[0].id, "due": due, "changed": long_ago, **changes})
        await self.put(made)
        return made

    async def put(self, *invoices: InvoiceRow) -> None:
        """Put invoices into the mirror."""
        async with Mirror(self.database).writing() as batch:
            await batch.put_invoices(invoices)

    async def keep_fresh(self) -> None:
        """Let the mirror be right as of now."""
        async with Mirror(self.database).writing() as batch:
            await batch.mark_complete(self.clock())
        async with self.database.shared() as connection:
            await connection.execute("update bot.sessions set confirmed = $1", self.clock())

    async def one_pass(self) -> Counter[str]:
        """Plan and deliver once, with rights that are known to be right."""
        await self.keep_fresh()
        return await one_pass(self.reminders)

    async def states(self) -> Counter[tuple[str, str]]:
        """Return the ledger's rows by state and reason."""
        return await states(self.database)

    async def put_back(self, who: DemoPerson) -> None:
        """Let a person write to the bot again, as the chat then notes."""
        conversations = PostgresConversations(self.database, self.clock)
        async with self.database.shared() as connection:
            found = await connection.fetchrow("select id, reference from bot.conversations where person = $1", who.oid)
        if found is None:
            raise LookupError(who.key)
        await conversations.save(Conversation(person_of(who), found["id"], json.loads(found["reference"]), "en-US", who.zone))

    def got(self, who: DemoPerson) -> list[str]:
        """Return the texts of the messages that a person has got."""
        return [text_of(each) for each in self.shown(who)]

    def shown(self, who: DemoPerson) -> Sequence[Entry]:
        """Return the messages that a person has got."""
        return self.world.teams.client(who).conversation.shown

    def delivery(self, messenger: Messenger) -> Delivery:
        """Return a delivery that goes another way."""
        custom, links = Custom(self.settings.reminder_days, self.settings.reminder_hour), Links(self.settings.public)
        return Delivery(self.reminders.outbox, self.reminders.callers, messenger, custom, links, PayRule(frozenset()), self.clock)

    def advance(self, by: timedelta) -> None:
        """Let *by* pass."""
        if not isinstance(self.clock, ChosenClock):
            raise TypeError("this office lives by a clock that nobody sets")
        self.clock.advance(by)

    @property
    def choosing(self) -> PostgresChoosing:
        """What people decide."""
        return PostgresChoosing(self.database)

    async def _met_long_ago(self) -> None:
        async with self.database.shared() as connection:
            await connection.execute("update bot.conversations set created = $1", MORNING.replace(year=2025))


def person_of(who: DemoPerson) -> Person:
    """Return a demo person as the ledger knows them."""
    return Person.parse(who.tenant.id, who.oid)


@asynccontextmanager
async def office(database_url: str, clock: Clock | None = None, **settings: object) -> AsyncGenerator[Office]:
    """Open an office on a Monday morning in New York, unless another clock is given."""
    clock = clock or ChosenClock(MORNING)
    world = World(clock)
    async with serving(world), databases.connected(database_url, DatabaseRole.SYNC) as database:
        environment: dict[str, object] = {**bot_environment(world, 1), "DATABASE_URL": database_url}
        environment |= {"SECRET_KEYS": Fernet.generate_key().decode(), **settings}
        told = Settings.load(_env_file=None, **environment)
        async with house(told, clock) as built:
            yield Office(world, clock, built.reminders, database, told, built.measures)
