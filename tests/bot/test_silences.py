"""For how long an invoice is to be silent, in words."""

import pytest

from billing.due import Until
from billing.silence import For, Silence, Unclear, UntilDay, UntilWeekday
from bot.intents import Find, Intent, parse
from bot.reminder_intents import SnoozeNumber, Wake

PERIODS = [
    ("for 1 day", For(1)),
    ("for 7 days", For(7)),
    ("for 2 weeks", For(14)),
    ("for two weeks, please", For(14)),
    ("for a month", For(30)),
    ("for 1000 days", For(1000)),
    ("until Friday", UntilWeekday(4)),
    ("till next monday", UntilWeekday(0)),
    ("until 2026-12-05", UntilDay(5, 12, 2026)),
    ("until 5.12.", UntilDay(5, 12)),
    ("until 05.12.2026", UntilDay(5, 12, 2026)),
    ("until December 5", UntilDay(5, 12)),
    ("until 5th December 2026", UntilDay(5, 12, 2026)),
    ("until tomorrow", Until.TOMORROW),
    ("until the cows come home", Unclear()),
    ("until 12/5/2026", Unclear()),
    ("für 2 Wochen", For(14)),
    ("für zwei Wochen", For(14)),
    ("für einen Tag", For(1)),
    ("bis Freitag", UntilWeekday(4)),
    ("bis 5.12.2026", UntilDay(5, 12, 2026)),
    ("bis 5. Dezember", UntilDay(5, 12)),
    ("", None),
]


class TestSilence:
    @pytest.mark.parametrize(("typed", "asked"), PERIODS, ids=str)
    @pytest.mark.parametrize("order", ["snooze 10421", "zurückstellen 10421", "mute 10421"])
    def test_is_read_behind_an_order(self, order: str, typed: str, asked: Silence | None) -> None:
        assert parse(f"{order} {typed}") == SnoozeNumber("10421", asked)

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("mute 10424", SnoozeNumber("10424")),
            ("stumm 10422", SnoozeNumber("10422")),
            ("schlummern 10422", SnoozeNumber("10422")),
            ("später erinnern 10422", SnoozeNumber("10422")),
            ("remind me later of 10422", SnoozeNumber("10422")),
            ("remind me of 10422 on Friday", SnoozeNumber("10422", UntilWeekday(4))),
            ("reminders off for 10424", SnoozeNumber("10424")),
            ("stop reminders for 10424", SnoozeNumber("10424")),
            ("don't remind me of 10424", SnoozeNumber("10424")),
            ("keine Erinnerung an 10424", SnoozeNumber("10424")),
            ("unmute 10424", Wake("10424")),
            ("don't mute 10424", Wake("10424")),
            ("reminders on for 10424", Wake("10424")),
            ("reminder 10424", Find("10424")),
            ("snooze invoice no. 10424", SnoozeNumber("10424")),
            ("no, stop reminders for 10424", SnoozeNumber("10424")),
            ("don't unmute 10424", Find("10424")),
            ("don't stop reminders for 10424", Find("10424")),
            ("don't turn off reminders for 10424 until monday", Find("10424")),
            ("Erinnerungen an 10424 nicht abschalten", Find("10424")),
        ],
        ids=str,
    )
    def test_is_asked_for_in_other_words(self, typed: str, meant: Intent) -> None:
        assert parse(typed) == meant
