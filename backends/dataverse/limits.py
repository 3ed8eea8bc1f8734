"""How much may be asked of Dataverse, and how patiently."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process allows itself; several processes share the application user's limits.

    page          rows in one answer. Dataverse: 5,000, docs "Page results using OData"
    concurrent    requests under way at once. Dataverse: 52 for each user, docs "Service protection API limits"
    requests      requests in ``window_s`` seconds. Dataverse: 6,000 in 300 s
    connect_s     deadline for a connection
    request_s     deadline for one request with its whole answer
    patience_s    deadline for a request with all its repetitions and pauses
    one_s         deadline for an invoice that somebody opens, and waits for
    attempts      how often a request is sent at most
    backoff_s     wait before the first repetition; doubles each time, up to ``backoff_max_s``, shortened by chance
    pause_s       longest pause that a server may ask for; its windows are 300 s long
    failures      consecutive failures that open the circuit
    rest_s        how long an open circuit refuses everything, before it lets one request try
    """

    page: int = 5_000
    concurrent: int = 16
    requests: int = 5_400
    window_s: float = 300
    connect_s: float = 5
    request_s: float = 60
    patience_s: float = 180
    one_s: float = 2
    attempts: int = 6
    backoff_s: float = 0.5
    backoff_max_s: float = 20
    pause_s: float = 600
    failures: int = 5
    rest_s: float = 15
