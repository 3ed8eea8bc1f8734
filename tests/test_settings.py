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


def complaints(**changes: Any) -> list[str]:
    """Return what is said of bad settings."""
    with pytest.raises(SettingsError) as failed:
        load(**changes)
    return failed.value.wrong


def wrong(**changes: Any) -> set[str]:
    """Return the names of the settings that are complained about."""
    return {each.partition(":")[0] for each in complaints(**changes)}


class TestLoad:
    def test_accepts_good_settings(self) -> None:
        assert load().public == "https://bot.example"

    def test_names_every_mistake_at_once(self) -> None:
        found = wrong(PORT="many", MicrosoftAppId="no guid", SECRET_KEYS=None, PUBLIC_URL="http://bot.example", DATAVERSE_URL=None)

        assert found == {"PORT", "MicrosoftAppId", "SECRET_KEYS", "PUBLIC_URL", "DATAVERSE_URL"}

    @pytest.mark.parametrize("day", ["31.05.2027", "2027-02-30", "soon", "2027"])
    def test_refuses_what_is_no_day(self, day: str) -> None:
        (told,) = complaints(CLIENT_SECRET_EXPIRES=day)

        assert told == "CLIENT_SECRET_EXPIRES: must be a day such as 2027-05-31"

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

        assert found == {"SANDBOX_URL", "PUBLIC_URL", "HOST", "DATAVERSE_URL", "MicrosoftAppPassword"}

    @pytest.mark.parametrize(
        ("url", "is_refused"),
        [
            ("postgresql://me:pw@127.0.0.1:5432/x", False),
            ("postgresql:///x?host=/tmp/postgres", False),
            ("postgresql://me@/x?host=/tmp/postgres", False),
            ("postgresql://me:pw@localhost,192.0.2.1:5432/x", True),
            ("postgresql:///x?host=db.example", True),
        ],
    )
    def test_keeps_a_sandbox_away_from_a_real_database(self, url: str, is_refused: bool) -> None:  # noqa: FBT001 - a table
        sandbox = "http://127.0.0.1:1"
        told = {"SANDBOX_URL": sandbox, "DATAVERSE_URL": sandbox, "PUBLIC_URL": None, "MicrosoftAppPassword": None, "DATABASE_URL": url}

        if is_refused:
            assert wrong(**told) == {"DATABASE_URL"}
        else:
            assert load(**told).sandbox_url == sandbox


