"""What follows Work 365 after it was said: cards in chats, and people who pressed Pay now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from billing.access import AccountId, Person
from billing.invoice import Invoice, InvoiceId, Settlement


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A message that shows an invoice otherwise than the mirror has it.

    account  whose invoice it is; None where the mirror has no such invoice any more
    taken    when it was handed out, to one process at a time
    """

    person: Person
    invoice: InvoiceId
    activity: str
    account: AccountId | None
    taken: datetime


@dataclass(frozen=True, slots=True)
class Payer:
    """Somebody who pressed Pay now for an invoice that has changed since.

    told  how far it was settled when they pressed, or were told last
    """

    person: Person
    invoice: InvoiceId
    account: AccountId
    told: Settlement


class Clicks(Protocol):
    """Keeps who pressed Pay now, and how that ended."""

    async def pays(self, person: Person, invoice: Invoice) -> None:
        """Keep that somebody went off to pay what they saw so; what they still have to be told of a click before stays."""
        ...

    async def refused(self, person: Person, invoice: InvoiceId) -> None:
        """Note that somebody could not pay what their card offers: it is behind, whatever it shows."""
        ...


class Followed(Protocol):
    """What chats show, and payers know, otherwise than the mirror. Every method may raise SourceDown."""

    async def cards(self, now: datetime, limit: int) -> list[ShownCard]:
        """Take cards that are behind, those shown last first. One that is not drawn within minutes is handed out again."""
        ...

    async def drawn(self, card: ShownCard, settlement: Settlement | None) -> None:
        """Note what a card shows now; None: nothing that could be followed."""
        ...

    async def payers(self, now: datetime, limit: int) -> list[Payer]:
        """Return people who have not been told yet, those who pressed first at the head."""
        ...

    async def claim(self, payer: Payer, now: Settlement) -> bool:
        """Count somebody as told; False where another process has been faster."""
        ...

    async def give_back(self, payer: Payer, now: Settlement) -> None:
        """Count somebody as not told after all."""
        ...
