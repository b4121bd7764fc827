"""Every document of an invented release, in every language and format, to be looked at by a person.

`python -m tests.reports.look FOLDER` makes them, and a PNG of each page of each PDF where Debian's poppler is there.
A release that lies in FOLDER already is taken as it is. Nothing of it is compared: eyes are what it is for.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from locales import compile as compile_catalogues
from locales.catalog import languages
from privacy.candidate import Candidate
from privacy.release import Release
from reports import narrative
from reports.compose import Told
from reports.narrative import Narrative, Process, ProductName
from reports.render_message import render_messages
from reports.rendering import document, references, written
from tests.reports import invented
from tests.reports.samples import EXAMPLES, rounds
from tests.reports.samples import candidate as sample

PEOPLE = 480
FORMS = ("pdf", "docx", "html", "md", "xlsx")


def main(folder: Path, only: tuple[str, ...] = ()) -> None:
    """Writes them; `only` names languages, all of them if there are none."""
    compile_catalogues.compile_all()
    folder.mkdir(parents=True, exist_ok=True)
    made = _release(folder)
    for language in only or languages():
        for name, told, product in _wishes(made, language):
            _write(folder / f"{name}.{language}", made.candidate, product, language, told)
        trend = Told(earlier=rounds(3), number="4")
        _write(folder / f"pbc-trend.{language}", sample(), ProductName.PBC, language, trend)
        for product in ProductName:
            _write(folder / f"{product}-few.{language}", _few(made.candidate), product, language, Told(number="1"))
    told_all = {language: document(made.candidate, ProductName.COMMUNITY, language) for language in only or languages()}
    (folder / "bot.yaml").write_bytes(render_messages(told_all, {}))


def _release(folder: Path) -> Release:
    path = folder / "release.json"
    if not path.exists():
        path.write_bytes(invented.release(folder, PEOPLE).to_json())
    return Release.model_validate_json(path.read_bytes())


def _wishes(made: Release, language: str) -> list[tuple[str, Told, ProductName]]:
    """Name, what is told besides the release, product: each by itself, and each variant and example there is."""
    number = str(made.number)
    wishes = [(product.value, Told(number=number), product) for product in ProductName]
    wishes.append(("pbc-draft", Told(), ProductName.PBC))
    for process in Process:
        head = narrative.Head.model_validate({
            "format": "sauti-narrative", "version": 1, "product": "reform", "language": language, "process": process,
        })  # fmt: skip
        wishes.append((f"reform-{process}", Told(Narrative(head, ()), number=number), ProductName.REFORM))
    path = EXAMPLES / "narratives" / f"pbc.{language}.md"
    if path.exists():
        read, _ = narrative.load(path.read_bytes(), path.name, references(made.candidate))
        wishes.append(("pbc-written", Told(read, number=number), ProductName.PBC))
    return wishes


def _few(candidate: Candidate) -> Candidate:
    """The same round, had fewer than twenty people answered."""
    method = candidate.method.model_copy(update={"repairs": ()})
    return candidate.model_copy(
        update={
            "respondents": None, "tables": (), "crosses": (), "languages": None, "repeats": None, "method": method
        }
    )  # fmt: skip


def _write(path: Path, candidate: Candidate, product: ProductName, language: str, told: Told) -> None:
    for form in FORMS:
        if product is ProductName.SUMMARY and form == "xlsx":
            continue
        try:
            path.with_name(f"{path.name}.{form}").write_bytes(
                written(document(candidate, product, language, told), form)
            )
        except Exception as refused:  # noqa: BLE001 - what cannot be made is told, and the rest is looked at
            sys.stderr.write(f"{path.name}.{form}: {refused}\n")
    pdf = path.with_name(f"{path.name}.pdf")
    if pdf.exists() and shutil.which("pdftoppm"):
        subprocess.run(["pdftoppm", "-png", "-r", "60", pdf, path], check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), tuple(sys.argv[2:]))
