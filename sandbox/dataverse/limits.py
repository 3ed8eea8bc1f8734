"""Service protection: how much one application user may ask of a web server in five minutes."""

import time
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sandbox.dataverse.problems import ApiProblem
from sandbox.site import Site

WINDOW = timedelta(seconds=300)


class Limits:
    """Counts requests, their execution time and how many run at once; refuses those beyond a limit with 429.

    requests      most requests in a window
    execution_s   most seconds of execution in a window
    at_once       most requests under way at the same time
    latency_s     how long every request takes at least: the original needs tenths of a second
    """

    def __init__(self, site: Site) -> None:
        self.requests = 6000
        self.execution_s = 1200.0
        self.at_once = 52
        self.latency_s = 0.0
        self._site = site
        self._running = 0
        self._done: deque[tuple[datetime, float]] = deque()
        self._spent_s = 0.0
        self._arrived: deque[datetime] = deque()

    @contextmanager
    def one_request(self) -> Generator[None]:
        """Count a request while it runs. Raises ApiProblem beyond a limit."""
        self._forget(self._site.clock() - WINDOW)
        self._refuse_beyond_limits()
        self._arrived.append(self._site.clock())
        self._running += 1
        began = time.perf_counter()
        try:
            yield
        finally:
            self._running -= 1
            spent = time.perf_counter() - began
            self._done.append((self._site.clock(), spent))
            self._spent_s += spent

    def _forget(self, before: datetime) -> None:
        while self._arrived and self._arrived[0] <= before:
            self._arrived.popleft()
        while self._done and self._done[0][0] <= before:
            self._spent_s -= self._done.popleft()[1]

    def _refuse_beyond_limits(self) -> None:
        if len(self._arrived) >= self.requests:
            message = f"Number of requests exceeded the limit of {self.requests} over time window of 300 seconds."
            raise self._too_many("0x80072322", message, self._arrived[0])
        if self._spent_s >= self.execution_s:
            allowed = f"{self.execution_s * 1000:,.0f} milliseconds over time window of 300 seconds"
            advice = "Decrease number of concurrent requests or reduce the duration of requests and try again later."
            message = f"Combined execution time of incoming requests exceeded limit of {allowed}. {advice}"
            raise self._too_many("0x80072321", message, self._done[0][0] if self._done else self._site.clock())
        if self._running >= self.at_once:
            raise self._too_many("0x80072326", f"Number of concurrent requests exceeded the limit of {self.at_once}.", None)

    def _too_many(self, code: str, message: str, oldest: datetime | None) -> ApiProblem:
        wait = (oldest + WINDOW - self._site.clock()).total_seconds() if oldest else 1
        return ApiProblem(429, code, message, {"Retry-After": str(max(1, round(wait)))})
