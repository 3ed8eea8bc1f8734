"""The confirmation of a payment."""

from dataclasses import replace

import pytest

from billing.invoice import State
from cards.paid import paid
from tests import make
from tests.cards.reading import HOSTILE, labels, values
from tests.cards.samples import reader


class TestPaid:
    def test_thanks_for_all_of_it(self) -> None:
        assert "INV-10421 is paid in full. Thank you." in values(paid(make.invoice(state=State.COMPLETE), reader()))

    def test_says_what_is_left_of_a_part(self) -> None:
        partial = make.invoice(state=State.PARTIAL, charged=make.money("1000.00"))

        assert "Part of INV-10421 is paid. $234.50 is left." in values(paid(partial, reader()))

    @pytest.mark.parametrize("hostile", HOSTILE)
    def test_shows_the_number_as_a_value_only(self, hostile: str) -> None:
        assert labels(paid(replace(make.invoice(), number=hostile), reader())) == labels(paid(make.invoice(), reader()))
