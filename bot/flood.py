"""A limit for each person: a burst is answered, a flood is not until it ebbs; of messages it gets one notice."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from billing.ports import Clock

REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Rate:
    """What one person may do.

    burst  at once
    per_s  from then on
    """

    burst: float
    per_s: float


MESSAGES: Final = Rate(burst=20, per_s=1)
PRESSES: Final = Rate(burst=40, per_s=4)
"""Whoever leafs through a long list presses faster than anybody types."""

EBBED: Final = 0.25
"""Part of the burst that a sender must have saved up again, by sending less, before the next flood is another one."""


class Flow(Enum):
    """What to do with one more message or press."""

    TAKE = "take"
    NOTICE = "notice"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class _Bucket:
    """What a sender has left, as of then.

    is_told  whether the flood that has not ebbed yet has been answered with a notice
    """

    left: float
    at: datetime
    is_told: bool


class Flood:
    """Counts by sender. Each process counts for itself: the limit protects a process."""

    def __init__(self, clock: Clock, rate: Rate = MESSAGES) -> None:
        self._clock = clock
        self._rate = rate
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def flow(self, sender: str) -> Flow:
        """Return whether to take what *sender* sends, to say once that it is too much, or to drop it."""
        now = self._clock()
        bucket = self._buckets.pop(sender, _Bucket(self._rate.burst, now, is_told=False))
        refilled = max(0.0, (now - bucket.at).total_seconds()) * self._rate.per_s
        left = min(self._rate.burst, bucket.left + refilled)
        is_taken, is_told = left >= 1, bucket.is_told and left < EBBED * self._rate.burst
        self._buckets[sender] = _Bucket(left - is_taken, now, is_told=is_told or not is_taken)
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        if is_taken:
            return Flow.TAKE
        return Flow.DROP if is_told else Flow.NOTICE
