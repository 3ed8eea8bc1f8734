"""Rules on what people read: it comes out of the catalogues, or from elsewhere, but never straight out of the code."""

import ast
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Final

from jinja2 import Environment, nodes

from tests.house.source import Found, Source

SPEAKING: Final = frozenset({"bot", "cards", "manifest", "pages", "reminders", "words"})
"""The rooms whose texts reach people."""

UNSPOKEN: Final = frozenset({"bot/asks.py", "bot/vocabulary.py", "manifest/package.py"})
"""What people type, and what an operator is told at the command line."""

NAMES: Final = frozenset({"CSV", "Excel"})
"""What is called the same in every language."""

SHOWN: Final[Mapping[str, tuple[int | str, ...]]] = {
    "label": (0,),
    "heading": (0,),
    "value": (0,),
    "badge": (0,),
    "facts": (0,),
    "execute": (0, 3, "tooltip"),
    "open_url": (0, 2, "tooltip"),
    "choice": (1,),
    "choices": (1,),
    "toggle": (1, 2),
    "card": ("fallback_text", "speak"),
    "message": (1, 2, 3),
    "dots": (0, 1, 2, 3),
    "as_text": (0,),
    "invoke_error": (1,),
    "page": ("title", "said", "paragraphs"),
}
"""By a function's name, the places and names of its arguments that are shown as they are."""

_CATALOGUE: Final = frozenset({"say", "plural", "Command", "gettext"})
"""Calls whose texts go into the catalogue."""

_UNREAD: Final = frozenset(
    {"note", "debug", "info", "warning", "error", "exception", "log", "Phrasebook", "compile", "_ended", "_refuse", "_rejected"}
)
"""Calls whose texts reach nobody: audit, log, what is typed, patterns, the ledger's reasons, what the front door tells the channel."""

_LETTER: Final = re.compile(r"[^\W\d_]")
_SENTENCE: Final = re.compile(r"(?<![^\s(“„])[^\W\d_]{2,}[,:;.!?]? [^\W\d_]+(?![\w/])")
_ATTRIBUTE: Final = re.compile(r'([\w-]+)="([^"]*)"')
_READ: Final = frozenset({"alt", "aria-label", "aria-description", "aria-roledescription", "aria-valuetext", "placeholder", "title"})
"""Attributes that a browser shows or reads aloud."""


def translated_python(source: Source) -> Iterator[Found]:
    """Take every sentence, and every word that a card, page or message shows, from the catalogue."""
    if source.room not in SPEAKING or source.path in UNSPOKEN or not source.path.endswith(".py"):
        return
    said = {text for node in source.nodes if isinstance(node, ast.Call) and _called(node) in _CATALOGUE for text in _texts(node)}
    found = {(line, text) for module in source.nodes[:1] for line, text in _sentences(module)}
    for node in source.nodes:
        if isinstance(node, ast.Call) and (places := SHOWN.get(_called(node))):
            shown = [node.args[each] for each in places if isinstance(each, int) and each < len(node.args)]
            shown += [each.value for each in node.keywords if each.arg in places]
            found |= {word for each in shown for word in _words(each)}
    yield from ((line, f"shows {text[:40]!r} past the catalogue") for line, text in found if text not in said)


def _called(call: ast.Call) -> str:
    return ast.unparse(call.func).rpartition(".")[2]


def _texts(node: ast.AST) -> Iterator[str]:
    return (each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str))


def _sentences(node: ast.AST) -> Iterator[Found]:
    """Find what has the look of a sentence, and a Problem's own, except where nobody reads it."""
    match node:
        case ast.Expr(ast.Constant(str())) | ast.Raise() | ast.Compare() | ast.Assert():
            pass
        case ast.Call() if _called(node) in _CATALOGUE | _UNREAD:
            pass
        case ast.Attribute(ast.Name(name), "say") if name not in {"reader", "self"}:
            yield node.lineno, f"{name}.say"
        case ast.Constant(str(text)) if _SENTENCE.search(text) and "=" not in text:
            yield node.lineno, text
        case _:
            for each in ast.iter_child_nodes(node):
                yield from _sentences(each)


def _words(node: ast.AST) -> Iterator[Found]:
    """Find the words in an argument that is shown."""
    match node:
        case ast.Call(args=args):
            if _called(node) not in _CATALOGUE:
                yield from (found for each in args for found in _words(each))
        case ast.Constant(str(text)) if _LETTER.search(text):
            yield node.lineno, text
        case ast.Subscript() | ast.Compare() | ast.Attribute():
            pass
        case _:
            yield from (found for each in ast.iter_child_nodes(node) for found in _words(each))


def translated_pages(source: Source) -> Iterator[Found]:
    """Take what a page shows or reads aloud from the catalogue; names like CSV are the same everywhere."""
    if source.room != "pages" or not source.path.endswith(".html"):
        return
    reading = _Reading()
    for node in Environment(autoescape=True).parse(source.text).find_all(nodes.Output):
        for each in node.nodes:
            reading.lineno = each.lineno
            reading.feed(each.data if isinstance(each, nodes.TemplateData) else " ".join(_constants(each)))
    reading.close()
    yield from reading.found


def _constants(node: nodes.Node) -> Iterator[str]:
    """Yield what an expression may come to, as far as the template itself says it."""
    match node:
        case nodes.Const(value=str(text)):
            yield text
        case nodes.CondExpr(expr1=one, expr2=other):
            yield from (text for each in (one, other) if each for text in _constants(each))
        case nodes.BinExpr(left=left, right=right):
            yield from (text for each in (left, right) for text in _constants(each))
        case nodes.Concat(nodes=parts):
            yield from (text for each in parts for text in _constants(each))
        case nodes.Filter(node=nodes.Node() as inner):
            yield from _constants(inner)
        case _:
            pass


class _Reading(HTMLParser):
    """Reads a template as a person would."""

    def __init__(self) -> None:
        super().__init__()
        self.lineno = 0
        self.found: list[Found] = []
        self._text = ""

    def handle_data(self, data: str) -> None:
        """Wait for all of a text, which comes in pieces."""
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        """Look at what is shown; a macro may hold attributes alone."""
        del tag
        text, self._text = self._text, ""
        for name, value in _ATTRIBUTE.findall(text):
            self._look(value if name in _READ else "")
        self._look(_ATTRIBUTE.sub("", text))

    def close(self) -> None:
        """Look at the rest."""
        super().close()
        self.handle_endtag("")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at what was shown before, and at what is read aloud or stands on a button."""
        self.handle_endtag(tag)
        for name, value in attrs:
            if name in _READ or (tag == "input" and name == "value" and ("type", "submit") in attrs):
                self._look(value or "")

    def _look(self, text: str) -> None:
        words = [word for word in re.findall(r"[^\W\d_]+", text) if word not in NAMES]
        if words:
            self.found.append((self.lineno, f"shows {' '.join(words)[:40]!r} past the catalogue"))
