"""The chat page's addresses: its files, what it can do, and the stream of what happens."""

import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import cast, get_args

from aiohttp import web

from sandbox.connector.client import Client
from sandbox.connector.conversation import Conversation, Entry, Event, Kind
from sandbox.connector.payloads import BOT_NAME
from sandbox.connector.teams import Teams
from sandbox.tree import Json, part

_HERE = Path(__file__).parent
_LIBRARIES = {
    "adaptivecards.js": "adaptivecards/dist/adaptivecards.min.js",
    "adaptivecards.css": "adaptivecards/dist/adaptivecards.css",
    "markdown-it.js": "markdown-it/dist/browser/markdown-it.umd.min.js",
}
_POLICY = "default-src 'self'; img-src 'self' data: https:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
_PAGE_HEADERS = {"Cache-Control": "no-store", "Content-Security-Policy": _POLICY}
_HEARTBEAT_S = 15.0

Act = Callable[[Client, Json], Awaitable[Json]]


def routes(teams: Teams) -> list[web.AbstractRouteDef]:
    """Return the page at the root, and what it needs below ``/chat``."""
    page = ChatPage(teams)
    return [
        web.get("/", page.handle_page),
        web.static("/chat/static", _HERE / "static"),
        web.get("/chat/lib/{name}", page.handle_library),
        web.get("/chat/people", page.handle_people),
        web.get("/chat/{person}/{kind}/events", page.handle_events),
        web.post("/chat/{person}/{kind}/{act}", page.handle_act),
    ]


class ChatPage:
    """Serves the page; everything that it does goes through the same client as a test's Chat."""

    def __init__(self, teams: Teams) -> None:
        self._teams = teams
        self._acts: dict[str, Act] = {"open": _open, "say": _say, "press": _press, "verify": _verify, "app": _app}

    async def handle_page(self, _request: web.Request) -> web.StreamResponse:
        """Return the page."""
        return web.FileResponse(_HERE / "static" / "index.html", headers=_PAGE_HEADERS)

    async def handle_library(self, request: web.Request) -> web.StreamResponse:
        """Return a file of an installed npm package; 404 where it is not installed."""
        path = _HERE / "node_modules" / _LIBRARIES.get(request.match_info["name"], "")
        if not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path)

    async def handle_people(self, _request: web.Request) -> web.Response:
        """Return who can chat."""
        people = [
            {"key": each.key, "name": each.name, "says": each.says, "locale": each.locale, "zone": each.zone}
            for each in self._teams.channel.entra.people
        ]
        return web.json_response({"bot": BOT_NAME, "people": people})

    async def handle_act(self, request: web.Request) -> web.Response:
        """Do what the person did on the page."""
        act = self._acts.get(request.match_info["act"])
        if act is None:
            raise web.HTTPNotFound
        if request.content_type != "application/json":  # a form on a stranger's page can send anything else
            raise web.HTTPUnsupportedMediaType
        return web.json_response(await act(self._client(request), part(await request.json())))

    async def handle_events(self, request: web.Request) -> web.StreamResponse:
        """Stream what the conversation shows, then everything that happens in it (server-sent events)."""
        conversation = self._client(request).conversation
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        with suppress(ConnectionResetError):  # the page was closed
            await stream.prepare(request)
            await _stream(stream, conversation)
        return stream

    def _client(self, request: web.Request) -> Client:
        kind = request.match_info["kind"]
        for person in self._teams.channel.entra.people:
            if person.key == request.match_info["person"] and kind in get_args(Kind):
                return self._teams.client(person, cast("Kind", kind))
        raise web.HTTPNotFound


async def _open(client: Client, _given: Json) -> Json:
    await client.open()
    return {}


async def _say(client: Client, given: Json) -> Json:
    await client.say(str(given["text"]))
    return {}


async def _press(client: Client, given: Json) -> Json:
    return asdict(await client.press(str(given["entry"]), part(given, "action"), state=str(given.get("state") or "")))


async def _verify(client: Client, given: Json) -> Json:
    return {"isTaken": (await client.verify(str(given["state"]))).is_taken}


async def _app(client: Client, given: Json) -> Json:
    await (client.install() if given.get("isInstalled") else client.uninstall())
    return {"isInstalled": client.conversation.is_installed}


def _entry(entry: Entry) -> Json:
    author = entry.author
    return {
        "id": entry.id,
        "author": author and {"key": author.key, "name": author.name},
        "at": entry.at.isoformat(),
        "isEdited": entry.is_edited,
        "text": entry.text,
        "isMarkdown": author is None and entry.activity.get("textFormat", "markdown") == "markdown",
        "attachments": [each for each in entry.attachments if each.get("contentType") != "text/html"],
    }


def _told(conversation: Conversation, event: Event) -> tuple[str, Json]:
    """Return an event's name and content; a message that is gone again by now counts as removed."""
    entry = conversation.entries.get(event.id)
    if event.kind == "message" and entry and not entry.is_hidden:
        return "message", _entry(entry)
    return "removed" if event.kind == "message" else event.kind, {"id": event.id, "text": event.text}


async def _stream(stream: web.StreamResponse, conversation: Conversation) -> None:
    """Write what is there, and then what happens, until the other side hangs up."""
    seen = len(conversation.events)
    shown = [_entry(each) for each in conversation.shown]
    await _write(stream, "snapshot", {"entries": shown, "isInstalled": conversation.is_installed})
    while True:
        try:
            news = await conversation.events_after(seen, _HEARTBEAT_S)
        except TimeoutError:
            await stream.write(b": still here\n\n")
            continue
        seen += len(news)
        for event in news:
            await _write(stream, *_told(conversation, event))


async def _write(stream: web.StreamResponse, event: str, told: Json) -> None:
    await stream.write(f"event: {event}\ndata: {json.dumps(told)}\n\n".encode())
