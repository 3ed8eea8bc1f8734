"""Every sentence that the product says, and where: what the catalogues have to hold."""

import ast
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

from words.catalogue import LANGUAGES, LOCALE

ROOMS = ("billing", "words", "cards", "auth", "backends", "bot", "pages", "reminders", "manifest")
TEMPLATE = LOCALE / "my_invoices.pot"
HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""
"""Without dates and names: a file changes when a sentence does."""

Said = tuple[str, int, str | tuple[str, str]]
"""File, line, and a sentence, or one for one thing and another for several."""


def sentences() -> Iterator[Said]:
    """Find what is passed to ``say`` and ``plural``, what a Problem says, and what a Command is called and does."""
    for room in ROOMS:
        for path in sorted(Path(room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                yield from ((path.as_posix(), line, said) for line, said in _in_python(node))
    for path in sorted(Path("pages/templates").glob("*.html")):
        for call in Environment(autoescape=True).parse(path.read_text()).find_all(nodes.Call):
            yield from ((path.as_posix(), call.lineno, said) for said in _in_template(call))


def _in_python(node: ast.AST) -> Iterator[tuple[int, str | tuple[str, str]]]:
    match node:
        case ast.Call(ast.Attribute(attr="say") | ast.Name("say"), [ast.Constant(str(said)), *_]):
            yield node.lineno, said
        case ast.Call(ast.Attribute(attr="plural"), [_, ast.Constant(str(one)), ast.Constant(str(other)), *_]):
            yield node.lineno, (one, other)
        case ast.Call(ast.Name("Command"), [ast.Constant(str(typed)), ast.Constant(str(does)), *pressed]):
            yield node.lineno, typed
            yield node.lineno, does
            if pressed and "LIST" not in ast.unparse(pressed[0]):  # its button; a list has its own
                yield node.lineno, typed.capitalize()
        case ast.ClassDef(body=body):
            for each in body:
                match each:
                    case ast.Assign([ast.Name("say")], ast.Constant(str(said))) | ast.AnnAssign(
                        ast.Name("say"), _, ast.Constant(str(said))
                    ):
                        yield each.lineno, said
                    case _:
                        pass
        case _:
            pass


def _in_template(call: nodes.Call) -> Iterator[str | tuple[str, str]]:
    name = call.node.name if isinstance(call.node, nodes.Name) else call.node.attr if isinstance(call.node, nodes.Getattr) else ""
    told = [each.value for each in call.args if isinstance(each, nodes.Const)]
    if name == "say" and told:
        yield told[0]
    if name == "plural":
        yield (told[-2], told[-1])


def extracted() -> Catalog:
    """Return the template of all catalogues."""
    found = Catalog()
    for path, _, said in sentences():
        found.add(said, locations=[(path, None)])  # type: ignore[list-item]
    for message in found:
        message.locations = sorted(set(message.locations))
    return found


def translated(language: str) -> Catalog:
    """Return a language's catalogue as it was written."""
    with _file(language).open("rb") as written:
        return read_po(written, locale=language)


def messages(catalog: Catalog) -> Iterator[Message]:
    """Return what is to be translated; the header is not."""
    return (message for message in catalog if message.id)


def update() -> None:
    """Write the template, and give every language the sentences that are new to it; what is no longer said goes."""
    template = extracted()
    _write(template, TEMPLATE)
    for language in LANGUAGES[1:]:
        catalog = translated(language) if _file(language).exists() else Catalog(locale=language)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        _write(catalog, _file(language))


def _file(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "my_invoices.po"


def _write(catalog: Catalog, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as written:
        written.write(HEADER.format(language=catalog.locale or "", plurals=catalog.plural_forms).encode())
        write_po(written, catalog, width=140, omit_header=True, sort_output=True, include_lineno=False)
