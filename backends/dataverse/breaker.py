"""Stop asking a server that does not answer, and find out cheaply when it does again."""

from collections.abc import Callable
from enum import StrEnum

from billing.errors import SourceDown


class Circuit(StrEnum):
    """Closed: requests flow. Open: they are refused at once. Half open: the next one may try."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class Breaker:
    """Opens after consecutive failures, lets one request try after each rest, closes at the first success."""

    def __init__(self, failures: int, rest_s: float, clock: Callable[[], float]) -> None:
        self._allowed = failures
        self._rest_s = rest_s
        self._clock = clock
        self._failures = 0
        self._refuse_until = clock()

    @property
    def state(self) -> Circuit:
        """What would happen to a request now."""
        if self._failures < self._allowed:
            return Circuit.CLOSED
        return Circuit.OPEN if self._clock() < self._refuse_until else Circuit.HALF_OPEN

    def admit(self) -> None:
        """Raise SourceDown while open. A request let through half open keeps the others waiting for another rest."""
        match self.state:
            case Circuit.OPEN:
                raise SourceDown(source="dataverse", circuit=Circuit.OPEN)
            case Circuit.HALF_OPEN:
                self._rest()
            case Circuit.CLOSED:
                pass

    def succeeded(self) -> None:
        """Note that the server answered."""
        self._failures = 0

    def failed(self) -> None:
        """Note that the server did not."""
        self._failures += 1
        if self._failures >= self._allowed:
            self._rest()

    def _rest(self) -> None:
        self._refuse_until = self._clock() + self._rest_s
