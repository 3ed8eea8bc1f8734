"""Signing in by the browser: the chat's own person is bound, once, and nobody else by any trick."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import jwt
import pytest
from yarl import URL

from sandbox.browser import Browser, Page
from sandbox.connector.client import OAUTH_CARD
from sandbox.connector.conversation import Entry
from sandbox.driver import Chat, text_of
from sandbox.faults import Fault
from sandbox.keys import SigningKeys
from sandbox.people import FABRIKAM, person
from sandbox.tree import objects
from tests.clock import ShiftedClock
from tests.make import guid
from tests.patience import PATIENCE_S
from tests.town import Town
from tests.town import town as built_town

MODULE = pytest.mark.asyncio(loop_scope="module")


async def invited(town: Town, key: str = "finn", question: str = "open invoices") -> tuple[Chat, Entry]:
    """Return a chat that has asked something, and the invitation that it got."""
    chat = await town.opened(key)
    return chat, await chat.ask(question)


def link(invitation: Entry) -> str:
    """Return where the button of an invitation leads."""
    return next(str(each["value"]) for each in objects(invitation.attachments) if each.get("type") == "signin")


async def walk(town: Town, address: str, key: str = "finn", *, agrees: bool = True) -> Page:
    """Open an address in a fresh browser, as somebody."""
    async with Browser(town.world, person(key), agrees=agrees) as browser:
        return await browser.open(address)


async def departed(browser: Browser, invitation: Entry) -> str:
    """Let a browser go as far as Entra's door, and return the address there."""
    async with browser.session.get(link(invitation), allow_redirects=False) as answer:
        return answer.headers["Location"]


async def is_signed_in(town: Town, chat: Chat) -> bool:
    """Ask, where Teams cannot sign in silently, and see whether the answer is an answer."""
    town.world.entra.withdraw_consent(chat.person, town.world.teams.channel.app_id)
    answer = await chat.ask("who am i")
    return all(each.get("contentType") != OAUTH_CARD for each in answer.attachments)


class TestHappyPath:
    async def test_answers_the_typed_question_once(self, town: Town) -> None:
        chat, invitation = await invited(town)

        page = await walk(town, link(invitation))
        answer = await chat.next()
        await town.house.turns.drain(PATIENCE_S)

        assert page.status == 200
        assert "You are signed in" in page.text
        assert text_of(answer).startswith("Open invoices")
        assert len([each for each in chat.shown if text_of(each).startswith("Open invoices")]) == 1

    async def test_answers_what_was_pressed_on_an_old_card(self, town: Town) -> None:
        chat = await town.signed_in("finn")
        card = await chat.ask("open invoices")
        await chat.ask("sign out")
        town.world.entra.withdraw_consent(chat.person, town.world.teams.channel.app_id)
        chat.skip()

        outcome = await chat.press(card, "Paid invoices")
        await walk(town, outcome.url)

        assert outcome.kind == "sign_in"
        assert text_of(await chat.next()).startswith("Paid invoices")

    async def test_leaves_no_secret_in_the_address_or_the_page(self, town: Town) -> None:
        _, invitation = await invited(town)

        page = await walk(town, link(invitation))

        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert "code=" not in link(invitation)
        assert "code=" not in page.text


class TestAnotherPerson:
    @pytest.mark.parametrize("key", ["ada", "fay"])
    async def test_binds_nobody(self, town: Town, key: str) -> None:
        chat, invitation = await invited(town)

        page = await walk(town, link(invitation), key)

        assert page.status == 403
        assert "another account" in page.text
        assert not await is_signed_in(town, chat)
        assert not await is_signed_in(town, await town.opened(key))

    async def test_leaves_the_link_to_its_owner(self, town: Town) -> None:
        chat, invitation = await invited(town)
        await walk(town, link(invitation), "ada")

        await walk(town, link(invitation))

        assert text_of(await chat.next()).startswith("Open invoices")


class TestLink:
    async def test_works_once(self, town: Town) -> None:
        _, invitation = await invited(town)
        await walk(town, link(invitation))

        page = await walk(town, link(invitation))

        assert page.status == 410
        assert "has expired or has been used" in page.text

    async def test_dies_after_ten_minutes(self, database_url: str, clock: ShiftedClock) -> None:
        async with built_town(database_url, clock) as town:
            _, invitation = await invited(town)
            clock.advance(timedelta(minutes=10, seconds=1))

            page = await walk(town, link(invitation))

        assert page.status == 410

    @pytest.mark.parametrize(
        "request_id", ["", "made-up", "%00", "%ed%a0%80", "../../x", "x" * 5000], ids=lambda found: found[:9] or "empty"
    )
    @MODULE
    async def test_of_nobodys_making_leads_nowhere(self, shared_town: Town, request_id: str) -> None:
        async with Browser(shared_town.world, person("finn")) as browser:
            address = URL(f"{shared_town.url}/auth/start?request={request_id}", encoded=True)
            async with browser.session.get(address, allow_redirects=False) as answer:
                assert answer.status in {400, 410}
                assert "Location" not in answer.headers


