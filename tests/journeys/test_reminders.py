"""Living with reminders: one a day, its buttons, and everything a person may decide about it."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from backends.postgres.database import Database
from billing.due import Why
from sandbox.connector.conversation import Entry
from sandbox.demo import bill_id
from sandbox.driver import Chat, actions, text_of
from sandbox.faults import Fault
from sandbox.people import person
from sandbox.tree import Json, objects
from tests.clock import ChosenClock
from tests.reminding import MORNING, POST, one_pass, reachable, reminded_town, reminders_in, states
from tests.town import Town, town


@dataclass(frozen=True, slots=True)
class Morning:
    """A town on a Monday morning, and Finn, who has installed the app and signed in."""

    town: Town
    clock: ChosenClock
    rows: Database
    finn: Chat

    async def remind(self) -> Entry:
        """Run a pass and return Finn's newest reminder."""
        await self.town.house.sync.run()
        await one_pass(self.town.house.reminders)
        return reminders_in(self.finn)[-1]

    async def next_day(self) -> int:
        """Let a day pass and remind; return how many reminders Finn has by then."""
        self.clock.advance(timedelta(days=1))
        await self.town.house.sync.run()
        await one_pass(self.town.house.reminders)
        return len(reminders_in(self.finn))

    async def pressed(self, entry: Entry, button: str, inputs: Json | None = None) -> Entry:
        """Press a button and return what stands in the place of its card."""
        await self.finn.press(entry, button, inputs)
        return self.finn.current(entry)


@pytest.fixture
async def morning(database_url: str) -> AsyncGenerator[Morning]:
    async with reminded_town(database_url) as (town, clock, rows):
        yield Morning(town, clock, rows, await reachable(town, "finn"))


def inputs_of(entry: Entry) -> dict[str, str]:
    """Return what a card's inputs hold before anybody touches them."""
    return {each["id"]: each["value"] for each in objects(entry.attachments) if str(each.get("type")).startswith("Input.")}


