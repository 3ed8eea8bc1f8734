"""A clock that a test sets."""

from datetime import UTC, datetime, timedelta

from tests.make import NOW


class ChosenClock:
    """Stands still until told to advance."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Return the chosen time."""
        return self.now

    def advance(self, by: timedelta) -> None:
        """Let *by* pass."""
        self.now += by


class ShiftedClock:
    """Runs with the machine's, ahead of it by as much as it was told to advance: what a whole town lives by."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        """Return the time in the town."""
        return datetime.now(UTC) + self._ahead

    def advance(self, by: timedelta) -> None:
        """Let *by* pass at once."""
        self._ahead += by
