"""How much of what all share one person may take."""

from collections import Counter, deque
from datetime import datetime, timedelta
from typing import Final

from billing.access import Person
from billing.ports import Clock

READS: Final = 20
"""Invoices that a person has read past the mirror in a minute. All customers together have some 20 requests a second."""

CLICKS: Final = 20
"""Clicks on Pay now of a person in a minute."""

_SPAN: Final = timedelta(minutes=1)


class Allowance:
    """So many for each person within any minute. It counts in this process: with several, a person has as many of each."""

    def __init__(self, most: int, clock: Clock) -> None:
        self._most = most
        self._clock = clock
        self._recent: deque[tuple[datetime, Person]] = deque()
        self._taken: Counter[Person] = Counter()

    def take(self, person: Person) -> bool:
        """Take one; False where the person has none left for now."""
        now = self._clock()
        while self._recent and self._recent[-1][0] > now:  # the clock has been set back: nobody waits until it is there again
            self._forget(self._recent.pop())
        while self._recent and self._recent[0][0] <= now - _SPAN:
            self._forget(self._recent.popleft())
        if self._taken[person] >= self._most:
            return False
        self._recent.append((now, person))
        self._taken[person] += 1
        return True

    def _forget(self, entry: tuple[datetime, Person]) -> None:
        _, whose = entry
        self._taken[whose] -= 1
        if not self._taken[whose]:
            del self._taken[whose]
