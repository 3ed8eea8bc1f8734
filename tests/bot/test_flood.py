"""A burst is answered, a flood gets one notice."""

from datetime import timedelta

from bot.flood import MESSAGES, PRESSES, Flood, Flow
from tests.clock import ChosenClock


class TestFlood:
    def test_takes_a_burst(self) -> None:
        flood = Flood(ChosenClock())

        flows = [flood.flow("29:ada") for _ in range(int(MESSAGES.burst))]

        assert set(flows) == {Flow.TAKE}

    def test_takes_more_presses_than_messages(self) -> None:
        flood = Flood(ChosenClock(), PRESSES)

        flows = [flood.flow("29:ada") for _ in range(200)]

        assert flows.count(Flow.TAKE) == PRESSES.burst > MESSAGES.burst

    def test_tells_once_and_then_drops(self) -> None:
        flood = Flood(ChosenClock())

        flows = [flood.flow("29:ada") for _ in range(200)]

        assert flows.count(Flow.NOTICE) == 1
        assert flows[-1] is Flow.DROP

    def test_tells_once_however_long_the_flood_lasts(self) -> None:
        clock = ChosenClock()
        flood = Flood(clock)

        flows: list[Flow] = []
        for _ in range(60 * 200):
            clock.advance(timedelta(milliseconds=5))
            flows.append(flood.flow("29:ada"))

        assert flows.count(Flow.NOTICE) == 1
        assert MESSAGES.burst <= flows.count(Flow.TAKE) <= MESSAGES.burst + 60 * MESSAGES.per_s

    def test_takes_again_once_it_has_ebbed(self) -> None:
        clock = ChosenClock()
        flood = Flood(clock)
        for _ in range(200):
            flood.flow("29:ada")

        clock.advance(timedelta(seconds=5))
        flows = [flood.flow("29:ada") for _ in range(7)]

        assert flows == [Flow.TAKE] * 5 + [Flow.NOTICE, Flow.DROP]

    def test_counts_each_sender_for_themselves(self) -> None:
        flood = Flood(ChosenClock())
        for _ in range(200):
            flood.flow("29:ada")

        assert flood.flow("29:finn") is Flow.TAKE

    def test_is_not_fooled_by_a_clock_that_jumps_back(self) -> None:
        clock = ChosenClock()
        flood = Flood(clock)
        flood.flow("29:ada")

        clock.advance(timedelta(hours=-2))

        assert flood.flow("29:ada") is Flow.TAKE
