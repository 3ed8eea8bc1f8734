"""The only door to Typst, run as a process of its own: a job on standard input, a PDF file on standard output.

It is alone so that it can be stopped, and so that its fonts leave memory with it. The job is JSON::

    {"data": what the template shows, "logo": "/path/logo.svg" or ""}

Text in ``data`` is data to the template and never markup. Symbols that no font has, emoji above all, are left out. Exits with
0 for a tagged file (PDF/UA-1), with 3 where a letter was missing: it is an empty box, and the file could not be marked so; with
1, and a reason on standard error, where there is no file.
"""

import importlib.util
import json
import re
import sys
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, cast

import typst

MARKED, UNMARKED = 0, 3

_TRIES: Final = 3
"""Typst names what is missing all at once; what is left of an emoji, only then."""

_MISSING: Final = re.compile(r'the text `"(.*?)"` could not be displayed', re.DOTALL)
_ESCAPED: Final = re.compile(r"\\u\{([0-9a-f]{1,6})\}")
_JOINS: Final = "\u200d\ufe0f\u20e3"

_TEMPLATE: Final = Path(__file__).parent / "templates" / "invoice.typ"
_FONTS: Final = (
    "fontpkg_noto_sans",
    "fontpkg_noto_sans_arabic",
    "fontpkg_heebo",
    "fontpkg_noto_sans_devanagari",
    "fontpkg_noto_sans_thai",
    "noto_cjk_sans_otc",
)


def main() -> int:
    """Set one document."""
    job: Mapping[str, Any] = json.load(sys.stdin.buffer)
    for _ in range(_TRIES):
        try:
            sys.stdout.buffer.write(_pdf(job, is_marked=True))
        except typst.TypstError as error:
            missing = set(map(_unescaped, _MISSING.findall(error.diagnostic)))
            if not missing:
                raise
            left_out = dict.fromkeys(ord(each) for each in "".join(missing) if _is_symbol(each))
            if not left_out:
                break
            job = {**job, "data": _without(job["data"], left_out)}
        else:
            return MARKED
    sys.stdout.buffer.write(_pdf(job, is_marked=False))
    return UNMARKED


def _is_symbol(character: str) -> bool:
    """Whether nothing of a name is lost without it; what makes an emoji of the character before counts as well."""
    return character in _JOINS or unicodedata.category(character)[0] not in "LMN"


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _without(shown: object, left_out: Mapping[int, None]) -> object:
    """Return data without some characters in any of its texts."""
    match shown:
        case str():
            return " ".join(shown.translate(left_out).split()) if any(ord(each) in left_out for each in shown) else shown
        case list():
            return [_without(each, left_out) for each in cast("list[object]", shown)]
        case dict():
            return {name: _without(each, left_out) for name, each in cast("dict[str, object]", shown).items()}
        case _:
            return shown


def _pdf(job: Mapping[str, Any], *, is_marked: bool) -> bytes:
    logo = Path(job["logo"]) if job["logo"] else None
    return typst.compile(
        _TEMPLATE.read_bytes(),
        root=str(logo.parent if logo else _TEMPLATE.parent),  # pyright: ignore[reportArgumentType] - typst's stub knows fewer types
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps({**job["data"], "logo": f"/{logo.name}" if logo else ""})},
        format="pdf",
        pdf_standards=["ua-1"] if is_marked else [],
    )


def _fonts() -> typst.Fonts:
    """Return the fonts of our packages and no others, so that a file looks the same on every machine."""
    found = [importlib.util.find_spec(package) for package in _FONTS]
    folders = [folder for spec in found if spec for folder in spec.submodule_search_locations or ()]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except typst.TypstError as error:
        sys.exit(error.message)
