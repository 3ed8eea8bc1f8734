"""Where Microsoft is: the real clouds, or the sandbox on loopback."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pydantic import SecretStr

from auth.credentials import CertificateFile, Credential, FederatedIdentity, ManagedIdentity
from auth.entra import Registration
from auth.transport import LoopbackTransport, Transport
from billing.ports import Clock
from bot.connector import ServiceHosts
from settings import Settings

BOT_SCOPE: Final = "https://api.botframework.com/.default"
BOT_METADATA: Final = "https://login.botframework.com/v1/.well-known/openidconfiguration"
MICROSOFT: Final = "https://login.microsoftonline.com"
SANDBOX_APP_ID: Final = "00000000-0000-4000-8000-00000000b017"


@dataclass(frozen=True, slots=True)
class Clouds:
    """Where Microsoft is: the real one, or the sandbox on loopback.

    bot, people, partner  the app registrations of the bot, of sign-in, and of the Dataverse application user
    """

    login: str
    metadata: str
    transport: Transport
    hosts: ServiceHosts
    plain_pay_host: str | None
    bot: Registration
    people: Registration
    partner: Registration

    @classmethod
    def of(cls, settings: Settings, clock: Clock) -> "Clouds":
        """Return the clouds that the settings name."""
        sandbox = settings.sandbox_url
        login = sandbox or (settings.entra_authority or f"{MICROSOFT}/organizations").rpartition("/")[0]
        secure = login.replace("http://", "https://", 1)
        app_id = settings.app_id or SANDBOX_APP_ID
        own = _credential(clock, settings.app_password, settings.app_certificate)
        signs_in = _credential(clock, settings.entra_client_secret, settings.entra_certificate, settings.entra_federated)
        reads = _credential(clock, settings.dataverse_client_secret, settings.dataverse_certificate, settings.dataverse_federated)
        if settings.app_type == "UserAssignedMSI":
            own = ManagedIdentity(app_id)
        people = Registration(
            settings.entra_authority or f"{secure}/organizations", settings.entra_client_id or app_id, signs_in or own or ""
        )
        home = "botframework.com" if settings.app_type == "MultiTenant" else settings.app_tenant or settings.dataverse_tenant
        return cls(
            login=login,
            metadata=f"{sandbox}/botframework/v1/.well-known/openidconfiguration" if sandbox else BOT_METADATA,
            transport=LoopbackTransport(sandbox) if sandbox else Transport(settings.roots),
            hosts=ServiceHosts(sandbox=sandbox),
            plain_pay_host=urlsplit(sandbox).hostname if sandbox else None,
            bot=Registration(f"{secure}/{home}", app_id, own or people.credential),
            people=people,
            partner=Registration(
                f"{secure}/{settings.dataverse_tenant}",
                settings.dataverse_client_id or people.client_id,
                reads or people.credential,
            ),
        )


def _credential(clock: Clock, secret: SecretStr | None, certificate: Path | None, federated: str | None = None) -> Credential | None:
    """Return the one that is set; ``settings`` has made sure that there are not two."""
    if certificate is not None:
        return CertificateFile(certificate, clock)
    if federated is not None:
        return FederatedIdentity(federated)
    return secret.get_secret_value() if secret is not None else None
