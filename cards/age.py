"""How old an answer is, said where it is older than usual."""

from datetime import datetime

from cards import kit
from cards.kit import Element
from words.reader import Reader


def age(as_of: datetime | None, reader: Reader, reason: str = "") -> list[Element]:
    """Return a line that dates the answer, with the *reason* for its age; nothing for None, when it is fresh."""
    if as_of is None:
        return []
    dated = reader.dots(reader.say("As of {moment}", moment=reader.moment(as_of)), reason)
    return [kit.value(dated, subtle=True, size="Small", spacing="Small")]
