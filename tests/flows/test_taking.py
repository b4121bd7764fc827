"""What is taken over of a translator's file, and what she is told: row by row, in words that say how to mend it."""

from dataclasses import replace

import pytest

from flows.findings import Finding, Places
from flows.loader import load
from flows.messages.brought import Entry, version
from flows.messages.checks import faults
from flows.messages.standing import SignedBy, TranslationsFile, standing, table
from flows.messages.taking import Taken, suggested, taken
from flows.messages.units import BUTTON, SCREEN, Measure, Room, Unit, of_consultation
from tests.architecture.house import ROOT
from tests.flows.translated import file

PLAIN = Unit("a.text", ("Are you safe, {name}? See https://un.org",), ("",), room=SCREEN)
PICK = Unit("a.choices.b.text", ("Peace",), ("",), room=BUTTON)
MANY = Unit("c.text", ("{n} set of {what}", "{n} sets of {what}"), ("", "", ""))
UNITS = (PLAIN, PICK, MANY)
GAPS = "{name} https://un.org"


def look(*entries: Entry, language: str = "sw", directed: bool = False) -> Taken:
    """What comes of a file with these entries."""
    return taken(file(UNITS, *entries, language=language), UNITS, "consultation small", language, directed=directed)


def entry(unit: Unit, *said: str, unsure: bool = False, line: int = 7) -> Entry:
    """A row with this translation."""
    return Entry(unit.context, unit.source, said, unsure, line)


def codes(found: Taken) -> list[str]:
    """Codes of what is said, in order."""
    assert all(one.message.endswith((".", "…")) and one.remedy.endswith(".") for one in found.findings)
    return [one.code for one in found.findings]


@pytest.mark.parametrize(
    ("unit", "said", "language", "code"),
    [
        (PLAIN, ("Je, uko salama?",), "sw", "placeholder"),
        (PLAIN, (f"Je, {{jina}}? {GAPS}",), "sw", "placeholder"),
        (PLAIN, (f"Je, {{name!r}}? {GAPS}".replace(" {name}", ""),), "sw", "placeholder"),
        (PLAIN, (f"Je {{ {GAPS}",), "sw", "placeholder"),
        (PLAIN, (f"Je [jina] {GAPS}",), "sw", "placeholder"),
        (PLAIN, ("Je, {name}? https://un.org.evil.example",), "sw", "placeholder"),
        (PLAIN, (f"Je \u202e {GAPS}",), "sw", "invisible-character"),
        (PLAIN, (f"Je\u200b {GAPS}",), "sw", "invisible-character"),
        (PLAIN, (f"Je\u200c {GAPS}",), "sw", "invisible-character"),
        (PLAIN, (f"Je\ufeff {GAPS}",), "sw", "invisible-character"),
        (PLAIN, (f"Je\x07 {GAPS}",), "sw", "invisible-character"),
        (PLAIN, (f"هل \u200f {GAPS}",), "ar", "invisible-character"),
        (PLAIN, (f"sаlama {GAPS}",), "sw", "mixed-letters"),
        (PICK, ("Amani na usalama wa watu wote",), "sw", "too-long"),
        (PLAIN, ("neno " * 121 + GAPS,), "sw", "too-long"),
        (MANY, ("moja", "mbili"), "sw", "forms"),
        (MANY, ("{n} {what}", "", "{n} {what}"), "sw", "forms"),
        (MANY, ("{n} {what}", "{n} {what}", "{what}"), "sw", "placeholder"),
        (MANY, ("{n} {x}", "{n} {what}", "{n} {what}"), "sw", "placeholder"),
        (PICK, ("Amani", "Amani"), "sw", "forms"),
        (PICK, ("   ",), "sw", "empty"),
    ],
)
def test_each_slip_is_an_error_with_its_row(unit: Unit, said: tuple[str, ...], language: str, code: str) -> None:
    """A lost or invented gap, a hidden sign, a look-alike, too long a button: told with row, reason and remedy.

    Proves: Q5, Q7
    """
    found = look(entry(unit, *said), language=language)

    errors = [one for one in found.findings if one.severity == "error"]
    assert code in {one.code for one in errors}
    assert {(one.line, one.path, one.file) for one in errors} == {(7, unit.context, "back.po")}