class TestState:
    async def test_is_good_once(self, town: Town) -> None:
        chat, invitation = await invited(town)
        async with Browser(town.world, person("finn")) as browser:
            first = await browser.open(link(invitation))
            again = await browser.open(first.url)

        assert (first.status, again.status) == (200, 410)
        assert await is_signed_in(town, chat)

    async def test_is_good_in_its_own_browser_only(self, town: Town) -> None:
        chat, invitation = await invited(town)
        async with Browser(town.world, person("finn")) as own:
            address = await departed(own, invitation)
            page = await walk(town, address)

        assert page.status == 403
        assert not await is_signed_in(town, chat)

    async def test_dies_after_ten_minutes(self, database_url: str, clock: ShiftedClock) -> None:
        async with built_town(database_url, clock) as town, Browser(town.world, person("finn")) as browser:
            chat, invitation = await invited(town)
            address = await departed(browser, invitation)
            clock.advance(timedelta(minutes=10, seconds=1))

            page = await browser.open(address)

            assert page.status == 410
            assert not await is_signed_in(town, chat)

    @pytest.mark.parametrize(
        "query",
        ["", "code=1", "state=", "state=made-up&code=1", "state=%00&code=1", "state=%ed%a0%80", "error=access_denied"],
    )
    @MODULE
    async def test_of_nobodys_making_is_refused(self, shared_town: Town, query: str) -> None:
        async with Browser(shared_town.world, person("finn")) as browser:
            address = URL(f"{shared_town.url}/auth/callback?{query}", encoded=True)
            async with browser.session.get(address, allow_redirects=False) as answer:
                assert answer.status in {400, 410}

    async def test_goes_with_a_cookie_and_not_with_garbage_in_its_place(self, town: Town) -> None:
        _, invitation = await invited(town)
        async with Browser(town.world, person("finn")) as own:
            address = await departed(own, invitation)
            state = URL(address).query["state"]
        status = await raw_status(town, f"/auth/callback?state={state}&code=1", b"__Host-sign-in=\xff\xfe")

        assert status in {b"400", b"403"}


async def raw_status(town: Town, path: str, cookie: bytes) -> bytes:
    """Send a cookie that no browser would, and return the status."""
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(town.url).port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: ".encode() + cookie + b"\r\n\r\n")
    status = (await reader.readline()).split()[1]
    writer.close()
    return status


class TestRefusal:
    async def test_of_consent_changes_nothing_and_can_be_taken_back(self, town: Town) -> None:
        chat, invitation = await invited(town)

        refused = await walk(town, link(invitation), agrees=False)
        was_signed_in = await is_signed_in(town, chat)
        chat.skip()
        await walk(town, link(invitation))

        assert refused.status == 403
        assert "The sign-in was cancelled" in refused.text
        assert not was_signed_in
        assert text_of(await chat.next()).startswith("Open invoices")

    @pytest.mark.parametrize("status", [500, 503])
    async def test_by_an_entra_that_is_down_asks_to_try_again(self, town: Town, status: int) -> None:
        chat, invitation = await invited(town)
        town.world.faults.add(Fault("entra", "oauth2/v2.0/token", status=status))

        failed = await walk(town, link(invitation))
        await walk(town, link(invitation))

        assert failed.status == 503
        assert "try again" in failed.text
        assert text_of(await chat.next()).startswith("Open invoices")

    @pytest.mark.parametrize(
        "lie",
        [
            pytest.param({"nonce": "of another walk"}, id="another nonce"),
            pytest.param({"nonce": None}, id="no nonce"),
            pytest.param({"aud": guid("another application")}, id="another application's"),
            pytest.param({"iss": "https://login.evil.example/v2.0"}, id="another issuer"),
            pytest.param({"tid": FABRIKAM.id}, id="another tenant"),
            pytest.param({"tid": "organizations"}, id="no tenant"),
            pytest.param({"oid": "finn"}, id="nobody"),
            pytest.param({"exp": 1}, id="expired"),
        ],
    )
    async def test_meets_every_lie_in_the_id_token(self, town: Town, monkeypatch: pytest.MonkeyPatch, lie: dict[str, Any]) -> None:
        chat, invitation = await invited(town)
        monkeypatch.setattr(town.world.entra.minter, "id_token", lying(town, lie))

        page = await walk(town, link(invitation))

        assert page.status == 403
        assert "cannot be completed" in page.text
        assert not await is_signed_in(town, chat)

    async def test_meets_an_id_token_that_a_stranger_signed(self, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
        chat, invitation = await invited(town)
        honest = town.world.entra.minter.id_token
        strangers = SigningKeys()

        def forged(*asked: Any) -> str:
            return strangers.sign(claims_of(honest(*asked)))

        monkeypatch.setattr(town.world.entra.minter, "id_token", forged)

        page = await walk(town, link(invitation))

        assert page.status == 403
        assert not await is_signed_in(town, chat)


def claims_of(token: str) -> dict[str, Any]:
    """Return what a token says."""
    return jwt.decode(token, options={"verify_signature": False})


def lying(town: Town, lie: dict[str, Any]) -> Callable[..., str]:
    """Return an Entra's way to write id tokens with something else in them, truly signed."""
    honest = town.world.entra.minter.id_token

    def id_token(*asked: Any) -> str:
        claims = claims_of(honest(*asked)) | lie
        return town.world.entra.keys.sign({name: each for name, each in claims.items() if each is not None})

    return id_token
