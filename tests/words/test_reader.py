"""Numbers, dates and sentences for one reader."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from gettext import NullTranslations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.errors import NotFound
from tests import make
from tests.cards.samples import reader
from words.reader import Reader


class Backwards(NullTranslations):
    """A catalogue whose language is English in capitals."""

    def gettext(self, message: str) -> str:
        """Return the translation."""
        return message.upper()

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the translation."""
        return f"#{msgid1 if n == 1 else msgid2}"


class TestMoney:
    @pytest.mark.parametrize(
        ("locale", "shown"),
        [
            ("en-US", "$1,234.50"),
            ("de-DE", "1.234,50\u00a0$"),
            ("ja-JP", "$1,234.50"),
            ("ar", "\u20661,234.50\u00a0US$\u2069"),
            ("xx", "$1,234.50"),
        ],
    )
    def test_follows_the_locale(self, locale: str, shown: str) -> None:
        assert reader(locale).money(make.money("1234.50")) == shown

    @pytest.mark.parametrize(
        ("amount", "currency", "digits", "shown"),
        [
            ("1234.5", "JPY", 0, "¥1,235"),
            ("1.2345", "KWD", 3, "KWD\u00a01.235"),
            ("-134.20", "USD", 2, "-$134.20"),
            ("1", "CHF", 2, "CHF\u00a01.00"),
            ("1.005", "USD", 2, "$1.01"),
            ("12", "", 2, "12.00"),
        ],
    )
    def test_has_the_digits_of_its_own_currency(self, amount: str, currency: str, digits: int, shown: str) -> None:
        assert reader().money(make.money(amount, currency, digits)) == shown

    def test_keeps_the_sign_in_front_for_readers_of_arabic(self) -> None:
        assert "-134.20" in reader("ar").money(make.money("-134.20"))


class TestPrice:
    @pytest.mark.parametrize(("amount", "shown"), [("57", "$57.00"), ("0.00348", "$0.00348"), ("1.10000", "$1.10"), ("100", "$100.00")])
    def test_shows_fractions_of_a_cent_but_no_idle_zeros(self, amount: str, shown: str) -> None:
        assert reader().price(make.money(amount)) == shown


class TestNumber:
    @pytest.mark.parametrize(("number", "shown"), [("10.000000", "10"), ("1042.5507", "1.042,5507"), ("-4", "-4"), ("1E+3", "1.000")])
    def test_is_exact(self, number: str, shown: str) -> None:
        assert reader("de-DE").number(Decimal(number)) == shown


class TestDates:
    @pytest.mark.parametrize(
        ("locale", "shown"), [("en-US", "Nov 30, 2026"), ("de-DE", "30.11.2026"), ("ja-JP", "2026/11/30"), ("", "Nov 30, 2026")]
    )
    def test_follow_the_locale(self, locale: str, shown: str) -> None:
        assert reader(locale).day(date(2026, 11, 30)) == shown

    def test_are_read_from_the_right_in_arabic(self) -> None:
        assert reader("ar").day(date(2026, 11, 30)) == "\u206730\u200f/11\u200f/2026\u2069"

    def test_take_today_from_the_readers_zone(self) -> None:
        late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)

        assert Reader("en", ZoneInfo("Asia/Tokyo"), late).today == date(2026, 11, 24)
        assert Reader("en", ZoneInfo("America/New_York"), late).today == date(2026, 11, 23)

    def test_give_an_instant_in_the_readers_zone(self) -> None:
        assert reader("de-DE", "Europe/Berlin").moment(make.NOW) == "15:00"
        assert (reader("de-DE").hour(9), reader("en-US").hour(9), reader("de-DE").hour(0)) == ("9:00", "9:00\u202fAM", "0:00")
        assert reader("de-DE", "Europe/Berlin").moment(make.NOW - timedelta(days=1)) == "22.11.26, 15:00"


class TestDue:
    @pytest.mark.parametrize(
        ("days", "said"),
        [
            (-9, "overdue by 9 days"),
            (-1, "overdue by 1 day"),
            (0, "due today"),
            (1, "due tomorrow"),
            (5, "due in 5 days"),
            (14, "due in 14 days"),
            (15, "due Dec 8, 2026"),
        ],
    )
    def test_counts_days_while_they_are_few(self, days: int, said: str) -> None:
        assert reader().due(make.TODAY + timedelta(days=days)) == said

    def test_says_so_where_there_is_no_date(self) -> None:
        assert reader().due(None) == "no due date"

    def test_differs_between_zones_at_the_same_instant(self) -> None:
        late, due = datetime(2026, 11, 30, 23, 30, tzinfo=UTC), date(2026, 11, 30)

        assert Reader("en", ZoneInfo("Asia/Tokyo"), late).due(due) == "overdue by 1 day"
        assert Reader("en", ZoneInfo("America/New_York"), late).due(due) == "due today"


class TestDirection:
    @pytest.mark.parametrize("locale", ["en-US", "de-DE", "ar-EG"])
    def test_is_that_of_the_sentences(self, locale: str) -> None:
        assert reader(locale).direction == "ltr"


class TestSentences:
    def test_fill_their_places_with_text_that_is_not_read_again(self) -> None:
        assert reader().say("Pay {number}", number="{total} {0}") == "Pay {total} {0}"

    def test_keep_right_to_left_names_apart(self) -> None:
        assert reader().say("Pay {number}", number="א\u202e") == "Pay \u2068א\u2069"

    def test_count_in_the_readers_digits(self) -> None:
        assert reader("de-DE").plural(1234, "{n} invoice", "{n} invoices") == "1.234 Rechnungen"
        assert reader().plural(1, "{n} invoice", "{n} invoices") == "1 invoice"

    def test_come_out_of_the_catalogue(self) -> None:
        translated = Reader("en", ZoneInfo("UTC"), make.NOW, Backwards())

        assert translated.say("Open invoices") == "OPEN INVOICES"
        assert translated.plural(2, "{n} invoice", "{n} invoices") == "#2 invoices"
        assert translated.problem(NotFound()) == NotFound.say.upper()

    def test_list_and_join_what_there_is(self) -> None:
        assert reader().listed(["a", "b", "c"]) == "a, b, and c"
        assert reader().dots("a", "", "b") == "a · b"


class TestSame:
    def test_readers_read_the_same_on_the_same_day(self) -> None:
        later = Reader("en-US", ZoneInfo("America/New_York"), make.NOW + timedelta(minutes=1))

        assert (later, hash(later)) == (reader(), hash(reader()))

    def test_readers_differ_by_language_zone_day_and_sentences(self) -> None:
        zone = ZoneInfo("America/New_York")

        assert reader() != reader("en-GB")
        assert reader() != reader(zone="America/Toronto")
        assert reader() != Reader("en-US", zone, make.NOW + timedelta(days=1))
        assert reader() != Reader("en-US", zone, make.NOW, Backwards())
        assert reader() != "en-US"


class TestLocale:
    @given(st.text(max_size=40))
    def test_falls_back_to_english_whatever_is_asked_for(self, tag: str) -> None:
        assert Reader(tag, ZoneInfo("UTC"), make.NOW).money(make.money("1"))

    @pytest.mark.parametrize("tag", ["de-XX", "de-DE-x-private", "DE"])
    def test_keeps_the_language_where_only_the_region_is_unknown(self, tag: str) -> None:
        assert reader(tag).day(date(2026, 11, 30)) == "30.11.2026"
