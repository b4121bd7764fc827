"""Those who answered are told first, in every language; and what the bot says of it can be published as it is."""

import datetime as dt
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from locales import compile as compile_catalogues
from locales.catalog import catalogue
from privacy.release import Release
from reports import feedback, texts
from reports.compose import Told
from reports.document import Paragraph, Phrase, Section
from reports.errors import DocumentRefused
from reports.narrative import Head, Narrative, ProductName
from reports.products import PLANS
from reports.render_message import message
from reports.rendering import document, written
from rounds.results import load as load_results
from sauti.desk import Product
from sauti.main import app
from tests.privacy.make_vectors import FOLDER as VECTORS
from tests.reports.samples import EXAMPLES, candidate

LANGUAGES = candidate().subject.languages


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    compile_catalogues.compile_all()


def pages() -> dict[str, bytes]:
    """The page for participants in every language of the consultation."""
    return {language: written(document(candidate(), ProductName.COMMUNITY, language), "html") for language in LANGUAGES}


@pytest.mark.parametrize("product", PLANS)
def test_no_briefing_before_those_who_answered_were_told(product: ProductName) -> None:
    """A product for others is refused while any language's page is missing, changed or of other tables. Proves: R9."""
    there = pages()
    record = feedback.recorded(candidate(), there)
    other = candidate().model_copy(update={"round": "1f" * 16})
    without = {language: page for language, page in there.items() if language != "ar"}
    changed = there | {"fr": there["fr"] + b" "}

    feedback.check_feedback(product, candidate(), record, there)
    for tables, known, lying in (
        (candidate(), None, there), (other, record, there), (candidate(), record, without),
        (candidate(), record, changed), (candidate(), feedback.recorded(candidate(), without), there),
    ):  # fmt: skip
        if PLANS[product].briefing:
            with pytest.raises(DocumentRefused, match="no-feedback"):
                feedback.check_feedback(product, tables, known, lying)
        else:
            feedback.check_feedback(product, tables, known, lying)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chat_says_that_others_may_still_answer(language: str) -> None:
    """What `/results` says of a round that is still open calls itself an interim state. Proves: R7, R9."""
    closed = candidate()
    still = closed.model_copy(update={"method": closed.method.model_copy(update={"snapshot": True})})
    said = texts.STILL_OPEN(catalogue(language, "reports"))

    assert said in message(document(still, ProductName.COMMUNITY, language), "")
    assert said not in message(document(closed, ProductName.COMMUNITY, language), "")


def test_a_record_grows_language_by_language_over_the_same_tables_only() -> None:
    """Pages written one after the other are all recorded; those of other tables are forgotten. Proves: R9."""
    there = pages()
    half = feedback.recorded(candidate(), {"en": there["en"]})
    whole = feedback.recorded(candidate(), {language: there[language] for language in LANGUAGES[1:]}, half)
    other = candidate().model_copy(update={"round": "1f" * 16})

    assert feedback.missing_feedback(candidate(), half, there) == LANGUAGES[1:]
    assert feedback.missing_feedback(candidate(), whole, there) == ()
    assert list(feedback.recorded(other, {"en": b""}, whole).pages) == ["en"]


def run(*words: str | Path) -> tuple[int, str, str]:
    """Code, stdout and stderr of one command."""
    result = CliRunner().invoke(app, [str(word) for word in words])
    return result.exit_code, result.stdout, result.stderr


def test_the_command_keeps_the_order(tmp_path: Path) -> None:
    """`render` refuses a briefing, tells how to go on, and writes it once the pages are there. Proves: R9."""
    path, out = tmp_path / "candidate.json", tmp_path / "out"
    path.write_bytes(candidate().to_json())
    example = EXAMPLES / "narratives" / "pbc.en.md"
    briefing = ("render", path, "--product", "pbc", "--format", "pdf,docx,html,md,xlsx", "--lang", "en", "--out", out,
                "--narrative", example)  # fmt: skip

    code, _, said = run(*briefing)
    assert (code, "no-feedback" in said, "--product community --lang en,fr,es,ar" in said) == (1, True, True)
    assert not out.exists()
    community = (
        "render",
        path,
        "--product",
        "community",
        "--format",
        "html",
        "--lang",
        "en,fr,es,ar",
        "--out",
        out,
    )
    assert run(*community)[0] == 0
    code, told, _ = run(*briefing)

    assert code == 0
    assert [Path(each).name for each in json.loads(told)["documents"]] == [
        "pbc.en.pdf", "pbc.en.docx", "pbc.en.html", "pbc.en.md", "pbc.en.xlsx"
    ]  # fmt: skip


