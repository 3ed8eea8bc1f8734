"""Where in the list of invoices a page stands: what an address says, and what its links say."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Self
from urllib.parse import urlencode
from uuid import UUID

from aiohttp import web

from billing.errors import Malformed, NotFound
from billing.invoice import ContractId, Invoice, InvoiceId, Page, Position, Show, Turn, Wanted

_END: Final = Position(None, InvoiceId("ffffffff-ffff-ffff-ffff-ffffffffffff"))
"""Behind the last row of every list."""

_OTHER: Final = {Turn.AFTER: Turn.BEFORE, Turn.BEFORE: Turn.AFTER}
_LONGEST: Final = 100


def invoice_id(request: web.Request) -> InvoiceId:
    """Return the invoice that an address names. Raises NotFound for what is no GUID, as for what is nobody's."""
    try:
        return InvoiceId(str(UUID(request.match_info["id"])))
    except ValueError:
        raise NotFound(reason="no GUID") from None


@dataclass(frozen=True, slots=True)
class Place:
    """A page of a list.

    number       what was searched for: then everything else but ``show`` is ignored
    is_reversed  whether the list is read from its end: latest due date first among the open ones
    is_tab       whether the page is shown in Teams
    """

    show: Show = Show.OPEN
    contract: ContractId | None = None
    position: Position | None = None
    turn: Turn = Turn.AFTER
    is_reversed: bool = False
    number: str = ""
    is_tab: bool = False

    @classmethod
    def read(cls, request: web.Request) -> Self:
        """Return the place that an address names; nothing at all means the open invoices. Raises Malformed."""
        query = request.query
        after, before = query.get("after", ""), query.get("before", "")
        try:
            return cls(
                show=Show(query.get("show", Show.OPEN)),
                contract=ContractId(str(UUID(query["contract"]))) if query.get("contract") else None,
                position=_position(after or before) if after or before else None,
                turn=Turn.AFTER if after or not before else Turn.BEFORE,
                is_reversed=query.get("order") == "reversed",
                number=query.get("number", "").strip()[:_LONGEST],
                is_tab="tab" in query,
            )
        except ValueError as error:
            raise Malformed(query=sorted(query)) from error

    @property
    def is_backwards(self) -> bool:
        """Whether the list is read from its end; what was found by number is too short for that."""
        return self.is_reversed and not self.number

    def wanted(self, today: date, limit: int) -> Wanted:
        """Return the question that leads to this place."""
        position = self.position or (_END if self.is_reversed else None)
        return Wanted(self.show, today, limit, self.contract, position, _OTHER[self.turn] if self.is_reversed else self.turn)

    def query(self) -> str:
        """Return the part of an address behind its ``?``."""
        said = {
            "show": self.show.value,
            "contract": self.contract or "",
            "order": "reversed" if self.is_reversed else "",
            self.turn.value: _word(self.position) if self.position else "",
            "number": self.number,
            "tab": "1" if self.is_tab else "",
        }
        return urlencode({name: word for name, word in said.items() if word})

    def showing(self, show: Show) -> "Place":
        """Return the first page of another list."""
        return replace(self, show=show, position=None, turn=Turn.AFTER, is_reversed=False, number="")

    def turned(self) -> "Place":
        """Return the first page of the same list, read from its other end."""
        return replace(self, position=None, turn=Turn.AFTER, is_reversed=not self.is_reversed)

    def everything(self) -> "Place":
        """Return the same list from its beginning: what a download of it holds."""
        return replace(self, position=None, turn=Turn.AFTER, is_tab=False)


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of a list, in the order in which it is read.

    first, last    1-based places of its rows in the whole list; 0 where there is none
    back, further  the pages around it; None at the ends
    """

    invoices: tuple[Invoice, ...]
    first: int
    last: int
    count: int
    back: Place | None
    further: Place | None

    @classmethod
    def of(cls, page: Page, place: Place) -> Self:
        """Return *page* as *place* has asked for it."""
        invoices, back, further = page.invoices, page.back, page.further
        first, last = page.first, page.first + len(page.invoices) - 1 if page.first else 0
        if place.is_backwards:
            invoices, back, further = invoices[::-1], further, back
            first, last = (page.count - last + 1, page.count - first + 1) if page.first else (0, 0)
        return cls(
            invoices,
            first,
            last,
            page.count or len(invoices),
            replace(place, position=back, turn=Turn.BEFORE) if back else None,
            replace(place, position=further, turn=Turn.AFTER) if further else None,
        )


def _word(position: Position) -> str:
    return f"{position.due.isoformat() if position.due else ''}~{position.id}"


def _position(word: str) -> Position:
    due, tilde, invoice = word.partition("~")
    if not tilde:
        raise ValueError(word)
    return Position(date.fromisoformat(due) if due else None, InvoiceId(str(UUID(invoice))))
