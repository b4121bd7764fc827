"""What staff write: figures by reference only, no loose number, no name, and nothing that computes."""

import pytest

from flows.findings import ConsultationError
from locales import compile as compile_catalogues
from reports import narrative
from reports.document import Bullets, Paragraph, phrases
from reports.rendering import references
from tests.reports.samples import EXAMPLES, candidate

HEAD = """---
format: sauti-narrative
version: 1
product: pbc
language: {language}
---
"""


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    compile_catalogues.compile_all()


def read(body: str, language: str = "en", names: tuple[str, ...] = ()) -> narrative.Narrative:
    """A narrative with this body."""
    text = HEAD.format(language=language) + body + "\n"
    return narrative.load(text.encode(), "note.md", references(candidate()), names)[0]


def found(body: str, language: str = "en", names: tuple[str, ...] = ()) -> list[tuple[int, str]]:
    """Line and code of everything that refuses this body."""
    try:
        read(body, language, names)
    except ConsultationError as error:
        return [(finding.line, finding.code) for finding in error.findings if finding.remedy]
    return []


def said(body: str, language: str = "en") -> str:
    """The words of a sound body, isolates left out."""
    return " ".join(phrases(read(body, language).sections)).replace("\u2068", "").replace("\u2069", "").strip()


@pytest.mark.parametrize(
    ("reference", "meaning"),
    [
        ("meaning.daily_safety.count", "330"),
        ("meaning.daily_safety.percent", "55%"),
        ("meaning.daily_safety.label", "Safe daily life"),
        ("vote_warning.disagree.percent", "59%"),
        ("vote_warning.asked", "600"),
        ("respondents", "600"),
        ("date.2027-06-30", "30\u00a0June 2027"),
        ("plain.14", "14"),
        (" meaning.daily_safety.count ", "330"),
    ],
)
def test_a_reference_becomes_what_the_table_shows(reference: str, meaning: str) -> None:
    """A figure in prose is the displayed one, in the words of the language. Proves: R6."""
    assert said(f"It was {{{{{reference}}}}} here.") == f"It was {meaning} here."


def test_figures_are_written_as_the_language_writes_them() -> None:
    """The same reference gives Burmese digits in Burmese and a French share in French."""
    assert "၅၅" in said("{{meaning.daily_safety.percent}}", "my")
    assert said("{{meaning.daily_safety.percent}}", "fr") == "55\u00a0%"


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        ("meaning.unsure.count", "figure-withheld"),
        ("meaning.unsure.percent", "figure-withheld"),
        ("meaning.nothing.count", "unknown-reference"),
        ("nothing.at.count", "unknown-reference"),
        ("meaning.daily_safety.raw", "unknown-reference"),
        ("meaning.daily_safety", "unknown-reference"),
        ("date.2027-02-30", "unknown-reference"),
        ("7*7", "unknown-reference"),
        ("meaning.class__.count", "unknown-reference"),
        ("''.join(open('x'))", "unknown-reference"),
    ],
)
def test_what_the_tables_do_not_show_cannot_be_asked_for(reference: str, code: str) -> None:
    """A withheld figure, an unknown name and anything that would compute are refused with their line. Proves: R6."""
    assert found(f"Fine.\n\nIt was {{{{{reference}}}}}.") == [(9, code)]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Only two women disagreed."),
        ("en", "Most of the 14 respondents agreed."),
        ("en", "Of the participants, three quarters want more."),
        ("en", "12 disagreed."),
        ("en", "A share of 45% is high."),
        ("en", "In the round of 2024 women spoke up, and in the last 2025 women left."),
        ("en", "The answer ⅓ is common."),
        ("fr", "Seules deux femmes ne sont pas d’accord."),
        ("es", "Solo dos mujeres estuvieron en desacuerdo."),
        ("ar", "عارضت امرأتان فقط."),
        ("ar", "وافق ١٢ شخصًا."),
        ("ru", "Только две женщины не согласны."),
        ("uk", "Лише дві жінки не згодні."),
        ("zh", "只有两名女性不同意。"),
        ("my", "အမျိုးသမီး နှစ်ဦး သဘောမတူပါ။"),
        ("my", "လူ ၁၂ ယောက်။"),
        ("sw", "Wanawake wawili tu walikataa."),
        ("am", "ሁለት ሴቶች ብቻ።"),
        ("ckb", "تەنیا دوو ژن ڕازی نەبوون."),
        ("prs", "تنها دو زن موافق نبودند."),
    ],
)
def test_a_number_that_came_by_another_way_is_refused(language: str, sentence: str) -> None:
    """Digits in any script, and number words beside words for people, are found in every language. Proves: R6."""
    assert {code for _, code in found(sentence, language)} & {"loose-number", "number-word"}


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Since 2019 the Commission has met, as S/RES/2805 (2025) and resolution 1325 (2000) ask; see UN80."),
        ("en", "{{meaning.daily_safety.percent}} of those asked chose safety, and no one should wait."),
        ("en", "Answer within {{plain.30}} days."),
        ("fr", "Beaucoup demandent un jour une réponse à leurs questions."),
        ("ar", "يطلب كثير من الناس جوابًا."),
        ("zh", "许多参与者希望一起工作。"),
        ("ru", "Многие участники помогают друг другу."),
    ],
)
def test_what_counts_nobody_may_stand(language: str, sentence: str) -> None:
    """Years, symbols of documents, dates and idioms are left in peace."""
    assert found(sentence, language) == []