def test_only_a_release_speaks_through_the_bot(tmp_path: Path) -> None:
    """A draft has no words for `/results`, whose messages say DRAFT nowhere; a release has them in every language.

    Proves: R9, W4
    """
    draft, release, out = tmp_path / "candidate.json", tmp_path / "release.json", tmp_path / "out"
    released = Release.model_validate_json((VECTORS / "release.json").read_bytes())
    draft.write_bytes(released.candidate.to_json())
    release.write_bytes(released.to_json())
    wish = ("--product", "community", "--format", "html,bot", "--lang", "en,ar", "--out", out)

    code, _, said = run("render", draft, *wish)
    assert (code, "not-released" in said, out.exists()) == (1, True, False)
    assert run("render", release, *wish)[0] == 0

    text = (out / "community.results.yaml").read_bytes()
    published = load_results(text, "r.yaml", released.candidate.subject.languages, dt.date(2026, 12, 1))
    assert published.happened == ()
    assert published.summary["en"].startswith("[Practice run.] Thank you for your time.")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--format", "odt"), 2, "--format takes"),
        (("--product", "pbc", "--format", "bot"), 2, "--format takes"),
        (("--product", "community", "--lang", "xx"), 2, "unknown-language"),
        (("--product", "community", "--narrative", EXAMPLES / "narratives" / "pbc.en.md"), 1, "other-product"),
        (("--product", "community", "--narrative", EXAMPLES / "README.md"), 1, "no-head"),
        (("--product", "community", "--narrative", EXAMPLES / "nowhere.md"), 2, "no such file"),
    ],
)
def test_wrong_wishes_are_told_in_a_sentence(tmp_path: Path, words: tuple[str, ...], code: int, said: str) -> None:
    """An unknown format, a language without a catalogue, another product's narrative: told, and nothing is written."""
    path, out = tmp_path / "candidate.json", tmp_path / "out"
    path.write_bytes(candidate().to_json())

    ran = run("render", path, "--out", out, *words)

    assert ran[0] == code
    assert said in ran[2]
    assert not out.exists()


def test_a_gazetteer_keeps_names_out(tmp_path: Path) -> None:
    """Names from a file, one a line, refuse a narrative that holds one. Proves: R6."""
    path, names, note = tmp_path / "candidate.json", tmp_path / "names.txt", tmp_path / "note.md"
    path.write_bytes(candidate().to_json())
    names.write_text("Old Mill\n", "utf-8")
    note.write_text(
        "---\nformat: sauti-narrative\nversion: 1\nproduct: community\nlanguage: en\n---\nNear old mill.\n", "utf-8"
    )
    wish = ("render", path, "--out", tmp_path / "out", "--product", "community", "--narrative", note)

    assert run(*wish)[0] == 0
    code, _, said = run(*wish, "--gazetteer", names)
    assert (code, "[name]" in said, "Mill" in said) == (1, True, False)


def test_a_message_too_long_for_the_chat_is_refused() -> None:
    """A text that no message can hold is refused with both lengths, and never cut."""
    head = Head.model_validate({"format": "sauti-narrative", "version": 1, "product": "community", "language": "en"})
    long = Section(Phrase("", "en"), (Paragraph(Phrase("word " * 800, "en")),), 3)
    made = document(candidate(), ProductName.COMMUNITY, "en", Told(Narrative(head, (long,))))

    with pytest.raises(DocumentRefused, match=r"message-too-long.* 3500 may be"):
        message(made, "")


def test_the_command_knows_every_product() -> None:
    """The names on the command line are those of the reports room."""
    assert [str(each) for each in Product] == [str(each) for each in ProductName]
