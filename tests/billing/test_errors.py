"""Every failure that we foresee: a status, a sentence for the person, facts for the log."""

import inspect
import re

import pytest

from billing import errors
from billing.errors import NotPayable, Problem, Unpayable

KINDS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, Problem)]


class TestEveryProblem:
    @pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
    def test_says_one_thing_to_the_person(self, kind: type[Problem]) -> None:
        assert re.fullmatch(r"[A-Z].*\.", kind.say)
        assert len(kind.say) <= 120
        assert 400 <= kind.status < 600

    @pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
    def test_stands_in_the_tree_with_its_status(self, kind: type[Problem]) -> None:
        drawn = dict(re.findall(r"(\w+) +(\d{3})  ", errors.__doc__ or ""))

        assert int(drawn[kind.__name__]) == kind.status


class TestFacts:
    def test_are_kept_for_the_log_and_not_told(self) -> None:
        problem = errors.NotFound(account="a", number="INV-1")

        assert problem.facts == {"account": "a", "number": "INV-1"}
        assert "INV-1" not in problem.say

    def test_name_the_reason_for_which_an_invoice_cannot_be_paid(self) -> None:
        problem = NotPayable(Unpayable.EXPIRED, invoice="1")

        assert problem.reason is Unpayable.EXPIRED
        assert problem.facts == {"reason": Unpayable.EXPIRED, "invoice": "1"}
