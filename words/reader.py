"""Numbers, dates and sentences for one reader: their locale, their time zone, their today."""

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from gettext import NullTranslations
from typing import Final, LiteralString, cast, overload
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date, format_datetime, format_time
from babel.lists import format_list

from billing.errors import Problem
from billing.money import Money
from words.catalogue import LANGUAGES, catalogue
from words.numbers import Numbers
from words.text import Clean, clean, isolated, left_to_right, right_to_left

SOON_DAYS: Final = 14
"""Up to here a due date is counted in days; farther away it is named."""

_MOST_DIGITS: Final = 8
"""Decimal places of a unit price that are still shown: usage is priced in fractions of a cent."""

_ENGLISH: Final = Locale("en", "US")

_KEPT_LOCALES: Final = 64
_KEPT_DAYS: Final = 4096
"""Babel takes 25 microseconds a date, and what it wrote stays right: many rows of many lists are due on the same days."""


class Reader:
    """Who reads a card or a page.

    Numbers and dates follow the locale (English where Babel does not know it); sentences come out of the catalogue of its
    language, and are English where there is none. ``say`` and ``plural`` are the keywords for extracting it.
    """

    def __init__(self, locale: str, zone: ZoneInfo, now: datetime, sentences: NullTranslations | None = None) -> None:
        self.zone = zone
        self.today: date = now.astimezone(zone).date()
        self._locale = _known(locale)
        self._catalogue = sentences or catalogue(self._locale.language)
        self._numbers = _numbers(self._locale)
        self._is = locale, str(zone), self.today, self._catalogue

    def __eq__(self, other: object) -> bool:
        """Whether *other* would read the same everywhere: what has been written for one is right for both."""
        return isinstance(other, Reader) and self._is == other._is

    def __hash__(self) -> int:
        return hash(self._is)

    @property
    def language(self) -> str:
        """The language of the sentences, as HTML's ``lang`` names it."""
        return self._locale.language if self._locale.language in LANGUAGES else _ENGLISH.language

    @property
    def direction(self) -> str:
        """Where the lines of that language begin, as HTML's ``dir`` names it: ``ltr`` or ``rtl``."""
        return Locale(self.language).text_direction

    @property
    def territory(self) -> str:
        """Where the reader's language is spoken, as far as their locale says: ``US``; empty where it does not."""
        return self._locale.territory or ""

    @overload
    def say(self, sentence: LiteralString) -> LiteralString: ...
    @overload
    def say(self, sentence: LiteralString, **values: str) -> str: ...
    def say(self, sentence: LiteralString, **values: str) -> str:
        """Return a sentence of ours in the reader's language, with *values* filled into its {places}.

        Without values it stays our own words, fit for a card's ``kit.label``; with values it is fit for ``kit.value`` only.
        """
        said = cast("LiteralString", self._catalogue.gettext(sentence))
        return _filled(said, values) if values else said

    def plural(self, count: int, one: LiteralString, other: LiteralString, **values: str) -> str:
        """Return the sentence that fits *count*, which fills {n}."""
        return _filled(self._catalogue.ngettext(one, other, count), {"n": self.number(Decimal(count)), **values})

    def problem(self, problem: Problem) -> str:
        """Return what a problem says to the person."""
        return clean(self._catalogue.gettext(problem.say))

    def dots(self, *parts: str) -> str:
        """Return the parts that are not empty, side by side."""
        return Clean(" · ".join(isolated(part) for part in parts if part))

    def listed(self, parts: Iterable[str]) -> str:
        """Return "a, b, and c", in the language of the sentences."""
        return Clean(format_list([isolated(part) for part in parts], locale=Locale(self.language)))

    def number(self, number: Decimal) -> str:
        """Return a count or quantity with all of its digits and no idle zeros."""
        return clean(self._numbers.number(number))

    def money(self, money: Money) -> str:
        """Return an amount at its currency's precision."""
        return self._amount(money.rounded(), money.currency, money.digits)

    def price(self, money: Money) -> str:
        """Return a unit price, which may have more decimal places than its currency."""
        exponent = money.amount.normalize().as_tuple().exponent
        places = -exponent if isinstance(exponent, int) else 0
        return self._amount(money.amount, money.currency, max(money.digits, min(places, _MOST_DIGITS)))

    def day(self, day: date) -> str:
        """Return a calendar date; no time zone touches it."""
        return self._written(_medium(day, self._locale))

    def moment(self, moment: datetime) -> str:
        """Return an instant in the reader's time zone: the time of day, and the date unless it is today."""
        if moment.astimezone(self.zone).date() == self.today:
            return self._written(format_time(moment, "short", self.zone, self._locale))
        return self._written(format_datetime(moment, "short", self.zone, self._locale))

    def hour(self, hour: int) -> str:
        """Return a full hour as the reader writes it: 9:00 AM, 9:00."""
        return self._written(format_time(time(hour), "short", locale=self._locale).removeprefix("0"))

    def due(self, day: date | None) -> str:
        """Return how far away a due date is, to be read on within a sentence: "overdue by 9 days", "due tomorrow"."""
        if day is None:
            return clean(self.say("no due date"))
        days = (day - self.today).days
        if days < 0:
            return self.plural(-days, "overdue by {n} day", "overdue by {n} days")
        if days > SOON_DAYS:
            return self.say("due {date}", date=self.day(day))
        near = {0: self.say("due today"), 1: self.say("due tomorrow")}
        return clean(near[days]) if days in near else self.plural(days, "due in {n} day", "due in {n} days")

    def _amount(self, amount: Decimal, currency: str, digits: int) -> str:
        return left_to_right(self._numbers.amount(amount, currency, digits))

    def _written(self, day: str) -> str:
        return right_to_left(day) if self._locale.text_direction == "rtl" else clean(day)


def _filled(sentence: str, values: dict[str, str]) -> str:
    return Clean(sentence.format(**{name: isolated(value) for name, value in values.items()}))


@lru_cache(_KEPT_LOCALES)
def _known(tag: str) -> Locale:
    language, _, _ = tag.partition("-")
    for candidate in (tag, language):
        try:
            return Locale.parse(candidate, sep="-")
        except (ValueError, UnknownLocaleError):
            continue
    return _ENGLISH


@lru_cache(_KEPT_LOCALES)
def _numbers(locale: Locale) -> Numbers:
    return Numbers(locale)


@lru_cache(_KEPT_DAYS)
def _medium(day: date, locale: Locale) -> str:
    return format_date(day, "medium", locale)