class TestReminder:
    async def test_comes_once_a_day_to_who_has_a_role_and_to_nobody_else(self, morning: Morning) -> None:
        nora = await reachable(morning.town, "nora")

        reminder = await morning.remind()
        await one_pass(morning.town.house.reminders)

        assert "2 overdue · 1 due today · 3 due soon" in text_of(reminder)
        assert len(reminders_in(morning.finn)) == 1
        assert reminders_in(nora) == []

    async def test_leads_to_the_details(self, morning: Morning) -> None:
        reminder = await morning.remind()

        details = await morning.pressed(reminder, "Details")

        assert "Left to pay" in text_of(details)

    async def test_is_silent_about_a_snoozed_invoice_until_the_day_comes(self, morning: Morning) -> None:
        reminder = await morning.remind()
        first = next(line for line in text_of(reminder).splitlines() if line.startswith("INV-"))

        question = await morning.pressed(reminder, "Snooze")
        answer = await morning.pressed(question, "For 3 days")
        texts = [text_of(reminders_in(morning.finn)[-1]) for _ in range(3) if await morning.next_day()]

        assert first in text_of(question)
        assert f"No reminder of {first} until Nov 26, 2026" in text_of(answer)
        assert [first in text for text in texts] == [False, False, True]

    async def test_stops_when_it_is_turned_off_by_its_own_button(self, morning: Morning) -> None:
        reminder = await morning.remind()

        off = await morning.pressed(reminder, "Turn off reminders")
        while_off = await morning.next_day()
        await morning.pressed(off, "Turn on reminders")
        again = await morning.next_day()

        assert "Reminders are off" in text_of(off)
        assert (while_off, again) == (0, 1)  # the card in which it was turned off is no reminder any more

    async def test_stops_with_the_app_and_starts_with_it(self, morning: Morning) -> None:
        await morning.remind()

        await morning.finn.client.uninstall()
        without = await morning.next_day()
        await morning.finn.client.install()
        again = await morning.next_day()

        assert (without, again) == (1, 2)

    @pytest.mark.parametrize("is_policy", [True, False])
    async def test_does_not_come_back_by_itself_after_a_policy_or_a_block(self, morning: Morning, *, is_policy: bool) -> None:
        teams, finn = morning.town.world.teams, morning.finn
        if is_policy:
            teams.disabled_in.add(finn.person.tenant.id)
        else:
            finn.client.block()

        refused = await morning.next_day()
        teams.disabled_in.clear()
        finn.client.block(blocked=False)
        lifted = await morning.next_day()
        await finn.ask("help")
        after_a_word = await morning.next_day()

        assert (refused, lifted, after_a_word) == (0, 0, 1)
        assert ("failed", "suspended" if is_policy else "opted_out") in await states(morning.rows)

    async def test_on_its_way_while_the_app_is_removed_ends_there_and_comes_again_with_the_app(self, morning: Morning) -> None:
        ada, reminders = await reachable(morning.town, "ada"), morning.town.house.reminders
        removed = asyncio.Event()
        morning.town.world.faults.add(Fault("connector", f"{POST}/{morning.finn.client.conversation.id}", until=removed))

        passing = asyncio.create_task(one_pass(reminders))
        await ada.next()  # they are written to at the same time
        await morning.finn.client.uninstall()
        removed.set()
        done = await passing
        without = await morning.next_day()
        await morning.finn.client.install()
        again = await morning.next_day()

        assert (done["sent"], done["failed"]) == (1, 1)
        assert (without, again) == (0, 1)
        assert ("failed", "uninstalled") in await states(morning.rows)

    async def test_that_teams_throttles_leaves_answers_in_chat_alone(self, morning: Morning) -> None:
        reminders, world = morning.town.house.reminders, morning.town.world
        throttled = Fault("connector", f"{POST}/{morning.finn.client.conversation.id}", status=429, headers={"Retry-After": "60"})
        world.faults.add(throttled)

        passed = await one_pass(reminders)
        answer = await morning.finn.ask("help")
        waiting = await reminders.outbox.tenants(morning.clock())
        meanwhile = await one_pass(reminders)
        morning.clock.advance(timedelta(seconds=61))
        later = await one_pass(reminders)

        assert (passed["planned again"], passed["sent"]) == (1, 0)
        assert "open invoices" in text_of(answer).lower()
        assert (waiting, meanwhile["sent"], later["sent"]) == ([], 0, 1)

    async def test_does_not_come_to_somebody_whom_entra_has_disabled_since(self, morning: Morning) -> None:
        world, chat = morning.town.world, f"{POST}/{morning.finn.client.conversation.id}"
        before = len(world.asked("connector", chat))
        world.entra.disable(morning.finn.person)

        morning.clock.advance(timedelta(minutes=61))
        await morning.town.house.sync.run()
        done = await one_pass(morning.town.house.reminders)

        assert done["planned"] > 0
        assert {state for state, _ in await states(morning.rows)} == {"suppressed"}
        assert {reason for _, reason in await states(morning.rows)} == {Why.SIGNED_OUT}
        assert len(world.asked("connector", chat)) == before

    async def test_stops_with_the_session(self, morning: Morning) -> None:
        await morning.remind()

        await morning.finn.ask("sign out")

        assert await morning.next_day() == 1