def test_a_plain_number_cannot_smuggle_a_count() -> None:
    """The way round for numbers that count no people is closed beside words for people. Proves: R6."""
    assert found("Only {{plain.2}} women disagreed.") == [(7, "plain-number")]


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("They fled from Old Mill yesterday.", ("Old Mill",)),
        ("They fled from OLD  MILL.", ("Old Mill",)),
        ("من قرية النخلة جاؤوا.", ("قرية النخلة",)),
        ("သူတို့ဟာရွာသစ်ကနေလာကြတယ်။", ("ရွာသစ်",)),
    ],
)
def test_names_of_the_gazetteer_are_refused_and_not_repeated(sentence: str, names: tuple[str, ...]) -> None:
    """A listed name is found however it is typed, and the finding does not say it again. Proves: R6."""
    with pytest.raises(ConsultationError) as refused:
        read(sentence, "en", names)

    assert [finding.code for finding in refused.value.findings] == ["name"]
    assert names[0] not in str(refused.value)
    assert found("The old watermill stands.", "en", ("Old Mill", "")) == []


@pytest.mark.parametrize(
    "body",
    ["![a](b.png)", "[a](http://b)", "<b>a</b>", "`code`", "    code", "*a* b", "| a |\n|---|\n| b |\n\n***", "> a"],
)
def test_nothing_but_words_is_read(body: str) -> None:
    """Pictures, links, HTML, code, emphasis and quotations are refused rather than dropped."""
    assert {code for _, code in found(body)} == {"not-printed"}


def test_braces_of_other_languages_stay_words() -> None:
    """Only a reference is looked up; what a template language would run is printed as it stands."""
    assert said("{% for x in y %} ${a} {0}".replace("{0}", "{z}")) == "{% for x in y %} ${a} {z}"


def test_headings_paragraphs_and_lists_keep_their_order() -> None:
    """A body becomes sections; text before the first heading stands in one without a name."""
    sections = read("Lead.\n\n## One\n\nText.\n\n- a\n- b\n\n### Two\n\nMore.").sections

    assert [(section.heading.text, section.level) for section in sections] == [("", 3), ("One", 3), ("Two", 4)]
    assert [type(block) for block in sections[1].blocks] == [Paragraph, Bullets]


@pytest.mark.parametrize("head", ["", "---\nformat: sauti-narrative\n", "# Title\n---\n---\n"])
def test_a_narrative_without_its_facts_is_refused(head: str) -> None:
    """The file begins with its facts between two lines of ---."""
    with pytest.raises(ConsultationError, match="no-head"):
        narrative.load(f"{head}Text.\n".encode(), "note.md", references(candidate()))


def test_the_head_is_read_as_strictly_as_the_body() -> None:
    """Loose numbers and references in facts and asks are judged as in the text, on their own line. Proves: R6."""
    text = HEAD.format(language="en").replace("---\n", "", 1).removesuffix("---\n")
    ask = "asks:\n  - to: The Commission\n    verb: Hear\n    what: the 7 women who spoke.\n    by: 2027-01-31\n"
    made = f"---\n{text}missing: three men answered.\n{ask}---\nText.\n"

    with pytest.raises(ConsultationError) as refused:
        narrative.load(made.encode(), "note.md", references(candidate()))

    assert [(each.line, each.code) for each in refused.value.findings] == [(6, "number-word"), (10, "loose-number")]


ASK = """product: pbc
language: en
day: 2026-12-01
asks:
  - to: The Commission
    verb: Hear
    what: those who warn.
    by: {day}
---
"""


def test_an_ask_is_due_on_a_day_to_come() -> None:
    """What should have happened before the document was written is refused on its line; its own day may stand."""
    head = HEAD.partition("product")[0]
    sound, late = (head + ASK.format(day=day) for day in ("2026-12-01", "2026-11-30"))

    assert narrative.load(sound.encode(), "note.md", references(candidate()))[0].head.asks
    with pytest.raises(ConsultationError) as refused:
        narrative.load(late.encode(), "note.md", references(candidate()))
    assert [(finding.line, finding.code) for finding in refused.value.findings] == [(10, "ask-overdue")]


@pytest.mark.parametrize("path", sorted((EXAMPLES / "narratives").glob("*.md")), ids=lambda path: path.name)
def test_the_examples_are_sound(path: object) -> None:
    """Every example of a narrative is read without a finding, in the language that its name says."""
    assert hasattr(path, "read_bytes")
    made, findings = narrative.load(path.read_bytes(), "example.md", references(candidate()))

    assert findings == ()
    assert str(path).endswith(f".{made.head.language}.md")
