"""The mapping: what Work 365's tables, columns and values are called in a partner's environment, checked as a whole."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from backends.work365.names import (
    AccountNames,
    ContactNames,
    ContractNames,
    CurrencyNames,
    IdentityNames,
    InvoiceNames,
    LineNames,
    Names,
    ProviderAccountNames,
    RoleNames,
    UsageNames,
)
from backends.work365.reading import Document, Section
from billing.access import Role
from billing.invoice import Charge, State

SHIPPED = Path(__file__).parents[2] / "work365.toml"


class BadMapping(ValueError):
    """A mapping that cannot be used; ``wrong`` names every mistake."""

    def __init__(self, wrong: list[str]) -> None:
        super().__init__("\n".join(wrong))
        self.wrong = wrong


@dataclass(frozen=True, slots=True)
class StatusTable:
    """What the pairs of statecode and statuscode mean.

    shown   exact pairs
    hidden  pairs that are known to mean nothing to a customer; None stands for any statuscode
    """

    shown: Mapping[tuple[int, int], State]
    hidden: frozenset[tuple[int, int | None]]

    def state(self, statecode: object, statuscode: object) -> State | None:
        """Return what the customer sees; None for all that stays hidden."""
        return self.shown.get((statecode, statuscode)) if isinstance(statecode, int) and isinstance(statuscode, int) else None

    def knows(self, statecode: object, statuscode: object) -> bool:
        """Whether the table speaks of that pair at all."""
        if not (isinstance(statecode, int) and isinstance(statuscode, int)):
            return False
        return (statecode, statuscode) in self.shown or not self.hidden.isdisjoint({(statecode, statuscode), (statecode, None)})


@dataclass(frozen=True, slots=True)
class ChargeWords:
    """What the words of the last charge's status mean, in lower case."""

    words: Mapping[str, Charge]
    unknown: Charge

    def charge(self, word: object) -> Charge:
        """Return what *word* (text, or a choice's number) means."""
        plain = "" if word is None else str(word).strip().casefold()
        return self.words.get(plain, self.unknown) if plain else Charge.NONE


@dataclass(frozen=True, slots=True)
class Work365Mapping:
    """All names of one environment.

    usage             None: no download
    web_roles         where web roles are found; None: they do not come from Dataverse
    role_names        names that open invoices here, beside the usual ones
    missing_currency  ISO code for invoices that name none; empty: they are hidden
    by_email          whether a contact whose mail address is the person's UPN counts too
    app_roles         whether the roles come from the bot's own Entra registration
    """

    accounts: AccountNames
    contacts: ContactNames
    provider_accounts: ProviderAccountNames
    identities: IdentityNames
    currencies: CurrencyNames
    contracts: ContractNames
    invoices: InvoiceNames
    lines: LineNames
    usage: UsageNames | None
    status: StatusTable
    charges: ChargeWords
    terms: Mapping[int, str]
    missing_currency: str
    web_roles: RoleNames | None
    role_names: dict[Role, tuple[str, ...]]
    by_email: bool
    app_roles: bool

    @property
    def tables(self) -> dict[str, Names]:
        """Every table by the name of its section."""
        return {name: found for name in TABLES if isinstance(found := getattr(self, name), Names)}


_NEVER = frozenset({"work365subscriptionmanager", "work365internaluser"})
"""Roles that must not see invoices, without spaces and case."""

TABLES: dict[str, type[Names]] = {
    "accounts": AccountNames,
    "contacts": ContactNames,
    "provider_accounts": ProviderAccountNames,
    "identities": IdentityNames,
    "currencies": CurrencyNames,
    "contracts": ContractNames,
    "invoices": InvoiceNames,
    "lines": LineNames,
    "usage": UsageNames,
}


def load(path: Path = SHIPPED) -> Work365Mapping:
    """Return the mapping in *path*, laid over the shipped one. Raises BadMapping."""
    document = _document(SHIPPED)
    return read(document if path.resolve() == SHIPPED.resolve() else _over(document, _document(path)))


