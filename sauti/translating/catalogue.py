"""The texts of the interface, in the catalogues of `locales`."""

from pathlib import Path

from bot.participant import texts
from flows.findings import Finding
from flows.messages import po
from flows.messages.standing import SignedBy
from flows.messages.units import BUTTON, SCREEN, Measure, Room, Unit
from flows.review import Signature
from locales import catalog, signatures
from locales.beginning import begun
from locales.catalog import CatalogueError
from locales.compile import compile_one
from locales.extract import translated
from rounds.signed import hashed, holds
from sauti.files import refuse_existing, whole_file
from sauti.translating.sources import Texts, refused

_BUTTON = "Stands on a button."
_NOTES = {
    "participant": {
        "button": _BUTTON,
        "vote": _BUTTON,
        "card": "Stands on a card in the chat.",
        "notice": "One line on a card, where something could not be taken.",
        "line": "A message of its own.",
        "profile": "Stands in the bot's profile, which strangers read: nothing in it says what this is about.",
        "typed word": "A whole message that somebody types, so that the bot does what it says.",
    },
    "staff": {
        "button": f"{_BUTTON} Whoever finds the phone reads it: the word of any office.",
        "card": "Stands on a card in the chat of staff. Whoever finds the phone reads it: the words of any office.",
        "state": "Says how something stands, after its name and a colon.",
        "note": "A message that comes unasked, and may light up on a locked phone: the words of any office.",
        "slip": "Stands on a slip of paper that may be found by others: it says nothing of what this is about.",
    },
}
_CHAT: dict[str, Room] = {"button": BUTTON, "card": SCREEN, "note": SCREEN}
_ROOM = {"participant": _CHAT | {"vote": BUTTON, "notice": SCREEN, "line": SCREEN}, "staff": _CHAT}
_FIXED = frozenset({"staff"})
"""Catalogues whose languages are named in the code: what the staff bot is spoken to in is chosen from a list."""
_PROFILE = {said.text: Room(most, Measure.TELEGRAM) for said, most in texts.PROFILE_LIMITS.items()}


class CatalogueTexts:
    """The catalogue of one domain, in every language that it has."""

    directed = True

    def __init__(self, domain: str) -> None:
        self._domain = domain
        self.file = f"{domain}.po"
        self.of = f"catalogue {domain}"
        self.languages = catalog.languages(domain)
        self.source = catalog.SOURCE

    def units(self, language: str) -> tuple[Unit, ...]:
        """As in the source file of the language. Raises ConsultationError where there is none."""
        notes, rooms = _NOTES.get(self._domain, {}), _ROOM.get(self._domain, {})
        brought = po.read(self._bytes(language), self.file)
        forms = po.forms(brought.plural)
        return tuple(
            Unit(
                context=entry.context,
                source=entry.source,
                said=self._said(language, entry.source, entry.said, forms),
                note=notes.get(entry.context, ""),
                where=f"{self._domain}, {entry.context}",
                room=_PROFILE.get(entry.source[0]) if entry.context == "profile" else rooms.get(entry.context),
                unsure=entry.unsure,
            )
            for entry in brought.entries
        )

    def plural(self, language: str) -> str:
        """The header line that says how the language tells numbers apart."""
        return po.read(self._bytes(language), self.file).plural

    def signed(self, language: str) -> SignedBy | None:
        """As the header says."""
        said = signatures.signature(self._bytes(language))
        if said is None:
            return None
        return SignedBy(by=said.by, date=said.date, texts=said.texts, holds=holds(language, self._domain))

    def put(self, language: str, said: Texts, out: Path | None) -> Path:
        """Puts translations into the catalogue, and makes the file that the bot reads. A new language is a draft."""
        if language not in self.languages:
            self._whole(language, said)
        return self._written(language, translated(self._bytes(language), language, said), out)

    def sign(self, signature: Signature, out: Path | None) -> Path:
        """Puts the signature into the header."""
        before = self._bytes(signature.language)
        told = signatures.Signed(signature.by, signature.date, hashed(before, self._domain, signature))
        return self._written(signature.language, signatures.with_signature(before, told), out)

    def judged(self, language: str, said: Texts) -> tuple[tuple[str, Finding], ...]:  # noqa: ARG002 - as for a consultation
        """Nothing more than what is said of each text: a catalogue is no whole that people walk through."""
        return ()

    def _bytes(self, language: str) -> bytes:
        """The source file; in a language that has none, one in which nothing is translated yet."""
        if language in self.languages:
            return signatures.path_of(language, self._domain).read_bytes()
        if self._domain in _FIXED:
            message = f"There is no catalogue in '{language}'."
            raise refused(self.file, "language-unknown", message, f"Choose one of: {', '.join(self.languages)}.")
        try:
            return begun(self._domain, language)
        except CatalogueError as error:
            message = f"Nothing is known of how '{language}' writes numbers, dates and plurals (CLDR, as Babel has it)."
            remedy = (
                "Choose the tag of a language that is known; or write to the maintainers, who can add what is needed."
            )
            raise refused(self.file, error.code, message, remedy) from None

    def _whole(self, language: str, said: Texts) -> None:
        """Refuses to begin a language with half of its texts: people would meet two languages in one chat."""
        lacking = [unit for unit in self.units(language) if not all(said.get((unit.context, unit.source), ("",)))]
        if lacking:
            message = f"'{language}' is new, and {len(lacking)} of its texts have no translation that can be used."
            remedy = (
                "A language begins whole: translate the rest, and look at what is marked as unsure. "
                "`sauti messages export` with --from makes a file that keeps what is there."
            )
            raise refused(self.file, "not-whole", message, remedy)

    def _said(self, language: str, source: tuple[str, ...], said: tuple[str, ...], forms: int) -> tuple[str, ...]:
        if language == self.source and not any(said):
            return source
        return said if len(source) == 1 else (*said, *[""] * (forms - len(said)))

    def _written(self, language: str, made: bytes, out: Path | None) -> Path:
        target = signatures.path_of(language, self._domain) if out is None else out
        if out is not None:
            refuse_existing(out)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(target) as file:
            file.write(made)
        target.chmod(0o644)
        if out is None:
            compile_one(target)
        return target
