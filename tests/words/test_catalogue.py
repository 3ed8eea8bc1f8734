"""The catalogues hold what the product says, all of it and nothing else."""

import re
from collections.abc import Iterable

import pytest

from bot.intents import Unknown, parse
from cards.help import COMMANDS
from tests.words.extract import TEMPLATE, extracted, messages, read_po, translated
from words.catalogue import LANGUAGES, catalogue

TRANSLATIONS = LANGUAGES[1:]
PLACE = re.compile(r"\{\w+\}")

Sentence = str | tuple[str, ...]


def ids(catalog: Iterable[object]) -> set[Sentence]:
    return {_told(getattr(message, "id", "")) for message in catalog}


def filled(typed: str) -> str:
    """Return what somebody types: a word in capitals stands for a number."""
    return re.sub(r"[^\W\d_]+", lambda word: "INV-10421" if len(word[0]) > 1 and word[0].isupper() else word[0], typed)


def _told(told: str | list[str] | tuple[str, ...]) -> Sentence:
    return told if isinstance(told, str) else tuple(told)


class TestTemplate:
    def test_holds_every_sentence_of_the_code_and_no_other(self) -> None:
        with TEMPLATE.open("rb") as written:
            kept = read_po(written)

        assert ids(messages(kept)) == ids(messages(extracted())), "run: make words"


@pytest.mark.parametrize("language", TRANSLATIONS)
class TestTranslation:
    def test_misses_nothing_and_keeps_nothing_that_is_no_longer_said(self, language: str) -> None:
        assert ids(messages(translated(language))) == ids(messages(extracted())), "run: make words"

    def test_is_complete(self, language: str) -> None:
        catalog = translated(language)
        forms = {message.id: catalog.num_plurals if message.pluralizable else 1 for message in messages(catalog)}
        missing = [message.id for message in messages(catalog) if len([*filter(str.strip, _all(message.string))]) != forms[message.id]]

        assert missing == []

    def test_is_certain(self, language: str) -> None:
        assert [message.id for message in messages(translated(language)) if message.fuzzy] == []

    def test_fills_the_same_places(self, language: str) -> None:
        for message in messages(translated(language)):
            wanted = set(PLACE.findall(_all(message.id)[-1]))
            assert all(set(PLACE.findall(said)) == wanted for said in _all(message.string)), message.id

    def test_ends_a_sentence_where_english_does(self, language: str) -> None:
        for message in messages(translated(language)):
            assert _all(message.id)[-1].endswith(".") == _all(message.string)[-1].endswith("."), message.id

    def test_names_commands_that_the_bot_understands(self, language: str) -> None:
        say = catalogue(language).gettext

        for command in COMMANDS:
            assert parse(filled(say(command.typed))) == parse(filled(command.typed)), command.typed
            assert not isinstance(parse(filled(command.typed)), Unknown)


class TestCatalogue:
    def test_counts_as_the_language_does(self) -> None:
        german = catalogue("de")

        assert german.ngettext("{n} invoice", "{n} invoices", 1) == "{n} Rechnung"
        assert german.ngettext("{n} invoice", "{n} invoices", 0) == "{n} Rechnungen"

    @pytest.mark.parametrize("language", ["en", "xx", "../de", ""])
    def test_is_english_where_there_is_no_translation(self, language: str) -> None:
        assert catalogue(language).gettext("Open invoices") == "Open invoices"


def _all(said: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [said] if isinstance(said, str) else list(said or ())
