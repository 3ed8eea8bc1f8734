"""Other people's words in a card: cleaned as everywhere."""

from words.text import Clean, capitalized, clean, isolated, left_to_right, lines, plain, right_to_left, shorten

__all__ = ["Clean", "capitalized", "clean", "isolated", "left_to_right", "lines", "plain", "right_to_left", "shorten"]
