"""So many within any minute, for each person."""

from datetime import timedelta

from billing.access import Person, PersonId
from billing.allowance import Allowance
from tests.clock import ChosenClock
from tests.make import ADA, guid

NORA = Person(ADA.tenant, PersonId(guid("nora")))


class TestAllowance:
    def test_is_used_up_by_one_person_alone(self) -> None:
        allowance = Allowance(2, ChosenClock())

        assert [allowance.take(person) for person in (ADA, ADA, ADA, NORA, ADA)] == [True, True, False, True, False]

    def test_comes_back_one_by_one_after_a_minute(self) -> None:
        clock = ChosenClock()
        allowance = Allowance(2, clock)

        taken: list[bool] = []
        for seconds in (0, 40, 19, 1, 1, 39):
            clock.advance(timedelta(seconds=seconds))
            taken.append(allowance.take(ADA))

        assert taken == [True, True, False, True, False, True]

    def test_forgets_what_was_taken_in_a_future_that_the_clock_has_left(self) -> None:
        clock = ChosenClock()
        allowance = Allowance(1, clock)
        allowance.take(NORA)
        clock.advance(timedelta(hours=2))
        allowance.take(ADA)

        clock.advance(-timedelta(hours=2))

        assert [allowance.take(person) for person in (ADA, ADA)] == [True, False]
