"""People ask what is kept about them, and get a file."""

import json
from datetime import timedelta

from sandbox.browser import Browser
from sandbox.people import person
from sandbox.tree import objects
from tests.clock import ShiftedClock
from tests.town import town
from tests.walks import status


class TestDisclosure:
    async def test_is_offered_in_the_chat_to_anybody(self, database_url: str) -> None:
        async with town(database_url) as there:
            nora = await there.opened("nora")
            answer = await nora.ask("export my data")

        assert [each["url"] for each in objects(answer.attachments) if each.get("title") == "Download my data"] == [
            f"{there.url}/my-data.json"
        ]

    async def test_is_a_file_for_its_person_alone(self, database_url: str) -> None:
        async with town(database_url) as there:
            finn = await there.signed_in("finn")
            await finn.ask("open invoices")
            await there.signed_in("fay")
            async with Browser(there.world, person("finn")) as browser:
                await browser.open(f"{there.url}/invoices")
                async with browser.session.get(f"{there.url}/my-data.json") as answer:
                    status, headers, text = answer.status, answer.headers, await answer.text()

        told = json.loads(text)
        assert status == 200
        assert headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
        assert headers["Cache-Control"] == "no-store"
        assert (told["tenant"], told["person"]) == (person("finn").tenant.id, person("finn").oid)
        assert [row["upn"] for row in told["kept"]["sessions"]] == [person("finn").upn]
        assert {"view", "export"} <= {row["what"] for row in told["kept"]["audit"]}
        assert person("fay").oid not in text

    async def test_is_also_for_somebody_who_may_see_no_invoice(self, database_url: str) -> None:
        async with town(database_url) as there, Browser(there.world, person("nora")) as browser:
            refused = await browser.open(f"{there.url}/invoices")
            page = await browser.open(f"{there.url}/my-data.json")

        assert (refused.status, page.status) == (403, 200)
        assert json.loads(page.text)["person"] == person("nora").oid

    async def test_is_for_nobody_whom_entra_no_longer_confirms(self, database_url: str, clock: ShiftedClock) -> None:
        async with town(database_url, clock) as there, Browser(there.world, person("nora")) as browser:
            await browser.open(f"{there.url}/my-data.json")
            clock.advance(timedelta(minutes=60))
            confirmed = await status(browser, f"{there.url}/my-data.json")
            there.world.entra.disable(person("nora"))
            clock.advance(timedelta(minutes=60))
            refused = await status(browser, f"{there.url}/my-data.json")

        assert (confirmed[0], refused[0]) == (200, 303)
        assert person("nora").oid not in refused[1]

    async def test_is_for_nobody_who_has_not_signed_in(self, database_url: str) -> None:
        async with (
            town(database_url) as there,
            Browser(there.world, person("finn")) as browser,
            browser.session.get(f"{there.url}/my-data.json", allow_redirects=False) as answer,
        ):
            status, leads_to = answer.status, answer.headers["Location"]

        assert status == 303
        assert leads_to.startswith("/auth/start?")
