"""Each rule against a break of it, so that a rule cannot fall silent."""

import pytest

from tests.house import doors, shape, speech, words
from tests.house.source import Rule, Source

LONG_FUNCTION = "def long() -> None:\n" + "    long()\n" * 40
WIDE_PORT = "class Port(Protocol):\n" + "".join(f"    def m{n}(self): ...\n" for n in range(6))

BREAKS = [
    pytest.param(shape.sizes, "cards/a.py", "x = 1\n" * 301, id="long module"),
    pytest.param(shape.sizes, "cards/a.py", LONG_FUNCTION, id="long function"),
    pytest.param(shape.quiet_imports, "cards/a.py", "print('loaded')", id="call on import"),
    pytest.param(shape.quiet_imports, "cards/a.py", "SEEN = []", id="list of a module"),
    pytest.param(shape.quiet_imports, "cards/a.py", "cache = {}", id="variable of a module"),
    pytest.param(shape.frozen_values, "billing/a.py", "@dataclass(slots=True)\nclass A: ...", id="value that changes"),
    pytest.param(shape.narrow_ports, "billing/a.py", WIDE_PORT, id="wide port"),
    pytest.param(speech.names, "bot/card_helpers.py", "", id="file that fits anything"),
    pytest.param(speech.names, "bot/a.py", "class InvoiceManager: ...", id="class that fits anything"),
    pytest.param(speech.names, "bot/a.py", "def process(): ...", id="function that fits anything"),
    pytest.param(speech.traces, "README.md", "see /" + "home/ada/bot", id="path of a machine"),
    pytest.param(speech.traces, "README.md", "https://registry." + "npmjs.org/a", id="package registry"),
    pytest.param(speech.traces, "README.md", "as issue " + "#12 says", id="number without meaning"),
    pytest.param(speech.links, "README.md", "[gone](docs/gone.md)", id="dead link"),
    pytest.param(doors.broad_excepts, "bot/a.py", "try:\n    a()\nexcept Exception:\n    pass", id="broad except"),
    pytest.param(doors.broad_excepts, "bot/a.py", "try:\n    a()\nexcept (KeyError, BaseException):\n    pass", id="broad in a tuple"),
    pytest.param(doors.broad_excepts, "bot/a.py", "try:\n    a()\nexcept:\n    pass", id="bare except"),
    pytest.param(doors.plain_billing, "billing/a.py", "import aiohttp", id="library in billing"),
    pytest.param(doors.plain_billing, "billing/a.py", "from cards.kit import label", id="cards in billing"),
    pytest.param(doors.honest_words, "bot/a.py", "ours = cast('LiteralString', name)", id="cast"),
    pytest.param(doors.strict_types, "cards/a.py", "# pyright: basic", id="relaxed types"),
    pytest.param(doors.wakeful_tests, "tests/bot/test_a.py", "asyncio.sleep(0.1)", id="sleep"),
    pytest.param(doors.mirrored_tests, "tests/billing/test_gone.py", "", id="test of nothing"),
    pytest.param(words.translated_python, "bot/a.py", "SORRY = 'Please ask again.'", id="sentence"),
    pytest.param(words.translated_python, "bot/a.py", "as_text(f'{said} (Reference: {number})')", id="word in a message"),
    pytest.param(words.translated_python, "cards/a.py", "kit.label('Paid')", id="word on a card"),
    pytest.param(words.translated_python, "cards/a.py", "kit.execute(reader.say('Pay'), verb, {}, 'Browser')", id="word beside a button"),
    pytest.param(words.translated_python, "cards/a.py", "kit.card(body, fallback_text=one if is_one else 'Several')", id="other word"),
    pytest.param(words.translated_python, "pages/a.py", "pages.message(reader, 'Thanks', said)", id="title of a page"),
    pytest.param(words.translated_python, "pages/a.py", "pages.message(reader, title, problem.say)", id="Problem in English"),
    pytest.param(words.translated_pages, "pages/a.html", "<h1>\n{{ a }} Paid</h1>", id="word of a page"),
    pytest.param(
        words.translated_pages, "pages/a.html", "{% if a %}<p>{{ 'Paid' if a else b }}</p>{% endif %}", id="word of an expression"
    ),
    pytest.param(words.translated_pages, "pages/a.html", '<a aria-label="Pay {{ number }}">↗</a>', id="word read aloud"),
    pytest.param(
        words.translated_pages, "pages/a.html", '{% macro a() %} class="b" title="Pay {{ c }}"{% endmacro %}', id="word of a macro"
    ),
]

KEPT = [
    pytest.param(shape.sizes, "cards/a.py", "x = 1\n" * 300, id="module of 300 lines"),
    pytest.param(shape.quiet_imports, "cards/a.py", '"""A."""\nimport b\nlog = b.log()\nA, B = 1, 2\n"""Both."""', id="constants"),
    pytest.param(speech.names, "backends/dataverse/database.py", "class DataverseClient: ...", id="real names"),
    pytest.param(speech.traces, "deploy/Dockerfile", "RUN apt-get install /usr/bin/chromium", id="path of every machine"),
    pytest.param(speech.links, "README.md", "[decisions](docs/decisions/README.md) [Teams](https://teams.example/)", id="live links"),
    pytest.param(doors.broad_excepts, "pages/routes.py", "try:\n    a()\nexcept Exception:\n    pass", id="boundary"),
    pytest.param(doors.plain_billing, "billing/a.py", "import re\nfrom billing.money import Money", id="plain billing"),
    pytest.param(doors.strict_types, "bot/a.py", "# pyright: reportUnknownMemberType=false", id="door"),
    pytest.param(doors.wakeful_tests, "tests/bot/test_a.py", "asyncio.sleep(0)", id="letting others run"),
    pytest.param(doors.mirrored_tests, "tests/billing/test_money.py", "", id="test of a module"),
    pytest.param(
        words.translated_python, "cards/a.py", "kit.label(reader.say('Please ask again.'), size='Small')", id="sentence that is said"
    ),
    pytest.param(words.translated_python, "bot/a.py", "log.info('too much'); raise Malformed(reason='no JSON')", id="what nobody reads"),
    pytest.param(words.translated_python, "cards/a.py", "kit.value(reader.money(total['left']))", id="data"),
    pytest.param(
        words.translated_pages, "pages/a.html", '<p class="late" title="{{ say("Paid") }}">{{ say("Paid") }} CSV ↗</p>', id="page"
    ),
    pytest.param(words.translated_pages, "pages/a.html", '<th aria-sort="{{ "ascending" if a else "descending" }}">', id="no word"),
]


@pytest.mark.parametrize(("rule", "path", "text"), BREAKS)
def test_finds(rule: Rule, path: str, text: str) -> None:
    assert list(rule(Source(path, text)))


@pytest.mark.parametrize(("rule", "path", "text"), KEPT)
def test_lets_pass(rule: Rule, path: str, text: str) -> None:
    assert not list(rule(Source(path, text)))
