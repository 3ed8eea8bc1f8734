"""What is measured while the product runs, and the port through which it is told."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Final, Protocol


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that is measured.

    name    as monitoring knows it
    says    what it tells, in one sentence
    labels  what it is told apart by; each has few values, and none that names a person or company
    """

    name: str
    says: str
    labels: tuple[str, ...] = ()


TURNS: Final = Measure("my_invoices_turns", "Questions that got an answer, by what was asked and how it ended.", ("intent", "outcome"))
REFUSALS: Final = Measure("my_invoices_refusals", "People who were told no, by reason and place.", ("where", "reason"))
REJECTIONS: Final = Measure("my_invoices_door_rejections", "Requests that the front door did not let in, by HTTP status.", ("status",))
DELIVERIES: Final = Measure("my_invoices_deliveries", "Messages to Teams, by what became of them.", ("outcome",))
REMINDED: Final = Measure("my_invoices_reminder_messages", "Reminders that were sent or tried, by what the ledger says then.", ("outcome",))
SOURCE_READS: Final = Measure("my_invoices_dataverse_requests", "Requests to Dataverse, by what became of them.", ("outcome",))
SYNC_PASSES: Final = Measure("my_invoices_sync_passes", "Passes of the sync, by how they ended.", ("outcome",))
SYNC_CHANGES: Final = Measure("my_invoices_sync_changes", "Rows of the mirror that a pass has changed, by kind.", ("kind",))
COUNTED: Final = (TURNS, REFUSALS, REJECTIONS, DELIVERIES, REMINDED, SOURCE_READS, SYNC_PASSES, SYNC_CHANGES)
"""They only grow; monitoring shows them with ``_total`` behind the name."""

TURN: Final = Measure("my_invoices_turn_seconds", "Time from a question to its answer in Teams, waits included.", ("intent",))
QUERY: Final = Measure("my_invoices_query_seconds", "Time of a transaction in PostgreSQL, with the wait for a connection.")
DELIVERY: Final = Measure("my_invoices_delivery_seconds", "Time of a request to Teams.")
SOURCE_READ: Final = Measure("my_invoices_dataverse_seconds", "Time of a request to Dataverse with its repetitions.")
TIMED: Final = (TURN, QUERY, DELIVERY, SOURCE_READ)
"""Histograms, and the spans of a trace."""

SYNC_AGE: Final = Measure("my_invoices_sync_age_seconds", "How old the mirror is; absent before it was complete for the first time.")
CIRCUIT: Final = Measure("my_invoices_dataverse_circuit", "1 for the state of the breaker before Dataverse, 0 for the others.", ("state",))
REMINDERS: Final = Measure("my_invoices_reminders", "Rows of the reminder ledger that have not come to an end, by state.", ("state",))
CREDENTIAL_EXPIRES: Final = Measure(
    "my_invoices_credential_expires_seconds", "Time until a certificate or client secret ends, by the setting that tells.", ("setting",)
)
SYNC_FINDINGS: Final = Measure(
    "my_invoices_sync_findings", "Rows of Work 365 that are left out and that somebody should look at, as the last comparison counted them."
)
GAUGED: Final = (SYNC_AGE, SYNC_FINDINGS, CIRCUIT, REMINDERS, CREDENTIAL_EXPIRES)
"""They go up and down."""


class Measures(Protocol):
    """Where measurements go. Nothing in here fails or waits."""

    def count(self, measure: Measure, by: int = 1, **labels: str) -> None:
        """Add to one of COUNTED."""
        ...

    def timed(self, measure: Measure, waited_s: float = 0, **labels: str) -> AbstractContextManager[None]:
        """Time what happens within, as one of TIMED, with what somebody had waited for it before."""
        ...

    def gauge(self, measure: Measure, value: float, **labels: str) -> None:
        """Set one of GAUGED."""
        ...


class Unmeasured:
    """Measures nothing: for benchmarks' floors and tests."""

    def count(self, measure: Measure, by: int = 1, **labels: str) -> None:
        """Drop it."""

    def timed(self, measure: Measure, waited_s: float = 0, **labels: str) -> AbstractContextManager[None]:
        """Time nothing."""
        del measure, waited_s, labels
        return nullcontext()

    def gauge(self, measure: Measure, value: float, **labels: str) -> None:
        """Drop it."""


UNMEASURED: Final = Unmeasured()
