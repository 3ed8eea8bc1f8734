"""How far a table has been read by the time of its changes, and which of its newest rows need no second look."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import islice

from backends.work365.translate import Unreadable, instant
from billing.ports import Json

ETAG = "@odata.etag"
MOST_REMEMBERED = 20_000


class Watermark:
    """Where reading one table goes on: ``modifiedon ge start``.

    A change becomes visible when its transaction commits, which may be after a later change was read. So a read begins an
    *overlap* before the newest change seen, until the server's clock says that everything up to it must have committed.
    Rows of the overlap that come again are recognized by their etag, which changes with every change.
    """

    def __init__(self, overlap: timedelta, modified: str, key: str) -> None:
        self._overlap = overlap
        self._modified = modified
        self._key = key
        self._newest: datetime | None = None
        self._etags: dict[object, object] = {}
        self.start: datetime | None = None

    def fresh(self, rows: Iterable[Json]) -> list[Json]:
        """Return the rows that have changed since they were last ``taken``."""
        return [row for row in rows if self._etags.get(row.get(self._key)) != row.get(ETAG, "")]

    def taken(self, rows: Sequence[Json]) -> None:
        """Remember that the mirror has these rows, which came in the order of their changes."""
        self._newest = self._last_change(rows) or self._newest
        for row in rows[-MOST_REMEMBERED:]:
            self._etags.pop(row.get(self._key), None)  # to enter it behind the others
            self._etags[row.get(self._key)] = row.get(ETAG)
        for key in list(islice(self._etags, max(len(self._etags) - MOST_REMEMBERED, 0))):
            del self._etags[key]

    def after(self, rows: Sequence[Json]) -> datetime | None:
        """Return where to start again, should the pass end right after these rows."""
        last = self._last_change(rows)
        return last - self._overlap if last else self.start

    def complete(self, read_at: datetime) -> datetime | None:
        """Note that everything has been read that the server had at *read_at*; return where the next pass starts."""
        if self._newest is not None:
            settled = read_at - self._newest > self._overlap
            self.start = self._newest if settled else self._newest - self._overlap
        return self.start

    def go_on(self, start: datetime | None) -> None:
        """Start where the mirror says; unless that is where we left it, another process was at work and nothing is recognized."""
        if start != self.start:
            self.forget()
            self.start = start

    def forget(self) -> None:
        """Read everything again."""
        self._etags.clear()
        self._newest = None
        self.start = None

    def _last_change(self, rows: Sequence[Json]) -> datetime | None:
        try:
            return instant(rows[-1], self._modified) if rows else None
        except Unreadable:
            return None
