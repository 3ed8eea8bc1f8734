"""The only door to Typst, run as a process of its own: a job on standard input, a PDF file on standard output.

It is alone so that it can be stopped, and so that its fonts leave memory with it. The job is JSON::

    {"data": what the template shows, "logo": "/path/logo.svg" or ""}

Text in ``data`` is data to the template and never markup. Exits with 0 for a tagged file (PDF/UA-1), with 3 where a glyph
was missing and the file could not be marked so; with 1, and a reason on standard error, where there is no file.
"""

import importlib.util
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import typst

MARKED, UNMARKED = 0, 3

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
    job = json.load(sys.stdin.buffer)
    try:
        sys.stdout.buffer.write(_pdf(job, is_marked=True))
    except typst.TypstError as error:
        if "could not be displayed" not in error.message:
            raise
        sys.stdout.buffer.write(_pdf(job, is_marked=False))
        return UNMARKED
    return MARKED


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
