"""Every setting, read once and checked as a whole before anything listens."""

import os
from collections.abc import Iterable
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from settings_kinds import (
    Address,
    AppType,
    DatabaseAddress,
    Day,
    Days,
    Guid,
    Guids,
    Hosts,
    Keys,
    Listens,
    LogLevel,
    Pem,
    Picture,
    Roots,
    Secret16,
    Secret32,
    Toml,
    WorkerPlace,
)


class SettingsError(Exception):
    """Settings that cannot be used; ``wrong`` names every mistake, one line each, without any secret."""

    def __init__(self, wrong: list[str]) -> None:
        super().__init__("\n".join(wrong))
        self.wrong = wrong


def _named(name: str, default: Any = None, **limits: Any) -> Any:
    return Field(default, validation_alias=AliasChoices(name), **limits)


class Settings(BaseSettings):
    """What the operator has set. Names as in the environment; see ``docs/settings.md``."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True, case_sensitive=False, env_ignore_empty=True)

    app_id: Guid = _named("MicrosoftAppId")
    app_password: SecretStr | None = _named("MicrosoftAppPassword")
    app_certificate: Pem = _named("MicrosoftAppCertificate")
    client_secret_expires: Day = _named("CLIENT_SECRET_EXPIRES")
    app_type: AppType = _named("MicrosoftAppType", "SingleTenant")
    app_tenant: Guid = _named("MicrosoftAppTenantId")
    entra_client_id: Guid = _named("ENTRA_CLIENT_ID")
    entra_client_secret: SecretStr | None = _named("ENTRA_CLIENT_SECRET")
    entra_certificate: Pem = _named("ENTRA_CERTIFICATE")
    entra_federated: Guid = _named("ENTRA_FEDERATED_CLIENT_ID")
    entra_authority: Address = _named("ENTRA_AUTHORITY")
    public_url: Address = _named("PUBLIC_URL")
    host: Listens = _named("HOST", "127.0.0.1")
    port: int = _named("PORT", 3978, ge=1, le=65535)
    database_url: DatabaseAddress = _named("DATABASE_URL")
    dataverse_url: Address = _named("DATAVERSE_URL")
    dataverse_tenant: Guid = _named("DATAVERSE_TENANT_ID")
    dataverse_client_id: Guid = _named("DATAVERSE_CLIENT_ID")
    dataverse_client_secret: SecretStr | None = _named("DATAVERSE_CLIENT_SECRET")
    dataverse_certificate: Pem = _named("DATAVERSE_CERTIFICATE")
    dataverse_federated: Guid = _named("DATAVERSE_FEDERATED_CLIENT_ID")
    mapping: Toml = _named("WORK365_MAPPING")
    work365_push_key: Secret32 = _named("WORK365_PUSH_KEY")
    pay_link_hosts: Hosts = _named("PAY_LINK_HOSTS", ())
    pay_off_tenants: Guids = _named("PAY_OFF_TENANTS", ())
    pay_off_on_phones: bool = _named("PAY_OFF_ON_PHONES", default=False)
    reseller_name: str = _named("RESELLER_NAME", "Your cloud provider", max_length=200)
    reseller_address: str = _named("RESELLER_ADDRESS", "", max_length=1000)
    reseller_contact: str = _named("RESELLER_CONTACT", "", max_length=200)
    reseller_logo: Picture = _named("RESELLER_LOGO")
    reseller_color: str = _named("RESELLER_COLOR", "#4f52b2", pattern="^#[0-9a-fA-F]{6}$")
    privacy_text: str = _named("PRIVACY_TEXT", "", max_length=50_000)
    terms_text: str = _named("TERMS_TEXT", "", max_length=50_000)
    secret_keys: Keys = _named("SECRET_KEYS", ())
    sync_interval_s: int = _named("SYNC_INTERVAL_S", 60, ge=1, le=3600)
    max_staleness_s: int = _named("MAX_STALENESS_S", 900, ge=1, le=86400)
    reminder_days: Days = _named("REMINDER_DAYS", (-7, -1, 0, 3, 7, 14))
    reminder_hour: int = _named("REMINDER_HOUR", 9, ge=0, le=23)
    var_dir: Path = _named("VAR_DIR", Path("var"))
    worker: WorkerPlace = _named("WORKER", "embedded")
    log_level: LogLevel = _named("LOG_LEVEL", "INFO")
    otlp_endpoint: Address = _named("OTEL_EXPORTER_OTLP_ENDPOINT")
    forget_after_days: int = _named("FORGET_AFTER_DAYS", 30, ge=0, le=3650)
    audit_days: int = _named("AUDIT_DAYS", 400, ge=1, le=3650)
    ssl_cert_file: Roots = _named("SSL_CERT_FILE")
    requests_ca_bundle: Roots = _named("REQUESTS_CA_BUNDLE")
    metrics_token: Secret16 = _named("METRICS_TOKEN")
    sandbox_url: Address = _named("SANDBOX_URL")

    @classmethod
    def load(cls, **given: object) -> Self:
        """Read the environment and ``.env``. Raises SettingsError that names every mistake.

        Where the environment names a sandbox, ``.env`` is left alone: it is the real bot's, with its database and its secrets.
        """
        if os.environ.get("SANDBOX_URL"):
            given.setdefault("_env_file", None)
        unreadable: dict[str, str] = {}
        try:
            settings = cls(**given)  # type: ignore[arg-type]
        except ValidationError as error:
            unreadable = {str(each["loc"][0]): each["msg"].removeprefix("Value error, ") for each in error.errors(include_input=False)}
            settings = cls(**given | cls._defaults(unreadable))  # type: ignore[arg-type]
        unsafe = settings._contradictions() + (settings._in_sandbox() if settings.sandbox_url else settings._in_production())
        wrong = [f"{name}: {why}" for name, why in unreadable.items()]
        wrong += [each for each in unsafe if each.partition(":")[0] not in unreadable]
        if wrong:
            raise SettingsError(wrong)
        return settings

    @classmethod
    def _defaults(cls, names: Iterable[str]) -> dict[str, object]:
        """Return what the settings of these names are where nothing is set, so that the others can be checked as well."""
        fields = {alias.choices[0]: each for each in cls.model_fields.values() if isinstance(alias := each.validation_alias, AliasChoices)}
        return {name: fields[name].default for name in names}

    def _in_sandbox(self) -> list[str]:
        addresses = {"SANDBOX_URL": self.sandbox_url, "PUBLIC_URL": self.public, "HOST": f"http://{self.host}"}
        if self.dataverse_url:
            addresses["DATAVERSE_URL"] = self.dataverse_url
        far = [name for name, address in addresses.items() if not is_loopback(address)]
        if self.database_url is not None and not all(map(is_loopback, _database_hosts(self.database_url.get_secret_value()))):
            far.append("DATABASE_URL")
        return [f"{name}: must be a loopback address while SANDBOX_URL is set: the sandbox signs anybody in" for name in far] + [
            f"{name}: must not be set together with SANDBOX_URL: real credentials have no place there"
            for name, value in (
                ("MicrosoftAppPassword", self.app_password),
                ("MicrosoftAppCertificate", self.app_certificate),
                ("ENTRA_AUTHORITY", self.entra_authority),
            )
            if value
        ]

    def _in_production(self) -> list[str]:
        wrong = [
            f"{name}: required"
            for name, value in (
                ("MicrosoftAppId", self.app_id),
                ("DATAVERSE_URL", self.dataverse_url),
                ("DATAVERSE_TENANT_ID", self.dataverse_tenant),
                ("SECRET_KEYS", self.secret_keys),
            )
            if not value
        ]
        wrong += [
            f"{name}: must be https"
            for name, address in (("ENTRA_AUTHORITY", self.entra_authority), ("DATAVERSE_URL", self.dataverse_url))
            if address and not address.startswith("https://")
        ]
        if not self.public.startswith("https://") and not is_loopback(self.public):
            wrong.append("PUBLIC_URL: must be https")
        return wrong + self._missing_credentials()

    def _credentials(self) -> tuple[list[str], list[str], list[str]]:
        """Return the names of what is set to prove the bot, the registration that people sign in to, and Dataverse's reader."""
        return (
            _names(MicrosoftAppPassword=self.app_password, MicrosoftAppCertificate=self.app_certificate),
            _names(
                ENTRA_CLIENT_SECRET=self.entra_client_secret,
                ENTRA_CERTIFICATE=self.entra_certificate,
                ENTRA_FEDERATED_CLIENT_ID=self.entra_federated,
            ),
            _names(
                DATAVERSE_CLIENT_SECRET=self.dataverse_client_secret,
                DATAVERSE_CERTIFICATE=self.dataverse_certificate,
                DATAVERSE_FEDERATED_CLIENT_ID=self.dataverse_federated,
            ),
        )

    def _contradictions(self) -> list[str]:
        wrong = [f"{names[0]}: must not be set together with {names[1]}" for names in self._credentials() if len(names) > 1]
        if self.max_staleness_s < 2 * self.sync_interval_s:
            wrong.append("MAX_STALENESS_S: must be at least twice SYNC_INTERVAL_S, or one late look at Work 365 leaves nobody answered")
        return wrong

    def _missing_credentials(self) -> list[str]:
        own, signs_in, reads = self._credentials()
        is_machine = self.app_type == "UserAssignedMSI"
        has_own_entra = self.entra_client_id not in {None, self.app_id}
        wrong: list[str] = []
        if is_machine and own:
            wrong.append(f"{own[0]}: must not be set where MicrosoftAppType is UserAssignedMSI")
        if not is_machine and not own:
            wrong.append("MicrosoftAppPassword: this or MicrosoftAppCertificate is required unless MicrosoftAppType is UserAssignedMSI")
        if self.app_type != "MultiTenant" and not self.app_tenant:
            wrong.append("MicrosoftAppTenantId: required unless MicrosoftAppType is MultiTenant")
        if is_machine and not has_own_entra:
            wrong.append("ENTRA_CLIENT_ID: required where MicrosoftAppType is UserAssignedMSI: nobody can sign in to a managed identity")
        if has_own_entra and not signs_in:
            choice = "this, ENTRA_CERTIFICATE or ENTRA_FEDERATED_CLIENT_ID"
            wrong.append(f"ENTRA_CLIENT_SECRET: {choice} is required with an ENTRA_CLIENT_ID of its own")
        if self.dataverse_client_id not in {None, self.entra_client_id or self.app_id} and not reads:
            choice = "this, DATAVERSE_CERTIFICATE or DATAVERSE_FEDERATED_CLIENT_ID"
            wrong.append(f"DATAVERSE_CLIENT_SECRET: {choice} is required with a DATAVERSE_CLIENT_ID of its own")
        return wrong

    @property
    def public(self) -> str:
        """Address under which Teams and browsers reach the bot, without a slash at the end."""
        return self.public_url or f"http://localhost:{self.port}"

    @property
    def roots(self) -> Path | None:
        """The file of the roots to trust in place of the public ones, for every outgoing call."""
        return self.ssl_cert_file or self.requests_ca_bundle


def is_loopback(address: str | None) -> bool:
    """Whether an address can only be reached from this machine."""
    host = urlsplit(address or "").hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _database_hosts(address: str) -> list[str]:
    """Return the hosts of a database's address, as addresses themselves; none where it is reached through a socket's folder."""
    parts = urlsplit(address)
    named = [*parts.netloc.rpartition("@")[2].split(","), *parse_qs(parts.query).get("host", [])]
    return [f"postgresql://{host}" for host in named if host and not host.startswith("/")]


def _names(**given: object) -> list[str]:
    return [name for name, value in given.items() if value]
