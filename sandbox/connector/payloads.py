"""Activities in the shape in which Teams sends them."""

import base64
import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from sandbox.connector.conversation import Conversation
from sandbox.people import DemoPerson
from sandbox.tree import Json

BOT_NAME = "My Invoices"
"""What the app is called in Teams."""

MENTION = f"<at>{BOT_NAME}</at>"
"""How a mention of the bot stands in a message's text."""

_LOCAL = ("localTimestamp", "localTimezone")


@dataclass(frozen=True, slots=True)
class Moment:
    """Who does something, where and when: what all activities have in common."""

    person: DemoPerson
    conversation: Conversation
    bot_id: str
    service_url: str
    at: datetime

    def activity(self, kind: str, activity_id: str, **members: object) -> Json:
        """Return an activity of type *kind*."""
        local = self.at.astimezone(ZoneInfo(self.person.zone))
        return {
            "type": kind,
            "id": activity_id,
            "timestamp": f"{self.at:%Y-%m-%dT%H:%M:%S}.{self.at.microsecond // 1000:03}Z",
            "localTimestamp": local.isoformat(timespec="milliseconds"),
            "localTimezone": self.person.zone,
            "channelId": "msteams",
            "serviceUrl": self.service_url,
            "from": {"id": user_id(self.person, self.bot_id), "name": self.person.name, "aadObjectId": self.person.oid},
            "conversation": _conversation(self.conversation, activity_id),
            "recipient": {"id": self.bot_id, "name": BOT_NAME},
            "entities": [_client_info(self.person)],
            "channelData": _channel_data(self.conversation),
            "locale": self.person.locale,
        } | members

    def message(self, activity_id: str, text: str, **members: object) -> Json:
        """Return a typed message; one that contains MENTION mentions the bot."""
        made = self.activity("message", activity_id, text=text, textFormat="plain", **members)
        made["attachments"] = [{"contentType": "text/html", "content": f"<p>{escape(text)}</p>"}]
        if MENTION in text:
            mention = {"type": "mention", "text": MENTION, "mentioned": {"id": self.bot_id, "name": BOT_NAME}}
            made["entities"].insert(0, mention)
        return made

    def submit(self, activity_id: str, reply_to: str, value: object) -> Json:
        """Return what ``Action.Submit`` sends."""
        return self.activity("message", activity_id, value=value, replyToId=reply_to)

    def invoke(self, name: str, value: Json, **members: object) -> Json:
        """Return an invoke, which the bot answers in the HTTP response."""
        return self.activity("invoke", f"f:{uuid.uuid4()}", name=name, value=value, **members)

    def installation(self, action: str) -> Json:
        """Return what says that the app came (``add``, ``add-upgrade``) or went (``remove``): it tells no time zone."""
        made = self.activity("installationUpdate", f"f:{uuid.uuid4()}", action=action)
        client = {name: told for name, told in _client_info(self.person).items() if name != "timezone"}
        return {name: told for name, told in made.items() if name not in _LOCAL} | {"entities": [client]}

    def members_added(self) -> Json:
        """Return what says that the bot is in the conversation now."""
        return self.activity("conversationUpdate", f"f:{uuid.uuid4()}", membersAdded=[{"id": self.bot_id}])


def user_id(person: DemoPerson, bot_id: str) -> str:
    """Return the id under which one bot knows a person."""
    digest = hashlib.sha256(f"{bot_id} {person.oid}".encode()).digest()
    return f"29:{base64.urlsafe_b64encode(digest + digest[:18]).decode()}"


def member(person: DemoPerson, bot_id: str) -> Json:
    """Return a person as the list of members shows them."""
    given, _, surname = person.name.partition(" ")
    return {
        "id": user_id(person, bot_id),
        "name": person.name,
        "aadObjectId": person.oid,
        "objectId": person.oid,
        "givenName": given,
        "surname": surname,
        "email": person.upn,
        "userPrincipalName": person.upn,
        "tenantId": person.tenant.id,
        "userRole": "user",
    }


def _conversation(conversation: Conversation, activity_id: str) -> Json:
    where: Json = {"conversationType": conversation.kind, "tenantId": conversation.tenant.id, "id": conversation.id}
    if conversation.kind != "personal":
        where["isGroup"] = True
    if conversation.kind == "channel":
        where["id"] = f"{conversation.id};messageid={activity_id}"
    return where


def _channel_data(conversation: Conversation) -> Json:
    tenant: Json = {"tenant": {"id": conversation.tenant.id}}
    if conversation.kind != "channel":
        return tenant
    same = {"id": conversation.id}
    return tenant | {"channel": same, "team": same, "teamsChannelId": conversation.id, "teamsTeamId": conversation.id}


def _client_info(person: DemoPerson) -> Json:
    country = person.locale.rpartition("-")[2]
    return {"type": "clientInfo", "locale": person.locale, "country": country, "platform": "Web", "timezone": person.zone}
