import re
from pathlib import Path
from typing import Final

import pytest
from babel.messages.pofile import read_po

from flows.checks.walk import questions
from flows.loader import findings, load
from flows.model import DisaggregationRole, Number, Ranking, Scale, ShortText, Vote
from flows.rules import rules_of
from flows.texts import texts
from sauti.files import beside

EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = [EXAMPLES / "protection.yaml", EXAMPLES / "smallest.yaml", EXAMPLES / "heard.yaml"]
LANGUAGES = ("en", "fr", "es", "ar", "ru", "zh", "uk", "my", "sw", "am", "ckb", "prs")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_example_is_without_fault(file: Path) -> None:
    """What we hand out as a model has no error and no warning, in any language. Proves: Q1, Q3."""
    assert findings(file.read_bytes(), file.name, fetch=beside(file)) == ()


def test_the_whole_example_asks_what_it_should() -> None:
    """Meaning, signs, what should change, a ranking, four votes, two proposals, five variables."""
    consultation = load((EXAMPLES / "protection.yaml").read_bytes(), "protection.yaml")
    asked = [item for _, item in questions(consultation)]

    assert consultation.languages == LANGUAGES
    assert sum(isinstance(item, Vote) for item in asked) == 4
    assert sum(isinstance(item, ShortText) for item in asked) == 2
    assert sum(isinstance(item, Ranking) for item in asked) == 1
    assert sum(isinstance(item, Scale) for item in asked) == 1
    roles = [item.disaggregation for item in asked if item.disaggregation]
    assert sorted(roles) == sorted({*DisaggregationRole} - {DisaggregationRole.DISABILITY, DisaggregationRole.GROUP})
    ages = next(item for item in asked if isinstance(item, Number))
    assert ages.bands[0].low == 18
    assert not any(review.reviewed for review in consultation.reviews.values())


def test_the_heavy_question_has_a_note_before_and_a_light_question_after() -> None:
    """Nobody meets the question on early signs unprepared, and nobody is left with it."""
    consultation = load((EXAMPLES / "protection.yaml").read_bytes(), "protection.yaml")
    position = next(place for place, item in enumerate(consultation.items) if getattr(item, "heavy", False))

    assert consultation.sections[consultation.section_of[position]].content_note is not None
    assert consultation.items[position + 1].kind == "note"
    assert not getattr(consultation.items[position + 2], "heavy", True)
    assert 1 < position < len(consultation.items) - 2


def test_rules_of_the_example_do_what_its_readme_says() -> None:
    """The breath follows a sign only; *outside the country* is offered only to those who had to leave."""
    consultation = load((EXAMPLES / "protection.yaml").read_bytes(), "protection.yaml")
    rules, at = rules_of(consultation), consultation.positions

    assert rules.relevant(at["breath"], {at["signs"]: ("rumours",)})
    assert not rules.relevant(at["breath"], {at["signs"]: ("none",)})
    assert not rules.relevant(at["breath"], {})
    assert "outside" in rules.offered(at["region"], {at["displacement"]: ("away",)})
    assert "outside" in rules.offered(at["region"], {})
    assert "outside" not in rules.offered(at["region"], {at["displacement"]: ("never",)})
    assert rules.satisfied(at["age"], 18.0, {})
    assert not rules.satisfied(at["age"], 17.0, {})


