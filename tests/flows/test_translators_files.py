"""PO files and workbooks for translators: what went out comes back, and a hostile one is told so and does no harm."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.findings import ConsultationError
from flows.messages import po
from flows.messages.units import Unit
from flows.xlsform.reading import read as read_workbook
from flows.xlsform.translating import book, brought
from flows.xlsform.writing import written as workbook
from tests.flows.translated import LINES, ODD, entries, told, units, words

ANY = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
IN_CELLS = st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\x0b\x0c\ufffe\uffff", min_codepoint=32)
OF, ARABIC = "consultation small", "nplurals=3; plural=(n==1 ? 0 : n==2 ? 1 : 2);"


def as_po(given_: tuple[Unit, ...], language: str = "sw") -> bytes:
    """A PO file of these units."""
    return po.written(given_, po.headed(OF, language, given_, ARABIC), "Texts.\nFor a test.", "some.yaml")


def as_workbook(given_: tuple[Unit, ...], language: str = "sw") -> bytes:
    """A workbook of these units."""
    return workbook(book(given_, OF, language))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(units(words(ANY | st.sampled_from(ODD + LINES))))
def test_what_goes_out_as_po_comes_back(given_: tuple[Unit, ...]) -> None:
    """Every text, its form for each number and every mark of doubt comes back from a PO file, whatever signs it holds.

    Proves: Q7
    """
    back = po.read(as_po(given_), "back.po")

    assert told(back) == entries(given_)
    assert (back.of, back.language, po.forms(back.plural)) == (OF, "sw", 3)


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(units(words(IN_CELLS | st.sampled_from(ODD.replace("\n", "")))))
def test_what_goes_out_as_a_workbook_comes_back(given_: tuple[Unit, ...]) -> None:
    """The same from a workbook, also where a text begins as a formula does.

    Proves: Q7
    """
    back = brought(read_workbook(as_workbook(given_), "back.xlsx"))

    assert told(back) == entries(given_)
    assert (back.of, back.language) == (OF, "sw")


def test_a_workbook_that_a_spreadsheet_program_saved_is_read() -> None:
    """Line ends of other systems, columns in another order and rows in between do not matter."""
    given_ = (Unit("a.text", ("One\n\nTwo",), ("Moja\n\nMbili",)), Unit("b.text", ("=1+1",), ("=2",), unsure=True))
    whole = book(given_, OF, "sw")
    texts = whole.sheets[0]
    moved = texts._replace(
        header=texts.header._replace(cells={9 - place: name.upper() for place, name in texts.header.cells.items()}),
        rows=tuple(
            row._replace(
                number=2 * row.number,
                cells={9 - place: said.replace("\n", "_x000D_\n") for place, said in row.cells.items()},
            )
            for row in texts.rows
        ),
    )

    back = brought(whole._replace(sheets=(moved, whole.sheets[1])))

    assert told(back) == entries(given_)
    assert [(one.line, one.column, one.sheet) for one in back.entries] == [(4, 2, "texts"), (6, 2, "texts")]


def test_a_control_character_fits_no_cell() -> None:
    """A text that no workbook can hold is told by its name, and not cut."""
    with pytest.raises(ConsultationError) as refused:
        book((Unit("a.text", ("One\x0bTwo",)),), OF, "sw")

    assert [(one.code, "a.text" in one.message) for one in refused.value.findings] == [("control-character", True)]


HEADER = 'msgid ""\nmsgstr ""\n"Language: sw\\n"\n"Content-Type: text/plain; charset={}\\n"\n"Plural-Forms: {}\\n"\n\n'
TEXT = 'msgctxt "a"\nmsgid "A"\nmsgstr "B"\n'
BOMB = 'msgctxt "a"\nmsgid "A"\nmsgid_plural "B"\nmsgstr[0] "C"\nmsgstr[1] "D"\n'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"", None, id="empty"),
        (b"\0" * 100, "control-character"),
        (HEADER.format("utf-8", "").encode() + b'msgid "\0"\nmsgstr ""\n', "control-character"),
        (HEADER.format("utf-8", "").encode() + TEXT.encode("utf-16"), "not-utf-8"),
        (HEADER.format("iso-8859-1", "").encode() + TEXT.encode(), "wrong-charset"),
        (HEADER.format("iso-8859-1", "").encode() + 'msgid "a"\nmsgstr "é"\n'.encode("latin-1"), "not-utf-8"),
        (b'msgid "a"\n' * 20, "not-po"),
        (b'msgstr "a"\n', None),
        (b'"alone"\n', "not-po"),
        (b"<html><body>no</body></html>", "not-po"),
        (b'msgid "a"\nmsgstr[x] "b"\n', "not-po"),
        (b'msgid "a"\nmsgid_plural "b"\nmsgstr[' + b"9" * 5000 + b'] "b"\n', "not-po"),
        (b'msgid "a"\nmsgid_plural "b"\nmsgstr[7] "b"\n', "not-po"),
        (b"#" * (po.MAX_BYTES + 1), "too-large"),
        (TEXT.encode() * 25_000, "not-po"),
        (HEADER.format("utf-8", "nplurals=1000000000; plural=n").encode() + BOMB.encode(), None),
        (HEADER.format("utf-8", "nplurals=2; plural=" + "(" * 10_000).encode() + BOMB.encode(), None),
        (b"\xef\xbb\xbf" + HEADER.format("UTF-8", "").encode() + TEXT.encode(), None),
        ((HEADER.format("UTF-8", "") + TEXT).replace("\n", "\r\n").encode(), None),
    ],
)  # fmt: skip
def test_a_hostile_po_is_told_so_or_harmless(data: bytes, code: str | None) -> None:
    """Whatever its bytes or its header claim: one reason why it is not taken, or its texts and nothing else."""
    if code is None:
        assert {one.said for one in po.read(data, "back.po").entries} <= {("B",), ("C", "D")}
        return
    with pytest.raises(ConsultationError) as refused:
        po.read(data, "back.po")

    (finding,) = refused.value.findings
    assert (finding.code, finding.file, bool(finding.message and finding.remedy)) == (code, "back.po", True)


def test_an_entry_that_stands_twice_is_seen_twice() -> None:
    """Babel merges such entries without a word; here both are there, so that somebody can be told."""
    assert len(po.read((HEADER.format("utf-8", "") + TEXT + TEXT).encode(), "back.po").entries) == 2


def test_entries_that_are_out_of_use_are_left_out_and_lines_are_those_of_the_file() -> None:
    """What msgmerge keeps as a remark is no text; a finding names the line on which the source stands."""
    back = po.read((HEADER.format("utf-8", "") + '#~ msgid "old"\n#~ msgstr "zamani"\n\n' + TEXT).encode(), "back.po")

    assert [(one.context, one.line) for one in back.entries] == [("a", 11)]


def gettext(*command: str | Path) -> str:
    """One of gettext's own tools."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


