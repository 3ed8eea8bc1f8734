"""Cleaning: what others wrote becomes one harmless line."""

import json
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cards.reading import HOSTILE
from words.text import Clean, breakable, capitalized, clean, isolated, left_to_right, lines, plain, right_to_left, short_number, shorten

MARKS, DROPPED = "\u200c\u200d\u200e\u200f\u061c", {"Cc", "Zl", "Zp", "Cf", "Cs", "Cn"}

ANY_TEXT = st.text(st.characters(exclude_categories=()))


class TestClean:
    def test_leaves_ordinary_text_alone(self) -> None:
        assert clean("Müller & Söhne, 請求書 №7 (“Q4”) 😀 شركة") == "Müller & Söhne, 請求書 №7 (“Q4”) 😀 شركة"

    def test_keeps_markdown_as_it_was_written(self) -> None:
        assert clean("[Pay](https://evil.example) **x**") == "[Pay](https://evil.example) **x**"

    @pytest.mark.parametrize("invisible", ["\x00", "\x1b", "\x7f", "\x85", "\ud800", "\u202e", "\u2066", "\u2069", "\ufeff", "\uffff"])
    def test_drops_what_breaks_json_or_turns_the_line(self, invisible: str) -> None:
        assert clean(f"a{invisible}b").replace(" ", "") == "ab"

    def test_makes_one_line_of_many(self) -> None:
        assert clean("a\r\nb\tc\u2028d").split() == ["a", "b", "c", "d"]

    def test_takes_every_character_for_what_it_is(self) -> None:
        every = [chr(code) for code in range(sys.maxunicode + 1)]
        by_letters = [each for each in every if each in MARKS or unicodedata.category(each) not in DROPPED]

        assert [each for each in every if clean(f"a{each}b") == f"a{each}b"] == by_letters

    def test_keeps_the_marks_that_persian_spelling_needs(self) -> None:
        assert clean("می\u200cخواهم") == "می\u200cخواهم"

    @given(ANY_TEXT)
    def test_always_gives_text_that_can_be_sent(self, text: str) -> None:
        shown = clean(text)

        assert json.loads(json.dumps(shown, ensure_ascii=False).encode()) == shown
        assert "\n" not in shown

    def test_does_not_touch_clean_text_again(self) -> None:
        once = Clean("\u2068x\u2069")

        assert clean(once) is once


class TestIsolated:
    def test_keeps_right_to_left_text_from_turning_its_surroundings(self) -> None:
        assert isolated("شركة") == "\u2068شركة\u2069"

    def test_adds_nothing_to_left_to_right_text(self) -> None:
        assert isolated("Café") == "Café"

    def test_finds_every_letter_that_is_written_from_the_right(self) -> None:
        every = (chr(code) for code in range(sys.maxunicode + 1))
        turning = [each for each in every if unicodedata.bidirectional(each) in {"R", "AL", "AN"}]

        assert len(turning) > 1000
        assert [each for each in turning if not isolated(f"a{each}b").startswith("\u2068") and clean(each)] == []

    def test_cannot_be_closed_from_within(self) -> None:
        assert isolated("א\u2069\u202eב") == "\u2068אב\u2069"


class TestDirected:
    def test_reads_an_arabic_date_from_the_right(self) -> None:
        assert right_to_left("30\u200f/11") == "\u206730\u200f/11\u2069"

    def test_reads_an_amount_from_the_left_with_its_sign_in_front(self) -> None:
        assert left_to_right("\u200f-1.00 US$") == "\u2066-1.00 US$\u2069"


class TestShorten:
    def test_leaves_what_fits(self) -> None:
        assert shorten("12345", 5) == "12345"

    def test_ends_with_an_ellipsis_within_the_limit(self) -> None:
        assert shorten("1234 6", 6) == "1234 6"
        assert shorten("1234 67", 6) == "1234…"

    @given(ANY_TEXT, st.integers(1, 50))
    def test_never_exceeds_the_limit(self, text: str, limit: int) -> None:
        assert len(shorten(text, limit)) <= limit


class TestLines:
    def test_drops_empty_lines_and_what_is_too_much(self) -> None:
        assert lines("1 Main Street\r\n\r\n Seattle \nUSA", 2, 12) == ("1 Main Stre…", "Seattle")


class TestShortNumber:
    def test_leaves_out_the_middle_of_a_long_one(self) -> None:
        assert short_number("NWC-2026-" + "0" * 31) == "NWC-2026-" + "0" * 31
        assert short_number("NWC-2026-EMEA-AZURE-CONSUMPTION-00000010388") == "NWC-2026-EMEA-A…SUMPTION-00000010388"


class TestBreakable:
    def test_changes_long_words_only(self) -> None:
        assert breakable("Microsoft Dynamics 365 Sales, 12 months") == "Microsoft Dynamics 365 Sales, 12 months"
        assert breakable("x" * 30 + " y") == "x" * 14 + "\u200b" + "x" * 14 + "\u200bxx y"

    def test_keeps_a_letter_and_its_accent_together(self) -> None:
        assert "\u200b\u0301" not in breakable("e\u0301" * 20 + "xe\u0301" * 20)

    @given(ANY_TEXT)
    def test_loses_nothing(self, text: str) -> None:
        assert breakable(text).replace("\u200b", "") == clean(text)


class TestCapitalized:
    def test_raises_the_first_letter_only(self) -> None:
        assert capitalized("due Nov 30") == "Due Nov 30"


class TestPlain:
    @pytest.mark.parametrize("hostile", HOSTILE)
    def test_leaves_no_markup(self, hostile: str) -> None:
        assert not set(plain(hostile)) & set("[]()<>*_`#{}|\\/@&\n")

    def test_keeps_our_isolates_and_not_those_of_others(self) -> None:
        assert plain(Clean(f"Pay {isolated('א 1')}: 2")) == "Pay \u2068א 1\u2069: 2"
        assert plain("Pay \u2067א\u2069") == "Pay א"

    def test_keeps_amounts_and_dates(self) -> None:
        assert plain("Invoice INV-1: -€1.050,00, due Nov 30, 2026") == "Invoice INV-1: -€1.050,00, due Nov 30, 2026"
