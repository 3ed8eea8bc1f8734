"""Entra's metadata and keys."""

import jwt

from sandbox.browser import Browser
from sandbox.people import CONTOSO
from sandbox.tree import Json
from sandbox.world import BOT_APP_ID, World
from tests.sandbox.entra.application import FINN


class TestMetadata:
    async def test_names_a_template_for_everybody_and_a_tenant_for_one(self, world: World) -> None:
        async with Browser(world, FINN) as browser:

            async def document(tenant: str) -> Json:
                async with browser.session.get(f"{world.base_url}/{tenant}/v2.0/.well-known/openid-configuration") as response:
                    return await response.json()

            everybody, one, unknown = await document("organizations"), await document(CONTOSO.id), await document("nobody.example")

        assert everybody["issuer"] == f"{world.base_url}/{{tenantid}}/v2.0"
        assert one["issuer"] == f"{world.base_url}/{CONTOSO.id}/v2.0"
        assert unknown["error_codes"] == [90002]

    async def test_states_the_issuer_of_every_key_and_keeps_old_keys(self, world: World) -> None:
        token = world.entra.sso_token(FINN, BOT_APP_ID)
        world.entra.keys.rotate()
        async with Browser(world, FINN) as browser, browser.session.get(f"{world.base_url}/common/discovery/v2.0/keys") as response:
            published = await response.json()

        assert {each["issuer"] for each in published["keys"]} == {f"{world.base_url}/{{tenantid}}/v2.0"}
        key = jwt.PyJWKSet.from_dict(published)[jwt.get_unverified_header(token)["kid"]]
        assert jwt.decode(token, key, ["RS256"], audience=BOT_APP_ID)["oid"] == FINN.oid
