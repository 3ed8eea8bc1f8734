"""How the channel brings an activity to the bot: a signed token, one POST, and a repeat when no answer comes."""

from dataclasses import dataclass
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from sandbox.keys import SigningKeys
from sandbox.site import Site
from sandbox.tree import Json

ISSUER = "https://api.botframework.com"
"""Who signs the channel's tokens, and the audience of the bot's own."""

_TOKEN_LIFE_S = 3600


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot answered.

    status  the HTTP status; 0 where no answer came
    body    the JSON body; None where there is none
    """

    status: int
    body: Any = None

    @property
    def is_taken(self) -> bool:
        """Whether the bot took the activity."""
        return 200 <= self.status < 300  # noqa: PLR2004 - HTTP's success


class Delivery:
    """Brings activities to the bot.

    answer_within_s  Teams gives up waiting after about 15 seconds
    repeats          how often Teams then sends the same activity again
    """

    def __init__(self, site: Site, keys: SigningKeys, app_id: str) -> None:
        self._site = site
        self._keys = keys
        self._app_id = app_id
        self._session: ClientSession | None = None
        self.answer_within_s = 15.0
        self.repeats = 1

    @property
    def service_url(self) -> str:
        """Where the bot is to answer."""
        return f"{self._site.base_url}/connector/"

    def token(self, **claims: object) -> str:
        """Return the channel's token for the bot; *claims* replace those it would have."""
        now = int(self._site.clock().timestamp())
        standing = {"iss": ISSUER, "aud": self._app_id, "serviceurl": self.service_url, "nbf": now, "exp": now + _TOKEN_LIFE_S}
        return self._keys.sign({**standing, **claims})

    async def send(self, activity: Json, token: str | None = None) -> Answer:
        """Deliver *activity*, with the channel's own token unless told another, once more where no answer comes.

        An invoke is not repeated: the person is waiting.
        """
        repeats = 0 if activity["type"] == "invoke" else self.repeats
        answer = await self._post(activity, token or self.token())
        while answer.status == 0 and repeats:
            repeats -= 1
            answer = await self._post(activity, token or self.token())
        return answer

    async def close(self) -> None:
        """Close the connections to the bot."""
        if self._session:
            await self._session.close()
        self._session = None

    async def _post(self, activity: Json, token: str) -> Answer:
        headers = {
            "Authorization": f"Bearer {token}",
            "User-Agent": "Microsoft-SkypeBotApi (Microsoft-BotFramework/3.0)",
            "x-ms-conversation-id": str(activity["conversation"]["id"]),
            "x-ms-tenant-id": str(activity["channelData"]["tenant"]["id"]),
        }
        self._session = self._session or ClientSession()
        timeout = ClientTimeout(total=self.answer_within_s)
        try:
            async with self._session.post(self._site.bot_url, json=activity, headers=headers, timeout=timeout) as response:
                body = await response.json() if response.content_type == "application/json" else None
                return Answer(response.status, body)
        except (ClientError, TimeoutError, ValueError):
            return Answer(0)
