"""Numbers of a locale: fast, and the same as Babel's."""

from decimal import Decimal

import pytest
from babel import Locale
from babel.numbers import format_currency, format_decimal
from hypothesis import given
from hypothesis import strategies as st

from words.numbers import Numbers

LOCALES = (
    "en",
    "de",
    "de_AT",
    "de_CH",
    "fr",
    "fr_CH",
    "es",
    "pt_PT",
    "pl",
    "sv",
    "ru",
    "hi",
    "bn",
    "en_IN",
    "ja",
    "zh",
    "ko",
    "ar",
    "he",
    "fa",
    "tr",
    "th",
    "vi",
)
AMOUNTS = st.decimals(min_value=Decimal(-(10**12)), max_value=Decimal(10**12), places=2).filter(bool)


@pytest.mark.parametrize("locale", LOCALES)
class TestNumbers:
    @given(amount=AMOUNTS, currency=st.sampled_from(["USD", "EUR", "GBP", "INR"]))
    def test_writes_amounts_as_babel_does(self, locale: str, amount: Decimal, currency: str) -> None:
        known = Locale.parse(locale)

        assert Numbers(known).amount(amount, currency, 2) == format_currency(amount, currency, locale=known)

    @given(number=st.decimals(min_value=Decimal(-(10**9)), max_value=Decimal(10**9), places=4))
    def test_writes_numbers_as_babel_does(self, locale: str, number: Decimal) -> None:
        known = Locale.parse(locale)

        assert Numbers(known).number(number) == format_decimal(number, locale=known, decimal_quantization=False)


class TestAmount:
    @pytest.mark.parametrize(("currency", "shown"), [("CHF", "CHF\u00a01.00"), ("", "1.00"), ("0.0", "0.01.00"), ("X<b>", "X<b>1.00")])
    def test_manages_any_currency_code(self, currency: str, shown: str) -> None:
        assert Numbers(Locale("en")).amount(Decimal(1), currency, 2) == shown

    def test_has_no_negative_zero(self) -> None:
        assert Numbers(Locale("en")).amount(Decimal("-0.00"), "USD", 2) == "$0.00"
