"""How long an invoice stays silent."""

from datetime import date, timedelta

import pytest

from billing.silence import For, Silence, Unclear, UntilDay, UntilWeekday

MONDAY = date(2026, 11, 23)


class TestSilence:
    @pytest.mark.parametrize(
        ("asked", "ends"),
        [
            (For(1), date(2026, 11, 24)),
            (For(14), date(2026, 12, 7)),
            (For(366), MONDAY + timedelta(days=366)),
            (For(0), None),
            (For(367), None),
            (For(99_999 * 30), None),
            (UntilWeekday(4), date(2026, 11, 27)),
            (UntilWeekday(0), date(2026, 11, 30)),
            (UntilDay(5, 12, 2026), date(2026, 12, 5)),
            (UntilDay(5, 12), date(2026, 12, 5)),
            (UntilDay(3, 2), date(2027, 2, 3)),
            (UntilDay(23, 11, 2026), None),
            (UntilDay(1, 1, 2020), None),
            (UntilDay(1, 1, 2030), None),
            (UntilDay(31, 2), None),
            (UntilDay(1, 13, 2026), None),
            (UntilDay(1, 1, 0), None),
            (Unclear(), None),
        ],
        ids=str,
    )
    def test_ends_on_a_day_from_tomorrow_within_a_year_or_not_at_all(self, asked: Silence, ends: date | None) -> None:
        assert asked.ends(MONDAY, None) == ends

    def test_ends_on_the_last_day_of_a_calendar(self) -> None:
        assert UntilDay(1, 1).ends(date(9998, 1, 1), None) is None