SOME = (
    Unit("a.text", ('A "quoted" text,\nof {n} lines, 100% sure',), ("Maneno ya {n}\nkwa 100%",), line=3),
    Unit("b.text", ("{n} set", "{n} sets"), ("{n} moja", "{n} mbili", "{n} nyingi"), note="Of answers."),
    Unit("c.text", ("Unsure",), ("Labda",), unsure=True),
    Unit("d.text", ("Not yet",), ("",)),
)


@pytest.mark.gettext
def test_gettexts_own_tools_take_our_files(tmp_path: Path) -> None:
    """Msgfmt finds no fault, and what msgcat writes anew in its own way says the same."""
    mine, theirs = tmp_path / "mine.po", tmp_path / "theirs.po"
    mine.write_bytes(as_po(SOME))

    gettext("msgfmt", "--check-format", "--check-domain", "-o", tmp_path / "made.mo", mine)
    gettext("msgcat", "--width=40", "-o", theirs, mine)

    assert told(po.read(theirs.read_bytes(), "theirs.po")) == entries(SOME)
    assert theirs.read_bytes() != mine.read_bytes()


@pytest.mark.gettext
def test_msgfmt_sees_a_gap_that_was_lost(tmp_path: Path) -> None:
    """Texts with gaps in braces are marked so that gettext's tools compare the gaps."""
    (tmp_path / "bad.po").write_bytes(as_po((Unit("a.text", ("About {n}",), ("Karibu {m}",)),)))

    with pytest.raises(subprocess.CalledProcessError) as refused:
        gettext("msgfmt", "--check-format", "-o", tmp_path / "made.mo", tmp_path / "bad.po")

    assert "argument 'm'" in refused.value.stderr


@pytest.mark.gettext
def test_a_file_that_msgmerge_brought_up_to_date_comes_back(tmp_path: Path) -> None:
    """Of an older file merged into a newer one, what still fits is sure, and what changed is not."""
    newer = (
        Unit("a.text", ('A "quoted" text,\nof {n} lines, 90% sure',)),
        *(Unit(one.context, one.source) for one in SOME[2:]),
    )
    (tmp_path / "old.po").write_bytes(as_po((SOME[0], SOME[2], SOME[3])))
    (tmp_path / "new.po").write_bytes(as_po(newer))

    gettext("msgmerge", "--previous", "-o", tmp_path / "merged.po", tmp_path / "old.po", tmp_path / "new.po")

    merged = po.read((tmp_path / "merged.po").read_bytes(), "merged.po")
    assert [(one.context, one.unsure, any(one.said)) for one in merged.entries] == [
        ("a.text", True, True), ("c.text", True, True), ("d.text", False, False),
    ]  # fmt: skip
