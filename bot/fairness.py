"""Who is next when more is asked than can be answered at once: companies take turns, however much one of them asks."""

from collections import Counter, OrderedDict, deque
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much may run and wait, altogether and of one owner."""

    running: int
    running_of_one: int
    waiting: int
    waiting_of_one: int


class Line(Generic[T]):
    """Waits in a line of its own for each owner; the lines are served in turn."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._lines: OrderedDict[str, deque[T]] = OrderedDict()
        self._running: Counter[str] = Counter()
        self._waiting = 0

    def __len__(self) -> int:
        """Return how many wait."""
        return self._waiting

    def has_room(self, owner: str) -> bool:
        """Whether one more of *owner* may wait."""
        return self._waiting < self._bounds.waiting and len(self._lines.get(owner, ())) < self._bounds.waiting_of_one

    def put(self, owner: str, item: T) -> None:
        """Let *item* wait, even where there is no room: ask before."""
        self._lines.setdefault(owner, deque()).append(item)
        self._waiting += 1

    def take(self) -> tuple[str, T] | None:
        """Return who may run now and count it as running; None while nobody may. Give it back by ``done``."""
        if self._running.total() >= self._bounds.running:
            return None
        for owner, line in self._lines.items():
            if self._running[owner] < self._bounds.running_of_one:
                return owner, self._taken(owner, line)
        return None

    def done(self, owner: str) -> None:
        """Note that one of *owner*'s has ended."""
        self._running[owner] -= 1
        if not self._running[owner]:
            del self._running[owner]

    def clear(self) -> list[T]:
        """Send away whoever waits, and return them."""
        waiting = [item for line in self._lines.values() for item in line]
        self._lines.clear()
        self._waiting = 0
        return waiting

    def _taken(self, owner: str, line: deque[T]) -> T:
        self._waiting -= 1
        self._running[owner] += 1
        item = line.popleft()
        if line:
            self._lines.move_to_end(owner)
        else:
            del self._lines[owner]
        return item
