"""The typesetter: Typst with exactly the letters it is told to use, and nothing of this machine besides.

Letters come from two places. The typesetter brings Libertinus Serif for Latin, Greek and Cyrillic; for other scripts
Debian's Noto fonts are looked for where Debian puts them. A letter that no chosen font has stops the document: a page
with empty boxes would be a page that lies about what was said.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

import typst

from reports.errors import DocumentRefused

FOLDER = Path("/usr/share/fonts")
DRAWN = "strokes.typ"
"""What several templates draw with."""


@dataclass(frozen=True, slots=True)
class Script:
    """The letters of one script: how Unicode names begin, the family, its file below FOLDER, Debian's package."""

    names: tuple[str, ...]
    family: str
    file: str
    package: str


NOTO = "truetype/noto/"
SCRIPTS = (
    Script(("ARABIC", "EXTENDED ARABIC"), "Noto Naskh Arabic", NOTO + "NotoNaskhArabic-Regular.ttf", "fonts-noto-core"),
    Script(("MYANMAR",), "Noto Serif Myanmar", NOTO + "NotoSerifMyanmar-Regular.ttf", "fonts-noto-core"),
    Script(("ETHIOPIC",), "Noto Serif Ethiopic", NOTO + "NotoSerifEthiopic-Regular.ttf", "fonts-noto-core"),
    Script(
        ("CJK", "IDEOGRAPHIC", "FULLWIDTH"),
        "Noto Serif CJK SC",
        "opentype/noto/NotoSerifCJK-Regular.ttc",
        "fonts-noto-cjk",
    ),
)
HEAVY = {"Noto Serif Myanmar": "Noto Sans Myanmar"}
"""Family → the one its bold letters are taken from: Debian's bold Noto Serif Myanmar says of itself that it is not."""
OWN = "Libertinus Serif"
"""Within the typesetter itself: SIL Open Font License 1.1."""


def families(text: str) -> tuple[str, ...]:
    """The families that `text` is set in, the typesetter's own first.

    Raises:
        DocumentRefused: `font-missing`, with the line that brings it.
    """
    names = [unicodedata.name(sign, "") for sign in sorted(set(text)) if ord(sign) > 0x2FF]  # noqa: PLR2004 - beyond Latin
    wanted = [script for script in SCRIPTS if any(name.startswith(script.names) for name in names)]
    missing = sorted({script.package for script in wanted if not (FOLDER / script.file).exists()})
    if missing:
        raise DocumentRefused("font-missing", f"run: sudo apt-get install --no-install-recommends {' '.join(missing)}")
    return (OWN, *(script.family for script in wanted))


def typeset(template: str, inputs: dict[str, str], form: Literal["pdf", "png"]) -> bytes:
    """The one file that `template` of this room gives with `inputs`: a tagged PDF/UA-1, or a picture.

    Raises:
        DocumentRefused: `too-many-pages`, `letter-missing`, or `typesetting` for anything the typesetter warns of.
    """
    folder = files("reports.templates")
    source = {name: folder.joinpath(file).read_bytes() for name, file in (("main.typ", template), (DRAWN, DRAWN))}
    try:
        made, warnings = typst.compile_with_warnings(  # type: ignore[call-overload]  # its stubs lack the mapping of files
            source, format=form, sys_inputs=inputs, font_paths=_fonts(), ignore_system_fonts=True, ppi=200,
            pdf_standards=["ua-1"] if form == "pdf" else [],
        )  # fmt: skip
    except typst.TypstError as error:
        raise _refused(str(error)) from None
    if warnings:
        raise _refused(warnings[0].message)
    if not isinstance(made, bytes):
        raise DocumentRefused("typesetting", "one page was expected and several came; tell the maintainers")
    return made


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    folders = sorted({str((FOLDER / script.file).parent) for script in SCRIPTS})
    return typst.Fonts(include_system_fonts=False, font_paths=[each for each in folders if Path(each).is_dir()])


def _refused(said: str) -> DocumentRefused:
    """The refusal for a message of the typesetter, whose own words may quote the document and are not passed on."""
    if "too-many-pages" in said:
        return DocumentRefused(
            "too-many-pages", "the part before the annex is too long; shorten it or name fewer figures"
        )
    if "could not be displayed" in said:
        return DocumentRefused("letter-missing", "a letter stands in the text that no chosen font has; replace it")
    return DocumentRefused("typesetting", "the typesetter refused the document; tell the maintainers which one it was")
