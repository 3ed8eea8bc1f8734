"""How long one invoice stays silent, as a person may say it. Today is an argument: the reader's own date."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from billing.due import Until

LONGEST: Final = timedelta(days=366)
_WEEK: Final = 7
_LAST_YEAR: Final = 9998


@dataclass(frozen=True, slots=True)
class For:
    """A number of days."""

    days: int

    def ends(self, today: date, _due: date | None) -> date | None:
        """Return the day on which it is over; None where that is not ahead, or more than a year away."""
        return today + timedelta(days=self.days) if 0 < self.days <= LONGEST.days else None


@dataclass(frozen=True, slots=True)
class UntilWeekday:
    """The next day of that name, never today; Monday is 0."""

    weekday: int

    def ends(self, today: date, _due: date | None) -> date | None:
        """Return the day on which it is over."""
        return today + timedelta(days=(self.weekday - today.weekday() - 1) % _WEEK + 1)


@dataclass(frozen=True, slots=True)
class UntilDay:
    """A date; without a year the next one."""

    day: int
    month: int
    year: int | None = None

    def ends(self, today: date, _due: date | None) -> date | None:
        """Return the day on which it is over; None where there is no such day, or it is not ahead or more than a year away."""
        years = (today.year, min(today.year + 1, _LAST_YEAR)) if self.year is None else (self.year,)
        days = (_date(year, self.month, self.day) for year in years)
        return next((day for day in days if day is not None and today < day <= today + LONGEST), None)


@dataclass(frozen=True, slots=True)
class Unclear:
    """Something was said that nobody understands."""

    def ends(self, _today: date, _due: date | None) -> date | None:
        """Return None: the person is asked again."""
        return None


Silence = Until | For | UntilWeekday | UntilDay | Unclear


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
