import json

import pytest

from docs import generate_linter
from docs.generate_phrases import corpus
from docs.measured_questions import MENDED_ON, measured
from flows.checks.effort import words as counted
from flows.checks.wording import NOTIFICATION, asked, revealing
from flows.findings import Severity
from flows.linter import RULES, lint
from flows.loader import findings, load
from flows.model import Consultation
from flows.wordlists import LANGUAGES
from tests.flows.faults import Json, item, sound, variables

SAID = {
    "en": ("We promise to help you.", "This is completely anonymous.", "Voices of survivors"),
    "fr": ("Nous vous garantissons une aide.", "Vos réponses sont anonymes.", "La parole aux victimes"),
    "es": ("Le garantizamos ayuda.", "Sus respuestas son anónimas.", "Voces de las víctimas"),
    "ar": ("نضمن لك المساعدة.", "إجاباتك مجهولة الهوية.", "أصوات الناجين"),
    "ru": ("Мы гарантируем вам помощь.", "Ваши ответы анонимны.", "Голоса выживших"),
    "zh": ("我们保证帮助您。", "您的回答是匿名的。", "幸存者的声音"),
    "uk": ("Ми гарантуємо вам допомогу.", "Ваші відповіді анонімні.", "Голоси постраждалих"),
    "my": ("ကူညီမယ်လို့ ကတိပေးပါတယ်။", "အမည်မဖော်ဘဲ ဖြေနိုင်ပါတယ်။", "အသက်ရှင်ကျန်ရစ်သူများ၏ အသံ"),
    "sw": ("Tunaahidi kukusaidia.", "Hutajulikana kamwe.", "Sauti za manusura"),
    "am": ("እንደምንረዳዎ ቃል እንገባለን።", "ማንነትዎ አይታወቅም።", "የተጎጂዎች ድምፅ"),
    "ckb": ("بەڵێن دەدەین یارمەتیت بدەین.", "وەڵامەکانت نەناسراو دەبن.", "دەنگی ڕزگاربووان"),
    "prs": ("ما کمک را تضمین می‌کنیم.", "جواب‌های شما ناشناس است.", "صدای قربانیان"),
}
"""A promise, a claim of protection and a revealing title in each language."""


def consultation(language: str, question: str = "…", title: str = "t", count: str = "c") -> Json:
    """A small consultation in one language with these texts."""

    def words(text: str) -> Json:
        return {language: text}

    purposes = ("paraphrase", "quote", "other_processes", "results")
    return {
        "format": "sauti-consultation", "version": 1, "id": "small", "title": words(title), "asked_by": words("a"),
        "process": words("p"), "languages": [language],
        "consent": {"about": [words("a")], "count": words(count), **{purpose: words("p") for purpose in purposes}},
        "sections": [{"id": "one", "items": [
            {"id": "said", "kind": "text", "text": words(question)}, {"id": "view", "kind": "vote", "text": words("v")},
        ]}],
    }  # fmt: skip


def codes(tree: Json) -> set[str]:
    """Codes of everything the linter finds."""
    return {finding.code for finding in lint(Consultation.model_validate(tree))}


@pytest.mark.parametrize("language", LANGUAGES)
def test_open_questions_that_ask_for_stories_or_people_are_refused(language: str) -> None:
    """What happened, who, when exactly and where exactly is asked of nobody, in any language. Proves: Q2, Q8."""
    bad = corpus(language)["questions"]["bad"].splitlines()

    assert len(bad) >= (40 if language == "en" else 10)
    for question in bad:
        assert codes(consultation(language, question)) & {"asks-too-much", "identity-in-words"}, question


@pytest.mark.parametrize("language", LANGUAGES)
def test_open_questions_that_ask_for_ideas_pass(language: str) -> None:
    """Proposals, wishes and opinions can be asked for, also with a plea to write no names. Proves: Q2."""
    good = corpus(language)["questions"]["good"].splitlines()

    assert len(good) >= (40 if language == "en" else 10)
    for question in good:
        assert not codes(consultation(language, question)) & {"asks-too-much", "identity-in-words"}, question


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_promise_no_claim_and_nothing_revealing_in_any_language(language: str) -> None:
    """Promises, "anonymous" and words on survivors are refused in every language with lists. Proves: Q6."""
    promise, claim, title = SAID[language]

    assert "promise" in codes(consultation(language, count=promise))
    assert "claim" in codes(consultation(language, count=claim))
    assert "revealing" in codes(consultation(language, title=title))
    assert codes(consultation(language)) == set()


