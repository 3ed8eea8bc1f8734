"""Introduces the parts that know who somebody is."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from cryptography.fernet import Fernet

from assembly.backends import Backends
from auth.browsers import Browsers
from auth.callers import ConfirmedCallers
from auth.identity import Identity, IdentityRule
from auth.keys import SigningKeys
from auth.seal import Seal
from auth.sessions import EntraSessions
from auth.sign_in import SignIn
from auth.single_sign_on import SingleSignOn
from auth.tokens import EntraTokens
from backends.postgres.audit import PostgresAudit
from backends.postgres.browser_sessions import PostgresBrowserSessions
from backends.postgres.choices import PostgresChoices
from backends.postgres.directory import PostgresDirectory
from backends.postgres.exchanges import PostgresExchanges
from backends.postgres.sessions import PostgresSessions
from backends.postgres.sign_ins import PostgresSignIns
from settings import Settings

METADATA: Final = "organizations/v2.0/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class People:
    """Who somebody is, and what they may see, for chat, pages and reminders alike."""

    sessions: EntraSessions
    identity: Identity
    callers: ConfirmedCallers
    sign_in: SignIn
    single_sign_on: SingleSignOn
    browsers: Browsers
    audit: PostgresAudit
    directory: PostgresDirectory

    @classmethod
    def of(cls, backends: Backends) -> "People":
        """Build them."""
        rows, clock, clouds, entra = backends.rows, backends.clock, backends.clouds, backends.entra
        audit, browser_sessions = PostgresAudit(rows, clock), PostgresBrowserSessions(rows)
        sign_ins, directory = PostgresSignIns(rows, clock), PostgresDirectory(rows)
        keys = SigningKeys(backends.http, f"{clouds.login}/{METADATA}", clock)
        tokens = EntraTokens(keys, clouds.people.client_id, clouds.login, clock)
        seal = Seal(_keys(backends.settings))
        sessions = EntraSessions(entra, clouds.people, tokens, seal, PostgresSessions(rows), browser_sessions, clock)
        identity = Identity(directory, _rule(backends), clock)
        redirect = f"{backends.settings.public}/auth/callback"
        return cls(
            sessions,
            identity,
            ConfirmedCallers(sessions, identity, PostgresChoices(rows)),
            SignIn(entra, clouds.people, sign_ins, sessions, audit, redirect, clock),
            SingleSignOn(entra, clouds.people, tokens, sessions, PostgresExchanges(rows, clock), sign_ins, audit),
            Browsers(browser_sessions, clock),
            audit,
            directory,
        )


def _rule(backends: Backends) -> IdentityRule:
    mapping = backends.mapping
    max_staleness = timedelta(seconds=backends.settings.max_staleness_s)
    return IdentityRule(mapping.role_names, mapping.by_email, mapping.app_roles, max_staleness)


def _keys(settings: Settings) -> list[str]:
    """Return the operator's keys; the sandbox gets one under VAR_DIR, since nothing in there is secret."""
    if settings.secret_keys:
        return [key.get_secret_value() for key in settings.secret_keys]
    kept = settings.var_dir / "secret.key"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_bytes(Fernet.generate_key())
    return [kept.read_text().strip()]
