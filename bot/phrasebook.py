"""What people type in another language than English, by what it means: a book for each language, in a file of its own."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """What is typed in one language, in lower case.

    phrases    whole phrases, by the value of the ``Ask`` or ``Show`` that they stand for
    telling    single words that tell which list a longer sentence asks for, by the value of the ``Show``
    denying    words that turn a telling word into its opposite
    about_one  words that stand before an invoice's number
    snooze     those of them that ask for silence
    fillers    polite and small words that mean nothing by themselves
    thanking   words that mean thanks where nothing else is said
    """

    phrases: Mapping[str, tuple[str, ...]]
    telling: Mapping[str, str]
    denying: frozenset[str]
    about_one: tuple[str, ...]
    snooze: frozenset[str]
    fillers: frozenset[str]
    thanking: frozenset[str]
