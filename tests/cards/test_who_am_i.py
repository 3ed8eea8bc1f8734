"""Who the bot takes the person for."""

from dataclasses import replace

import pytest

from billing.access import AccountId, Company, Role
from cards.who_am_i import who_am_i
from tests import make
from tests.cards.reading import HOSTILE, button, labels, values
from tests.cards.samples import reader


class TestWhoAmI:
    def test_names_person_company_and_roles(self) -> None:
        card = who_am_i(make.caller(Role.FINANCE_MANAGER, Role.ADMINISTRATOR), reader())

        assert values(card) == ["Ada Lindqvist", "Contoso Ltd", "Work 365 Administrator and Work365 Finance Manager"]

    def test_offers_to_switch_to_the_other_companies(self) -> None:
        both = replace(make.caller(), companies=(make.CONTOSO, make.FABRIKAM))

        card = who_am_i(both, reader())

        assert "Fabrikam, Inc." in values(card)
        assert button(card, "Switch")["data"] == {"company": make.FABRIKAM.id}

    def test_offers_to_sign_out(self) -> None:
        assert button(who_am_i(make.caller(), reader()), "Sign out")["verb"] == "sign_out"

    @pytest.mark.parametrize("hostile", HOSTILE)
    def test_shows_names_as_values_only(self, hostile: str) -> None:
        caller = make.caller(company=Company(AccountId("a"), hostile))

        assert labels(who_am_i(replace(caller, name=hostile), reader())) == labels(who_am_i(make.caller(), reader()))
