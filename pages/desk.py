"""What every page for a person who is signed in needs."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Protocol

from aiohttp import web

from billing.access import Caller, Person
from billing.errors import NotFound
from billing.invoice import InvoiceId
from billing.pay import PayRule
from billing.ports import Audit, Clock
from pages.download import Slots
from pages.place import invoice_id
from pages.readers import Readers
from pages.render import Pages
from pages.session import Visit
from words.reader import Reader

VIEW, DOWNLOAD = "view", "download"
"""What the audit calls it."""


class Doorkeeper(Protocol):
    """Finds out who visits."""

    async def visit(self, request: web.Request) -> Visit:
        """Return who visits, with their rights of this moment.

        Raises NotSignedIn, UnknownTenant, UnknownPerson, NoRole, Stale, SourceDown.
        """
        ...


class Companies(Protocol):
    """Knows which of a person's companies has an invoice."""

    async def turned(self, caller: Caller, invoice: InvoiceId) -> Caller:
        """Return the caller turned to that of their companies which has the invoice; unchanged where none has it. Raises SourceDown."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """Where people are received: who they are, how they read, what they may do, and the book in which it is noted."""

    visits: Doorkeeper
    companies: Companies
    pages: Pages
    readers: Readers
    audit: Audit
    slots: Slots
    rule: PayRule
    clock: Clock

    async def receive(self, request: web.Request) -> tuple[Visit, Reader]:
        """Return who asks, and how they read. Raises NotSignedIn, UnknownTenant, UnknownPerson, NoRole, Stale, SourceDown."""
        visit = await self.visits.visit(request)
        return visit, await self.readers.of(request, visit.caller.person)

    async def invoice(self, request: web.Request) -> tuple[Visit, Reader, InvoiceId]:
        """Return who asks, how they read, and which invoice the address names.

        The visitor acts for that of their companies which has the invoice, whichever they have chosen: links from the chat, from
        reminders and from yesterday lead there. Raises NotFound for no id, and what ``receive`` raises.
        """
        visit, reader = await self.receive(request)
        wanted = invoice_id(request)
        return replace(visit, caller=await self.companies.turned(visit.caller, wanted)), reader, wanted

    def rule_for(self, request: web.Request, person: Person) -> PayRule:
        """Return the payment rule for *person* at the device that the request comes from."""
        is_phone = request.headers.get("Sec-CH-UA-Mobile") == "?1" or "Mobi" in request.headers.get("User-Agent", "")
        return self.rule.on(person.tenant, is_phone=is_phone)

    @asynccontextmanager
    async def noting(self, what: str, person: Person, invoice: InvoiceId) -> AsyncGenerator[None]:
        """Note in the audit that *person* asked for what is not there, or not theirs."""
        try:
            yield
        except NotFound as problem:
            await self.audit.note(person, what, type(problem).__name__, invoice)
            raise

    async def note_download(self, person: Person, invoice: InvoiceId | None = None) -> None:
        """Note in the audit that a file has been handed out."""
        await self.audit.note(person, DOWNLOAD, "ok", invoice or "")
