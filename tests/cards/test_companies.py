"""The other companies of a person."""

from dataclasses import replace

import pytest

from billing.access import AccountId, Company
from cards import kit
from cards.companies import also, others
from tests import make
from tests.cards.reading import HOSTILE, button, labels, titles, values
from tests.cards.samples import reader
from tests.make import guid

CARD = kit.card([], fallback_text="x")


class TestAlso:
    def test_leads_to_the_other_company(self) -> None:
        card = also(CARD, [make.FABRIKAM], reader())

        assert values(card) == [f"Also: {make.FABRIKAM.name}"]
        assert button(card, "Switch")["data"] == {"company": make.FABRIKAM.id}

    def test_leads_to_the_choice_where_there_are_several(self) -> None:
        card = also(CARD, [make.FABRIKAM, make.CONTOSO], reader())

        assert values(card) == ["Also: 2 more companies"]
        assert button(card, "Switch")["verb"] == "who"

    def test_is_nothing_for_somebody_with_one_company(self) -> None:
        assert also(CARD, [], reader()) is CARD

    @pytest.mark.parametrize("hostile", HOSTILE)
    def test_shows_a_name_as_a_value_only(self, hostile: str) -> None:
        card = also(CARD, [Company(AccountId(guid("x")), hostile)], reader())

        assert (labels(card), titles(card)) == ([], ["Switch"])


class TestOthers:
    def test_are_all_but_the_chosen_one(self) -> None:
        caller = replace(make.caller(), companies=(make.CONTOSO, make.FABRIKAM))

        assert others(caller) == [make.FABRIKAM]