class TestSettings:
    async def test_show_the_zone_and_keep_what_is_chosen(self, morning: Morning) -> None:
        card = await morning.finn.ask("reminders")
        chosen = inputs_of(card) | {"hour": "11", "days": "0", "notices": "failed", "business_days": "true"}

        saved = await morning.pressed(card, "Save", chosen)
        again = await morning.finn.ask("reminders")

        assert "Time zone: America/New_York" in text_of(card)
        assert "Saved" in text_of(saved)
        assert inputs_of(again) == chosen

    async def test_change_the_hour_and_the_stages_of_the_next_message(self, morning: Morning) -> None:
        card = await morning.finn.ask("reminders")
        await morning.pressed(card, "Save", inputs_of(card) | {"hour": "11", "days": "0", "notices": ""})

        too_early = await one_pass(morning.town.house.reminders)
        morning.clock.advance(timedelta(hours=2))
        reminder = await morning.remind()

        assert not too_early
        assert "1 due today" in text_of(reminder)
        assert "from 11:00" in text_of(reminder)

    async def test_refuse_what_no_card_of_ours_sends(self, morning: Morning) -> None:
        card = await morning.finn.ask("reminders")

        refused = [
            await morning.finn.press(card, "Save", inputs_of(card) | strange)
            for strange in ({"hour": "25"}, {"hour": "x"}, {"days": "9999"}, {"days": "0;drop"}, {"notices": "all"})
        ]
        again = await morning.finn.ask("reminders")

        assert len(refused) == 5
        assert inputs_of(again) == inputs_of(card)

    async def test_are_words_to_type_as_well(self, morning: Morning) -> None:
        off = await morning.finn.ask("please stop reminders")
        on = await morning.finn.ask("Reminders ON")

        assert "Reminders are off" in text_of(off)
        assert "Reminders are on" in text_of(on)

    async def test_may_be_turned_off_without_signing_in(self, morning: Morning) -> None:
        walt = morning.town.chat("walt")
        await walt.open()
        await walt.next()

        assert "Reminders are off" in text_of(await walt.ask("reminders off"))


class TestSnooze:
    async def test_takes_a_number(self, morning: Morning) -> None:
        question = await morning.finn.ask("snooze 10434")
        answer = await morning.pressed(question, "Until it is due")

        assert "INV-10434" in text_of(question)
        assert "until Nov 30, 2026" in text_of(answer)

    async def test_knows_no_invoice_of_another_company(self, morning: Morning) -> None:
        question = await morning.finn.ask("snooze 10434")
        foreign = {"type": "Action.Execute", "verb": "invoice.snooze", "data": {"invoice": bill_id("fabrikam.today"), "until": "tomorrow"}}

        await morning.finn.press(question, foreign)
        async with morning.rows.shared() as connection:
            kept = await connection.fetchval("select count(*) from bot.reminder_snoozes")

        assert "There is no such invoice" in text_of(morning.finn.current(question))
        assert kept == 0


class TestCompanies:
    async def test_of_one_tenant_stand_apart_in_one_message(self, morning: Morning) -> None:
        taro = await reachable(morning.town, "taro")
        morning.clock.advance(timedelta(hours=12))

        await morning.town.house.sync.run()
        await one_pass(morning.town.house.reminders)

        (reminder,) = reminders_in(taro)
        assert "Tailspin Robotics" in text_of(reminder)
        assert "Tailspin Toys" in text_of(reminder)


class TestPayNow:
    @pytest.mark.parametrize("is_off", [False, True])
    async def test_is_offered_in_a_reminder_where_chat_offers_it(self, database_url: str, *, is_off: bool) -> None:
        off_for = person("finn").tenant.id if is_off else ""
        async with town(database_url, ChosenClock(MORNING), PAY_OFF_TENANTS=off_for) as built:
            finn = await reachable(built, "finn")

            await one_pass(built.house.reminders)
            asked, told = await finn.ask("open invoices"), reminders_in(finn)[-1]

        assert [any(each.get("title") == "Pay now" for each in actions(card)) for card in (asked, told)] == [not is_off] * 2

    async def test_is_not_offered_where_it_may_be_read_on_a_phone_that_must_not_pay(self, database_url: str) -> None:
        async with town(database_url, ChosenClock(MORNING), PAY_OFF_ON_PHONES="true") as built:
            finn = await reachable(built, "finn")

            await one_pass(built.house.reminders)

            assert not [each for each in actions(reminders_in(finn)[-1]) if each.get("title") == "Pay now"]