class TestKinds:
    @pytest.mark.parametrize("url", ["mysql://x:pw@y/z", "nonsense", "postgresql://me:pw@host:notaport/x", "postgresql://me:p/w@host/x"])
    def test_of_a_database_are_postgresqls_addresses_and_no_password_is_told(self, url: str) -> None:
        (said,) = complaints(DATABASE_URL=url)

        assert said.startswith("DATABASE_URL: must be like postgresql://user:secret@host:5432/database")
        assert url not in said

    @pytest.mark.parametrize(
        "url", ["postgresql://one:1,two:2/x", "postgres://me@[::1]:5432/x", "postgresql:///x?host=/run/sockets", "postgresql://"]
    )
    def test_of_a_database_are_all_that_its_clients_take(self, url: str) -> None:
        address = load(DATABASE_URL=url).database_url

        assert address is not None
        assert address.get_secret_value() == url

    def test_of_a_mapping_are_files_that_are_toml(self, tmp_path: Path) -> None:
        broken, good = tmp_path / "broken.toml", tmp_path / "good.toml"
        broken.write_text("a = ")
        good.write_text("a = 1")

        assert complaints(WORK365_MAPPING="/no/such.toml") == ["WORK365_MAPPING: /no/such.toml cannot be read: No such file or directory"]
        assert complaints(WORK365_MAPPING=str(broken))[0].startswith(f"WORK365_MAPPING: {broken} is no TOML: ")
        assert load(WORK365_MAPPING=str(good)).mapping == good

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            (
                {"PAY_LINK_HOSTS": "https://a/b, pay.example ,*"},
                "PAY_LINK_HOSTS: 'https://a/b', '*': must be host names (no scheme, port, path or wildcard)",
            ),
            ({"PAY_OFF_TENANTS": f"a,{guid('x')},b"}, "PAY_OFF_TENANTS: 'a', 'b': must be GUIDs"),
            ({"REMINDER_DAYS": "a,-7,1.5,4000"}, "REMINDER_DAYS: 'a', '1.5', '4000': must be whole days from -365 to 365"),
            (
                {"SECRET_KEYS": f"aa,{GOOD['SECRET_KEYS']},bb"},
                "SECRET_KEYS: number 1, 3 of 3: must be Fernet keys (32 bytes, url-safe base64)",
            ),
        ],
    )
    def test_of_lists_name_every_item_that_is_wrong(self, changes: dict[str, str], said: str) -> None:
        assert complaints(**changes) == [said]

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"MicrosoftAppId": "my-secret"}, "MicrosoftAppId: must be a GUID such as 72f988bf-86f1-41af-91ab-2d7cd011db47"),
            ({"HOST": "no host"}, "HOST: must be an IP address or a host name"),
            ({"HOST": "999.1.1.1"}, "HOST: must be an IP address or a host name"),
            ({"DATAVERSE_URL": "https://x:port"}, "DATAVERSE_URL: must be an http(s) address without user, query or fragment"),
            ({"METRICS_TOKEN": "x" * 15}, "METRICS_TOKEN: must have at least 16 characters"),
            ({"WORK365_PUSH_KEY": "x" * 31}, "WORK365_PUSH_KEY: must have at least 32 characters"),
        ],
    )
    def test_are_said_in_a_sentence_that_does_not_repeat_what_may_be_secret(self, changes: dict[str, str], said: str) -> None:
        assert complaints(**changes) == [said]

    @pytest.mark.parametrize("host", ["0.0.0.0", "::", "localhost", "bot.example.com"])  # noqa: S104 - read, not listened on
    def test_of_a_host_are_addresses_and_names(self, host: str) -> None:
        assert load(HOST=host).host == host

    def test_of_days_may_have_signs_and_spaces(self) -> None:
        assert load(REMINDER_DAYS=" -365, 0 ,+7,365").reminder_days == (-365, 0, 7, 365)

    def test_of_intervals_leave_time_for_a_second_look(self) -> None:
        assert wrong(SYNC_INTERVAL_S="600", MAX_STALENESS_S="1199") == {"MAX_STALENESS_S"}
        assert load(SYNC_INTERVAL_S="600", MAX_STALENESS_S="1200").max_staleness_s == 1200


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


class TestChoices:
    def test_may_be_written_in_any_case(self) -> None:
        chosen = load(MicrosoftAppType="singletenant", WORKER="External", LOG_LEVEL="info")

        assert (chosen.app_type, chosen.worker, chosen.log_level) == ("SingleTenant", "external", "INFO")


class TestRoots:
    @pytest.fixture(autouse=True)
    def unset(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Forget what this machine trusts."""
        for each in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
            monkeypatch.delenv(each, raising=False)

    def test_are_the_public_ones_unless_told(self) -> None:
        assert load().roots is None

    def test_may_have_either_name(self, pem: Path, tmp_path: Path) -> None:
        other = Pair().write(tmp_path / "other.pem")

        assert load(REQUESTS_CA_BUNDLE=str(pem)).roots == pem
        assert load(REQUESTS_CA_BUNDLE=str(pem), SSL_CERT_FILE=str(other)).roots == other

    @pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"])
    def test_must_be_there_and_hold_certificates(self, name: str, tmp_path: Path) -> None:
        (tmp_path / "empty.pem").touch()

        assert complaints(**{name: "/no/such.pem"}) == [f"{name}: /no/such.pem cannot be read: No such file or directory"]
        assert wrong(**{name: str(tmp_path / "empty.pem"), "PORT": "many"}) == {name, "PORT"}