@pytest.mark.parametrize(
    ("unit", "said", "language"),
    [
        (PLAIN, (f"Je, uko salama, {GAPS}?",), "sw"),
        (PLAIN, (f"می‌خواهم {GAPS}",), "prs"),
        (PLAIN, (f"دەستپێ‌بکە {GAPS}",), "ckb"),
        (PLAIN, (f"ငြိမ်းချမ်းရေး {GAPS}",), "my"),
        (PLAIN, (f"Telegram-бот {GAPS} — да",), "ru"),
        (PICK, ("Amani na usalama watu 24",), "sw"),
        (MANY, ("moja ya {what}", "{n} {what}", "{n} {what}"), "sw"),
        (PLAIN, (f"请 {GAPS} 。第一行\n\n第二行",), "zh"),
    ],
)
def test_what_is_right_is_taken_as_it_stands(unit: Unit, said: tuple[str, ...], language: str) -> None:
    """Ordinary spelling of each script, gaps in another order, as many characters as there is room for."""
    found = look(entry(unit, *said), language=language)

    assert (codes(found), found.texts) == ([], {(unit.context, unit.source): said})


def test_marks_of_direction_stand_where_the_interface_needs_them() -> None:
    """Around commands of the interface they may stand, each closed in its paragraph; in a consultation they may not."""
    balanced, loose, crossing = "\u2068/start\u2069 للبدء", "\u2068/start للبدء", "\u2068/start\n\u2069"
    unit = Unit("line", ("/start",), ("",))

    def told(said: str, *, directed: bool) -> list[str]:
        return [one.code for one in faults(replace(unit, said=(said,)), "ar", directed=directed)]

    assert told(balanced, directed=True) == []
    assert told(balanced, directed=False) == ["invisible-character"]
    assert [told(said, directed=True) for said in (loose, crossing)] == [["direction"]] * 2


def test_what_somebody_is_unsure_of_is_not_used() -> None:
    """A fuzzy translation, one whose source has changed and one of a text that is gone stay out, and are told.

    Proves: Q7
    """
    changed = Entry(PICK.context, ("Calm",), ("Utulivu",), False, 3)
    gone = Entry("z.text", ("Old",), ("Zamani",), False, 4)
    found = look(entry(PLAIN, f"Labda {GAPS}", unsure=True), changed, gone)

    assert found.texts == {}
    assert codes(found) == ["unsure", "source-changed", "text-gone"]
    assert (found.unsure, found.changed, found.gone) == (1, 1, 1)
    assert {one.severity for one in found.findings} == {"warning"}


def test_a_file_of_another_version_says_so() -> None:
    """Where texts were added or changed since the file was made, one line says how many, and what to do."""
    old = replace(PICK, source=("Calm",))
    brought = file((PLAIN, old), entry(old, "Utulivu"))

    found = taken(brought, UNITS, "consultation small", "sw")

    assert codes(found) == ["source-changed", "other-version"]
    assert version((PLAIN, old)) != version(UNITS) == version(UNITS[::-1])


def test_an_entry_may_stand_once() -> None:
    """Of two entries for one text nobody can say which was meant."""
    assert codes(look(entry(PICK, "Amani"), entry(PICK, "Utulivu", line=9))) == ["twice"]


@pytest.mark.parametrize(
    ("of", "said_language", "language", "code"),
    [
        ("consultation other", "sw", "sw", "wrong-file"),
        ("catalogue participant", "sw", "sw", "wrong-file"),
        ("consultation small", "fr", "sw", "wrong-language"),
        ("consultation small", "zh-Hant", "zh-Hans", "wrong-language"),
    ],
)
def test_a_file_for_something_else_is_not_looked_into(of: str, said_language: str, language: str, code: str) -> None:
    """What the file says it is for has to be what it is taken for."""
    brought = file(UNITS, entry(PICK, "Amani"), of=of, language=said_language)

    found = taken(brought, UNITS, "consultation small", language)

    assert (codes(found), found.texts) == ([code], {})


