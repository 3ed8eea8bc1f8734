"""What ends when: by the certificates themselves, and by what the operator has told."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assembly.clouds import Clouds
from assembly.expiry import ends
from settings import Settings
from tests.certificates import Pair
from tests.make import NOW, guid

Place = Callable[[str, int], str]


@pytest.fixture
def pem(tmp_path: Path) -> Place:
    """Return what writes a certificate of that name that ends after so many days."""
    return lambda name, days: str(Pair(NOW + timedelta(days=days)).write(tmp_path / name))


def told(**changes: str) -> dict[str, datetime]:
    """Return what the settings of a bot in production say."""
    needed = {
        "MicrosoftAppId": guid("bot"),
        "MicrosoftAppTenantId": guid("tenant"),
        "PUBLIC_URL": "https://invoices.example",
        "DATAVERSE_URL": "https://contoso.crm.dynamics.example",
        "DATAVERSE_TENANT_ID": guid("tenant"),
        "SECRET_KEYS": "0" * 43 + "=",
    }
    settings = Settings.load(_env_file=None, **needed | changes)
    return dict(ends(settings, Clouds.of(settings, lambda: NOW)))


class TestEnds:
    def test_is_what_each_certificate_says(self, pem: Place) -> None:
        own = {"ENTRA_CLIENT_ID": guid("entra"), "DATAVERSE_CLIENT_ID": guid("dataverse")}

        found = told(
            MicrosoftAppCertificate=pem("bot.pem", 10),
            ENTRA_CERTIFICATE=pem("entra.pem", 20),
            DATAVERSE_CERTIFICATE=pem("dataverse.pem", 30),
            **own,
        )

        assert found == {
            "MicrosoftAppCertificate": NOW + timedelta(days=10),
            "ENTRA_CERTIFICATE": NOW + timedelta(days=20),
            "DATAVERSE_CERTIFICATE": NOW + timedelta(days=30),
        }

    def test_names_one_that_serves_all_once(self, pem: Place) -> None:
        assert told(MicrosoftAppCertificate=pem("bot.pem", 10)).keys() == {"MicrosoftAppCertificate"}

    def test_is_what_the_operator_says_of_a_client_secret(self) -> None:
        found = told(MicrosoftAppPassword="secret", CLIENT_SECRET_EXPIRES="2027-05-31")

        assert found == {"CLIENT_SECRET_EXPIRES": datetime(2027, 5, 31, tzinfo=UTC)}

    def test_is_unknown_of_a_client_secret_of_which_nobody_said(self) -> None:
        assert told(MicrosoftAppPassword="secret") == {}

    def test_is_no_matter_of_managed_identities(self) -> None:
        assert told(MicrosoftAppType="UserAssignedMSI", ENTRA_CLIENT_ID=guid("entra"), ENTRA_FEDERATED_CLIENT_ID=guid("msi")) == {}
