"""What a sentence without a number means: its words are what counts, and a denial turns them round."""

import pytest

from billing.invoice import Show
from bot.asks import Ask
from bot.intents import Intent, List, Unknown, parse
from bot.vocabulary import MEANING
from cards.verbs import Place

OPEN, PAID = List(Place(Show.OPEN)), List(Place(Show.PAID))
BEFORE = ("", "my ", "show ", "show me our ", "all the ", "please list ", "do we have any ")
UNPAID = (
    "unpaid", "un-paid", "not paid", "unsettled", "non-paid", "not yet paid", "unpiad", "nto paid", "not piad", "not fully paid", "un paid",
)  # fmt: skip
THINGS = ("", " bill", " bills", " invoice", " invoices", " invocies")
ACTING = (Ask.REMINDERS_ON, Ask.REMINDERS_OFF, Ask.SIGN_OUT, Ask.SIGN_IN, Ask.DELETE_DATA, Ask.DELETE_DATA_NOW)
ACTS = [phrase for phrase, meant in MEANING.items() if meant in ACTING]
ONLY_ASKED = frozenset({"no reminders", "keine erinnerungen"})
"""Orders that a denial makes."""


class TestUnpaid:
    @pytest.mark.parametrize("unpaid", UNPAID)
    def test_never_shows_what_is_paid(self, unpaid: str) -> None:
        typed = [f"{before}{unpaid}{thing}" for thing in THINGS for before in BEFORE]

        assert {each: parse(each) for each in typed} == dict.fromkeys(typed, OPEN)

    @pytest.mark.parametrize(
        "typed",
        [
            "what have we not paid",
            "what have I not paid?",
            "what haven't we paid",
            "which invoices have not been paid",
            "invoices that were never paid",
            "invoices not paid",
            "nicht bezahlte Rechnungen",
            "Rechnungen nicht bezahlt",
            "unbezahlte Rechnungen",
            "unbezahlte rechnugen",
            "noch nicht bezahlte Rechnungen",
            "was haben wir nicht bezahlt",
            "welche Rechnungen sind noch nicht beglichen",
            "unbeglichene Rechnungen",
            "nicht-bezahlte Rechnungen",
        ],
    )
    def test_is_understood_in_a_sentence(self, typed: str) -> None:
        assert parse(typed) == OPEN

    @pytest.mark.parametrize(
        "typed", ["not late invoices", "not overdue bills", "nicht überfällige Rechnungen", "not unpaid", "no paid bill"]
    )
    def test_guesses_nothing_at_any_other_denial(self, typed: str) -> None:
        assert isinstance(parse(typed), Unknown)

    @pytest.mark.parametrize(
        "typed", ["paid bills", "paid invocies", "piad bills", "what was paid, the settled ones", "bezahlte rechnugen"]
    )
    def test_leaves_what_is_paid_alone(self, typed: str) -> None:
        assert parse(typed) == PAID


