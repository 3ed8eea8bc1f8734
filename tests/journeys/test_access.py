"""Who sees what: every reason to be refused, and no way around it."""

import re
from datetime import timedelta
from typing import Any

import pytest

from sandbox.dataverse import environment
from sandbox.demo import bill_id, contact_id
from sandbox.demo.companies import FABRIKAM_GMBH, TAILSPIN_TOYS
from sandbox.demo.customers import role_id
from sandbox.driver import text_of
from sandbox.people import FINANCE_MANAGER, person
from tests.clock import ShiftedClock
from tests.journeys.speaking import everything, moment, numbers_of, press, signed_in, written
from tests.make import guid
from tests.town import Town, town

REFERENCE = re.compile(r"Reference: [0-9a-f]{16}")
OTHERS = (FABRIKAM_GMBH.id, TAILSPIN_TOYS.id)


def changed(town: Town, table: str, row: str, **values: Any) -> None:
    """Change a row of Work 365."""
    environment(town.world).table(table).change(row, **values)


def take_role(town: Town, key: str, role: str) -> None:
    """Take a web role from a person's contact."""
    ties = environment(town.world).table("adx_webrole_contactset")
    for tie in [each for each in ties.values() if (each["contactid"], each["adx_webroleid"]) == (contact_id(key), role_id(role))]:
        ties.remove(tie["adx_webrole_contactid"])


class TestNoAccess:
    @pytest.mark.asyncio(loop_scope="module")
    @pytest.mark.parametrize(
        ("key", "said"),
        [
            pytest.param("nora", "Please give me the role Work 365 Administrator or Work365 Finance Manager", id="no role"),
            pytest.param("sami", "Please give me the role", id="subscription manager"),
            pytest.param("uma", "Please add me to our company's contacts in Work 365", id="no contact"),
            pytest.param("walt", "Please ask our cloud provider to connect our Microsoft Entra tenant", id="tenant of no customer"),
        ],
    )
    async def test_says_whom_to_ask_for_what(self, shared_town: Town, key: str, said: str) -> None:
        chat = await signed_in(shared_town, key)

        answers = [await chat.ask(question) for question in ("open invoices", "balance", "invoice INV-10421")]

        for answer in answers:
            assert "No access yet" in text_of(answer)
            assert said in text_of(answer)
            assert person(key).oid in text_of(answer)
            assert person(key).tenant.id in text_of(answer)
        assert not re.search(r"INV-\d{5}", "".join(map(text_of, answers[:2])))

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            pytest.param({"statecode": 1, "statuscode": 2}, "Please add me to our company's contacts", id="inactive contact"),
            pytest.param({"_parentcustomerid_value": FABRIKAM_GMBH.id}, "Please add me to our company's contacts", id="another company's"),
            pytest.param({"_parentcustomerid_value": None}, "Please add me to our company's contacts", id="nobody's contact"),
        ],
    )
    async def test_follows_the_contact(self, town: Town, change: dict[str, Any], said: str) -> None:
        chat = await town.signed_in("finn")
        assert "Open invoices" in text_of(await chat.ask("open invoices"))

        changed(town, "contacts", contact_id("finn"), **change)
        await town.house.sync.run()

        assert said in text_of(await chat.ask("open invoices"))

    async def test_follows_the_role_between_the_card_and_the_click(self, town: Town) -> None:
        chat = await town.signed_in("finn")
        card = await chat.ask("open invoices")

        take_role(town, "finn", FINANCE_MANAGER)
        await town.house.sync.run()
        outcome = await chat.press(card, "Details")

        assert outcome.kind == "card"
        assert "No access yet" in text_of(chat.current(card))
        assert "INV-" not in text_of(chat.current(card))

    async def test_comes_before_old_rights_are_believed(self, database_url: str, clock: ShiftedClock) -> None:
        async with town(database_url, clock) as there:
            chat = await there.signed_in("finn")
            card = await chat.ask("open invoices")
            clock.advance(timedelta(minutes=16))

            await chat.press(card, "Next")

            assert "has not been refreshed for too long" in text_of(chat.current(card))
            assert "INV-" not in text_of(chat.current(card))


@pytest.mark.asyncio(loop_scope="module")
class TestAnotherCompany:
    @pytest.mark.parametrize("command", ["invoice", "details", "pay", "usage", "print", "snooze"])
    async def test_has_no_invoice_that_could_be_typed(self, shared_town: Town, command: str) -> None:
        chat = await signed_in(shared_town, "finn")
        theirs = min(numbers_of(shared_town, *OTHERS))
        typed = {"theirs": theirs, "nobody's": "INV-99999", "by id": bill_id("fabrikam.overdue"), "hidden": self.hidden(shared_town)}

        answers = {name: await chat.ask(f"{command} {number}") for name, number in typed.items()}

        same = {neutral(text_of(answer), typed[name].upper()) for name, answer in answers.items()}
        assert len(same) == 1, same
        assert "INV-99999" in text_of(answers["nobody's"])
        assert "There is no such invoice" in same.pop()

    async def test_has_no_invoice_that_a_button_could_name(self, shared_town: Town) -> None:
        await signed_in(shared_town, "finn")
        named = [bill_id("fabrikam.overdue"), bill_id("tailspin.overdue"), bill_id("contoso.draft"), guid("nobody's")]

        answers = [await press(shared_town, "finn", "invoice.details", {"invoice": each, "show": "open"}) for each in named]

        assert {each.status for each in answers} == {200}
        same = {neutral(written(answer.body), invoice) for answer, invoice in zip(answers, named, strict=True)}
        assert len(same) == 1
        assert "There is no such invoice" in same.pop()

    async def test_has_no_contract_that_a_filter_could_show(self, shared_town: Town) -> None:
        await signed_in(shared_town, "finn")

        answer = await press(shared_town, "finn", "invoices.list", {"show": "all", "contract": guid("theirs"), "account": FABRIKAM_GMBH.id})

        assert not numbers_of(shared_town, *OTHERS) & set(re.findall(r"INV-\d{5}", written(answer.body)))

    async def test_is_what_a_forged_tenant_gets_nothing_of(self, shared_town: Town) -> None:
        chat = await signed_in(shared_town, "finn")
        await shared_town.house.turns.drain(5)
        before = everything(chat)
        forged = {**moment(shared_town, "finn").message("forged", "open invoices")}
        forged["channelData"] = {"tenant": {"id": person("fay").tenant.id}}

        await shared_town.world.teams.delivery.send(forged)
        await shared_town.house.turns.drain(5)

        assert everything(chat) == before

    def hidden(self, town: Town) -> str:
        """Return the number of a draft of Contoso's own."""
        return str(town.world.tables["invoices"][bill_id("contoso.draft")]["invoicenumber"])


def neutral(answer: str, *typed: str) -> str:
    """Return an answer without its reference and without what was asked for."""
    for each in typed:
        answer = answer.replace(each, "X")
    return REFERENCE.sub("Reference: R", answer)
