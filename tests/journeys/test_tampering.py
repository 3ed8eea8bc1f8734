"""What somebody could do with a card besides pressing its buttons, and what must never be in a chat, whatever was done."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.demo import bill_id
from sandbox.demo.companies import FABRIKAM_GMBH, TAILSPIN_TOYS
from sandbox.driver import Chat, actions, cards, text_of
from sandbox.tree import objects
from tests.clock import ShiftedClock
from tests.journeys.speaking import NUMBER, OTHERS, everything, moment, numbers_of, press, signed_in, written
from tests.town import Town

pytestmark = pytest.mark.asyncio(loop_scope="module")

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
TEMPTING = st.sampled_from(
    [bill_id("fabrikam.overdue"), FABRIKAM_GMBH.id, TAILSPIN_TOYS.id, "open", "all", f"2026-11-30~{bill_id('fabrikam.today')}"]
)
CARRIED = st.dictionaries(
    st.sampled_from(["invoice", "show", "contract", "after", "before", "company", "account", "verb", "tenant", "days", "hour", "until"]),
    TEMPTING | ANYTHING,
    max_size=4,
)
VERBS = st.sampled_from(
    ["invoices.list", "invoice.details", "balance", "help", "who", "company.switch", "invoice.snooze", "reminders.save"]
)


class TestOldCard:
    @pytest.mark.parametrize(
        ("verb", "carried"),
        [
            ("invoices.archive", {}),
            (None, {}),
            ("invoice.details", {"number": "INV-10421"}),
            ("invoices.list", {"page": 2, "show": "unpaid"}),
        ],
        ids=str,
    )
    async def test_asks_politely_to_start_again(self, shared_town: Town, finn: Chat, verb: object, carried: object) -> None:
        answer = await press(shared_town, finn.person.key, verb, carried)

        assert (answer.status, answer.body["statusCode"]) == (200, 200)
        assert "This card is out of date" in written(answer.body)

    async def test_of_a_client_without_execute_works_as_well(self, finn: Chat) -> None:
        entry = await finn.ask("open invoices")
        submit = next(each["fallback"] for each in actions(entry) if each.get("title") == "Paid invoices")

        finn.skip()
        await finn.press(entry, submit)

        assert text_of(await finn.next()).startswith("Paid invoices")

    async def test_of_such_a_client_may_be_outdated(self, finn: Chat) -> None:
        entry = await finn.ask("open invoices")

        finn.skip()
        await finn.press(entry, {"type": "Action.Submit", "data": {"verb": "invoices.archive"}})

        assert "This card is out of date" in text_of(await finn.next())


def after_a_moment(town: Town) -> None:
    """Let a second pass, so that nobody is told to press less often."""
    clock = town.world.clock
    assert isinstance(clock, ShiftedClock)
    clock.advance(timedelta(seconds=1))


class TestTampering:
    @settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
    @given(verb=VERBS | ANYTHING, carried=CARRIED | ANYTHING)
    async def test_with_a_button_never_fails_and_never_shows_what_is_anothers(
        self, shared_town: Town, finn: Chat, verb: object, carried: object
    ) -> None:
        after_a_moment(shared_town)
        answer = await press(shared_town, finn.person.key, verb, carried)

        assert answer.status == 200
        assert answer.body["statusCode"] in {200, 400}
        assert not numbers_of(shared_town, *OTHERS) & set(NUMBER.findall(written(answer.body)))

    @settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
    @given(value=ANYTHING)
    async def test_with_the_whole_value_never_fails(self, shared_town: Town, finn: Chat, value: Any) -> None:
        after_a_moment(shared_town)
        invoke = moment(shared_town, finn.person.key).invoke("adaptiveCard/action", value)

        assert (await shared_town.world.teams.delivery.send(invoke)).status == 200


class TestEverything:
    async def test_that_was_ever_said_here_was_contosos_own(self, shared_town: Town, finn: Chat) -> None:
        await finn.ask("open invoices")

        assert not numbers_of(shared_town, *OTHERS) & set(NUMBER.findall(everything(finn)))

    async def test_in_two_chats_has_nothing_in_common(self, shared_town: Town, finn: Chat) -> None:
        fay = await signed_in(shared_town, "fay")
        theirs, ours = await fay.ask("invoices"), await finn.ask("invoices")

        assert set(NUMBER.findall(text_of(theirs))) <= numbers_of(shared_town, FABRIKAM_GMBH.id)
        assert not set(NUMBER.findall(text_of(theirs))) & set(NUMBER.findall(text_of(ours)))
        assert all(card["version"] == "1.5" for card in cards(theirs))

    async def test_hostile_in_an_invoice_is_shown_and_does_nothing(self, shared_town: Town) -> None:
        fay = await signed_in(shared_town, "fay")
        answer = await press(shared_town, fay.person.key, "invoice.details", {"invoice": bill_id("fabrikam.hostile")})

        drawn = [each["text"] for each in objects(answer.body) if each.get("type") == "TextBlock"]
        assert "https://evil.example" in written(answer.body).replace("\u200b", "")  # long words may break
        assert not any("evil" in each for each in drawn)
        assert not any("evil" in str(each.get("url", "")) for each in objects(answer.body))

    async def test_without_a_currency_or_in_three_decimals_is_shown(self, shared_town: Town) -> None:
        taro = await signed_in(shared_town, "taro")

        assert "\uffe5" in (shown := text_of(await taro.ask("invoices"))) or "\u00a5" in shown
