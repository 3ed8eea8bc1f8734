"""What Teams' user interface never sends: activities by hand, in a person's name."""

import json
import re
from typing import Any

from sandbox.connector.client import OAUTH_CARD
from sandbox.connector.conversation import Kind
from sandbox.connector.delivery import Answer
from sandbox.connector.payloads import Moment
from sandbox.demo.companies import FABRIKAM_GMBH, TAILSPIN_ROBOTICS, TAILSPIN_TOYS
from sandbox.driver import Chat
from sandbox.people import person
from tests.town import Town

NUMBER = re.compile(r"INV-\d{5}")
"""An invoice's number."""

OTHERS = (FABRIKAM_GMBH.id, TAILSPIN_TOYS.id, TAILSPIN_ROBOTICS.id)
"""The accounts that nobody of Contoso's may see anything of."""


def moment(town: Town, key: str, kind: Kind = "personal") -> Moment:
    """Return the moment in which a demo person does something."""
    teams, world = town.world.teams, town.world
    return Moment(
        person(key), teams.client(person(key), kind).conversation, teams.channel.bot_id, teams.delivery.service_url, world.clock()
    )


async def signed_in(town: Town, key: str) -> Chat:
    """Return a chat whose person is signed in, whatever they may see."""
    chat = await town.opened(key)
    answer = await chat.ask("sign in")
    if any(each.get("contentType") == OAUTH_CARD for each in answer.attachments):
        await town.sign_in(chat, answer)
        await chat.next()
    return chat


async def press(town: Town, key: str, verb: object, carried: object, kind: Kind = "personal") -> Answer:
    """Press a button that no card has."""
    value = {"action": {"type": "Action.Execute", "verb": verb, "data": carried}, "trigger": "manual"}
    return await town.world.teams.delivery.send(moment(town, key, kind).invoke("adaptiveCard/action", value))


def written(content: Any) -> str:
    """Return an answer as text, to look for something that must not be in it."""
    return json.dumps(content, ensure_ascii=False)


def numbers_of(town: Town, *accounts: str) -> set[str]:
    """Return the numbers of all invoices of these accounts, hidden ones among them."""
    rows = town.world.tables["invoices"].values()
    return {str(row["invoicenumber"]) for row in rows if row["_customerid_value"] in accounts}


def everything(chat: Chat) -> str:
    """Return all that the bot has ever written into a chat, as text."""
    return written([each.activity for each in chat.client.conversation.entries.values() if each.author is None])
