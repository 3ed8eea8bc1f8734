"""What a person decides about reminders."""

from typing import Final, LiteralString

from billing.due import Custom, Notice, Wishes
from cards import kit
from cards.kit import Action, Card
from cards.verbs import Key, Verb
from words.reader import Reader

OFFERED: Final = (-14, -7, -3, -1, 0, 1, 3, 7, 14, 30)
"""Stages to choose from, in days relative to the due date; those in use are offered as well."""

HOURS: Final = range(6, 20)
"""Hours to choose from; the one in use is offered as well."""


def settings(wishes: Wishes, custom: Custom, reader: Reader, *, days: tuple[int, ...], is_saved: bool = False) -> Card:
    """Return the settings as they are, to be changed.

    days      the stages that count for the person now, in days relative to the due date
    is_saved  whether they have been changed just now
    """
    hour = custom.hour if wishes.hour is None else wishes.hour
    hours = [(reader.hour(each), str(each)) for each in sorted({*HOURS, hour})]
    stages = [(_stage(n, reader), str(n)) for n in sorted({*OFFERED, *days})]
    notices = [(_notice(each, reader), each.value) for each in Notice]
    loud = [each.value for each in Notice if each not in wishes.silent]
    said = _state(wishes, reader, is_saved=is_saved) if days or loud else _nothing(wishes, reader)
    body = [
        kit.heading(reader.say("Reminders")),
        kit.label(said, spacing="None"),
        kit.choice(Key.HOUR, reader.say("Earliest time of day"), hours, str(hour)),
        kit.value(reader.say("Time zone: {zone}, as Teams tells it", zone=str(reader.zone)), subtle=True, size="Small", spacing="Small"),
        kit.choices(Key.DAYS, reader.say("Remind me of an unpaid invoice"), stages, [str(n) for n in days]),
        kit.choices(Key.NOTICES, reader.say("Also tell me"), notices, loud),
        kit.toggle(Key.BUSINESS_DAYS, reader.say("Weekends"), reader.say("No reminders on weekends"), is_on=wishes.business_days),
    ]
    return kit.card(body, _actions(wishes, reader), fallback_text=said)


def turned_off(reader: Reader) -> Card:
    """Return that there will be no more reminders, and the way back."""
    said = reader.say("Reminders are off. You can still ask me for invoices at any time.")
    actions = [kit.execute(reader.say("Turn on reminders"), Verb.REMINDERS_ON, style="positive")]
    return kit.card([kit.heading(reader.say("Reminders")), kit.label(said)], actions, fallback_text=said)


def _actions(wishes: Wishes, reader: Reader) -> list[Action]:
    off = kit.execute(reader.say("Turn off reminders"), Verb.REMINDERS_OFF)
    on = kit.execute(reader.say("Turn on reminders"), Verb.REMINDERS_ON, style="positive")
    return [kit.execute(reader.say("Save"), Verb.REMINDERS_SAVE, inputs=True, style="positive"), off if wishes.is_on else on]


def _state(wishes: Wishes, reader: Reader, *, is_saved: bool) -> LiteralString:
    if not wishes.is_on:
        return reader.say("Reminders are off.")
    if is_saved:
        return reader.say("Saved. Reminders are on: at most one message a day.")
    return reader.say("Reminders are on: at most one message a day, and only if there is something new in it.")


def _nothing(wishes: Wishes, reader: Reader) -> LiteralString:
    """Return what is true where there is nothing to be reminded of."""
    if not wishes.is_on:
        return reader.say("Reminders are off.")
    return reader.say("Reminders are on, but none will come: choose at least one day or piece of news.")


def _stage(days: int, reader: Reader) -> str:
    if days < 0:
        return reader.plural(-days, "{n} day before it is due", "{n} days before it is due")
    return reader.plural(days, "{n} day after the due date", "{n} days after the due date") if days else reader.say("On the day it is due")


def _notice(notice: Notice, reader: Reader) -> LiteralString:
    match notice:
        case Notice.ISSUED:
            return reader.say("When there is a new invoice")
        case Notice.PAID:
            return reader.say("When a payment has been received")
        case Notice.FAILED:
            return reader.say("When a payment has failed")
