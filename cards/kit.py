"""Building blocks of a card.

Our own words go into ``label``, where Markdown is rendered; everything from outside goes into ``value``, where it is not.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal, LiteralString, NewType, Self, TypedDict, Unpack

from billing.invoice import Invoice
from cards.verbs import Key, Verb
from words.text import clean, plain

Element = NewType("Element", dict[str, object])
"""Something with a place in a card's body."""

Action = NewType("Action", dict[str, object])
"""A button."""

Fact = tuple[LiteralString, str]
"""A name of ours and anybody's value."""

Style = Literal["emphasis", "good", "warning", "attention"]
Weight = Literal["positive", "destructive"]
Tone = Literal["Attention", "Warning", "Good", "Informative"]


class Look(TypedDict, total=False):
    """How a text looks."""

    bold: bool
    subtle: bool
    size: Literal["Small", "Default", "Large", "ExtraLarge"]
    align: Literal["Right", "Center"]
    spacing: Literal["None", "Small", "Medium", "Large"]


class Kept(dict[str, object]):
    """An element that many cards share. Nobody changes it, so whoever writes it as JSON keeps that with it.

    json  what has been written; None before the first time
    """

    json: bytes | None = None


class Card(dict[str, Any]):
    """A finished card. Nobody changes it, so a copy of it is the card itself.

    about  the invoice that it shows in full; None for every other card
    """

    about: Invoice | None = None

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        """Return the card: botbuilder copies every activity before it sends it, which would cost more than building it."""
        return self

    @property
    def size_bytes(self) -> int:
        """What Teams counts: the card's JSON in UTF-16. A message may have 100 KB, and 80 KB is advised."""
        return len(json.dumps(self, ensure_ascii=False, separators=(",", ":")).encode("utf-16-le"))


def card(
    body: Sequence[Element],
    actions: Sequence[Action] = (),
    *,
    fallback_text: str,
    wide: bool = False,
    about: Invoice | None = None,
) -> Card:
    """Return a card.

    fallback_text  what a client shows that cannot draw cards, what a notification says, and what is read aloud
    wide           whether it may take the whole width of the chat
    about          the invoice that it shows in full
    """
    said = plain(fallback_text)
    made = Card(
        {
            "type": "AdaptiveCard",
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
            "version": "1.5",
            "fallbackText": said,
            "speak": said,
            "body": list(body),
        }
    )
    if actions:
        made["actions"] = list(actions)
    if wide:
        made["msteams"] = {"width": "full"}
    made.about = about
    return made


def label(text: LiteralString, **look: Unpack[Look]) -> Element:
    """Return words of ours; Markdown in them is rendered."""
    block: dict[str, object] = {"type": "TextBlock", "text": text, "wrap": True}
    if look:
        _dress(block, block, look)
    return Element(block)


def heading(text: LiteralString, **look: Unpack[Look]) -> Element:
    """Return a title, which screen readers can jump to."""
    return Element({**label(text, **look), "style": "heading"})


def value(text: str, **look: Unpack[Look]) -> Element:
    """Return anybody's words; they are shown exactly as they are, and nothing in them is rendered."""
    run: dict[str, object] = {"type": "TextRun", "text": str(clean(text))}  # str: JSON is written faster
    block: dict[str, object] = {"type": "RichTextBlock", "inlines": [run]}
    if look:
        _dress(run, block, look)
    return Element(block)


def badge(text: str, tone: Tone) -> Element:
    """Return a short state, told by its words as well as by its colour."""
    shown = str(clean(text))
    drawn = {"type": "Badge", "text": shown, "style": tone, "appearance": "Tint", "size": "Medium"}
    return Element({**drawn, "fallback": value(shown, bold=True, size="Small")})


def container(*items: Element, style: Style | None = None, rule: bool = False, spacing: str | None = None) -> Element:
    """Return elements that belong together; *rule* draws a line above them."""
    made: dict[str, object] = {"type": "Container", "items": list(items)}
    if style:
        made["style"] = style
    return _apart(made, rule=rule, spacing=spacing)


def column(*items: Element, width: str = "stretch", sits: Literal["Center", "Bottom"] | None = None) -> Element:
    """Return a column: ``stretch``, ``auto`` or pixels such as ``96px`` wide; *sits* is its place beside a higher one."""
    made: dict[str, object] = {"type": "Column", "width": width, "items": list(items)}
    if sits:
        made["verticalContentAlignment"] = sits
    return Element(made)


