"""JSON from outside."""

import pytest

from bot.wire import as_object


class TestAsObject:
    def test_returns_an_object_as_it_is(self) -> None:
        found = {"a": [1]}

        assert as_object(found) is found

    @pytest.mark.parametrize("found", [None, [], ["a"], "a", 1, 1.5, True])
    def test_takes_anything_else_for_an_empty_object(self, found: object) -> None:
        assert as_object(found) == {}
