"""The Bot Connector's REST API, and the metadata by which a bot verifies the channel's tokens."""

import json
from collections.abc import Awaitable, Callable
from typing import Any, cast

import jwt
from aiohttp import web

from sandbox.connector.conversation import Conversation
from sandbox.connector.delivery import ISSUER
from sandbox.connector.payloads import member
from sandbox.connector.teams import Teams
from sandbox.tree import Json, items, part

_WRITES_BLOCKED = "MessageWritesBlocked"
"""Teams' inner error, which it tells in a shape of its own."""

_ROOT = "/connector/v3/conversations"
_ONE = _ROOT + "/{conversation}"
_ACTIVITY = _ONE + "/activities/{activity}"


class Refusal(Exception):
    """An error in the Bot Framework's shape."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code

    def response(self) -> web.Response:
        """Return it as an HTTP answer."""
        body: Json = {"error": {"code": self.code, "message": str(self)}}
        if self.code == _WRITES_BLOCKED:
            body = {"errorCode": 209, "message": json.dumps({"subCode": self.code, "details": str(self)}, indent=2)}
        if self.status == 401:  # noqa: PLR2004 - HTTP's Unauthorized
            body = {"message": "Authorization has been denied for this request."}
        return web.json_response(body, status=self.status)


Handler = Callable[[web.Request], Awaitable[web.Response]]


class Rest:
    """The API that bots call."""

    def __init__(self, teams: Teams) -> None:
        self._teams = teams

    def routes(self) -> list[web.RouteDef]:
        """Return the routes, below ``/connector``."""
        return [
            web.post(_ROOT, self._guarded(self._create)),
            web.post(_ONE + "/activities", self._guarded(self._post)),
            web.post(_ACTIVITY, self._guarded(self._post)),
            web.put(_ACTIVITY, self._guarded(self._update)),
            web.delete(_ACTIVITY, self._guarded(self._delete)),
            web.get(_ONE + "/members", self._guarded(self._members)),
            web.get(_ONE + "/pagedmembers", self._guarded(self._paged_members)),
            web.get(_ONE + "/members/{member}", self._guarded(self._member)),
        ]

    def _guarded(self, handler: Handler) -> Handler:
        async def handle(request: web.Request) -> web.Response:
            try:
                self._check_token(request)
                return await handler(request)
            except Refusal as refusal:
                return refusal.response()

        return handle

    def _check_token(self, request: web.Request) -> None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        channel = self._teams.channel
        try:
            claims = channel.entra.claims(token, ISSUER)
        except jwt.PyJWTError as error:
            raise Refusal(401, "Unauthorized", str(error)) from error
        if scheme != "Bearer" or claims.get("appid") != channel.app_id:
            raise Refusal(401, "Unauthorized", "not the bot's token")

    async def _object(self, request: web.Request) -> Json:
        """Return the JSON object in the body. Raises Refusal."""
        try:
            text = await request.text()
            found: Any = json.loads(text)
        except ValueError as error:
            raise Refusal(400, "BadSyntax", "The body is not JSON.") from error
        except ConnectionError as error:  # the bot was killed while it spoke
            raise Refusal(400, "BadSyntax", "The body ends too soon.") from error
        if len(text.encode("utf-16-le", "surrogatepass")) > self._teams.largest_bytes:
            raise Refusal(413, "MessageSizeTooBig", "Message size too large.")
        if not isinstance(found, dict):
            raise Refusal(400, "BadSyntax", "The body is not a JSON object.")
        return cast("Json", found)

    async def _create(self, request: web.Request) -> web.Response:
        asked = await self._object(request)
        members = items(asked.get("members"))
        person = self._teams.person(str(members[0].get("id"))) if len(members) == 1 else None
        tenant = asked.get("tenantId") or part(asked, "channelData", "tenant").get("id")
        if person is None or person.tenant.id != tenant:
            raise Refusal(400, "BadArgument", "Failed to decrypt pairwise id, or the tenant does not match.")
        conversation = self._teams.client(person).conversation
        if not conversation.is_installed:
            raise Refusal(403, "ForbiddenOperationException", "The bot is not installed in the user's personal scope.")
        answer: Json = {"id": conversation.id, "serviceUrl": self._teams.delivery.service_url}
        if asked.get("activity"):
            answer["activityId"] = await self._teams.post(conversation, _activity(asked["activity"]))
        return web.json_response(answer, status=201)

    async def _post(self, request: web.Request) -> web.Response:
        conversation = self._conversation(request)
        return web.json_response({"id": await self._teams.post(conversation, _activity(await self._object(request)))}, status=201)

    async def _update(self, request: web.Request) -> web.Response:
        conversation = self._conversation(request)
        activity_id = _own_activity(conversation, request)
        await self._teams.update(conversation, activity_id, _activity(await self._object(request)))
        return web.json_response({"id": activity_id})

    async def _delete(self, request: web.Request) -> web.Response:
        conversation = self._conversation(request)
        await conversation.remove(_own_activity(conversation, request))
        return web.Response()

    async def _members(self, request: web.Request) -> web.Response:
        return web.json_response(self._listed(request))

    async def _paged_members(self, request: web.Request) -> web.Response:
        return web.json_response({"members": self._listed(request)})

    async def _member(self, request: web.Request) -> web.Response:
        wanted = request.match_info["member"]
        for each in self._listed(request):
            if wanted in (each["id"], each["aadObjectId"]):
                return web.json_response(each)
        raise Refusal(404, "MemberNotFoundInConversation", "Member not found in conversation.")

    def _listed(self, request: web.Request) -> list[Json]:
        return [member(each, self._teams.channel.bot_id) for each in self._conversation(request).members]

    def _conversation(self, request: web.Request) -> Conversation:
        """Return the conversation of the address, in which the bot must be."""
        conversation = self._teams.conversations.get(request.match_info["conversation"].partition(";")[0])
        if conversation is None:
            raise Refusal(404, "ConversationNotFound", "Conversation not found.")
        if not conversation.is_installed:
            raise Refusal(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")
        if conversation.tenant.id in self._teams.disabled_in:
            raise Refusal(403, "BotDisabledByAdmin", "The tenant admin disabled this bot.")
        if conversation.is_blocked:
            raise Refusal(403, _WRITES_BLOCKED, "Thread is not allowed to write.")
        return conversation


def metadata_routes(teams: Teams) -> list[web.RouteDef]:
    """Return the channel's OpenID metadata and its keys."""

    async def handle_metadata(_request: web.Request) -> web.Response:
        base = f"{teams.channel.site.base_url}/botframework/v1/.well-known"
        return web.json_response(
            {
                "issuer": ISSUER,
                "authorization_endpoint": "https://invalid.botframework.com",
                "jwks_uri": f"{base}/keys",
                "id_token_signing_alg_values_supported": ["RS256"],
                "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            }
        )

    async def handle_keys(_request: web.Request) -> web.Response:
        return web.json_response(teams.keys.document(endorsements=["msteams"]))

    return [
        web.get("/botframework/v1/.well-known/openidconfiguration", handle_metadata),
        web.get("/botframework/v1/.well-known/keys", handle_keys),
    ]


def _activity(found: object) -> Json:
    if not isinstance(found, dict) or not isinstance(cast("Json", found).get("type"), str):
        raise Refusal(400, "MissingProperty", "The 'Activity.Type' field is required.")
    return cast("Json", found)


def _own_activity(conversation: Conversation, request: web.Request) -> str:
    """Return the id of the bot's message that the address names."""
    entry = conversation.entries.get(request.match_info["activity"])
    if entry is None or entry.author is not None:
        raise Refusal(404, "ActivityNotFoundInConversation", "The activity was not found in the conversation.")
    return entry.id
