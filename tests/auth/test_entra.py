"""MSAL's one door, against Entra over real HTTP: what it gives, and what becomes of each refusal."""

import jwt
import pytest

from billing.errors import SignInCancelled, SignInRefused, SourceDown
from sandbox.faults import Fault
from sandbox.people import person
from sandbox.world import BOT_APP_ID
from tests.auth.clouds import REDIRECT, Clouds, query_of

FINN = person("finn")
TOKEN = "oauth2/v2.0/token"
DISCOVERY = "openid-configuration"


class TestBegin:
    async def test_leads_to_entra_with_everything_that_ties_the_answer_to_the_question(self, clouds: Clouds) -> None:
        flow = await clouds.entra.begin(clouds.registration, REDIRECT, prompt="select_account")

        asked = query_of(str(flow["auth_uri"]))
        assert str(flow["auth_uri"]).startswith(f"{clouds.world.base_url}/organizations/oauth2/v2.0/authorize?")
        assert (asked["redirect_uri"], asked["prompt"], asked["state"]) == (REDIRECT, "select_account", flow["state"])
        assert (asked["code_challenge_method"], asked["response_type"]) == ("S256", "code")
        assert len(asked["nonce"]) == 64
        assert str(flow["code_verifier"]) not in str(flow["auth_uri"])
        assert str(flow["nonce"]) not in str(flow["auth_uri"])

    @pytest.mark.parametrize(
        "fault",
        [
            Fault("keys", DISCOVERY, status=503),
            Fault("keys", DISCOVERY, status=404, body={}),
            Fault("keys", DISCOVERY, status=200, body=[]),
            Fault("keys", DISCOVERY, status=200, body={}),
            Fault("keys", DISCOVERY, drop=True),
        ],
        ids=["503", "404", "list", "empty", "hung up"],
    )
    async def test_says_so_when_entra_cannot_be_reached(self, clouds: Clouds, fault: Fault) -> None:
        clouds.world.faults.add(fault)

        with pytest.raises(SourceDown):
            await clouds.entra.begin(clouds.registration, REDIRECT)


class TestRedeem:
    async def test_returns_a_proof(self, clouds: Clouds) -> None:
        flow = await clouds.entra.begin(clouds.registration, REDIRECT)

        proof = await clouds.entra.redeem(clouds.registration, flow, clouds.comes_back(flow["auth_uri"], FINN))

        claims = jwt.decode(proof.id_token, options={"verify_signature": False})
        assert (claims["oid"], claims["tid"], claims["aud"]) == (FINN.oid, FINN.tenant.id, BOT_APP_ID)
        assert "RefreshToken" in proof.cache

    async def test_takes_a_code_once(self, clouds: Clouds) -> None:
        flow = await clouds.entra.begin(clouds.registration, REDIRECT)
        answer = clouds.comes_back(flow["auth_uri"], FINN)
        await clouds.entra.redeem(clouds.registration, flow, answer)

        with pytest.raises(SignInRefused):
            await clouds.entra.redeem(clouds.registration, flow, answer)

    async def test_takes_no_code_of_another_walk(self, clouds: Clouds) -> None:
        flow = await clouds.entra.begin(clouds.registration, REDIRECT)
        other = await clouds.entra.begin(clouds.registration, REDIRECT)
        stolen = clouds.comes_back(other["auth_uri"], FINN) | {"state": str(flow["state"])}

        with pytest.raises(SignInRefused):
            await clouds.entra.redeem(clouds.registration, flow, stolen)

    @pytest.mark.parametrize("change", [{"state": "another"}, {"state": ""}, {"code": ""}, {"code": "made up"}], ids=str)
    async def test_refuses_what_does_not_fit(self, clouds: Clouds, change: dict[str, str]) -> None:
        flow = await clouds.entra.begin(clouds.registration, REDIRECT)

        with pytest.raises(SignInRefused):
            await clouds.entra.redeem(clouds.registration, flow, clouds.comes_back(flow["auth_uri"], FINN) | change)

    async def test_refuses_a_token_with_another_nonce(self, clouds: Clouds) -> None:
        flow = await clouds.entra.begin(clouds.registration, REDIRECT)

        with pytest.raises(SignInRefused):
            await clouds.entra.redeem(clouds.registration, flow, clouds.comes_back(flow["auth_uri"], FINN, nonce="of another walk"))

    async def test_hears_that_the_person_said_no(self, clouds: Clouds) -> None:
        flow = await clouds.entra.begin(clouds.registration, REDIRECT)
        answer = {"error": "access_denied", "error_description": "AADSTS65004: Finn Okafor declined", "state": str(flow["state"])}

        with pytest.raises(SignInCancelled) as refused:
            await clouds.entra.redeem(clouds.registration, flow, answer)
        assert "Finn" not in str(refused.value)

    @pytest.mark.parametrize(
        ("fault", "error"),
        [
            pytest.param(Fault("entra", TOKEN, status=500), SourceDown, id="500"),
            pytest.param(Fault("entra", TOKEN, status=503, body={"error": "temporarily_unavailable"}), SourceDown, id="503"),
            pytest.param(Fault("entra", TOKEN, status=400, body={"error": "temporarily_unavailable"}), SourceDown, id="says it is down"),
            pytest.param(Fault("entra", TOKEN, drop=True), SourceDown, id="hung up"),
            pytest.param(Fault("entra", TOKEN, status=401, body={"error": "invalid_client"}), SourceDown, id="our secret is wrong"),
            pytest.param(Fault("entra", TOKEN, status=400, body={"error": "invalid_grant"}), SignInCancelled, id="refused"),
            pytest.param(Fault("entra", TOKEN, status=400, body={"error": "invalid_request"}), SignInRefused, id="not understood"),
            pytest.param(Fault("entra", TOKEN, status=200, body={}), SignInRefused, id="nothing in it"),
        ],
    )
    async def test_tells_a_refusal_from_an_outage(self, clouds: Clouds, fault: Fault, error: type[Exception]) -> None:
        flow = await clouds.entra.begin(clouds.registration, REDIRECT)
        answer = clouds.comes_back(flow["auth_uri"], FINN)
        clouds.world.faults.add(fault)

        with pytest.raises(error):
            await clouds.entra.redeem(clouds.registration, flow, answer)


