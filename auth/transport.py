"""How MSAL reaches Entra: one pooled session with deadlines, discovery remembered, private roots honoured."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any, Protocol

import requests
from requests.adapters import HTTPAdapter

TIMEOUTS_S = (3.05, 10.0)
DISCOVERY = "/.well-known/openid-configuration"
TOKEN_ENDPOINT = re.compile(r'"token_endpoint":\s*"[^"]*"')


class Answer(Protocol):
    """What MSAL reads of an HTTP answer."""

    status_code: int

    @property
    def text(self) -> str:
        """The body."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """Header names and values."""
        ...

    def raise_for_status(self) -> None:
        """Raise for 4xx and 5xx."""
        ...


class Transport:
    """The http_client that MSAL asks for. Used from threads only.

    MSAL makes an application for each user's token cache, and each asks for the same discovery document; it is fetched
    once here, and no error is ever remembered, since MSAL's own memory mixes up its users' errors.
    """

    def __init__(self, roots: Path | None = None) -> None:
        """Take the file of the roots to trust in place of the public ones."""
        self._session = requests.Session()
        self._session.mount("https://", HTTPAdapter(pool_maxsize=16))
        self._verify = str(roots) if roots else None  # said with each request: the session's own gives way to the environment's
        self._discovered: dict[str, Answer] = {}

    def get(self, url: str, **more: Any) -> Answer:
        """Send a GET; a discovery document is fetched once."""
        if url in self._discovered:
            return self._discovered[url]
        answer = self._send("GET", url, **more)
        if DISCOVERY in url and answer.status_code == HTTPStatus.OK:
            self._discovered[url] = answer
        return answer

    def post(self, url: str, **more: Any) -> Answer:
        """Send a POST."""
        return self._send("POST", url, **more)

    def close(self) -> None:
        """MSAL may ask for this; the pool outlives its applications."""

    def _send(self, method: str, url: str, **more: Any) -> Answer:
        return self._session.request(method, url, timeout=TIMEOUTS_S, verify=self._verify, allow_redirects=False, **more)


class LoopbackTransport(Transport):
    """Lets MSAL, which insists on https, talk to the sandbox on a loopback address without TLS."""

    def __init__(self, sandbox_url: str) -> None:
        """Take the sandbox's plain address, whose host ``settings`` has made sure is loopback."""
        super().__init__()
        self._plain = sandbox_url
        self._secure = sandbox_url.replace("http://", "https://", 1)

    def _send(self, method: str, url: str, **more: Any) -> Answer:
        if not url.startswith(f"{self._secure}/"):
            raise requests.ConnectionError(f"outside the sandbox: {url}")
        answer = super()._send(method, self._plain + url.removeprefix(self._secure), **more)
        if DISCOVERY in url:
            plain, secure = f'"{self._plain}/', f'"{self._secure}/'
            return _Copy(answer.status_code, TOKEN_ENDPOINT.sub(lambda found: found[0].replace(plain, secure), answer.text), answer.headers)
        return answer


class _Copy:
    """An answer whose text has been changed."""

    def __init__(self, status_code: int, text: str, headers: Mapping[str, str]) -> None:
        self.status_code = status_code
        self.text = text
        self.headers = headers

    def raise_for_status(self) -> None:
        if self.status_code >= HTTPStatus.BAD_REQUEST:
            raise requests.HTTPError(f"{self.status_code}")
