"""Every mistake in the settings is named at once, and no combination is let through that could hurt."""

from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from settings import Settings, SettingsError
from tests.certificates import Pair
from tests.make import guid

GOOD: dict[str, Any] = {
    "MicrosoftAppId": guid("bot"),
    "MicrosoftAppPassword": "secret of the bot",
    "MicrosoftAppTenantId": guid("tenant.partner"),
    "PUBLIC_URL": "https://bot.example",
    "DATAVERSE_URL": "https://dataverse.example",
    "DATAVERSE_TENANT_ID": guid("tenant.partner"),
    "SECRET_KEYS": Fernet.generate_key().decode(),
}


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Pair().write(tmp_path_factory.mktemp("certificates") / "bot.pem")


def load(**changes: Any) -> Settings:
    """Load good settings with some replaced; None leaves one out."""
    told = {name: value for name, value in (GOOD | changes).items() if value is not None}
    return Settings.load(_env_file=None, **told)


def wrong(**changes: Any) -> set[str]:
    """Return the names of the settings that are complained about."""
    with pytest.raises(SettingsError) as failed:
        load(**changes)
    return {each.partition(":")[0] for each in failed.value.wrong}


class TestLoad:
    def test_accepts_good_settings(self) -> None:
        assert load().public == "https://bot.example"

    def test_names_every_mistake_at_once(self) -> None:
        found = wrong(PORT="many", MicrosoftAppId="no guid", SECRET_KEYS=None, PUBLIC_URL="http://bot.example", DATAVERSE_URL=None)

        assert found == {"PORT", "MicrosoftAppId", "SECRET_KEYS", "PUBLIC_URL", "DATAVERSE_URL"}

    def test_tells_no_secret(self) -> None:
        with pytest.raises(SettingsError) as failed:
            load(SECRET_KEYS="almost-a-key", MicrosoftAppType="Strange")

        assert "almost-a-key" not in str(failed.value)
        assert GOOD["SECRET_KEYS"] not in repr(load())
        assert GOOD["MicrosoftAppPassword"] not in repr(load())

    def test_needs_an_app_id_since_without_one_anybody_could_write(self) -> None:
        assert "MicrosoftAppId" in wrong(MicrosoftAppId=None)

    def test_lets_nobody_reach_a_sandbox_that_signs_anybody_in(self) -> None:
        found = wrong(SANDBOX_URL="http://192.0.2.1:1", HOST="0.0.0.0")  # noqa: S104 - refused

        assert found == {"SANDBOX_URL", "PUBLIC_URL", "HOST", "MicrosoftAppPassword"}


class TestCredentials:
    def test_may_be_certificates(self, pem: Path) -> None:
        found = load(
            MicrosoftAppPassword=None, MicrosoftAppCertificate=str(pem), ENTRA_CERTIFICATE=str(pem), DATAVERSE_CERTIFICATE=str(pem)
        )

        assert found.app_certificate == pem

    def test_may_be_the_machine_itself(self) -> None:
        found = load(
            MicrosoftAppType="UserAssignedMSI",
            MicrosoftAppPassword=None,
            ENTRA_CLIENT_ID=guid("people"),
            ENTRA_FEDERATED_CLIENT_ID=guid("bot"),
            DATAVERSE_CLIENT_ID=guid("reader"),
            DATAVERSE_FEDERATED_CLIENT_ID=guid("bot"),
        )

        assert found.entra_federated == guid("bot")

    @pytest.mark.parametrize(
        ("changes", "names"),
        [
            ({"MicrosoftAppPassword": None}, {"MicrosoftAppPassword"}),
            ({"ENTRA_CLIENT_ID": guid("people")}, {"ENTRA_CLIENT_SECRET"}),
            ({"DATAVERSE_CLIENT_ID": guid("reader")}, {"DATAVERSE_CLIENT_SECRET"}),
            ({"MicrosoftAppType": "UserAssignedMSI"}, {"MicrosoftAppPassword", "ENTRA_CLIENT_ID"}),
            ({"ENTRA_CLIENT_SECRET": "x", "ENTRA_FEDERATED_CLIENT_ID": guid("bot")}, {"ENTRA_CLIENT_SECRET"}),
            ({"MicrosoftAppCertificate": "/no/such/file"}, {"MicrosoftAppCertificate"}),
            ({"DATAVERSE_CERTIFICATE": __file__}, {"DATAVERSE_CERTIFICATE"}),
        ],
    )
    def test_are_refused_where_missing_doubled_or_unreadable(self, changes: dict[str, Any], names: set[str]) -> None:
        assert wrong(**changes) == names

    def test_are_refused_where_two_are_set(self, pem: Path) -> None:
        assert wrong(MicrosoftAppCertificate=str(pem)) == {"MicrosoftAppPassword"}


def test_leaves_the_real_bots_file_alone_in_the_sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("DATABASE_URL=postgresql://real.example/my_invoices\nMicrosoftAppPassword=real\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SANDBOX_URL", "http://127.0.0.1:3979")

    settings = Settings.load()

    assert (settings.database_url, settings.app_password) == (None, None)
