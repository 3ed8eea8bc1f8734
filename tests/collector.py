"""A stand-in for an OpenTelemetry collector, which keeps what it is sent."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span


@dataclass(frozen=True)
class Collector:
    """What has arrived, by address."""

    url: str
    taken: dict[str, list[bytes]] = field(default_factory=dict[str, list[bytes]])

    @property
    def spans(self) -> list[Span]:
        """All spans, in the order in which they ended."""
        requests = [ExportTraceServiceRequest.FromString(body) for body in self.taken.get("/v1/traces", ())]
        return [span for request in requests for each in request.resource_spans for scope in each.scope_spans for span in scope.spans]

    @property
    def metrics(self) -> set[str]:
        """The names of what was measured."""
        requests = [ExportMetricsServiceRequest.FromString(body) for body in self.taken.get("/v1/metrics", ())]
        scopes = [scope for request in requests for each in request.resource_metrics for scope in each.scope_metrics]
        return {metric.name for scope in scopes for metric in scope.metrics}


@asynccontextmanager
async def collecting() -> AsyncGenerator[Collector]:
    """Listen on loopback."""
    taken: dict[str, list[bytes]] = {}

    async def take(request: web.Request) -> web.Response:
        taken.setdefault(request.path, []).append(await request.read())
        return web.Response()

    application = web.Application(client_max_size=32 * 1024 * 1024)
    application.router.add_post("/v1/{kind}", take)
    async with TestServer(application) as server:
        yield Collector(str(server.make_url("")).rstrip("/"), taken)


def facts(span: Span) -> dict[str, str]:
    """Return a span's attributes."""
    return {each.key: each.value.string_value for each in span.attributes}
