"""A registration proves itself with a certificate that is replaced in time, or with the identity of the machine."""

import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from auth.credentials import Certificate, CertificateFile, Credential, FederatedIdentity, ManagedIdentity
from auth.entra import Registration
from billing.errors import SourceDown
from sandbox.entra import machine
from sandbox.entra.registry import Client
from sandbox.people import PARTNER
from sandbox.world import World
from tests.auth.clouds import Clouds
from tests.certificates import Pair, elliptic
from tests.clock import ChosenClock
from tests.make import guid

APP = guid("app with a certificate")
MACHINE = guid("machine")
SCOPE = "https://dataverse.example/.default"


@pytest.fixture(scope="module")
def pair() -> Pair:
    return Pair()


@pytest.fixture(scope="module")
def newer() -> Pair:
    return Pair()


class TestCertificate:
    def test_is_read_whatever_comes_first(self, pair: Pair, newer: Pair) -> None:
        found = [Certificate.parse(pem) for pem in (pair.certificate + pair.key, pair.key + newer.certificate + pair.certificate)]

        assert {(each.public.encode(), each.expires) for each in found} == {(pair.certificate, pair.expires)}

    def test_does_not_show_its_key(self, pair: Pair) -> None:
        assert "PRIVATE" not in repr(Certificate.parse(pair.pem))

    def test_is_refused_with_a_sentence_that_says_why(self, pair: Pair, newer: Pair) -> None:
        wrong = {
            b"": "no readable private key",
            pair.certificate: "no readable private key",
            pair.key: "no readable certificate",
            pair.key + newer.certificate: "belongs to none of its certificates",
            pair.locked(): "locked with a password",
            elliptic() + pair.certificate: "not RSA",
        }

        for pem, why in wrong.items():
            with pytest.raises(ValueError, match=why):
                Certificate.parse(pem)


class TestCertificateFile:
    @pytest.fixture
    def clock(self, pair: Pair) -> ChosenClock:
        return ChosenClock(pair.expires - timedelta(days=31))

    @pytest.fixture
    def file(self, tmp_path: Path, pair: Pair, clock: ChosenClock) -> CertificateFile:
        return CertificateFile(pair.write(tmp_path / "bot.pem"), clock)

    def test_holds_the_new_certificate_once_it_is_replaced(self, file: CertificateFile, newer: Pair, tmp_path: Path) -> None:
        before = file.current()

        newer.write(tmp_path / "bot.pem")

        assert file.current() == Certificate.parse(newer.pem) != before

    def test_keeps_the_old_one_while_the_new_one_is_half_written(
        self, file: CertificateFile, newer: Pair, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        before = file.current()

        (tmp_path / "bot.pem").write_bytes(newer.pem[: len(newer.pem) // 2])
        during = file.current()
        (tmp_path / "bot.pem").write_bytes(newer.pem)

        assert during == before
        assert "certificate.unreadable" in caplog.messages
        assert file.current() == Certificate.parse(newer.pem)

    def test_is_a_source_that_is_down_where_it_was_never_readable(self, tmp_path: Path, clock: ChosenClock) -> None:
        with pytest.raises(SourceDown):
            CertificateFile(tmp_path / "missing.pem", clock).current()

    def test_warns_once_a_day_from_thirty_days_before_it_expires(
        self, file: CertificateFile, clock: ChosenClock, caplog: pytest.LogCaptureFixture
    ) -> None:
        for hours in (0, 23, 2, 2, 24):
            clock.advance(timedelta(hours=hours))
            file.current()

        warned = [record for record in caplog.records if record.message == "certificate.expires"]
        assert [record.levelno for record in warned] == [logging.WARNING] * 2
        assert [vars(record)["days"] for record in warned] == [29, 28]


def registration(world: World, credential: Credential, app: str = APP) -> Registration:
    """Return a registration in the partner's tenant."""
    return Registration(f"{world.base_url.replace('http', 'https', 1)}/{PARTNER.id}", app, credential)


class TestAtEntra:
    async def test_a_certificate_opens_and_so_does_its_successor(
        self, world: World, clouds: Clouds, pair: Pair, newer: Pair, tmp_path: Path
    ) -> None:
        file = CertificateFile(pair.write(tmp_path / "bot.pem"), world.clock)
        world.entra.clients[APP] = Client(APP, (), pair.public_key)
        first, _ = await clouds.entra.app_token(registration(world, file), SCOPE)
        newer.write(tmp_path / "bot.pem")

        with pytest.raises(SourceDown):
            await clouds.entra.app_token(registration(world, file), SCOPE)
        world.entra.clients[APP] = Client(APP, (), newer.public_key)
        second, _ = await clouds.entra.app_token(registration(world, file), SCOPE)

        assert [world.entra.claims(token, "https://dataverse.example")["azp"] for token in (first, second)] == [APP, APP]


class TestMachine:
    @pytest.fixture(autouse=True)
    def environment(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("IDENTITY_ENDPOINT", world.base_url.replace("http", "https", 1) + machine.PATH)
        monkeypatch.setenv("IDENTITY_HEADER", machine.HEADER)
        world.entra.machines.add(MACHINE)

    async def test_gets_the_bots_own_token_without_any_secret(self, world: World, clouds: Clouds) -> None:
        token, life = await clouds.entra.app_token(
            registration(world, ManagedIdentity(MACHINE), MACHINE), "https://api.botframework.com/.default"
        )

        assert world.entra.claims(token, "https://api.botframework.com")["appid"] == MACHINE
        assert timedelta(minutes=60) < life < timedelta(minutes=90)

    async def test_speaks_for_a_registration_that_trusts_it(self, world: World, clouds: Clouds) -> None:
        trusting = Client(APP, (), machines=frozenset({MACHINE}))
        world.entra.clients[APP] = trusting
        asking = registration(world, FederatedIdentity(MACHINE))

        token, _ = await clouds.entra.app_token(asking, SCOPE)
        world.entra.clients[APP] = replace(trusting, machines=frozenset())

        assert world.entra.claims(token, "https://dataverse.example")["azp"] == APP
        with pytest.raises(SourceDown):
            await clouds.entra.app_token(asking, SCOPE)

    @pytest.mark.parametrize("credential", [ManagedIdentity(guid("no machine")), FederatedIdentity(guid("no machine"))])
    async def test_that_does_not_exist_is_a_source_that_is_down(self, world: World, clouds: Clouds, credential: Credential) -> None:
        world.entra.clients[APP] = Client(APP, ())

        with pytest.raises(SourceDown):
            await clouds.entra.app_token(registration(world, credential), SCOPE)

    async def test_that_answers_garbage_is_a_source_that_is_down(
        self, world: World, clouds: Clouds, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("IDENTITY_ENDPOINT", world.base_url.replace("http", "https", 1) + "/chat/static/index.html")

        with pytest.raises(SourceDown):
            await clouds.entra.app_token(registration(world, ManagedIdentity(MACHINE)), SCOPE)
