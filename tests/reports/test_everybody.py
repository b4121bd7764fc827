"""All and nobody are figures: a corpus of sentences in every language, what gives somebody away and what does not."""

import pytest

from locales import compile as compile_catalogues
from reports import prose
from reports.prose import LANGUAGES, Piece
from reports.prose.lists import lists_of

GIVES_AWAY = [
    ("en", "Nobody in the north agreed."),
    ("en", "No one from the coast trusts the police."),
    ("en", "None chose to go back."),
    ("en", "Everyone in the camp wants to leave."),
    ("en", "Everybody said the same."),
    ("en", "All of the women disagreed."),
    ("en", "Every displaced family lost somebody."),
    ("en", "The whole village rejected it."),
    ("en", "Not a single one of them agreed."),
    ("en", "Everybody agreed that the United Nations must act."),
    ("fr", "Personne dans le nord n’est d’accord."),
    ("fr", "Personne n’a répondu oui."),
    ("fr", "Toutes les femmes veulent partir."),
    ("fr", "Tout le monde a dit la même chose."),
    ("fr", "Aucun réfugié ne veut rentrer."),
    ("es", "Nadie en el norte está de acuerdo."),
    ("es", "Todas las mujeres quieren irse."),
    ("es", "Todos dijeron lo mismo."),
    ("es", "Ningún refugiado quiere volver."),
    ("ar", "لم يوافق أحد في الشمال."),
    ("ar", "وافق الجميع."),
    ("ar", "كل النساء يردن الرحيل."),
    ("ar", "لا أحد من القرية يثق بهم."),
    ("ru", "Никто на севере не согласен."),
    ("ru", "Все женщины хотят уехать."),
    ("ru", "Все сказали одно и то же."),
    ("ru", "Ни один беженец не вернётся."),
    ("uk", "Ніхто на півночі не згоден."),
    ("uk", "Усі жінки хочуть поїхати."),
    ("uk", "Всі сказали те саме."),
    ("zh", "北部没有人同意。"),
    ("zh", "所有女性都想离开。"),
    ("zh", "大家都表示反对。"),
    ("zh", "难民营里每个人都说要走。"),
    ("my", "မြောက်ပိုင်းမှာ ဘယ်သူမှ သဘောမတူပါ။"),
    ("my", "အမျိုးသမီးအားလုံး ထွက်သွားချင်ကြသည်။"),
    ("my", "လူတိုင်း သဘောတူကြသည်။"),
    ("sw", "Hakuna mtu kaskazini aliyekubali."),
    ("sw", "Wanawake wote wanataka kuondoka."),
    ("sw", "Kila mtu alisema hivyo."),
    ("am", "በሰሜን ማንም አልተስማማም።"),
    ("am", "ሁሉም ሴቶች መሄድ ይፈልጋሉ።"),
    ("am", "ሁሉም ተስማሙ።"),
    ("ckb", "لە باکوور هیچ کەس ڕازی نەبوو."),
    ("ckb", "هەموو ژنان دەیانەوێت بڕۆن."),
    ("ckb", "هەمووان گوتیان بەڵێ."),
    ("prs", "در شمال هیچ کس موافق نبود."),
    ("prs", "همه زنان می‌خواهند بروند."),
    ("prs", "همه گفتند بلی."),
]
SAYS_NOTHING_OF_ALL = [
    ("en", "No one should wait for an answer."),
    ("en", "Everybody in the north should be heard before a mission is planned."),
    ("en", "All women must be able to speak."),
    ("en", "Many want the same law for all, and somebody who answers when a community calls."),
    ("en", "Not everybody agrees on the remedy."),
    ("en", "Above all, those who answered want to be heard."),
    ("en", "Nobody could be invited where partner organisations cannot go."),
    ("en", "Partner organisations in every region invited people whom they know."),
    ("en", "Many in the north agreed."),
    ("en", "A sign is seen, and nobody comes."),
    ("fr", "Personne ne devrait attendre une réponse."),
    ("fr", "Beaucoup demandent la même loi pour tous."),
    ("fr", "Tout le monde n’est pas d’accord sur le remède."),
    ("fr", "Toutes les femmes doivent pouvoir parler."),
    ("es", "Nadie debería esperar una respuesta."),
    ("es", "Muchos piden la misma ley para todos."),
    ("es", "No todos están de acuerdo."),
    ("ar", "ينبغي ألا ينتظر أحد جوابًا."),
    ("ar", "ولا يتفق الجميع على العلاج."),
    ("ar", "دعت منظمات شريكة في كل منطقة أشخاصًا تعرفهم."),
    ("ru", "Никто не должен ждать ответа."),
    ("ru", "Не все согласны."),
    ("ru", "Всё больше людей уезжает."),
    ("uk", "Ніхто не повинен чекати відповіді."),
    ("uk", "Не всі згодні."),
    ("zh", "每个人都应该被听见。"),
    ("zh", "并非所有人都同意。"),
    ("zh", "许多参与者希望一起工作。"),
    ("my", "လူတိုင်း စကားပြောခွင့် ရသင့်သည်။"),
    ("my", "အများစု သဘောတူကြသည်။"),
    ("sw", "Hakuna mtu anapaswa kusubiri jibu."),
    ("sw", "Si wote walikubali."),
    ("sw", "Wengi wanataka sheria moja kwa wote."),
    ("am", "ማንም መጠበቅ የለበትም።"),
    ("am", "ብዙዎች ተስማሙ።"),
    ("ckb", "زۆر کەس یەک یاسای دەوێت بۆ هەمووان."),
    ("ckb", "نەک هەموو ڕازی بوون."),
    ("prs", "هیچ کس نباید منتظر جواب بماند."),
    ("prs", "نه همه موافق بودند."),
]


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    compile_catalogues.compile_all()


def codes(language: str, sentence: str) -> set[str]:
    """What the linter finds in one sentence."""
    return {found.code for found in prose.lint([Piece(sentence, 1)], language, (), "note.md")}


@pytest.mark.parametrize(("language", "sentence"), GIVES_AWAY)
def test_what_is_said_of_all_or_of_nobody_is_refused(language: str, sentence: str) -> None:
    """That all or none of a group or place said something is refused in each of twelve languages. Proves: R6."""
    assert "all-or-nobody" in codes(language, sentence)


@pytest.mark.parametrize(("language", "sentence"), SAYS_NOTHING_OF_ALL)
def test_wishes_and_most_people_may_stand(language: str, sentence: str) -> None:
    """A wish, a remark that not everybody agrees, and words of no group are left in peace."""
    assert "all-or-nobody" not in codes(language, sentence)


def test_the_corpus_speaks_every_language() -> None:
    """Each language with lists has sentences of both kinds, and an entry in every list."""
    for corpus in (GIVES_AWAY, SAYS_NOTHING_OF_ALL):
        assert {language for language, _ in corpus} == set(LANGUAGES)
    for language in LANGUAGES:
        lists = lists_of(language)
        assert all((lists.everybody, lists.all_of, lists.claims, lists.places, lists.norms, lists.fair))


def test_a_reference_beside_all_is_looked_at_as_a_gap() -> None:
    """What a reference becomes is no word: all and nobody are found around it, and not made by it."""
    assert "all-or-nobody" in codes("en", "Nobody {{meaning.unsure.label}} agreed.")
    assert codes("en", "{{meaning.unsure.label}} agreed.") == set()
