"""What a pass of the sync has changed, and what it found that somebody should look at."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Changes:
    """The outcome of one pass.

    counts    rows that were inserted, updated or deleted, by kind
    reported  what was left out, by reason (``"unknown status 0/805210007"``)
    as_of     server's time when the pass began; None where another process was at it, and nothing was done
    """

    counts: Mapping[str, int]
    reported: Mapping[str, int]
    as_of: datetime | None

    def __str__(self) -> str:
        """Say it in one line."""
        if self.as_of is None:
            return "another process is syncing"
        counts = ", ".join(f"{count} {kind}" for kind, count in self.counts.items() if count) or "nothing changed"
        left_out = "".join(f"; {count} {reason}" for reason, count in self.reported.items())
        return f"{counts}{left_out}; as of {self.as_of.isoformat()}"


Progress = Callable[[Mapping[str, int]], None]
"""Told how many rows of each table have been read so far."""


def silent(read: Mapping[str, int]) -> None:
    """Tell nobody."""
    del read


class Tally:
    """Counts while a pass runs, and tells how it goes on."""

    def __init__(self, progress: Progress = silent) -> None:
        self.counts: Counter[str] = Counter()
        self.reported: Counter[str] = Counter()
        self._read: Counter[str] = Counter()
        self._progress = progress
        self._began: datetime | None = None

    def saw(self, table: str, rows: int) -> None:
        """Note that so many rows have been read."""
        self._read[table] += rows
        self._progress(self._read)

    def answered(self, at: datetime) -> None:
        """Note an answer of the server, by the server's time."""
        self._began = self._began or at

    @property
    def began(self) -> datetime:
        """Server's time at the first answer. ValueError before that."""
        if self._began is None:
            raise ValueError("nothing has been answered yet")
        return self._began

    def done(self) -> Changes:
        """Return the outcome."""
        return Changes(dict(self.counts), dict(self.reported), self.began)


NOT_OUR_TURN = Changes({}, {}, None)
"""The outcome where another process holds the lock."""
