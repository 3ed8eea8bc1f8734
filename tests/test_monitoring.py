"""The dashboard, the alerts and the operator's handbook speak of measurements that exist."""

import json
import re
from pathlib import Path
from typing import Any

import yaml

from backends.dataverse.breaker import Circuit
from billing.delivery import Outcome
from billing.measures import COUNTED, GAUGED, TIMED

ALERTS = Path("deploy/monitoring/alerts.yaml")
DASHBOARD = Path("deploy/monitoring/dashboard.json")
HANDBOOK = Path("docs/operations.md")

NAME = re.compile(r"\bmy_invoices_\w+")
SELECTED = re.compile(r"(\w+)\{(\w+)=~?\"([^\"]*)\"\}")
GROUPED = re.compile(r"by \(([^)]*)\)[^\n]*?(my_invoices_\w+)")
LABELS = {
    **{f"{each.name}_total": each.labels for each in COUNTED},
    **{f"{each.name}_{part}": (*each.labels, "le") for each in TIMED for part in ("bucket", "sum", "count")},
    **{each.name: each.labels for each in GAUGED},
}
VALUES = {"my_invoices_dataverse_circuit": set(Circuit), "my_invoices_deliveries_total": {*Outcome, "delivered", "interrupted"}}


def rules() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]


def panels() -> list[dict[str, Any]]:
    return json.loads(DASHBOARD.read_text())["panels"]


def expressions() -> list[str]:
    return [rule["expr"] for rule in rules()] + [target["expr"] for panel in panels() for target in panel["targets"]]


class TestLabels:
    def test_name_no_person_and_no_company(self) -> None:
        labels = {label for each in (*COUNTED, *TIMED, *GAUGED) for label in each.labels}

        assert labels == {"intent", "outcome", "where", "reason", "status", "kind", "state", "setting"}  # decision 13


class TestExpressions:
    def test_ask_for_what_is_measured(self) -> None:
        assert {name for each in expressions() for name in NAME.findall(each)} <= set(LABELS)

    def test_tell_apart_by_labels_that_are_there(self) -> None:
        for expression in expressions():
            for name, label, wanted in SELECTED.findall(expression):
                assert label in LABELS[name], expression
                assert name not in VALUES or set(wanted.split("|")) <= VALUES[name], expression
            for labels, name in GROUPED.findall(expression):
                assert set(labels.split(", ")) <= set(LABELS[name]), expression

    def test_balance_their_brackets(self) -> None:
        for expression in expressions():
            assert all(expression.count(left) == expression.count(right) for left, right in ("()", "[]", "{}"))


class TestDashboard:
    def test_shows_everything_that_is_measured(self) -> None:
        shown = {name for panel in panels() for target in panel["targets"] for name in NAME.findall(target["expr"])}

        assert {each.name for each in (*COUNTED, *TIMED, *GAUGED)} == {re.sub("_(total|bucket)$", "", name) for name in shown}

    def test_lays_no_panel_over_another(self) -> None:
        taken = [
            (x, y)
            for panel in panels()
            for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
            for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
        ]

        assert len(taken) == len(set(taken))


class TestHandbook:
    def test_says_what_to_do_for_every_alert_and_no_other(self) -> None:
        headings = re.findall(r"^#+ (MyInvoices\w+)$", HANDBOOK.read_text(), re.MULTILINE)

        assert sorted(headings) == sorted(rule["alert"] for rule in rules())
        for rule in rules():
            assert rule["annotations"]["runbook"] == f"{HANDBOOK}#{rule['alert'].lower()}"

    def test_explains_every_measurement_and_no_other(self) -> None:
        named = set(re.findall(r"^\| `(my_invoices_\w+)` \|", HANDBOOK.read_text(), re.MULTILINE))

        assert {re.sub("_total$", "", name) for name in named} == {each.name for each in (*COUNTED, *TIMED, *GAUGED)}
