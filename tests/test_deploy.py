"""What is said about deploying agrees with the code; the tools that would run it are not at hand here."""

import re
import subprocess
import sys
from pathlib import Path
from shutil import copy, copytree, ignore_patterns
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
import yaml

from assembly.listening import CLOSE_S
from assembly.running import DRAIN_S
from backends.work365.mapping import load
from pages.tab import LIBRARY
from settings import Settings
from tests.patience import PATIENCE_S

DOCKERFILE = Path("Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(Path("deploy/compose.yaml").read_text())
BICEP = Path("deploy/azure/main.bicep").read_text()
STAGES = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
LAST = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
NAMES = set(re.findall(r'_named\("(\w+)"', Path("settings.py").read_text()))

ENVIRONMENT = {
    "MicrosoftAppId": "11111111-1111-4111-8111-111111111111",
    "MicrosoftAppPassword": "x",
    "MicrosoftAppTenantId": "11111111-1111-4111-8111-111111111111",
    "PUBLIC_URL": "https://invoices.contoso.com",
    "DATAVERSE_URL": "https://contoso.crm.dynamics.com",
    "DATAVERSE_TENANT_ID": "11111111-1111-4111-8111-111111111111",
    "SECRET_KEYS": "A" * 43 + "=",
}


def copied() -> set[str]:
    words = [line.split()[1:-1] for line in DOCKERFILE.splitlines() if line.startswith("COPY ") and "--from" not in line]
    return {each for sources in words for each in sources}


TOOLS = Path(sys.executable).parent


class TestDockerfile:
    def test_gives_its_linter_nothing_to_say(self) -> None:
        linted = subprocess.run(
            [TOOLS / "hadolint", "--no-color", "Dockerfile"], capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )

        assert (linted.returncode, linted.stdout) == (0, "")

    def test_names_its_base_to_the_last_figure(self) -> None:
        assert all(re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+|node:\d+\.\d+\.\d+-\w+-slim", stage) for stage in STAGES)

    def test_runs_as_nobody_of_importance_and_says_how_it_is(self) -> None:
        assert re.search(r"^USER [1-9]\d{3,}:[1-9]\d{3,}$", LAST, re.MULTILINE)
        assert "HEALTHCHECK" in LAST
        assert "/livez" in LAST

    def test_installs_what_is_locked(self) -> None:
        assert re.search(r"pip install .*--require-hashes .*-r /build/requirements.txt", DOCKERFILE)
        assert re.search(r"npm ci ", DOCKERFILE)
        assert "requirements-dev" not in DOCKERFILE

    def test_copies_the_product_and_nothing_else(self) -> None:
        folders = {file.parent.name for file in Path().glob("*/__init__.py")} - {"tests", "sandbox", "docs", "bench", "deploy"}
        files = {file.name for file in Path().glob("*.py")}

        assert copied() == {*folders, *files, "locale", "pages/teams", "requirements.txt", "work365.toml"}

    def test_copies_enough_to_run_where_nothing_can_be_written(self, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
        out = tmp_path_factory.mktemp("out")
        for each in copied():
            if Path(each).is_dir():
                copytree(each, tmp_path / each, ignore=ignore_patterns("__pycache__", "node_modules"), dirs_exist_ok=True)
            else:
                copy(each, tmp_path)
        for each in tmp_path.rglob("*"):
            each.chmod(0o555 if each.is_dir() else 0o444)

        ran = subprocess.run(
            [sys.executable, "-B", "app.py", "manifest", "--out", str(out / "app.zip")],
            cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, timeout=PATIENCE_S, check=False,
        )  # fmt: skip

        assert (ran.returncode, ran.stderr) == (0, "")

    def test_is_given_no_other_file(self) -> None:
        let_in = {line[1:] for line in Path(".dockerignore").read_text().splitlines() if line.startswith("!")}

        assert let_in == copied() - {"pages/teams"}

    def test_brings_teamsjs_to_where_the_tab_looks_for_it(self) -> None:
        assert f" /app/{LIBRARY.relative_to(Path.cwd()).parent}/\n" in DOCKERFILE


class TestCompose:
    @pytest.mark.parametrize("service", ["bot", "worker"])
    def test_locks_the_bot_in(self, service: str) -> None:
        told = COMPOSE["services"][service]

        assert told["read_only"]
        assert told["cap_drop"] == ["ALL"]
        assert told["security_opt"] == ["no-new-privileges:true"]
        assert set(told["environment"]) <= NAMES

    def test_runs_one_worker_beside_the_bot(self) -> None:
        assert COMPOSE["services"]["worker"]["command"] == ["work"]
        assert COMPOSE["services"]["bot"]["environment"]["WORKER"] == "external"

    def test_shows_the_bot_to_a_proxy_on_this_machine_only(self) -> None:
        assert COMPOSE["services"]["bot"]["ports"] == ["127.0.0.1:3978:3978"]
        assert "ports" not in COMPOSE["services"]["database"]

    def test_pins_the_database(self) -> None:
        assert re.fullmatch(r"postgres:\d+\.\d+-\w+", COMPOSE["services"]["database"]["image"])


class TestGrace:
    def test_is_longer_than_an_end_takes(self) -> None:
        composed = [COMPOSE["services"][each]["stop_grace_period"] for each in ("bot", "worker")]
        graces = [int(each.removesuffix("s")) for each in (*composed, *re.findall(r"terminationGracePeriodSeconds: (\d+)", BICEP))]

        assert len(graces) == 4
        assert min(graces) > 2 * CLOSE_S + DRAIN_S


class TestScripts:
    @pytest.mark.skipif(not (TOOLS / "shellcheck").exists(), reason="no shellcheck is to be had for this processor")
    @pytest.mark.parametrize("script", ["deploy/entra/register.sh", "deploy/postgres/login.sh", ".ci/run"])
    def test_give_their_linter_nothing_to_say(self, script: str) -> None:
        linted = subprocess.run([TOOLS / "shellcheck", script], capture_output=True, text=True, timeout=PATIENCE_S, check=False)

        assert (linted.returncode, linted.stdout) == (0, "")


class TestBicep:
    def test_names_settings_that_exist(self) -> None:
        named = set(re.findall(r"\{ name: '([A-Za-z0-9_]+)', (?:value|secretRef):", BICEP))

        assert named <= NAMES

    def test_starts_a_production_that_settings_accept(self) -> None:
        known = {"MicrosoftAppType": "UserAssignedMSI", "SECRET_KEYS": "A" * 43 + "=", "WORKER": "external", "PAY_LINK_HOSTS": ""}
        known |= {"DATABASE_URL": "postgresql://bot@db.example/bot"}
        named = re.findall(r"\{ name: '([A-Za-z0-9_]+)', (?:value|secretRef):", BICEP)
        made_up = {name: "https://a.example" if name.endswith("URL") else str(uuid5(NAMESPACE_URL, name)) for name in named}

        assert Settings.load(_env_file=None, **{**made_up, **known}).app_type == "UserAssignedMSI"

    def test_describes_every_parameter(self) -> None:
        parameters = re.findall(r"^param (\w+)", BICEP, re.MULTILINE)

        assert BICEP.count("@description(") >= len(parameters)
        assert all(f"`{each}`" in Path("deploy/azure/README.md").read_text() for each in parameters)

    def test_balances_its_brackets(self) -> None:
        code = re.sub(r"'[^'\n]*'|//[^\n]*", "", BICEP)

        assert all(code.count(left) == code.count(right) for left, right in ("()", "[]", "{}"))


class TestDataverseRole:
    def test_lists_every_table_that_is_read(self) -> None:
        listed = set(re.findall(r"^\|[^|]*\| `(\w+)` \| Read \|", Path("deploy/dataverse/README.md").read_text(), re.MULTILINE))
        mapping = load()
        tables = (
            mapping.accounts, mapping.contacts, mapping.provider_accounts, mapping.identities, mapping.currencies, mapping.contracts,
            mapping.invoices, mapping.lines, mapping.usage,
        )  # fmt: skip

        assert {table.logical_name for table in tables if table} == listed - {"adx_webrole", "powerpagecomponent"}
