"""Tokens at rest open for the person they belong to, with the keys of the operator, and in no other way."""

import pytest
from cryptography.fernet import Fernet

from auth.seal import Seal
from billing.access import Person, PersonId, TenantId
from billing.errors import NotSignedIn
from tests.make import ADA, guid

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))
SECRET = '{"RefreshToken": "1.abc"}\n\u00fc'


class TestSeal:
    def test_gives_back_what_it_was_given(self) -> None:
        seal = Seal([OLD])

        assert seal.open(ADA, seal.close(ADA, SECRET)) == SECRET

    def test_shows_nothing_of_the_secret_or_its_owner(self) -> None:
        sealed = Seal([OLD]).close(ADA, SECRET)

        assert b"RefreshToken" not in sealed
        assert ADA.id.encode() not in sealed

    def test_does_not_open_with_another_key(self) -> None:
        with pytest.raises(NotSignedIn):
            Seal([NEW]).open(ADA, Seal([OLD]).close(ADA, SECRET))

    @pytest.mark.parametrize("change", [slice(0, -1), slice(1, None), slice(0, 0)])
    def test_does_not_open_when_it_was_tampered_with(self, change: slice) -> None:
        seal = Seal([OLD])

        with pytest.raises(NotSignedIn):
            seal.open(ADA, seal.close(ADA, SECRET)[change])

    @pytest.mark.parametrize(
        "other", [Person(ADA.tenant, PersonId(guid("finn"))), Person(TenantId(guid("tenant.fabrikam")), ADA.id)], ids=["person", "tenant"]
    )
    def test_does_not_open_for_another_person_whose_row_it_was_copied_to(self, other: Person) -> None:
        seal = Seal([OLD])

        with pytest.raises(NotSignedIn):
            seal.open(other, seal.close(ADA, SECRET))

    def test_opens_old_seals_with_a_new_key_in_front_and_makes_new_ones_with_it(self) -> None:
        both = Seal([NEW, OLD])

        assert both.open(ADA, Seal([OLD]).close(ADA, SECRET)) == SECRET
        assert Seal([NEW]).open(ADA, both.close(ADA, SECRET)) == SECRET
