"""Every trick with a service URL: whom the bot's token may be sent to, and who would get it."""

from hypothesis import given
from yarl import URL

from bot.connector import ServiceHosts
from tests.corpus.cases import addresses
from tests.corpus.mutations import spoilt_texts

ADDRESSES = addresses()
HOSTS = ServiceHosts()


def is_called_as_trusted(url: str) -> bool:
    """Whether the library that calls *url* reads it as the one that trusted it did."""
    called = URL(url, encoded=True)
    return (called.scheme, called.port) == ("https", 443) and called.host in HOSTS.names


class TestAddress:
    def test_is_trusted_only_where_it_is_recorded_to_be(self) -> None:
        assert [each.url for each in ADDRESSES if HOSTS.trust(each.url) is not each.is_trusted] == []

    def test_is_called_as_it_is_trusted(self) -> None:
        assert [each.url for each in ADDRESSES if each.is_trusted and not is_called_as_trusted(each.url)] == []

    @given(spoilt_texts([each.url for each in ADDRESSES]))
    def test_is_called_as_it_is_trusted_however_it_is_spoilt(self, url: str) -> None:
        assert not HOSTS.trust(url) or is_called_as_trusted(url)
