"""The benchmark of reminders ends badly where a message was lost or came twice."""

from collections import Counter

import pytest

from bench import reminders


class TestMain:
    @pytest.mark.parametrize(
        ("outcome", "code"),
        [
            ({"sent": {1: 90}}, 0),
            ({"sent": {1: 90}, "uncertain": {0: 4, 1: 6}}, 0),
            ({"sent": {1: 89, 0: 1}}, 1),
            ({"sent": {1: 89, 2: 1}}, 1),
            ({"sent": {1: 89}, "uncertain": {2: 1}}, 1),
            ({"sent": {1: 89}, "missing": {0: 1}}, 1),
            ({"sent": {1: 89}, "planned": {0: 1}}, 1),
            ({"sent": {1: 89}, "failed": {1: 1}}, 1),
        ],
    )
    def test_says_whether_everything_came_once(self, outcome: dict[str, dict[int, int]], code: int) -> None:
        row = reminders.ended({state: Counter(counted) for state, counted in outcome.items()})

        assert (1 if reminders.faults(row) else 0) == code
