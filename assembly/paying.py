"""The operator's rule for payment links, the same in chat and pages."""

from assembly.backends import Backends
from billing.access import TenantId
from billing.pay import PayRule


def pay_rule(backends: Backends) -> PayRule:
    """Return the rule."""
    settings = backends.settings
    off_for = frozenset(map(TenantId, settings.pay_off_tenants))
    return PayRule(frozenset(settings.pay_link_hosts), backends.clouds.plain_pay_host, off_for, settings.pay_off_on_phones)
