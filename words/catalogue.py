"""Our sentences in other languages, out of ``locale/``; English is what stands in the code."""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE: Final = Path(__file__).parent.parent / "locale"
LANGUAGES: Final = ("en", "de")
"""The languages that sentences come in, as Babel names them."""


@cache
def catalogue(language: str) -> NullTranslations:
    """Return the sentences of *language*; English ones where there is no translation into it."""
    if language not in LANGUAGES[1:]:
        return NullTranslations()
    compiled = BytesIO()
    with (LOCALE / language / "LC_MESSAGES" / "my_invoices.po").open("rb") as written:
        write_mo(compiled, read_po(written, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)
