"""What a button asks for: its verb, the names of what it carries, and how an untrusted answer is read back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Self

from billing.access import AccountId
from billing.errors import Malformed
from billing.invoice import ContractId, InvoiceId, Position, Show, Turn, Wanted


class Verb(StrEnum):
    """What the bot does when a button is pressed."""

    LIST = "invoices.list"
    DETAILS = "invoice.details"
    BALANCE = "balance"
    HELP = "help"
    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    WHO = "who"
    REMINDERS = "reminders"
    REMINDERS_ON = "reminders.on"
    REMINDERS_OFF = "reminders.off"
    REMINDERS_SAVE = "reminders.save"
    SNOOZE = "invoice.snooze"
    SWITCH = "company.switch"
    DELETE_DATA = "data.delete"


class Key(StrEnum):
    """What a button carries besides its verb. VERB itself travels only with Action.Submit, which knows no verbs."""

    VERB = "verb"
    INVOICE = "invoice"
    SHOW = "show"
    CONTRACT = "contract"
    AFTER = "after"
    BEFORE = "before"
    UNTIL = "until"
    HOUR = "hour"
    DAYS = "days"
    BUSINESS_DAYS = "business_days"
    NOTICES = "notices"
    COMPANY = "company"


EVERY_CONTRACT: Final = "all"
"""What the filter sends for no contract in particular: a choice may not be empty."""

AWAKE: Final = "now"
"""What Undo sends for the end of a snooze."""

_GUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Place:
    """A page of a list, as a button names it."""

    show: Show = Show.OPEN
    contract: ContractId | None = None
    position: Position | None = None
    turn: Turn = Turn.AFTER

    @classmethod
    def of(cls, wanted: Wanted) -> Self:
        """Return the place that *wanted* asked for."""
        return cls(wanted.show, wanted.contract, wanted.position, wanted.turn)

    def wanted(self, today: date, limit: int) -> Wanted:
        """Return the question that leads to this place."""
        return Wanted(self.show, today, limit, self.contract, self.position, self.turn)

    def carried(self) -> dict[str, str]:
        """Return what a button carries to lead here; an absent contract or position is left out."""
        carried = {Key.SHOW.value: self.show.value}
        if self.contract is not None:
            carried[Key.CONTRACT.value] = self.contract
        if self.position is not None:
            carried[self.turn.value] = encode(self.position)
        return carried

    @classmethod
    def read(cls, sent: Mapping[str, object]) -> Self:
        """Return the place that an untrusted button names; nothing at all means the open invoices. Raises Malformed."""
        contract = sent.get(Key.CONTRACT, EVERY_CONTRACT)
        after, before = sent.get(Key.AFTER), sent.get(Key.BEFORE)
        if after is not None and before is not None:
            raise Malformed(keys="after, before")
        turn = Turn.AFTER if before is None else Turn.BEFORE
        where = after if before is None else before
        return cls(
            show=_show(sent.get(Key.SHOW, Show.OPEN)),
            contract=None if contract == EVERY_CONTRACT else ContractId(_guid(contract, Key.CONTRACT)),
            position=None if where is None else decode(where),
            turn=turn,
        )


def encode(position: Position) -> str:
    """Return a position as one word: ``2026-11-30~<id>``, without the date where there is none."""
    return f"{position.key}~{position.id}"


def decode(word: object) -> Position:
    """Return the position that ``encode`` wrote. Raises Malformed for anything else."""
    due, tilde, invoice = word.partition("~") if isinstance(word, str) else ("", "", "")
    if not tilde:
        raise Malformed(key="position")
    return Position(due and _date(due), InvoiceId(_guid(invoice, "position")))


def invoice_id(sent: Mapping[str, object]) -> InvoiceId:
    """Return the invoice that an untrusted button names. Raises Malformed."""
    return InvoiceId(_guid(sent.get(Key.INVOICE), Key.INVOICE))


def account_id(sent: Mapping[str, object]) -> AccountId:
    """Return the company that an untrusted button names. Raises Malformed."""
    return AccountId(_guid(sent.get(Key.COMPANY), Key.COMPANY))


def _show(word: object) -> Show:
    try:
        return Show(word)
    except ValueError as error:
        raise Malformed(key=Key.SHOW.value) from error


def _date(word: str) -> str:
    try:
        found = date.fromisoformat(word)
    except ValueError as error:
        raise Malformed(key="position") from error
    if found.isoformat() != word:
        raise Malformed(key="position")
    return word


def _guid(word: object, key: str) -> str:
    if isinstance(word, str) and _GUID.fullmatch(word.lower()):
        return word.lower()
    raise Malformed(key=str(key))
