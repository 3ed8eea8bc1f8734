"""Lines are served in turn, within their bounds."""

from bot.fairness import Bounds, Line

BOUNDS = Bounds(running=3, running_of_one=2, waiting=5, waiting_of_one=3)


def line(*waiting: str) -> Line[str]:
    """Return a line in which *waiting* stand; their first letter is whose they are."""
    made: Line[str] = Line(BOUNDS)
    for each in waiting:
        made.put(each[0], each)
    return made


def taken(from_: Line[str]) -> list[str]:
    """Take all that may run now."""
    found: list[str] = []
    while (each := from_.take()) is not None:
        found.append(each[1])
    return found


class TestTake:
    def test_goes_round(self) -> None:
        assert taken(line("a1", "a2", "b1", "c1")) == ["a1", "b1", "c1"]

    def test_stops_at_what_may_run(self) -> None:
        full = line("a1", "b1", "c1", "d1")

        assert len(taken(full)) == 3
        full.done("a")
        assert taken(full) == ["d1"]

    def test_passes_over_an_owner_who_has_enough_running(self) -> None:
        one = line("a1", "a2", "a3")

        assert taken(one) == ["a1", "a2"]
        one.put("b", "b1")
        assert taken(one) == ["b1"]
        one.done("a")
        assert taken(one) == ["a3"]

    def test_gives_nothing_where_nobody_waits(self) -> None:
        assert line().take() is None


class TestRoom:
    def test_ends_for_one_owner_before_it_ends_for_all(self) -> None:
        one = line("a1", "a2", "a3")

        assert not one.has_room("a")
        assert one.has_room("b")

    def test_ends_for_all(self) -> None:
        full = line("a1", "a2", "a3", "b1", "b2")

        assert len(full) == 5
        assert not full.has_room("c")
        assert full.take() == ("a", "a1")
        assert full.has_room("c")


class TestClear:
    def test_returns_whoever_waits(self) -> None:
        one = line("a1", "b1")

        assert sorted(one.clear()) == ["a1", "b1"]
        assert (len(one), one.take()) == (0, None)