def test_an_honest_denial_is_no_promise() -> None:
    """K1 asks that what cannot be promised is said: a negated sentence may say it, a question may not. Proves: Q6."""
    assert asked("We cannot promise that anything changes.", "en", "promise") is None
    assert asked("Did nobody promise you help?", "en", "promise") == 11
    assert asked("Nothing is kept. We promise it.", "en", "promise") == 20


def test_where_the_revealing_word_stands_is_told() -> None:
    """A profile or card can be tested with the same lists: the position counts in the text as written. Proves: Q6."""
    assert revealing("Voices of survivors", "en") == 10
    assert revealing("Ｓｕｒｖｉｖｏｒｓ", "en") == 0
    assert revealing("What protection means to you", "en") is None
    assert revealing("أصوات  النّاجين", "ar") == 7
    assert revealing("survivors", "pt") is None
    assert NOTIFICATION == 60


def test_a_recorded_reason_turns_a_refusal_into_a_warning() -> None:
    """Q8 and Q9 yield to a reason in the deployment record, visibly; an empty reason is none. Proves: Q8, Q9."""
    tree = sound()
    variables(7)(tree)
    item(tree, "pick")["sensitivity"] = "experience"
    made = Consultation.model_validate(tree)
    every = {"too-many-variables", "chat-can-be-read"}

    def refused(**exceptions: str) -> set[str]:
        return {one.code for one in lint(made, exceptions=exceptions) if one.severity is Severity.ERROR}

    assert refused() - {"chat-can-be-read", "too-many-variables"} == set()
    assert refused() == every
    assert refused(Q8="The community asked for it in writing.") == {"chat-can-be-read"}
    assert refused(Q8="The community asked for it in writing.", Q9=" ") == {"chat-can-be-read"}
    assert refused(Q8="The community asked for it.", Q9="Nothing else can reach these people.") == set()
    assert {one.code for one in lint(made, exceptions={"Q8": "asked for", "Q9": "no other way"})} == every


def test_children_and_structure_yield_to_no_reason() -> None:
    """No reason lets a band reach below 18, a question be required, or anything of Q1 to Q7 be broken. Proves: Q8."""
    tree = sound()
    item(tree, "age")["bands"][0]["low"] = 15
    every = {f"Q{number}": "A long and good reason, surely." for number in range(1, 10)}

    assert any(
        one.code == "age-below-18" and one.severity is Severity.ERROR
        for one in lint(Consultation.model_validate(tree), exceptions=every)
    )
    assert {rule.requirement for rule in RULES if rule.yields} == {"Q8", "Q9"}


def test_a_file_can_be_loaded_with_its_recorded_reasons() -> None:
    """`load` and `findings` take the reasons too, so that a round can be made from such a file. Proves: Q9."""
    tree = sound()
    item(tree, "pick")["sensitivity"] = "armed_actor"
    data = json.dumps(tree).encode()
    reasons = {"Q9": "Nothing else can reach these people."}

    with pytest.raises(ValueError, match="chat-can-be-read"):
        load(data, "x")
    assert load(data, "x", exceptions=reasons).question(0).exposed
    assert [one.severity for one in findings(data, "x", exceptions=reasons)] == [Severity.WARNING]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Two words", 2),
        ("— and « three » words", 3),
        ("联合国可以有什么不同的做法", 9),
        ("ကုလသမဂ္ဂ", 3),
        ("ကျွန်တော်တို့ နေပါတယ်", 3),
        ("دەمەوێت بژیم", 2),
        ("", 0),
    ],
)
def test_words_are_counted_also_where_none_are_parted(text: str, count: int) -> None:
    """A screen of Chinese or Burmese is as long as it reads, not one word. Proves: Q5."""
    assert counted(text) == count


def test_what_the_lists_once_missed_is_seen_and_nothing_that_is_fine_is_refused() -> None:
    """All of what was held out before is seen in every language; of what is worded anew docs/linter.md says how little.

    Proves: Q2, Q6
    """
    mended, fresh = ({seen.language: seen for seen in measured(*file)} for file in ((MENDED_ON,), ()))

    assert tuple(mended) == tuple(fresh) == LANGUAGES
    for seen in mended.values():
        assert (seen.asks[0], seen.wrong[0]) == (6, 3), seen.language
    for seen in (*mended.values(), *fresh.values()):
        assert (seen.fine[0], seen.honest[0]) == (0, 0), seen.language
        assert (seen.asks[1], seen.fine[1], seen.wrong[1], seen.honest[1]) == (6, 6, 3, 3), seen.language


def test_the_page_on_rules_is_in_step() -> None:
    """docs/linter.md names every rule there is."""
    assert generate_linter.PAGE.read_text("utf-8") == generate_linter.page()
