"""Everything that the sandbox remembers while it runs: one object, handed to every cloud."""

from collections import deque
from typing import Any

from sandbox.connector.teams import Teams
from sandbox.entra.cloud import Entra
from sandbox.entra.registry import Client
from sandbox.faults import Cloud, Faults, Seen
from sandbox.people import PEOPLE, stable_id
from sandbox.site import Clock, Site, utc_now

BOT_APP_ID = "00000000-0000-4000-8000-00000000b017"
"""The bot's registration: the audience of the channel's tokens, and the client that people sign in to."""

BOT_SECRET = "sandbox-bot-secret"

DATAVERSE_CLIENT_ID = stable_id("app.dataverse")
"""The registration of the application user that reads Work 365."""

DATAVERSE_SECRET = "sandbox-dataverse-secret"

Row = dict[str, Any]
"""A Dataverse row as its Web API spells it, without annotations."""


class World:
    """The state of all clouds. It is in memory and ends with the process.

    faults  what shall go wrong
    entra   people's standing, tokens, keys
    teams   conversations, and the way to the bot
    tables  Dataverse rows by entity set name, then by id
    """

    def __init__(self, clock: Clock = utc_now) -> None:
        self.site = Site(clock)
        self.faults = Faults(self.site)
        self.entra = Entra(self.site, (Client(BOT_APP_ID, (BOT_SECRET,)), Client(DATAVERSE_CLIENT_ID, (DATAVERSE_SECRET,))))
        self.teams = Teams(self.site, self.entra, BOT_APP_ID)
        self.tables: dict[str, dict[str, Row]] = {}

    @property
    def clock(self) -> Clock:
        """The time in every cloud."""
        return self.site.clock

    @property
    def base_url(self) -> str:
        """Where the sandbox listens, without a slash at the end; empty until it does."""
        return self.site.base_url

    @base_url.setter
    def base_url(self, value: str) -> None:
        self.site.base_url = value

    @property
    def bot_url(self) -> str:
        """Where the channel delivers activities (``http://127.0.0.1:3978/api/messages``)."""
        return self.site.bot_url

    @bot_url.setter
    def bot_url(self, value: str) -> None:
        self.site.bot_url = value

    @property
    def dataverse_url(self) -> str:
        """The partner's Work 365 environment: the audience of its tokens."""
        return f"{self.base_url}/dataverse"

    @property
    def requests(self) -> deque[Seen]:
        """Every request that reached a cloud, oldest first."""
        return self.faults.requests

    def nobody_has_consented(self) -> None:
        """Let everybody meet the bot for the first time: single sign-on asks for the person's hand once."""
        for each in PEOPLE:
            self.entra.withdraw_consent(each, BOT_APP_ID)

    def asked(self, cloud: Cloud, match: str = "") -> list[Seen]:
        """Return the requests to *cloud* that have *match* in ``"METHOD /path?query"``."""
        return [each for each in self.requests if each.cloud == cloud and match in f"{each.method} {each.path}"]