def read(document: Document) -> Work365Mapping:
    """Return the mapping that a whole document describes. Raises BadMapping with every mistake at once."""
    wrong: list[str] = []
    top = Section("", document, wrong)
    tables: dict[str, Any] = {name: _table(top.section(name), kind) for name, kind in TABLES.items()}
    values: dict[str, Any] = {
        "status": _status(top.section("status")),
        "charges": _charges(top.section("charge")),
        "terms": _terms(top.section("terms")),
        "missing_currency": _missing_currency(top.section("money")),
        **_roles(top.section("roles")),
        **_identity(top.section("identity")),
    }
    top.finish()
    if wrong:
        raise BadMapping(wrong)
    return Work365Mapping(**tables, **values)


def _document(path: Path) -> Document:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadMapping([f"{path.name}: {error}"]) from error


def _over(shipped: Document, changes: Document) -> Document:
    """Return *shipped* with *changes* laid over it, tables key by key."""
    merged = dict(shipped)
    for key, value in changes.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _over(merged[key], cast("Document", value)) if both else value
    return merged


def _table(section: Section, kind: type[Names]) -> Names | None:
    if kind is UsageNames and section.raw("entity_set") == "":
        return None  # the download is switched off, so its other names do not matter
    return section.names(kind)


def _status(section: Section) -> StatusTable:
    shown: dict[tuple[int, int], State] = {}
    for state in State:
        for statecode, statuscode in section.pairs(state.value):
            if statuscode is None:
                section.mistake(state.value, 'needs exact statuscodes: "any" is for hidden alone')
            elif shown.setdefault((statecode, statuscode), state) is not state:
                section.mistake(state.value, f"[{statecode}, {statuscode}] already means {shown[statecode, statuscode]}")
    hidden = frozenset(section.pairs("hidden"))
    for statecode, statuscode in sorted(shown.keys() & hidden):
        section.mistake("hidden", f"[{statecode}, {statuscode}] already means {shown[statecode, statuscode]}")
    section.finish()
    return StatusTable(shown, hidden)


def _charges(section: Section) -> ChargeWords:
    words: dict[str, Charge] = {}
    for charge in (Charge.PENDING, Charge.FAILED, Charge.SUCCEEDED):
        for word in section.texts(charge.value):
            if words.setdefault(word.strip().casefold(), charge) is not charge:
                section.mistake(charge.value, f"{word!r} already means {words[word.strip().casefold()]}")
    unknown = section.one_of("unknown", tuple(Charge))
    section.finish()
    return ChargeWords(words, Charge(unknown))


def _terms(section: Section) -> dict[int, str]:
    found = {int(key): section.text(key) for key in section.numbers}
    section.finish()
    return found


def _missing_currency(section: Section) -> str:
    code = section.text("missing_currency")
    if code and not (len(code) == 3 and code.isascii() and code.isalpha()):  # noqa: PLR2004 - ISO 4217
        section.mistake("missing_currency", f"{code!r} is no ISO 4217 code")
    section.finish()
    return code.upper()


def _roles(section: Section) -> dict[str, Any]:
    model = section.one_of("model", ("standard", "enhanced", "none"))
    models = {name: section.section(name).names(RoleNames) for name in ("standard", "enhanced")}
    names = {Role.ADMINISTRATOR: section.texts("administrator"), Role.FINANCE_MANAGER: section.texts("finance_manager")}
    for role, spellings in names.items():
        for name in spellings:
            if _plain(name) in _NEVER:
                section.mistake(role.name.lower(), f"{name!r} must not open invoices")
    section.finish()
    return {"web_roles": models.get(model), "role_names": names}


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()


def _identity(section: Section) -> dict[str, bool]:
    found = {key: section.flag(key) for key in ("by_email", "app_roles")}
    section.finish()
    return found
