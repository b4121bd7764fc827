"""The texts of a consultation, in its own file: YAML, in which remarks stay, or a form, which is written anew."""

from collections.abc import Iterable
from pathlib import Path

from flows import loader
from flows.findings import Finding, spelled
from flows.linter import founded, lint
from flows.messages.standing import SignedBy
from flows.messages.units import Unit, of_consultation
from flows.review import Signature, holds, signed
from flows.yaml_changes import Change, changed, put_in
from sauti import consultations
from sauti.files import beside, refuse_existing, whole_file
from sauti.translating.sources import Texts, refused


class ConsultationTexts:
    """A consultation, asked for its texts."""

    directed = False

    def __init__(self, file: Path) -> None:
        self._path = file
        self._read = consultations.read(file)
        self._consultation = loader.shaped(self._read.tree).consultation
        loader.refused(founded(self._consultation, self._read.tree.places))
        self.file = file.name
        self.of = f"consultation {self._consultation.id}"
        self.languages = self._consultation.languages
        self.source = self.languages[0]

    def units(self, language: str) -> tuple[Unit, ...]:
        """As in the file."""
        return of_consultation(self._consultation, language, self._read.tree.places)

    def plural(self, language: str) -> str:  # noqa: ARG002 - a catalogue asks the language
        """No text of a consultation changes with a number."""
        return ""

    def signed(self, language: str) -> SignedBy | None:
        """As `reviews` says."""
        review = self._consultation.reviews.get(language)
        if review is None or not review.reviewed:
            return None
        fits = holds(self._consultation, language)
        return SignedBy(by=review.by or "", date=review.date or "", texts=review.texts or "", holds=fits)

    def put(self, language: str, texts: Texts, out: Path | None) -> Path:
        """Puts translations below their sources. A language that was not offered is offered from now on, as a draft."""
        return self._written(self._changes(language, texts), out)

    def sign(self, signature: Signature, out: Path | None) -> Path:
        """Puts the signature under `reviews`."""
        review = signed(self._consultation, signature)
        said = {"reviewed": True, "by": review.by, "date": review.date, "texts": review.texts}
        where = ("reviews", signature.language)
        return self._written([Change((*where, field), value) for field, value in said.items()], out)

    def judged(self, language: str, texts: Texts) -> tuple[tuple[str, Finding], ...]:
        """What the linter says of texts in this language, once they are in."""
        tree = put_in(self._read.tree.value, tuple(self._changes(language, texts)))
        made = loader.shaped(self._read.holding(tree)).consultation
        names = {spelled((*unit.path, language)): unit.context for unit in self.units(language)}
        found = lint(made, fetch=beside(self._path))
        return tuple((names[finding.path], finding) for finding in found if finding.path in names)

    def _changes(self, language: str, texts: Texts) -> list[Change]:
        found = []
        if language not in self.languages:
            found += [
                Change(("languages", len(self.languages)), language),
                Change(("reviews", language), {"reviewed": False}),
            ]
        for unit in self.units(language):
            said = texts.get((unit.context, unit.source), unit.said)
            if said != unit.said:
                found.append(Change((*unit.path, language), said[0]))
        return found

    def _written(self, changes: Iterable[Change], out: Path | None) -> Path:
        if self._read.form:
            return self._workbook(tuple(changes), out)
        if out is not None:
            refuse_existing(out)
        target = self._path if out is None else out
        made, mode = changed(self._read.data, self.file, changes), self._path.stat().st_mode
        with whole_file(target) as file:
            file.write(made)
        target.chmod(mode)  # whoever could read the file before can read it still
        return target

    def _workbook(self, changes: tuple[Change, ...], out: Path | None) -> Path:
        from sauti.exporting import workbook_of

        if out is None:
            message = "A form is not written over: it is made anew, and what its author put beside it is not in it."
            raise refused(self.file, "form", message, "Say with --out what the new workbook is to be called.")
        refuse_existing(out)
        made = loader.shaped(self._read.holding(put_in(self._read.tree.value, changes))).consultation
        with whole_file(out) as file:
            file.write(workbook_of(made))
        return out
