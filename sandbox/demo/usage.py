"""Usage rows of Azure bills: what ran, where, for how long, under names that customers gave."""

import json
import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from sandbox.dataverse.columns import Row
from sandbox.demo.bills import Bill
from sandbox.demo.companies import Currency
from sandbox.demo.partner import USAGE_COST
from sandbox.demo.products import FORMULAS
from sandbox.people import stable_id

_METERS = (
    ("Virtual Machines", "D4s v5", "1 Hour", "0.2304", 24),
    ("Azure SQL Database", "vCore", "1 Hour", "0.5218", 24),
    ("Storage", "Hot LRS Data Stored", "1 GB/Month", "0.0208", 900),
    ("Bandwidth", "Inter-region transfer", "1 GB", "0.0870", 160),
    ("Azure OpenAI", "GPT tokens", "1K", "0.0100", 1800),
    ("Log Analytics", "Pay-as-you-go ingestion", "1 GB", "2.7600", 7),
)
_REGIONS = ("US East", "EU West", "EU North", "JA East")
_TEAMS = ("billing", "shop", "warehouse", "data-lake", "intranet")
_STAGES = ("prod", "test", "dev")
_FINE = Decimal("0.000001")


@lru_cache(maxsize=256)
def usage(bill: Bill, count: int) -> Sequence[Row]:
    """Return *count* usage rows of the bill's month; the same on every run, and the very same in every world of a process."""
    return tuple(_usage(bill, count))


def _usage(bill: Bill, count: int) -> Iterator[Row]:
    chance = random.Random(f"usage.{bill.key}")  # noqa: S311 - demo, not security
    first = (bill.billed.replace(day=1) - timedelta(1)).replace(day=1)
    for number in range(count):
        service, meter, unit, price, most = chance.choice(_METERS)
        quantity = Decimal(str(chance.uniform(0.01, most))).quantize(_FINE)
        team, stage = chance.choice(_TEAMS), chance.choice(_STAGES)
        name = FORMULAS[number % len(FORMULAS)] if number % 97 == 0 else f"{stage}-{team}-{service[:2].lower()}-{number % 40:02}"
        yield {
            "work365_usagelineid": stable_id(f"usage.{bill.key}.{number}"),
            "_work365_usageline_invoice_value": bill.id,
            "work365_usageline_service": f"{service} - {meter}",
            "work365_usageline_resource": name,
            "work365_usageline_region": chance.choice(_REGIONS),
            "work365_usageline_unit": unit,
            **_priced(bill.contract.currency, Decimal(price), quantity),
            **_where(bill, first + timedelta(chance.randint(0, 27)), team, stage),
        }


def _priced(currency: Currency, price: Decimal, quantity: Decimal) -> Row:
    local = (price * currency.rate).quantize(_FINE)
    return {
        "work365_usageline_quantity": quantity,
        "work365_usageline_unitprice": local,
        "work365_usageline_total": (local * quantity).quantize(_FINE),
        "work365_usageline_costprice": USAGE_COST,
        "work365_usageline_currency": currency.code,
    }


def _where(bill: Bill, day: date, team: str, stage: str) -> Row:
    tags = {"env": stage, "owner": team, "cost-centre": f"CC-{len(team) * 100 + len(stage)}"}
    return {
        "work365_usageline_subscriptionname": f"{bill.company.name} {stage.capitalize()}",
        "work365_usageline_usagedate": day,
        "work365_usageline_tags": json.dumps(tags) if stage != "dev" else None,
    }