PROMISES = {
    "en": r"\banonym|\bguarantee|\bpromise|\bsecurely|\bsafe with us|\batrocit|\bsurvivor",
    "fr": r"\banonym|\bgaranti|\bpromess|\batrocit|\bsurvivant",
    "es": r"\banónim|\bgarantiz|\bpromes|\batrocid|\bsobrevivi|\bsupervivient",
    "ar": r"مجهول الهوية|مجهولة الهوية|نضمن|نعدك|فظائع|ناجين|ناجون",
    "ru": r"\bаноним|\bгарант|\bобеща|\bзверств|\bвыживш",
    "zh": r"匿名|保证|承诺|暴行|幸存",
    "uk": r"\bанонім|\bгарант|\bобіця|\bзвірств|\bвціліл",
    "my": r"အမည်ဝှက်|အာမခံ|ကတိ|ရက်စက်",
    "sw": r"bila jina|\bdhamana|\bahadi|\bukatili|\bmanusura",
    "am": r"ስም-አልባ|ዋስትና|ቃል እንገባ|ግፍ",
    "ckb": r"نەناسراو|گەرەنتی|بەڵێن|دڕندە|ڕزگاربوو",
    "prs": r"ناشناس|تضمین|وعده|جنایت|بازمانده",
}
MUST_SAY = {
    "en": ("Telegram can read this chat", "knows that this account wrote here", "Nobody is paid", "withdraw"),
    "fr": ("Telegram peut lire cette conversation", "sait que ce compte a écrit ici", "Personne n’est payé", "retirer"),
    "es": ("Telegram puede leer este chat", "sabe que esta cuenta escribió aquí", "No se paga", "retirar"),
    "ar": ("يستطيع تيليغرام أن يقرأ هذه المحادثة", "يعرف أن هذا الحساب كتب هنا", "لا يُدفع", "سحبها"),
    "ru": ("Telegram может читать этот чат", "с этого аккаунта здесь писали", "никому не платят", "отозвать"),
    "zh": ("Telegram 可以读这个聊天", "知道这个账号在这里写过", "没有报酬", "撤回"),
    "uk": ("Telegram може читати цей чат", "з цього акаунта тут писали", "нікому не платять", "відкликати"),
    "my": ("Telegram က ဒီချက်တ်ကို ဖတ်နိုင်", "ဒီအကောင့်က ဒီမှာ ရေးခဲ့တာ", "ငွေမပေးပါ", "ရုပ်သိမ်း"),
    "sw": ("Telegram inaweza kusoma mazungumzo haya", "akaunti hii imeandika hapa", "Hakuna anayelipwa", "kuyaondoa"),
    "am": ("Telegram ይህን ውይይት ማንበብ ይችላል", "ይህ መለያ እዚህ እንደጻፈ", "ማንም አይከፈልም", "ማንሳት"),
    "ckb": (
        "Telegram دەتوانێت ئەم چاتە بخوێنێتەوە",
        "ئەم هەژمارە لێرە نووسیویەتی",
        "پارەی بۆ وەڵامدانەوە پێ نادرێت",
        "بیانکێشنەوە",
    ),
    "prs": ("Telegram می‌تواند این چت را بخواند", "این حساب اینجا نوشته است", "پول داده نمی‌شود", "پس بگیرید"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_promises_nothing_and_says_what_is_not_protected(language: str) -> None:
    """No promise, no "anonymous"; Telegram's eyes, no pay, no loss and withdrawal are said in every language."""
    consultation = load((EXAMPLES / "protection.yaml").read_bytes(), "protection.yaml")
    every = "\n".join(text[language] for _, text in texts(consultation))
    about = "\n".join(text[language] for text in consultation.consent.about)

    assert re.search(PROMISES[language], every, re.IGNORECASE) is None
    for words in MUST_SAY[language]:
        assert words in about


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_names_the_stop_button_as_it_reads(language: str) -> None:
    """Somebody who looks for the button that she read about finds it under that name."""
    po = Path(__file__).parents[2] / "locales" / language / "LC_MESSAGES" / "participant.po"
    with po.open("rb") as file:
        entry = read_po(file).get("Stop and delete", context="button")
    assert entry is not None
    label = "Stop and delete" if language == "en" else str(entry.string)
    consultation = load((EXAMPLES / "protection.yaml").read_bytes(), "protection.yaml")

    assert any(label in text[language] for text in consultation.consent.about)


SAID: Final = (
    "We are ", "We ask people", "We write a short summary", "We do not investigate", "Only the people who hold the key",
    "Telegram can read this chat", "knows that this account wrote here", "We cannot say whether anything will change",
    "You can stop at any time", "you can withdraw your answers at any time until", "you can complain to people outside",
    "Nobody is paid for answering", "Nobody loses anything by not answering",
)  # fmt: skip
"""What stands before any question, clause by clause, as the example says it in English."""


def test_the_example_says_before_any_question_all_that_has_to_be_said() -> None:
    """Who asks and why, what is not done, who sees what, Telegram, stopping, taking back, complaints. Proves: K1."""
    about = load((EXAMPLES / "protection.yaml").read_bytes(), "protection.yaml").consent.about
    english = "\n".join(screen["en"] for screen in about)

    assert [part for part in SAID if part not in english] == []
    # A translation keeps every paragraph: nothing that was said in English is left out in another language.
    for screen in about:
        assert {text.count("\n\n") for text in screen.root.values()} == {screen["en"].count("\n\n")}