class TestExchange:
    async def test_returns_a_proof_for_the_person_of_the_token(self, clouds: Clouds) -> None:
        token = clouds.world.entra.sso_token(FINN, BOT_APP_ID)

        proof = await clouds.entra.exchange(clouds.registration.of(FINN.tenant.id), token)

        assert jwt.decode(proof.id_token, options={"verify_signature": False})["oid"] == FINN.oid

    async def test_hears_that_consent_is_missing(self, clouds: Clouds) -> None:
        token = clouds.world.entra.sso_token(FINN, BOT_APP_ID)
        clouds.world.entra.withdraw_consent(FINN, BOT_APP_ID)

        with pytest.raises(SignInCancelled):
            await clouds.entra.exchange(clouds.registration.of(FINN.tenant.id), token)


class TestRenew:
    async def cache(self, clouds: Clouds) -> str:
        """Return what a sign-in of Finn's leaves behind."""
        token = clouds.world.entra.sso_token(FINN, BOT_APP_ID)
        return (await clouds.entra.exchange(clouds.registration.of(FINN.tenant.id), token)).cache

    async def test_returns_a_fresh_proof(self, clouds: Clouds) -> None:
        renewed = await clouds.entra.renew(clouds.registration, await self.cache(clouds))

        assert jwt.decode(renewed.id_token, options={"verify_signature": False})["oid"] == FINN.oid

    async def test_hears_that_the_person_is_no_longer_welcome(self, clouds: Clouds) -> None:
        cache = await self.cache(clouds)
        clouds.world.entra.disable(FINN)

        with pytest.raises(SignInCancelled):
            await clouds.entra.renew(clouds.registration, cache)

    async def test_hears_that_the_person_must_come_in_person(self, clouds: Clouds) -> None:
        cache = await self.cache(clouds)
        clouds.world.entra.challenge(FINN)

        with pytest.raises(SignInCancelled):
            await clouds.entra.renew(clouds.registration, cache)

    @pytest.mark.parametrize("cache", ["", "{}"])
    async def test_refuses_where_nothing_was_kept(self, clouds: Clouds, cache: str) -> None:
        with pytest.raises(SignInRefused):
            await clouds.entra.renew(clouds.registration, cache)

    async def test_blames_nobody_for_an_outage(self, clouds: Clouds) -> None:
        cache = await self.cache(clouds)
        clouds.world.faults.add(Fault("entra", TOKEN, status=500))

        with pytest.raises(SourceDown):
            await clouds.entra.renew(clouds.registration, cache)