def many(*said: str) -> tuple[tuple[Unit, ...], tuple[Entry, ...]]:
    """As many texts as there are translations, and these."""
    units = tuple(Unit(f"t{number}.text", (f"A longer text {number}",), ("",)) for number in range(len(said)))
    return units, tuple(entry(unit, text) for unit, text in zip(units, said, strict=True))


@pytest.mark.parametrize(
    ("language", "said", "wanted"),
    [
        ("ar", ("Une phrase", "Deux phrases", "Trois mots", "ثلاث كلمات"), "error wrong-language"),
        ("sw", ("Слова здесь", "Другие слова"), "error wrong-language"),
        ("ar", ("كلمات هنا", "كلمات أخرى", "Encore ici"), "warning other-letters"),
        ("ar", ("چند کلمه", "و دیگر"), "warning neighbour-letters"),
        ("prs", ("ئەم وشانە", "وشەی تر"), "warning neighbour-letters"),
        ("ckb", ("هذه كلمات عربية", "وكلمات أخرى"), "warning neighbour-letters"),
        ("uk", ("Это русские слова", "и ещё"), "warning neighbour-letters"),
        ("ru", ("Це українські слова", "і ще їх"), "warning neighbour-letters"),
        ("sw", tuple(f"A longer text {number}" for number in range(6)), "warning untranslated"),
    ],
)
def test_a_file_in_another_language_is_noticed(language: str, said: tuple[str, ...], wanted: str) -> None:
    """Another script is an error; letters of a neighbour, or the source itself, are told. Proves: Q7."""
    units, entries = many(*said)

    found = taken(file(units, *entries, language=language), units, "consultation small", language)

    assert [f"{one.severity} {one.code}" for one in found.findings] == [wanted]


def test_our_own_translations_pass_every_check() -> None:
    """Twelve languages of a whole example, taken as a translator's file each, give nothing to mend."""
    path = ROOT / "examples" / "protection.yaml"
    consultation = load(path.read_bytes(), path.name)
    told: dict[str, tuple[Finding, ...]] = {}
    for language in consultation.languages[1:]:
        units = of_consultation(consultation, language, Places())
        entries = (entry(unit, *unit.said, line=number) for number, unit in enumerate(units))
        found = taken(file(units, *entries, language=language), units, "consultation small", language)
        told[language] = found.findings
        assert len(found.texts) == len(units) == len({unit.context for unit in units})

    assert told == dict.fromkeys(told, ())


def test_an_older_file_gives_suggestions() -> None:
    """What still fits is kept; where the source has changed, the old translation is there to look at, unsure."""
    old = replace(PICK, source=("Calm",))
    brought = file((), entry(PLAIN, "Je"), entry(old, "Utulivu"), entry(MANY, "moja"))

    plain, pick, several = suggested(brought, UNITS)

    assert (plain.said, plain.unsure) == (("Je",), False)
    assert (pick.said, pick.unsure, "The source was: Calm" in pick.note) == (("Utulivu",), True, True)
    assert several.said == ("moja", "", "")


def test_how_far_a_language_is() -> None:
    """Texts that are there, unsure, missing and too long, and who has signed; for people and for programs."""
    units = (
        replace(PLAIN, said=("a",)),
        replace(PICK, said=("b" * 25,)),
        replace(PICK, context="x", said=("c",), unsure=True),
        MANY,
        Unit("p", ("P",), ("é" * 3,), room=Room(2, Measure.TELEGRAM)),
    )
    by = SignedBy(by="A. Reader", date="2026-11-27", texts="0123456789abcdef", holds=True)

    one = standing("sw", units, by)
    other = standing("fr", units[:1], by.model_copy(update={"holds": False, "date": ""}))
    shown = table(
        TranslationsFile(
            format="sauti-translations",
            version=1,
            of="x",
            source="en",
            languages=(standing("en", (), None), one, other),
        )
    )

    assert (one.texts, one.translated, one.unsure, one.missing, one.too_long) == (5, 3, 1, 1, 2)
    assert [line.split()[-1] for line in shown.splitlines()[:3]] == ["signed", "nobody", "01234567"]
    assert "no longer holds (A. Reader)" in shown
    assert "A. Reader on 2026-11-27, 01234567" in shown
