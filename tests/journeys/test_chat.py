"""A conversation: every command, every way to misspell it, every button, and nothing in it that is another company's."""

from typing import Any

import pytest

from backends.postgres.embedded import EmbeddedServer
from sandbox.demo import bill_id
from sandbox.demo.companies import CONTOSO_EMEA, CONTOSO_LTD
from sandbox.driver import Chat, actions, text_of
from sandbox.people import person
from sandbox.tree import objects
from sandbox.world import BOT_APP_ID
from tests import databases
from tests.journeys.speaking import NUMBER, everything, moment, press, signed_in, written
from tests.patience import PATIENCE_S
from tests.town import Town

pytestmark = pytest.mark.asyncio(loop_scope="module")

HOSTILE = "[Pay](https://evil.example) **x** <script>alert(1)</script> {{DATE(x,SHORT)}} ${x} @everyone"
LOST = "I did not understand that"
OWED = """
    select currency, sum(total - charged) from mirror.invoices
    where account = $1::uuid and state in ('billed', 'partial') group by currency order by currency
"""


class TestCommands:
    @pytest.mark.parametrize(
        ("typed", "heading"),
        [
            ("help", "What you can ask"),
            ("open invoices", "Open invoices"),
            ("paid invoices", "Paid invoices"),
            ("overdue", "Overdue invoices"),
            ("invoices", "All invoices"),
            ("balance", "Balance"),
            ("summary", "Balance"),
            ("who am i", "You are signed in"),
            ("sign in", "You are signed in"),
            ("past due invoices", "Overdue invoices"),
            ("what's the balance?", "Balance"),
            ("?", "What you can ask"),
            ("csv", "Download"),
            ("pay", "Which invoice do you mean?"),
        ],
    )
    async def test_are_answered(self, finn: Chat, typed: str, heading: str) -> None:
        assert text_of(await finn.ask(typed)).startswith(heading)
        assert text_of(await finn.ask(typed.upper())).startswith(heading)

    @pytest.mark.parametrize("command", ["invoice", "details", "pay", "usage", "print"])
    async def test_about_one_invoice_show_it(self, shared_town: Town, finn: Chat, command: str) -> None:
        number = shared_town.world.tables["invoices"][bill_id("contoso.partial")]["invoicenumber"]

        assert number in text_of(await finn.ask(f"{command} {number.lower()}"))

    async def test_to_pay_say_why_that_cannot_be_done(self, shared_town: Town, finn: Chat) -> None:
        number = shared_town.world.tables["invoices"][bill_id("contoso.expired")]["invoicenumber"]

        answer = await finn.ask(f"pay {number}")

        assert "Its payment link has expired. Please ask your provider for a new one." in text_of(answer)
        assert "Pay now" not in {each.get("title") for each in actions(answer)}

    async def test_about_several_invoices_let_choose(self, shared_town: Town, finn: Chat) -> None:
        bills = shared_town.world.tables["invoices"]
        numbers = [bills[bill_id(name)]["invoicenumber"] for name in ("contoso.partial", "contoso.expired")]

        answer = text_of(await finn.ask(f"invoice {' '.join(numbers)}"))

        assert answer.startswith("Which invoice do you mean?")
        assert all(number in answer for number in numbers)

    @pytest.mark.parametrize(
        "typed",
        [
            "<at>My Invoices</at> help",
            "  @My Invoices   help ",
            "<at>My Invoices</at>&nbsp;help\n",
            "\u200fhelp\u200f",
            "\u202ehelp",
            "help \N{PERSON WITH FOLDED HANDS}",
            "<b>help</b>",
            "helpp",
        ],
        ids=ascii,
    )
    async def test_are_understood_in_any_dress(self, finn: Chat, typed: str) -> None:
        assert text_of(await finn.ask(typed)).startswith("What you can ask")

    @pytest.mark.parametrize(
        "typed",
        [
            "\N{PERSON WITH FOLDED HANDS}",
            "blah",
            "x" * 50_000,
            "'; drop table invoices",
            "\u202eevil\u202c",
            "{{DATE(x)}} ${x} @everyone",
        ],
        ids=lambda typed: ascii(typed)[:20],
    )
    async def test_that_nobody_knows_get_another_answer_than_help(self, finn: Chat, typed: str) -> None:
        answer = text_of(await finn.ask(typed))

        assert answer.startswith(LOST)
        assert "What you can ask" not in answer

    async def test_are_shown_as_they_were_typed_and_do_nothing(self, finn: Chat) -> None:
        answer = await finn.ask(HOSTILE)

        drawn = [each["text"] for each in objects(answer.attachments) if each.get("type") == "TextBlock"]
        assert not any("evil" in each or "DATE" in each for each in drawn)
        assert "evil" in text_of(answer)
        assert not any("evil" in str(each) for each in actions(answer))

    async def test_work_in_an_empty_message(self, finn: Chat) -> None:
        assert text_of(await finn.ask("")).startswith(LOST)


class TestSignedOut:
    async def test_person_gets_help(self, shared_town: Town) -> None:
        chat = await shared_town.opened("walt")

        assert text_of(await chat.ask("help")).startswith("What you can ask")
        assert text_of(await chat.ask("HELP")).startswith("What you can ask")

    async def test_person_is_asked_to_sign_in_for_everything_else(self, shared_town: Town) -> None:
        chat = await shared_town.opened("walt")

        for typed in ("open invoices", "invoice INV-10421", "balance", "who am i"):
            assert "Please sign in" in text_of(await chat.ask(typed))
        assert not NUMBER.search(everything(chat))

    async def test_person_sees_nothing_any_more(self, shared_town: Town) -> None:
        chat = await signed_in(shared_town, "ada")
        card = await chat.ask("open invoices")

        said = await chat.ask("sign out")
        shared_town.world.entra.withdraw_consent(chat.person, shared_town.world.teams.channel.app_id)
        outcome = await chat.press(card, "Next")

        assert "signed out" in text_of(said).lower()
        assert outcome.kind == "sign_in"
        assert "Please sign in" in text_of(await chat.ask("balance"))


