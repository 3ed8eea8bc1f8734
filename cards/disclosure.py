"""What is kept about a person: the way to the file that tells it."""

from cards import kit
from cards.kit import Card
from cards.links import Links
from words.reader import Reader


def disclosure(reader: Reader, links: Links) -> Card:
    """Return the way to the file; the browser asks who it is for."""
    said = reader.say(
        "Everything that is kept about you, as a file: how to reach you, your settings, your reminders, and what you looked at."
    )
    button = kit.open_url(
        reader.say("Download my data"), links.disclosure(), reader.say("Everything kept about you as a JSON file, opens the browser")
    )
    body = [
        kit.heading(reader.say("Your data")),
        kit.label(said),
        kit.label(reader.say("To have it deleted, write: delete my data"), subtle=True, size="Small"),
    ]
    return kit.card(body, [button], fallback_text=said)
