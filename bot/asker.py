"""Who wrote an activity, where, and how they read."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false, reportOptionalMemberAccess=false

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from botbuilder.schema import Activity

from billing.access import Person
from billing.errors import UnknownPerson
from billing.people import Conversation
from billing.ports import Clock
from billing.zones import zone_named
from bot.wire import Wire, as_object
from words.reader import Reader

PERSONAL = "personal"
PHONES = ("iOS", "Android")
_ANY_LOCALE = "en-US"
TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}")


class TwoTenants(UnknownPerson):
    """An activity says one tenant, and its conversation another.

    person  whom the activity would be of, were it believed
    """

    def __init__(self, person: Person, **facts: object) -> None:
        super().__init__(**facts)
        self.person = person


@dataclass(frozen=True, slots=True)
class Asker:
    """The author of a verified activity. Tenant and person come from it alone, never from a card's data."""

    person: Person
    conversation: str
    is_personal: bool
    locale: str
    zone: ZoneInfo
    is_phone: bool = False

    @classmethod
    def of(cls, activity: Activity, known: Conversation | None = None) -> "Asker":
        """Return who wrote *activity*. Raises UnknownPerson where Teams did not say, TwoTenants where it said two things.

        known  what is kept of their chat: it tells language and time zone where the activity does not
        """
        told = as_object(as_object(activity.channel_data).get("tenant")).get("id")
        person = Person.parse(told, getattr(activity.from_property, "aad_object_id", None))
        # The SDK maps the conversation's ``tenantId`` to a name Teams does not use.
        if as_object(activity.conversation.additional_properties).get("tenantId", told) != told:
            raise TwoTenants(person, reason="two tenants")
        is_personal = activity.conversation.conversation_type == PERSONAL
        locale = _locale(activity) or (known.locale if known else _ANY_LOCALE)
        zone = _zone(activity) or (known.zone if known else "")
        return cls(person, activity.conversation.id, is_personal, locale, zone_named(zone), _is_phone(activity))

    def reader(self, clock: Clock) -> Reader:
        """Return the words, numbers and today of this person."""
        return Reader(self.locale, self.zone, clock())

    def kept(self, reference: Wire) -> Conversation:
        """Return what to keep so as to speak first later on."""
        return Conversation(self.person, self.conversation, reference, self.locale, str(self.zone))


def says_where(activity: Activity) -> bool:
    """Whether *activity* tells its author's language and time zone; what installs the app does not, nor does every client."""
    return bool(_locale(activity) and _zone(activity))


def reader_of(activity: Activity, clock: Clock) -> Reader:
    """Return the words, numbers and today of whoever wrote *activity*."""
    return Reader(_locale(activity) or _ANY_LOCALE, zone_named(_zone(activity)), clock())


def _locale(activity: Activity) -> str:
    told = activity.locale or ""
    return told if TAG.fullmatch(told) else ""


def _zone(activity: Activity) -> str:
    told = (activity.local_timezone, *_of_client(activity, "timezone"))
    return next((each for each in told if isinstance(each, str) and each), "")


def _is_phone(activity: Activity) -> bool:
    """Whether Teams' client runs on a phone: its stores may forbid a way to pay there."""
    return any(each in PHONES for each in _of_client(activity, "platform"))


def _of_client(activity: Activity, name: str) -> list[object]:
    """Return what Teams' client tells of itself under *name*."""
    return [as_object(entity.additional_properties).get(name) for entity in activity.entities or ()]
