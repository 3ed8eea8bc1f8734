"""The walk of a browser through Entra."""

from urllib.parse import urlencode

import jwt
import pytest

from sandbox.browser import Browser
from sandbox.people import CONTOSO
from sandbox.world import BOT_APP_ID, World
from tests.sandbox.entra.application import FAY, FINN, Application, told


class TestAuthorize:
    @pytest.mark.parametrize("mode", ["query", "form_post"])
    async def test_brings_code_and_state_back(self, world: World, application: Application, mode: str) -> None:
        async with Browser(world, FINN) as browser:
            given = told(await browser.open(application.url(response_mode=mode)))

        assert given["state"] == "state-1"
        assert given["code"]

    async def test_needs_no_page_the_second_time(self, world: World, application: Application) -> None:
        async with Browser(world, FINN) as browser:
            await browser.open(application.url())
            browser.person = FAY
            given = told(await browser.open(application.url(prompt="none")))

        _, tokens = await application.redeem(code=given["code"])
        assert jwt.decode(tokens["id_token"], options={"verify_signature": False})["oid"] == FINN.oid

    async def test_lets_another_account_be_chosen(self, world: World, application: Application) -> None:
        async with Browser(world, FINN) as browser:
            await browser.open(application.url())
            browser.person = FAY
            given = told(await browser.open(application.url(prompt="select_account")))
            silent = told(await browser.open(application.url(prompt="none")))
            hinted = told(await browser.open(application.url(prompt="none", login_hint=FAY.upn)))

        assert given["code"]
        assert silent["error"] == "interaction_required"
        assert hinted["code"]

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"prompt": "none"}, "login_required"),
            ({"response_type": "token"}, "unsupported_response_type"),
            ({"scope": ""}, "invalid_request"),
            ({"prompt": "maybe"}, "invalid_request"),
            ({"claims": "{"}, "invalid_request"),
            ({"code_challenge_method": "plain"}, "invalid_request"),
        ],
    )
    async def test_tells_the_application_what_is_wrong(
        self, world: World, application: Application, changes: dict[str, str], error: str
    ) -> None:
        async with Browser(world, FINN) as browser:
            given = told(await browser.open(application.url(**changes)))

        assert (given["error"], given["state"]) == (error, "state-1")
        assert given["error_description"].startswith("AADSTS")

    @pytest.mark.parametrize(
        "changes",
        [
            {"redirect_uri": "https://evil.example/auth/callback"},
            {"redirect_uri": "http://127.0.0.1:1/elsewhere"},
            {"client_id": "11111111-1111-1111-1111-111111111111"},
            {"tenant": "nobody.example"},
        ],
    )
    async def test_sends_nothing_to_a_stranger(self, world: World, application: Application, changes: dict[str, str]) -> None:
        async with Browser(world, FINN) as browser:
            page = await browser.open(application.url(**changes))

        assert page.status == 400
        assert page.url.startswith(world.base_url)

    async def test_admits_only_the_tenants_own_people(self, world: World, application: Application) -> None:
        async with Browser(world, FAY) as browser:
            page = await browser.open(application.url(CONTOSO.id))
            shown = await browser.session.get(application.url(CONTOSO.id))

        assert "AADSTS50020" in page.text
        assert FAY.upn not in await shown.text()

    async def test_asks_for_consent_and_takes_no_for_an_answer(self, world: World, application: Application) -> None:
        world.entra.withdraw_consent(FINN, BOT_APP_ID)
        async with Browser(world, FINN, agrees=False) as browser:
            refused = told(await browser.open(application.url()))
            silent = told(await browser.open(application.url(prompt="none")))
            browser.agrees = True
            agreed = told(await browser.open(application.url()))

        assert refused["error"] == "access_denied"
        assert silent["error"] == "consent_required"
        assert agreed["code"]
        assert world.entra.has_consent(FINN, BOT_APP_ID)

    async def test_knows_nobody_after_signing_out(self, world: World, application: Application) -> None:
        home = application.callback.removesuffix("/auth/callback") + "/auth/callback?home=1"
        async with Browser(world, FINN) as browser:
            await browser.open(application.url())
            back = await browser.open(f"{world.base_url}/common/oauth2/v2.0/logout?{urlencode({'post_logout_redirect_uri': home})}")
            silent = told(await browser.open(application.url(prompt="none")))
            evil = await browser.open(f"{world.base_url}/common/oauth2/v2.0/logout?post_logout_redirect_uri=https://evil.example")

        assert back.url == home
        assert silent["error"] == "login_required"
        assert evil.url.startswith(world.base_url)
