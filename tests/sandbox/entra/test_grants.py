"""The token endpoint, asked directly and by real MSAL."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msal  # pyright: ignore[reportMissingTypeStubs]
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from sandbox.browser import Browser
from sandbox.entra.registry import Client
from sandbox.people import CONTOSO, FABRIKAM, PARTNER
from sandbox.server import serving
from sandbox.world import BOT_APP_ID, BOT_SECRET, DATAVERSE_CLIENT_ID, DATAVERSE_SECRET, World
from tests.patience import PATIENCE_S
from tests.sandbox.entra.application import FINN, Application, told


class TestCode:
    async def test_becomes_tokens_that_say_who_signed_in(self, world: World, application: Application) -> None:
        world.entra.assign(FINN, "Invoices.Read")

        status, tokens = await application.redeem(code=await application.code())

        claims = world.entra.keys.verified(tokens["id_token"], BOT_APP_ID, world.clock())
        assert status == 200
        assert claims["iss"] == f"{world.base_url}/{CONTOSO.id}/v2.0"
        assert (claims["tid"], claims["oid"], claims["nonce"], claims["ver"]) == (CONTOSO.id, FINN.oid, "nonce-1", "2.0")
        assert (claims["preferred_username"], claims["name"], claims["roles"]) == (FINN.upn, FINN.name, ["Invoices.Read"])
        assert claims["exp"] - claims["iat"] == 3600

    @pytest.mark.parametrize(
        ("form", "number", "status"),
        [
            ({"code_verifier": "w" * 43}, 501481, 400),
            ({"code_verifier": ""}, 900144, 400),
            ({"redirect_uri": "http://localhost:1/auth/callback"}, 500112, 400),
            ({"client_secret": "wrong"}, 7000215, 401),
            ({"client_secret": ""}, 7000218, 401),
            ({"client_id": DATAVERSE_CLIENT_ID, "client_secret": DATAVERSE_SECRET}, 9002313, 400),
            ({"client_id": "nobody"}, 700016, 400),
            ({"grant_type": "password"}, 70003, 400),
            ({"tenant": FABRIKAM.id}, 50020, 400),
            ({"tenant": "nobody.example"}, 90002, 400),
        ],
    )
    async def test_is_refused_with_anything_wrong(self, application: Application, form: dict[str, str], number: int, status: int) -> None:
        given, answer = await application.redeem(**({"code": await application.code()} | form))

        assert (given, answer["error_codes"]) == (status, [number])
        assert answer["error_description"].startswith(f"AADSTS{number}: ")

    async def test_is_good_once(self, application: Application) -> None:
        code = await application.code()
        await application.redeem(code=code)

        _, answer = await application.redeem(code=code)

        assert (answer["error"], answer["error_codes"]) == ("invalid_grant", [54005])

    async def test_is_good_for_ten_minutes(self, callback: str) -> None:
        now = datetime(2026, 11, 23, 14, tzinfo=UTC)
        world = World(lambda: now)
        async with serving(world):
            application = Application(world, callback)
            code = await application.code()
            world.site.clock = lambda: now + timedelta(minutes=10)

            _, answer = await application.redeem(code=code)

        assert answer["error_codes"] == [70008]


class TestRefreshToken:
    async def test_gives_new_tokens_and_a_new_refresh_token(self, application: Application) -> None:
        _, first = await application.redeem(code=await application.code())

        status, second = await application.redeem(
            grant_type="refresh_token", refresh_token=first["refresh_token"], scope="openid offline_access"
        )

        assert status == 200
        assert second["refresh_token"] != first["refresh_token"]
        assert second["id_token"]

    async def test_is_worthless_once_revoked(self, world: World, application: Application) -> None:
        _, first = await application.redeem(code=await application.code())
        world.entra.revoke(FINN)

        _, answer = await application.redeem(grant_type="refresh_token", refresh_token=first["refresh_token"])

        assert (answer["error"], answer["error_codes"]) == ("invalid_grant", [50173])

    async def test_of_a_disabled_person_says_so_or_that_it_is_revoked(self, world: World, application: Application) -> None:
        _, first = await application.redeem(code=await application.code())
        world.entra.disable(FINN)

        _, answer = await application.redeem(grant_type="refresh_token", refresh_token=first["refresh_token"])

        assert answer["error"] == "invalid_grant"

    async def test_meets_a_claims_challenge_until_the_person_has_answered_it(self, world: World, application: Application) -> None:
        _, first = await application.redeem(code=await application.code())
        world.entra.challenge(FINN)

        _, challenged = await application.redeem(grant_type="refresh_token", refresh_token=first["refresh_token"])
        await application.code(claims=challenged["claims"])
        status, _ = await application.redeem(grant_type="refresh_token", refresh_token=first["refresh_token"])

        assert (challenged["error"], challenged["error_codes"]) == ("interaction_required", [50076])
        assert status == 200


class TestClientCredentials:
    async def test_give_a_token_for_the_audience_of_the_scope(self, world: World, application: Application) -> None:
        _, bot = await application.redeem(PARTNER.id, grant_type="client_credentials", scope="https://api.botframework.com/.default")
        form = {"client_id": DATAVERSE_CLIENT_ID, "client_secret": DATAVERSE_SECRET, "scope": f"{world.dataverse_url}/.default"}
        _, work365 = await application.redeem(PARTNER.id, grant_type="client_credentials", **form)

        assert world.entra.claims(bot["access_token"], "https://api.botframework.com")["appid"] == BOT_APP_ID
        assert world.entra.claims(work365["access_token"], world.dataverse_url)["appid"] == DATAVERSE_CLIENT_ID
        assert "refresh_token" not in bot

    async def test_demand_a_default_scope(self, application: Application) -> None:
        _, answer = await application.redeem(PARTNER.id, grant_type="client_credentials", scope="https://api.botframework.com/read")

        assert (answer["error"], answer["error_codes"]) == ("invalid_scope", [1002012])


@dataclass
class Answer:
    """An HTTP answer as MSAL reads it."""

    status_code: int
    text: str
    headers: Any


class PlainHttp:
    """Lets MSAL, which insists on https, talk to the sandbox."""

    def __init__(self, world: World) -> None:
        self._plain, self._secure = world.base_url, world.base_url.replace("http:", "https:")

    def get(self, url: str, **more: Any) -> Answer:
        """Send a GET."""
        return self._send("GET", url, **more)

    def post(self, url: str, **more: Any) -> Answer:
        """Send a POST."""
        return self._send("POST", url, **more)

    def close(self) -> None:
        """Nothing is kept open."""

    def _send(self, method: str, url: str, **more: Any) -> Answer:
        with requests.Session() as session:
            session.trust_env = False
            given = session.request(method, url.replace(self._secure, self._plain), timeout=PATIENCE_S, **more)
        return Answer(given.status_code, given.text.replace(self._plain, self._secure), given.headers)


async def in_thread(call: Any, *given: Any, **named: Any) -> Any:
    """Call MSAL, which blocks."""
    return await asyncio.to_thread(call, *given, **named)


class TestMsal:
    async def test_walks_a_browser_through_and_refreshes_silently(self, world: World, callback: str) -> None:
        app = await confidential(world, "organizations")
        flow = app.initiate_auth_code_flow([], redirect_uri=callback, response_mode="form_post")
        async with Browser(world, FINN) as browser:
            given = told(await browser.open(flow["auth_uri"].replace("https:", "http:")))

        result = await in_thread(app.acquire_token_by_auth_code_flow, flow, given)
        account = app.get_accounts()[0]
        refreshed = await in_thread(app.acquire_token_silent, [f"{BOT_APP_ID}/.default"], account, force_refresh=True)
        world.entra.revoke(FINN)
        revoked = await in_thread(app.acquire_token_silent_with_error, [f"{BOT_APP_ID}/.default"], account, force_refresh=True)

        assert result["id_token_claims"]["oid"] == FINN.oid
        assert account["home_account_id"] == f"{FINN.oid}.{CONTOSO.id}"
        assert world.entra.claims(refreshed["access_token"], BOT_APP_ID)["oid"] == FINN.oid
        assert revoked["error"] == "invalid_grant"

    async def test_gets_a_token_for_the_application(self, world: World) -> None:
        app = await confidential(world, PARTNER.id)

        result = await in_thread(app.acquire_token_for_client, ["https://api.botframework.com/.default"])

        assert world.entra.claims(result["access_token"], "https://api.botframework.com")["appid"] == BOT_APP_ID

    async def test_proves_itself_by_key(self, world: World) -> None:
        key = generate_private_key(public_exponent=65537, key_size=2048)
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        world.entra.clients[BOT_APP_ID] = Client(BOT_APP_ID, (), public)
        app = await confidential(world, PARTNER.id, {"private_key": private, "thumbprint": "A" * 40})

        result = await in_thread(app.acquire_token_for_client, ["https://api.botframework.com/.default"])

        assert result["access_token"]

    async def test_acts_on_behalf_of_a_person_who_has_consented(self, world: World) -> None:
        app = await confidential(world, CONTOSO.id)
        assertion = world.entra.sso_token(FINN, BOT_APP_ID)
        world.entra.withdraw_consent(FINN, BOT_APP_ID)

        refused = await in_thread(app.acquire_token_on_behalf_of, assertion, ["https://graph.example/User.Read"])
        world.entra.give_consent(FINN, BOT_APP_ID)
        app = await confidential(world, CONTOSO.id)
        agreed = await in_thread(app.acquire_token_on_behalf_of, assertion, ["https://graph.example/User.Read"])

        assert (refused["error"], refused["error_codes"], refused["suberror"]) == ("invalid_grant", [65001], "consent_required")
        assert world.entra.claims(agreed["access_token"], "https://graph.example")["scp"] == "User.Read"

    async def test_cannot_act_with_a_token_for_somebody_else(self, world: World) -> None:
        app = await confidential(world, CONTOSO.id)

        result = await in_thread(
            app.acquire_token_on_behalf_of, world.entra.sso_token(FINN, DATAVERSE_CLIENT_ID), ["https://graph.example/User.Read"]
        )

        assert result["error_codes"] == [500131]


async def confidential(world: World, tenant: str, credential: Any = BOT_SECRET) -> Any:
    """Build an MSAL application."""
    return await in_thread(
        msal.ConfidentialClientApplication,
        BOT_APP_ID,
        client_credential=credential,
        authority=f"{world.base_url.replace('http:', 'https:')}/{tenant}",
        instance_discovery=False,
        http_client=PlainHttp(world),
    )
