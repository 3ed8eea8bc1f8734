"""Questions and orders that need no object to be understood."""

from enum import StrEnum


class Ask(StrEnum):
    """Questions and orders without an object."""

    HELP = "help"
    BALANCE = "balance"
    EXPORT = "export"
    WHO_AM_I = "who am i"
    CONTACT = "contact"
    SIGN_IN = "sign in"
    SIGN_OUT = "sign out"
    REMINDERS = "reminders"
    REMINDERS_ON = "reminders on"
    REMINDERS_OFF = "reminders off"
    EXPORT_DATA = "export my data"
    DELETE_DATA = "delete my data"
    DELETE_DATA_NOW = "delete my data now"
    THANKS = "thanks"
    OK = "ok"
    BYE = "bye"


COURTESIES = frozenset({Ask.THANKS, Ask.OK, Ask.BYE})
"""What people say without asking for anything; never suggested."""

ACTING = frozenset({Ask.SIGN_IN, Ask.SIGN_OUT, Ask.REMINDERS_ON, Ask.REMINDERS_OFF, Ask.DELETE_DATA, Ask.DELETE_DATA_NOW})
"""What changes something: never understood from a sentence that denies it, and never suggested for one."""
