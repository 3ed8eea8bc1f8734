"""A limit for each person: a burst is answered, a flood gets one notice and then silence until it ebbs."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from billing.ports import Clock

BURST = 20.0
REFILL_PER_S = 1.0
REMEMBERED = 10_000


class Flow(Enum):
    """What to do with one more message."""

    TAKE = "take"
    NOTICE = "notice"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class _Bucket:
    """What a sender has left, as of then.

    is_told  whether the present flood has been answered with a notice
    """

    left: float
    at: datetime
    is_told: bool


class Flood:
    """Counts messages by sender. Each process counts for itself: the limit protects a process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def flow(self, sender: str) -> Flow:
        """Return whether to take *sender*'s message, to say once that it is too much, or to drop it."""
        now = self._clock()
        bucket = self._buckets.pop(sender, _Bucket(BURST, now, is_told=False))
        refilled = max(0.0, (now - bucket.at).total_seconds()) * REFILL_PER_S
        left = min(BURST, bucket.left + refilled)
        is_taken = left >= 1
        self._buckets[sender] = _Bucket(left - is_taken, now, is_told=not is_taken)
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        if is_taken:
            return Flow.TAKE
        return Flow.DROP if bucket.is_told else Flow.NOTICE
