"""Values of columns that only the reseller may see, chosen so that one search finds any that got out."""

from decimal import Decimal

COST = Decimal("66601.6601")
MARGIN = Decimal("66602.6602")
MARGIN_PERCENT = Decimal("66603.6603")
USAGE_COST = Decimal("66604.6604")
RESELLER_MARGIN = "RESELLER-MARGIN-66605"

PARTNER_ONLY = ("66601", "66602", "66603", "66604", "66605")
"""Part of every value above: no file, card or page for a customer may hold one of these."""
