"""Other people's words in a card: cleaned as everywhere."""

from words.text import Clean, breakable, capitalized, clean, isolated, left_to_right, lines, plain, right_to_left, short_number, shorten

__all__ = [
    "Clean",
    "breakable",
    "capitalized",
    "clean",
    "isolated",
    "left_to_right",
    "lines",
    "plain",
    "right_to_left",
    "short_number",
    "shorten",
]
