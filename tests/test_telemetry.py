"""What the process tells of itself."""

import json
import logging
from collections.abc import Generator
from contextlib import suppress

import pytest

from billing import correlation
from billing.measures import CIRCUIT, COUNTED, GAUGED, QUERY, TIMED, TURN, TURNS, Unmeasured
from telemetry import JsonLines, Telemetry, configure, measuring
from tests.collector import collecting, facts
from tests.house.shape import PRODUCT
from tests.house.source import sources

SPEAKS = "logging.getLogger(__name__)"


class TestExposition:
    def test_shows_what_was_counted_timed_and_set(self) -> None:
        telemetry = Telemetry()

        telemetry.count(TURNS, 2, intent="help", outcome="answered")
        telemetry.gauge(CIRCUIT, 1, state="open")
        with telemetry.timed(TURN, intent="help"):
            pass

        shown = telemetry.exposition().decode().splitlines()
        assert 'my_invoices_turns_total{intent="help",outcome="answered"} 2.0' in shown
        assert 'my_invoices_dataverse_circuit{state="open"} 1.0' in shown
        assert 'my_invoices_turn_seconds_count{intent="help"} 1.0' in shown

    def test_adds_what_had_been_waited_before(self) -> None:
        telemetry = Telemetry()

        with telemetry.timed(TURN, 7, intent="help"):
            pass

        shown = telemetry.exposition().decode().splitlines()
        assert 'my_invoices_turn_seconds_bucket{intent="help",le="5.0"} 0.0' in shown
        assert 'my_invoices_turn_seconds_bucket{intent="help",le="10.0"} 1.0' in shown

    def test_times_what_fails_as_well(self) -> None:
        telemetry = Telemetry()

        with pytest.raises(ValueError, match="x"), telemetry.timed(QUERY):
            raise ValueError("x")

        assert b"my_invoices_query_seconds_count 1.0" in telemetry.exposition()

    def test_has_two_that_know_nothing_of_each_other(self) -> None:
        first, second = Telemetry(), Telemetry()

        first.gauge(CIRCUIT, 1, state="open")

        assert b"open" not in second.exposition()


class TestMeasures:
    def test_have_names_of_their_own(self) -> None:
        names = [each.name for each in (*COUNTED, *TIMED, *GAUGED)]

        assert len(names) == len(set(names))
        assert all(name.startswith("my_invoices_") for name in names)

    def test_tell_no_person_and_no_company_apart(self) -> None:
        labels = {label for each in (*COUNTED, *TIMED, *GAUGED) for label in each.labels}

        assert labels == {"intent", "outcome", "where", "reason", "status", "kind", "state", "setting"}

    def test_can_be_left_out(self) -> None:
        nothing = Unmeasured()

        nothing.count(TURNS, intent="x", outcome="y")
        nothing.gauge(CIRCUIT, 1, state="open")
        with nothing.timed(TURN, intent="x"):
            pass


class TestExport:
    async def test_sends_a_trace_with_the_correlation_id_and_the_metrics(self) -> None:
        reference = correlation.begin()

        async with collecting() as collector, measuring(collector.url) as telemetry:
            with telemetry.timed(TURN, intent="help"), telemetry.timed(QUERY):
                telemetry.count(TURNS, intent="help", outcome="answered")

        query, turn = collector.spans
        assert [query.name, turn.name] == ["query", "turn"]
        assert query.parent_span_id == turn.span_id
        assert facts(turn) == {"correlation": reference, "intent": "help"}
        assert {"my_invoices_turns", "my_invoices_turn_seconds"} <= collector.metrics

    async def test_draws_a_span_from_where_the_waiting_began(self) -> None:
        async with collecting() as collector, measuring(collector.url) as telemetry:
            with telemetry.timed(TURN, 7, intent="help"):
                pass

        (turn,) = collector.spans
        assert 7 <= (turn.end_time_unix_nano - turn.start_time_unix_nano) / 1e9 < 10

    async def test_names_a_failure_and_not_what_it_said(self) -> None:
        async with collecting() as collector, measuring(collector.url) as telemetry:
            with suppress(ValueError), telemetry.timed(QUERY):
                raise ValueError("Ada Lindqvist")

        (span,) = collector.spans
        assert facts(span)["failure"] == "ValueError"
        assert b"Ada" not in collector.taken["/v1/traces"][0]


class TestConfigure:
    @pytest.fixture
    def root(self) -> Generator[logging.Logger]:
        """Return the root of all loggers without anybody who listens, and leave everything as it was."""
        root = logging.getLogger()
        everybody = [root, *(each for each in root.manager.loggerDict.values() if isinstance(each, logging.Logger))]
        kept, levels = list(root.handlers), [each.level for each in everybody]
        root.handlers.clear()
        yield root
        root.handlers[:] = kept
        for each, level in zip(everybody, levels, strict=True):
            each.setLevel(level)

    @pytest.mark.usefixtures("root")
    def test_writes_what_every_module_of_ours_says_and_nothing_of_a_librarys(self, capsys: pytest.CaptureFixture[str]) -> None:
        speakers = [each.path.removesuffix(".py").replace("/", ".") for each in sources() if each.room in PRODUCT and SPEAKS in each.text]

        configure("INFO")
        for name in (*speakers, "asyncpg", "msal"):
            logging.getLogger(name).info("said")

        written = [json.loads(line)["logger"] for line in capsys.readouterr().err.splitlines()]
        assert "billing.details" in speakers
        assert written == speakers


class TestJsonLines:
    def test_writes_one_line_whatever_is_said(self) -> None:
        record = logging.makeLogRecord({"msg": "a\nb", "name": "x", "levelname": "INFO", "rows": 3})

        line = JsonLines().format(record)

        assert "\n" not in line
        assert json.loads(line)["rows"] == 3