class TestPhrases:
    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("I want to delete my data", Ask.DELETE_DATA),
            ("export my data", Ask.EXPORT_DATA),
            ("Meine Daten exportieren", Ask.EXPORT_DATA),
            ("what do you know about me?", Ask.EXPORT_DATA),
            ("could we see the balance", Ask.BALANCE),
            ("latest invoice", List(Place(Show.ALL))),
            ("last invoice", List(Place(Show.ALL))),
            ("what is our newest bill", List(Place(Show.ALL))),
            ("new invoices", List(Place(Show.ALL))),
            ("letzte Rechnung", List(Place(Show.ALL))),
            ("neue Rechnungen", List(Place(Show.ALL))),
            ("pay everything", OPEN),
            ("alles bezahlen", OPEN),
            ("closed invoices", PAID),
            ("credits", Ask.BALANCE),
            ("Guthaben", Ask.BALANCE),
            ("support", Ask.CONTACT),
            ("contact", Ask.CONTACT),
            ("how do I contact you", Ask.CONTACT),
            ("Kontakt", Ask.CONTACT),
            ("switch company", Ask.WHO_AM_I),
            ("Firma wechseln", Ask.WHO_AM_I),
            ("Erinnerungen aus bitte", Ask.REMINDERS_OFF),
            ("Bitte Erinnerungen aus", Ask.REMINDERS_OFF),
            ("Erinerungen aus", Ask.REMINDERS_OFF),
            ("Erinnerungen an, danke", Ask.REMINDERS_ON),
            ("please sign in", Ask.SIGN_IN),
            ("I want to sign in", Ask.SIGN_IN),
            ("can you sign me in please", Ask.SIGN_IN),
            ("log me in", Ask.SIGN_IN),
        ],
        ids=str,
    )
    def test_are_understood(self, typed: str, meant: Intent) -> None:
        assert parse(typed) == meant

    @pytest.mark.parametrize("typed", ["delete my invoices", "delete invoices", "delete invoice", "Rechnungen löschen"])
    def test_that_ask_for_what_nobody_can_do_are_not_understood(self, typed: str) -> None:
        assert isinstance(parse(typed), Unknown)

    @pytest.mark.parametrize(
        ("typed", "suggested"),
        [
            ("invoice INV", "export"),
            ("language", "overdue"),
            ("Sprache", "overdue"),
            ("don't sign out", "sign out"),
            ("don\u00b4t sign out", "sign out"),
            ("wont sign out", "sign out"),
        ],
    )
    def test_suggest_nothing_absurd(self, typed: str, suggested: str) -> None:
        found = parse(typed)

        assert isinstance(found, Unknown)
        assert suggested not in found.nearest


class TestDenied:
    @pytest.mark.parametrize("denied", ["don't {}", "dont {}", "do not {}", "never {}", "please do not {}", "{} nicht", "bitte nicht {}"])
    def test_never_acts(self, denied: str) -> None:
        typed = [denied.format(each) for each in ACTS if each not in ONLY_ASKED]

        assert [each for each in typed if parse(each) in ACTING] == []

    @pytest.mark.parametrize(
        "typed", ["don't turn off reminders", "do not turn off reminders", "Erinnerungen nicht ausschalten", "never stop reminders"]
    )
    def test_shows_the_settings_instead_where_it_was_about_reminders(self, typed: str) -> None:
        assert parse(typed) is Ask.REMINDERS

    @pytest.mark.parametrize("typed", ["no, turn off reminders", "No, show me the open invoices", "Nein, offene Rechnungen"])
    def test_is_nothing_that_a_no_in_front_answers(self, typed: str) -> None:
        assert parse(typed) in {Ask.REMINDERS_OFF, OPEN}


class TestReminders:
    @pytest.mark.parametrize(
        "typed",
        ["reminders no", "reminders o", "reminders of", "reminders oo", "reminders on off", "Erinnerungen a", "why do I get no reminders",
         "reminders for paid invoices", "when do reminders come", "I don't get reminders", "stop", "stop it", "stopp"],
    )  # fmt: skip
    def test_stay_as_they_are_where_in_doubt(self, typed: str) -> None:
        assert parse(typed) is Ask.REMINDERS

    @pytest.mark.parametrize(
        "typed",
        [
            "I don't want reminders",
            "I dont want any reminders",
            "we do not need reminders",
            "no more reminders",
            "no reminders please",
            "stop reminders",
            "please stop all the reminders now",
            "stop sending me reminders",
            "stop reminding me",
            "do not remind me any more",
            "don't send me reminders",
            "pause reminders",
            "cancel my reminders",
            "unsubscribe",
            "unsubscribe me",
            "unsubscribe from reminders",
            "turn all reminders off",
            "reminders offf",
            "turn off remidners",
            "opt out",
            "keine Erinnerungen mehr",
            "ich will keine Erinnerungen",
            "ich möchte nicht mehr erinnert werden",
            "Erinnerungen stoppen",
            "Erinnerungen bitte abschalten",
            "erinnere mich nicht mehr",
            "Benachrichtigungen abbestellen",
        ],
    )
    def test_are_easy_to_turn_off(self, typed: str) -> None:
        assert parse(typed) is Ask.REMINDERS_OFF

    @pytest.mark.parametrize(
        "typed", ["reminders on", "turn the reminders back on", "start reminders", "resume reminders", "Erinnerungen wieder einschalten"]
    )
    def test_can_be_turned_on_again(self, typed: str) -> None:
        assert parse(typed) is Ask.REMINDERS_ON