class TestList:
    async def test_turns_page_by_page_in_place_and_back(self, shared_town: Town, finn: Chat) -> None:
        entry = await finn.ask("invoices")
        pages = [NUMBER.findall(text_of(entry))]
        while any(each.get("title") == "Next" for each in actions(finn.current(entry))):
            assert (await finn.press(finn.current(entry), "Next")).kind == "card"
            pages.append(NUMBER.findall(text_of(finn.current(entry))))

        await finn.press(finn.current(entry), "Back")
        back = NUMBER.findall(text_of(finn.current(entry)))

        seen = [number for page in pages for number in page]
        assert len(seen) == len(set(seen))
        assert set(seen) == visible(shared_town, CONTOSO_LTD.id)
        assert back == pages[-2]

    async def test_goes_over_to_another_list_in_place(self, finn: Chat) -> None:
        entry = await finn.ask("open invoices")

        for title in ("Paid invoices", "All invoices", "Overdue invoices", "Open invoices"):
            assert (await finn.press(finn.current(entry), title)).kind == "card"
            assert text_of(finn.current(entry)).startswith(title)

    async def test_shows_one_contract_when_asked(self, shared_town: Town, finn: Chat) -> None:
        entry = await finn.ask("invoices")

        await finn.press(entry, "Show", {"contract": CONTOSO_EMEA.id})
        shown = text_of(finn.current(entry))

        tables = shared_town.world.tables["invoices"].values()
        theirs = {row["invoicenumber"] for row in tables if row["_work365_invoice_billingcontract_value"] == CONTOSO_EMEA.id}
        assert set(NUMBER.findall(shown)) <= theirs
        assert "\u20ac" in shown
        assert "$" not in shown

    async def test_leads_to_the_details_and_back_to_its_page(self, finn: Chat) -> None:
        entry = await finn.ask("open invoices")
        await finn.press(entry, "Next")
        page = text_of(finn.current(entry))

        await finn.press(finn.current(entry), "Details")
        details = text_of(finn.current(entry))
        back = next(each for each in actions(finn.current(entry)) if each.get("verb") == "invoices.list")
        await finn.press(finn.current(entry), back)

        assert details.startswith("Invoice\n")
        assert text_of(finn.current(entry)) == page

    async def test_adds_up_to_what_the_database_says(self, finn: Chat, shared_town: Town, postgres: EmbeddedServer) -> None:
        async with databases.superuser(postgres, database_of(shared_town)) as admin:
            sums = await admin.fetch(OWED, CONTOSO_LTD.id)

        told = text_of(await finn.ask("open invoices"))

        signs = {"USD": "$", "EUR": "\u20ac"}
        assert {row["currency"] for row in sums} == set(signs)
        for row in sums:
            assert f"{signs[row['currency']]}{row['sum']:,.2f}" in told


class TestGroup:
    @pytest.mark.parametrize("kind", ["groupChat", "channel"])
    async def test_is_told_one_sentence_and_nothing_else(self, shared_town: Town, finn: Chat, kind: Any) -> None:
        there = Chat(shared_town.world, finn.person, kind)
        await there.open()

        answer = await there.ask("@My Invoices open invoices")

        assert answer.text.startswith("Invoices are shown in your personal chat with me only.")
        assert answer.attachments == []
        assert len(there.shown) == 1

    @pytest.mark.parametrize("kind", ["groupChat", "channel"])
    @pytest.mark.parametrize("verb", ["invoices.list", "balance", "sign_in", "nonsense"])
    async def test_presses_its_buttons_in_vain(self, shared_town: Town, finn: Chat, kind: Any, verb: str) -> None:
        answer = await press(shared_town, finn.person.key, verb, {}, kind)

        assert (answer.status, answer.body["statusCode"], answer.body["type"]) == (200, 403, "application/vnd.microsoft.error")
        assert not NUMBER.search(written(answer.body))

    @pytest.mark.parametrize("kind", ["groupChat", "channel"])
    async def test_does_not_hear_the_answer_to_what_was_asked_in_private(self, shared_town: Town, kind: Any) -> None:
        world, ada = shared_town.world, person("ada")
        world.entra.withdraw_consent(ada, BOT_APP_ID)
        chat = await shared_town.opened("ada")
        await chat.ask("sign out")
        invitation = await chat.ask("open invoices")
        there = Chat(world, ada, kind)
        await there.open()

        world.entra.give_consent(ada, BOT_APP_ID)
        exchange = invitation.attachments[0]["content"]["buttons"][0]["value"].partition("request=")[2]
        proof = {"id": exchange, "connectionName": "", "token": world.entra.sso_token(ada, BOT_APP_ID)}
        answer = await world.teams.delivery.send(moment(shared_town, "ada", kind).invoke("signin/tokenExchange", proof))
        await shared_town.house.turns.drain(PATIENCE_S)

        assert answer.status == 501
        assert not NUMBER.search(everything(there))


def visible(town: Town, account: str) -> set[str]:
    """Return the numbers of an account's bills that a customer may see: Billed, Partial or Complete."""
    shown = {(0, 4), (2, 100002), (2, 100001)}
    rows = [row for row in town.world.tables["invoices"].values() if row["_customerid_value"] == account]
    return {str(row["invoicenumber"]) for row in rows if (row["statecode"], row["statuscode"]) in shown}


def database_of(town: Town) -> str:
    """Return the address of the town's database."""
    assert town.settings.database_url is not None
    return town.settings.database_url.get_secret_value()
