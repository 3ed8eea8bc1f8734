"""Looks at what goes up and down: the mirror's age and gaps, the breaker, the ledger, the time until a credential ends."""

from typing import Final

from assembly.backends import Backends
from assembly.expiry import ends
from backends.dataverse.breaker import Circuit
from backends.postgres.ledger_oversight import PostgresOversight
from backends.postgres.mirror import Mirror
from billing.measures import CIRCUIT, CREDENTIAL_EXPIRES, REMINDERS, SYNC_AGE, SYNC_FINDINGS

EVERY_S: Final = 15.0


class Gauges:
    """Read by every process every few seconds, however often monitoring asks."""

    def __init__(self, backends: Backends) -> None:
        self._backends = backends
        self._mirror = Mirror(backends.all_rows)
        self._oversight = PostgresOversight(backends.all_rows)

    async def read(self) -> None:
        """Look, and tell. Raises SourceDown."""
        measures = self._backends.measures
        for state in Circuit:
            measures.gauge(CIRCUIT, float(state is self._backends.dataverse.circuit), state=state.value)
        for setting, end in ends(self._backends.settings, self._backends.clouds).items():
            measures.gauge(CREDENTIAL_EXPIRES, (end - self._backends.clock()).total_seconds(), setting=setting)
        as_of = await self._mirror.as_of()
        if as_of is not None:
            measures.gauge(SYNC_AGE, (self._backends.clock() - as_of).total_seconds())
        measures.gauge(SYNC_FINDINGS, sum((await self._mirror.findings()).values()))
        for state, rows in (await self._oversight.open()).items():
            measures.gauge(REMINDERS, rows, state=state)
