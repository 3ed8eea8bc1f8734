"""Where in the list of invoices a page stands: what an address says, and what its links say."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final, Self
from urllib.parse import urlencode
from uuid import UUID

from aiohttp import web

from billing.errors import Malformed, NotFound
from billing.invoice import ContractId, Invoice, InvoiceId, Page, Position, Show, Sort, Turn, Wanted

_OTHER: Final = {Turn.AFTER: Turn.BEFORE, Turn.BEFORE: Turn.AFTER}
_LONGEST: Final = 100
_DIGITS: Final = 9


def invoice_id(request: web.Request) -> InvoiceId:
    """Return the invoice that an address names. Raises NotFound for what is no GUID, as for what is nobody's."""
    try:
        return InvoiceId(str(UUID(request.match_info["id"])))
    except ValueError:
        raise NotFound(reason="no GUID") from None


def named_invoice(request: web.Request) -> str:
    """Return the invoice that an address names; "" for what is no id: an address may hold anything."""
    try:
        return str(UUID(request.match_info.get("id", "")))
    except ValueError:
        return ""


class Direction(StrEnum):
    """How a list is sorted, as ``aria-sort`` says it."""

    ASCENDING = "ascending"
    DESCENDING = "descending"

    @property
    def other(self) -> "Direction":
        """The other one."""
        return Direction.DESCENDING if self is Direction.ASCENDING else Direction.ASCENDING


@dataclass(frozen=True, slots=True)
class Place:
    """A page of a list.

    order   None for the direction in which such a list comes by itself
    number  what was searched for: then everything else but ``show`` is ignored
    is_tab  whether the page is shown in Teams
    first   1-based place of the first row, as the page before has counted; 0 where it has not
    """

    show: Show = Show.OPEN
    contract: ContractId | None = None
    position: Position | None = None
    turn: Turn = Turn.AFTER
    sort: Sort = Sort.DUE
    order: Direction | None = None
    number: str = ""
    is_tab: bool = False
    first: int = 0

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
                sort=Sort(query.get("sort", Sort.DUE)),
                order=Direction(query["order"]) if query.get("order") else None,
                number=query.get("number", "").strip()[:_LONGEST],
                is_tab="tab" in query,
                first=_count(query.get("first", "0")),
            )
        except ValueError as error:
            raise Malformed(query=sorted(query)) from error

    @property
    def direction(self) -> Direction:
        """How the list is sorted."""
        return self.order or _natural(self.show, self.sort)

    @property
    def is_backwards(self) -> bool:
        """Whether the list is read from its end; what was found by number is not sorted."""
        return self.direction is not _natural(self.show, self.sort) and not self.number

    @property
    def noted(self) -> str:
        """What an audit entry says about it, in the words of the chat's: what was searched for, or which list."""
        return self.number or self.show.value

    def wanted(self, today: date, limit: int) -> Wanted:
        """Return the question that leads to this place."""
        turn = _OTHER[self.turn] if self.is_backwards else self.turn
        return Wanted(self.show, today, limit, self.contract, self.position, turn, self.sort)

    def query(self) -> str:
        """Return the part of an address behind its ``?``."""
        said = {
            "show": self.show.value,
            "contract": self.contract or "",
            "sort": "" if self.sort is Sort.DUE else self.sort.value,
            "order": self.order or "",
            self.turn.value: _word(self.position) if self.position else "",
            "number": self.number,
            "tab": "1" if self.is_tab else "",
            "first": str(self.first or ""),
        }
        return urlencode({name: word for name, word in said.items() if word})

    def showing(self, show: Show) -> "Place":
        """Return the first page of another list."""
        return replace(self, show=show, position=None, turn=Turn.AFTER, number="", first=0)

    def sorted_by(self, sort: Sort) -> "Place":
        """Return the first page of the same list sorted by *sort*; the other way around where it is so already."""
        order = self.direction.other if sort is self.sort else None
        return replace(self, position=None, turn=Turn.AFTER, sort=sort, order=order, first=0)

    def outside(self) -> "Place":
        """Return the same page in the browser, outside Teams."""
        return replace(self, is_tab=False)

    def everything(self) -> "Place":
        """Return the same list from its beginning: what a download of it holds."""
        return replace(self, position=None, turn=Turn.AFTER, is_tab=False, first=0)


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of a list, in the order in which it is read.

    first, last    1-based places of its rows in the whole list; 0 where there is none, or nobody knows
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
        count, shown = page.count or len(invoices), len(invoices)
        first = page.first
        if place.is_backwards:
            invoices, back, further = invoices[::-1], further, back
            first = count - first - shown + 2 if first else 0
        # A list that is not sorted by due date is counted from its ends, and by the pages that lead here.
        first = first or (1 if back is None else count - shown + 1 if further is None else place.first)
        first = first if shown and first + shown - 1 <= count else 0
        before, after = (0, 0) if page.first or not first else (max(1, first - page.wanted.limit), first + shown)
        return cls(
            invoices,
            first,
            first + shown - 1 if first else 0,
            count,
            replace(place, position=back, turn=Turn.BEFORE, first=before) if back else None,
            replace(place, position=further, turn=Turn.AFTER, first=after) if further else None,
        )


def _natural(show: Show, sort: Sort) -> Direction:
    """Return the direction in which the port gives a list."""
    is_ascending = show in {Show.OPEN, Show.OVERDUE} if sort is Sort.DUE else sort is Sort.NUMBER
    return Direction.ASCENDING if is_ascending else Direction.DESCENDING


def _count(word: str) -> int:
    if not (word.isascii() and word.isdigit() and len(word) <= _DIGITS):
        raise ValueError(word)
    return int(word)


def _word(position: Position) -> str:
    return f"{position.key}~{position.id}"


def _position(word: str) -> Position:
    key, tilde, invoice = word.rpartition("~")
    if not tilde:
        raise ValueError(word)
    return Position(key, InvoiceId(str(UUID(invoice))))
