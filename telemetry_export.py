"""The door to OpenTelemetry: traces and metrics, pushed to a collector by OTLP over HTTP."""

from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from time import time_ns
from typing import Final

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span

from billing import correlation
from billing.measures import COUNTED, GAUGED, TIMED, Measure

SERVICE: Final = "my-invoices"
PATIENCE_S: Final = 5


class Export:
    """Sends in the background; a collector that does not answer costs measurements and nothing else."""

    def __init__(self, endpoint: str, roots: Path | None = None) -> None:
        trusts = str(roots) if roots else None
        resource = Resource.create({SERVICE_NAME: SERVICE})
        self._tracers = TracerProvider(resource=resource)
        self._tracers.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{endpoint}/v1/traces", trusts, timeout=PATIENCE_S)))
        reader = PeriodicExportingMetricReader(OTLPMetricExporter(f"{endpoint}/v1/metrics", trusts, timeout=PATIENCE_S))
        self._meters = MeterProvider([reader], resource=resource)
        self._tracer = self._tracers.get_tracer(SERVICE)
        meter = self._meters.get_meter(SERVICE)
        self._counters = {each: meter.create_counter(each.name, description=each.says) for each in COUNTED}
        self._times = {each: meter.create_histogram(each.name, "s", each.says) for each in TIMED}
        self._gauges = {each: meter.create_gauge(each.name, description=each.says) for each in GAUGED}

    def count(self, measure: Measure, by: int, labels: Mapping[str, str]) -> None:
        """Add to a counter."""
        self._counters[measure].add(by, labels)

    def time(self, measure: Measure, seconds: float, labels: Mapping[str, str]) -> None:
        """Add to a histogram."""
        self._times[measure].record(seconds, labels)

    def gauge(self, measure: Measure, value: float, labels: Mapping[str, str]) -> None:
        """Set a gauge."""
        self._gauges[measure].set(value, labels)

    @contextmanager
    def span(self, measure: Measure, waited_s: float, labels: Mapping[str, str]) -> Generator[None]:
        """Draw what happens within, and the wait for it, as part of its request's trace.

        No text of a failure is told: it may name somebody.
        """
        name = measure.name.removeprefix("my_invoices_").removesuffix("_seconds")
        facts = {"correlation": correlation.current.get(), **labels}
        began = time_ns() - int(waited_s * 1e9)
        opened = self._tracer.start_as_current_span(
            name, attributes=facts, start_time=began, record_exception=False, set_status_on_exception=False
        )
        with opened as span, ExitStack() as stack:
            stack.push(partial(_note, span))
            yield

    def close(self) -> None:
        """Send what is left, and stop."""
        self._tracers.shutdown()
        self._meters.shutdown(PATIENCE_S * 1000)


def _note(span: Span, kind: type[BaseException] | None, *_: object) -> None:
    if kind is not None:
        span.set_attribute("failure", kind.__name__)
