"""When what proves the registrations to Entra ends: certificates say so themselves, for client secrets the operator does."""

from collections.abc import Mapping
from datetime import UTC, datetime, time

from assembly.clouds import Clouds
from auth.credentials import CertificateFile
from settings import Settings


def ends(settings: Settings, clouds: Clouds) -> Mapping[str, datetime]:
    """Return what ends when, by the name of the setting that tells; empty where nothing ends or nobody knows. Raises SourceDown."""
    told = (
        ("MicrosoftAppCertificate", settings.app_certificate, clouds.bot),
        ("ENTRA_CERTIFICATE", settings.entra_certificate, clouds.people),
        ("DATAVERSE_CERTIFICATE", settings.dataverse_certificate, clouds.partner),
    )
    found = {
        name: registration.credential.current().expires
        for name, file, registration in told
        if file is not None and isinstance(registration.credential, CertificateFile)
    }
    if settings.client_secret_expires is not None:
        found["CLIENT_SECRET_EXPIRES"] = datetime.combine(settings.client_secret_expires, time.min, UTC)
    return found