def columns(*parts: Element, rule: bool = False, spacing: str | None = None) -> Element:
    """Return columns side by side."""
    return _apart({"type": "ColumnSet", "columns": list(parts)}, rule=rule, spacing=spacing)


def facts(*rows: Fact, width: str = "132px") -> Element:
    """Return rows of a name and a value; a FactSet would render Markdown in the values."""
    return container(
        *(columns(column(label(name, subtle=True), width=width), column(value(text)), spacing="Small") for name, text in rows),
        spacing="Medium",
    )


def buttons(*actions: Action, right: bool = False, spacing: str | None = None) -> Element:
    """Return a row of buttons within the body."""
    made: dict[str, object] = {"type": "ActionSet", "actions": list(actions)}
    if right:
        made["horizontalAlignment"] = "Right"
    return _apart(made, rule=False, spacing=spacing)


def execute(
    title: LiteralString,
    verb: Verb,
    carried: Mapping[str, str] | None = None,
    tooltip: str = "",
    *,
    inputs: bool = False,
    style: Weight | None = None,
) -> Action:
    """Return a button that asks the bot; clients that do not know Action.Execute send the same by Action.Submit.

    inputs  whether what is chosen in the card goes along
    style   positive for what a card is there for, destructive for what cannot be undone
    """
    common: dict[str, object] = {"title": title}
    if style:
        common["style"] = style
    if tooltip:
        common["tooltip"] = str(clean(tooltip))
    if not inputs:
        common["associatedInputs"] = "none"
    carries = carried or {}
    submit = {"type": "Action.Submit", **common, "data": {Key.VERB.value: verb.value, **carries}}
    return Action({"type": "Action.Execute", **common, "verb": verb.value, "data": carries, "fallback": submit})


def open_url(title: LiteralString, url: str, tooltip: str, *, primary: bool = False) -> Action:
    """Return a button that leaves Teams for the browser; its tooltip says so."""
    made: dict[str, object] = {"type": "Action.OpenUrl", "title": title, "url": url, "tooltip": str(clean(tooltip))}
    if primary:
        made["style"] = "positive"
    return Action(made)


def choice(key: Key, name: LiteralString, options: Sequence[tuple[str, str]], chosen: str) -> Element:
    """Return a list to choose one of: pairs of what is shown and what is sent."""
    shown = [{"title": str(clean(title)), "value": sent} for title, sent in options]
    return Element({"type": "Input.ChoiceSet", "id": key.value, "label": name, "style": "compact", "value": chosen, "choices": shown})


def choices(key: Key, name: LiteralString, options: Sequence[tuple[str, str]], chosen: Sequence[str]) -> Element:
    """Return a list to choose any number of: pairs of what is shown and what is sent, which may hold no comma."""
    shown = [{"title": str(clean(title)), "value": sent} for title, sent in options]
    made: dict[str, object] = {"type": "Input.ChoiceSet", "id": key.value, "label": name, "isMultiSelect": True, "wrap": True}
    return Element(made | {"value": ",".join(chosen), "choices": shown})


def toggle(key: Key, name: LiteralString, title: LiteralString, *, is_on: bool) -> Element:
    """Return a switch; it sends ``true`` or ``false``."""
    made: dict[str, object] = {"type": "Input.Toggle", "id": key.value, "label": name, "title": title, "wrap": True}
    return Element(made | {"value": "true" if is_on else "false"})


def _dress(letters: dict[str, object], block: dict[str, object], look: Look) -> None:
    if look.get("bold"):
        letters["weight"] = "Bolder"
    if look.get("subtle"):
        letters["isSubtle"] = True
    if "size" in look:
        letters["size"] = look["size"]
    if "align" in look:
        block["horizontalAlignment"] = look["align"]
    if "spacing" in look:
        block["spacing"] = look["spacing"]


def _apart(made: dict[str, object], *, rule: bool, spacing: str | None) -> Element:
    """Set an element off from what stands above it."""
    if rule:
        made["separator"] = True
    if spacing:
        made["spacing"] = spacing
    return Element(made)
