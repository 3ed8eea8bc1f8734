"""What the reseller sells, and the text that somebody with bad intentions could have put among it."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Product:
    """Something on a price list: price in US dollars, and how many of it a large customer buys."""

    name: str
    price: Decimal
    most: int
    description: str = "Monthly subscription, per user"


def _products(*rows: tuple[str, str, int] | tuple[str, str, int, str]) -> tuple[Product, ...]:
    return tuple(Product(row[0], Decimal(row[1]), row[2], *row[3:]) for row in rows)


_METERED = "Consumption of the month, metered"
_YEAR = "Annual commitment, billed monthly, per user"

CATALOGUE: dict[str, tuple[Product, ...]] = {
    "Microsoft 365": _products(
        ("Microsoft 365 E3", "36.00", 220, _YEAR),
        ("Microsoft 365 E5", "57.00", 90, _YEAR),
        ("Microsoft 365 Business Premium", "22.00", 60),
        ("Microsoft 365 F3", "8.00", 150),
        ("Office 365 E1", "10.00", 80),
        ("Exchange Online (Plan 1)", "4.00", 45),
        ("Microsoft 365 Apps for enterprise", "12.00", 30),
        ("Visio Plan 2", "15.00", 18),
        ("Planner and Project Plan 3", "30.00", 14),
        ("SharePoint (Plan 1)", "5.00", 25),
    ),
    "Azure plan": _products(
        ("Azure plan - Virtual Machines", "0.2304", 9800, _METERED),
        ("Azure plan - Azure SQL Database", "0.5218", 2900, _METERED),
        ("Azure plan - Storage", "0.0208", 41000, _METERED),
        ("Azure plan - Azure Kubernetes Service", "0.1000", 2200, _METERED),
        ("Azure plan - Bandwidth", "0.0870", 5200, _METERED),
        ("Azure plan - Azure OpenAI", "0.0100", 60000, _METERED),
        ("Azure plan - Log Analytics", "2.7600", 240, _METERED),
        ("Azure plan - Azure Backup", "0.0224", 9000, _METERED),
        ("Azure Reservation - D8s v5, 1 year", "205.42", 6, "Reserved instance, monthly part"),
    ),
    "Dynamics 365": _products(
        ("Dynamics 365 Sales Enterprise", "105.00", 35, _YEAR),
        ("Dynamics 365 Business Central Essentials", "80.00", 25, _YEAR),
        ("Dynamics 365 Customer Service Professional", "50.00", 20, _YEAR),
        ("Dynamics 365 Team Members", "8.00", 60, _YEAR),
    ),
    "Copilot and Power Platform": _products(
        ("Microsoft 365 Copilot", "30.00", 75, _YEAR),
        ("Power BI Pro", "14.00", 60),
        ("Power Apps Premium", "20.00", 40),
        ("Power Automate Premium", "15.00", 25),
        ("Copilot Studio - 25,000 credits", "200.00", 4, "Capacity pack, monthly"),
    ),
    "Security": _products(
        ("Microsoft Defender for Business", "3.00", 180),
        ("Microsoft Entra ID P2", "9.00", 140),
        ("Microsoft Intune Plan 1", "8.00", 120),
        ("Microsoft Sentinel - 100 GB commitment", "296.00", 9, "Commitment tier, per day used"),
    ),
    "Teams Phone": _products(
        ("Microsoft Teams Phone Standard", "10.00", 120),
        ("Microsoft Teams Calling Plan", "12.00", 60),
        ("Microsoft Teams Rooms Pro", "40.00", 16, "Per room"),
    ),
    "Professional services": _products(
        ("Cloud architect", "185.00", 70, "Tenant-to-tenant migration, hours as agreed"),
        ("Managed support - Gold", "2400.00", 1, "24 x 7, monthly fee"),
        ("Workshop: cost management in Azure", "1450.00", 2, "One day on site"),
    ),
}

HOSTILE_PRODUCT = "[Pay](https://evil.example) **x** <script>alert(1)</script> {{DATE(2026-01-01T00:00:00Z,SHORT)}} ${x} @everyone"
"""Markdown, HTML, an Adaptive Card date function, an Adaptive Card template and a mention, in a product's name."""

HOSTILE = (
    HOSTILE_PRODUCT,
    '=HYPERLINK("https://evil.example","Click to pay")',
    "\u202eecnalab ruoy\u202c paid in full \u2066\u200f\u2069 \u200bzero\u200bwidth",
    "\"quotes\" 'single' \\backslash\\ `tick` & <b>bold</b> &lt;i&gt;",
    "Café 🧾💸 naïve 日本語 العربية עברית 👩‍💻",
    "W" * 220,
    "first line\nsecond line\r\nthird\tcolumn",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "<at>Ada Lindqvist</at> please pay <a href='javascript:alert(1)'>here</a>",
    "![x](https://evil.example/pixel.png) [link]: https://evil.example #{7*7} {{7*7}} %s %n ../../etc/passwd",
)
"""Descriptions that must be shown as they are and do nothing."""

FORMULAS = (
    '=HYPERLINK("https://evil.example","vm-01")',
    "+vm-plus-01",
    "-vm-minus-02",
    "@vm-at-03",
    "\tvm-tab-04",
    "\rvm-return-05",
    '=cmd|" /C calc"!A0',
)
"""Resource names that would run in a spreadsheet."""
