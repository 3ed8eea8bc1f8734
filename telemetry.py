"""What the process tells of itself: JSON logs with the id of the request that caused them, metrics, and traces where they are wanted."""

import asyncio
import json
import logging
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from billing import correlation
from billing.measures import COUNTED, GAUGED, TIMED, Measure

if TYPE_CHECKING:
    from telemetry_export import Export

BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30)
"""Seconds. Teams wants an answer, or a sign of life, within 2."""

OURS: Final = ("app", "assembly", "auth", "backends", "billing", "bot", "pages", "reminders")
"""The loggers that the operator's level is for."""

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """Formats a record as JSON, so that no text from outside can forge a second line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line: when, level, logger, event, correlation id, the facts, and a stack trace where there is one."""
        told: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": record.getMessage(),
            "correlation": correlation.current.get(),
        }
        told.update((name, value) for name, value in vars(record).items() if name not in _STANDARD)
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        return json.dumps(told, default=str)  # ASCII: U+2028 and its like end a line for some readers


class Telemetry:
    """The Measures port: kept here for whoever reads ``/metrics``, and sent on where *export* is given."""

    def __init__(self, export: "Export | None" = None) -> None:
        self._registry = CollectorRegistry()
        self._counters = {each: Counter(each.name, each.says, each.labels, registry=self._registry) for each in COUNTED}
        self._times = {each: Histogram(each.name, each.says, each.labels, registry=self._registry, buckets=BUCKETS) for each in TIMED}
        self._gauges = {each: Gauge(each.name, each.says, each.labels, registry=self._registry) for each in GAUGED}
        self._export = export

    def count(self, measure: Measure, by: int = 1, **labels: str) -> None:
        """Add to a counter."""
        counter = self._counters[measure]
        (counter.labels(**labels) if labels else counter).inc(by)
        if self._export is not None:
            self._export.count(measure, by, labels)

    @contextmanager
    def timed(self, measure: Measure, waited_s: float = 0, **labels: str) -> Generator[None]:
        """Time what happens within, also where it fails, with what somebody had waited for it before."""
        started = perf_counter() - waited_s
        try:
            with nullcontext() if self._export is None else self._export.span(measure, waited_s, labels):
                yield
        finally:
            seconds = perf_counter() - started
            histogram = self._times[measure]
            (histogram.labels(**labels) if labels else histogram).observe(seconds)
            if self._export is not None:
                self._export.time(measure, seconds, labels)

    def gauge(self, measure: Measure, value: float, **labels: str) -> None:
        """Set a gauge."""
        gauge = self._gauges[measure]
        (gauge.labels(**labels) if labels else gauge).set(value)
        if self._export is not None:
            self._export.gauge(measure, value, labels)

    def exposition(self) -> bytes:
        """Return everything in Prometheus' text format."""
        return generate_latest(self._registry)


@asynccontextmanager
async def measuring(endpoint: str | None, roots: Path | None = None) -> AsyncGenerator[Telemetry]:
    """Measure until the block ends; send traces and metrics to an OpenTelemetry collector where one is named.

    roots  the file of the roots to trust in place of the public ones
    """
    if endpoint is None:
        yield Telemetry()
        return
    from telemetry_export import Export  # noqa: PLC0415 - tens of modules that nobody else pays for

    export = Export(endpoint, roots)
    try:
        yield Telemetry(export)
    finally:
        await asyncio.to_thread(export.close)


def configure(level: str) -> None:
    """Send this process's logs to standard error. Libraries speak from WARNING on, since their DEBUG shows tokens."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for ours in OURS:
        logging.getLogger(ours).setLevel(level)
