"""What people type in one language, by what it means: a book for each language, in a file of its own."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """What is typed in one language, in lower case.

    phrases    whole phrases, by the value of the ``Ask`` or ``Show`` that they stand for
    telling    single words that tell what a longer sentence asks for, by the value of the ``Ask`` or ``Show``; the first one counts
    denying    words that deny something, whatever it is
    negating   those that deny what follows them ("not paid"); they deny as well
    reversing  first letters that make "unpaid" of a word for paid
    reminding  words about reminders
    stopping   words that end them; an order only beside words of *reminding*, and of *beside* at most
    starting   words that begin them
    wanting    words that make an order to stop of a denial ("I do not want reminders")
    beside     words that may stand in an order about reminders without changing it
    about_one  words that stand before an invoice's number
    orders     those of them that ask for more than to see it, as the value of the ``Order``
    snooze     those of them that ask for silence
    wake       words that end it, where one of those stands as well
    until      how long it is to last, by words, as the value of the ``Until``
    later      words that ask for it beside one of *reminding*
    ending     words before the end or the length of a silence
    counts     numbers in words, each in all its forms, from one
    lengths    days of a unit of time
    weekdays   from Monday
    months     from January
    narrowing  words that narrow a list by date, amount or currency, which nothing here can do
    bounding   words before a number that make it an amount ("over 1000")
    units      words after one that make it an amount or a length of time
    fillers    polite and small words that mean nothing by themselves
    thanking   words that mean thanks where nothing else is said
    """

    phrases: Mapping[str, tuple[str, ...]]
    telling: Mapping[str, str]
    denying: frozenset[str]
    negating: frozenset[str]
    reversing: tuple[str, ...]
    reminding: frozenset[str]
    stopping: frozenset[str]
    starting: frozenset[str]
    wanting: frozenset[str]
    beside: frozenset[str]
    about_one: tuple[str, ...]
    orders: Mapping[str, str]
    snooze: frozenset[str]
    wake: frozenset[str]
    until: Mapping[str, str]
    later: frozenset[str]
    ending: frozenset[str]
    counts: tuple[tuple[str, ...], ...]
    lengths: Mapping[str, int]
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    narrowing: frozenset[str]
    bounding: frozenset[str]
    units: frozenset[str]
    fillers: frozenset[str]
    thanking: frozenset[str]
