"""JSON from outside."""

import json

import orjson
import pytest

from bot.wire import as_object, written
from cards.kit import Kept
from tests.cards.samples import samples
from words.text import Clean


class TestAsObject:
    def test_returns_an_object_as_it_is(self) -> None:
        found = {"a": [1]}

        assert as_object(found) is found

    @pytest.mark.parametrize("found", [None, [], ["a"], "a", 1, 1.5, True])
    def test_takes_anything_else_for_an_empty_object(self, found: object) -> None:
        assert as_object(found) == {}


class TestWritten:
    @pytest.mark.parametrize("text", ["", "–\u2028\u202e\U0001f600", '\0\\"', '{"a": 1}'], ids=ascii)
    def test_is_what_was_given(self, text: str) -> None:
        assert json.loads(written({"a": [text, 1, 1.5, True, None, {"b": text}]})) == {"a": [text, 1, 1.5, True, None, {"b": text}]}

    def test_has_a_question_mark_for_half_a_surrogate_pair(self) -> None:
        assert json.loads(written({"a": "A\ud800da"})) == {"a": "A?da"}

    def test_writes_what_many_cards_share_once(self) -> None:
        shared = Kept({"type": "Container", "items": [{"text": Clean("ä")}]})
        plain = {"type": "Container", "items": [{"text": "ä"}]}

        first = written({"body": [shared]})
        kept = shared.json

        assert json.loads(first) == {"body": [plain]}
        assert kept is not None
        assert json.loads(written([shared, Clean("b")])) == [plain, "b"]
        assert shared.json is kept

    def test_writes_half_a_surrogate_pair_in_what_is_shared(self) -> None:
        assert json.loads(written([Kept({"a": "\ud800"})])) == [{"a": "?"}]

    @pytest.mark.parametrize("card", samples().values(), ids=samples().keys())
    def test_writes_every_card_the_fast_way(self, card: dict[str, object]) -> None:
        assert orjson.dumps(card) == written(card)
        assert orjson.dumps(card) == written(card), "again, from what has been kept"
