"""The building blocks, and what every finished card has in common."""

import copy
import json

import pytest

from cards import kit
from cards.kit import Card
from cards.verbs import Key, Verb
from tests.cards.reading import HOSTILE, buttons, labels, nodes, of_type
from tests.cards.samples import samples

SAMPLES = samples()
MOST_BYTES = 80 * 1024
MOST_ACTIONS = 6
"""Teams: buttons beyond the sixth of a row go into a menu."""


def sent(card: Card) -> str:
    """Return the message as Teams receives it."""
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return json.dumps({"type": "message", "attachments": [attachment]})


class TestTexts:
    @pytest.mark.parametrize("hostile", HOSTILE)
    def test_shows_other_peoples_words_without_rendering_them(self, hostile: str) -> None:
        shown = Card(kit.value(hostile))

        assert shown["type"] == "RichTextBlock"
        assert [run["type"] for run in shown["inlines"]] == ["TextRun"]

    def test_shows_markdown_characters_literally(self) -> None:
        shown = Card(kit.value("**x** [y](https://evil.example)"))

        assert shown["inlines"][0]["text"] == "**x** [y](https://evil.example)"

    def test_wraps_our_words(self) -> None:
        assert kit.label("Open") == {"type": "TextBlock", "text": "Open", "wrap": True}

    def test_marks_a_heading_for_screen_readers(self) -> None:
        assert kit.heading("Open")["style"] == "heading"

    def test_says_a_badge_in_words_where_badges_are_unknown(self) -> None:
        shown = Card(kit.badge("Overdue", "Attention"))

        assert [run["text"] for run in of_type(shown, "TextRun")] == ["Overdue"]


class TestExecute:
    def test_sends_the_same_by_submit_where_execute_is_unknown(self) -> None:
        made = kit.execute("Details", Verb.DETAILS, {Key.INVOICE: "1"}, "Details of 1")

        assert made["verb"] == "invoice.details"
        assert made["data"] == {"invoice": "1"}
        assert made["fallback"] == {
            "type": "Action.Submit",
            "title": "Details",
            "tooltip": "Details of 1",
            "associatedInputs": "none",
            "data": {"verb": "invoice.details", "invoice": "1"},
        }

    def test_takes_inputs_along_only_when_told(self) -> None:
        assert "associatedInputs" not in kit.execute("Show", Verb.LIST, inputs=True)


class TestCard:
    def test_copies_to_itself(self) -> None:
        card = kit.card([kit.label("Hello")], fallback_text="Hello")

        assert copy.deepcopy({"content": card})["content"] is card

    def test_measures_itself_in_utf_16(self) -> None:
        plain, wide = (kit.card([kit.value(text)], fallback_text="x") for text in ("a", "😀"))

        assert wide.size_bytes - plain.size_bytes == 2

    def test_keeps_markup_out_of_the_fallback_text(self) -> None:
        card = kit.card([], fallback_text="[x](https://evil.example) <break/>")

        assert card["fallbackText"] == card["speak"] == "x https: evil.example break"


@pytest.mark.parametrize("name", SAMPLES)
class TestEveryCard:
    def test_is_json_that_survives_the_way(self, name: str) -> None:
        assert json.loads(sent(SAMPLES[name]))["attachments"][0]["content"] == SAMPLES[name]

    def test_says_its_version_and_what_it_is_without_cards(self, name: str) -> None:
        assert SAMPLES[name]["version"] == "1.5"
        assert SAMPLES[name]["fallbackText"]

    def test_has_a_heading(self, name: str) -> None:
        assert any(block.get("style") == "heading" for block in of_type(SAMPLES[name], "TextBlock"))

    def test_fits_a_message_of_teams(self, name: str) -> None:
        assert len(sent(SAMPLES[name])) * 2 < MOST_BYTES

    def test_has_at_most_six_buttons_in_a_row(self, name: str) -> None:
        assert all(len(node.get("actions", [])) <= MOST_ACTIONS for node in nodes(SAMPLES[name]))

    def test_never_tells_a_state_by_the_colour_of_text(self, name: str) -> None:
        assert not [node for node in nodes(SAMPLES[name]) if "color" in node]

    def test_leaves_no_place_in_a_sentence_unfilled(self, name: str) -> None:
        assert not [text for text in labels(SAMPLES[name]) if set(text) & set("{}")]

    def test_says_that_a_link_opens_the_browser(self, name: str) -> None:
        assert all("browser" in link["tooltip"].lower() for link in buttons(SAMPLES[name]) if link["type"] == "Action.OpenUrl")

    def test_tells_equal_buttons_apart(self, name: str) -> None:
        named = [(button["title"], button.get("tooltip")) for button in buttons(SAMPLES[name])]

        assert len(named) == len(set(named))

    def test_carries_nothing_but_ids_and_positions(self, name: str) -> None:
        carried = [button["data"] for button in buttons(SAMPLES[name]) if button["type"] == "Action.Execute"]

        assert all(set(data) <= {"invoice", "show", "contract", "after", "before", "company", "until"} for data in carried)
