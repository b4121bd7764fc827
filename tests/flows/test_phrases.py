import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docs.generate_phrases import PAGE, corpus, measured, page
from flows.phrases import distressed
from flows.shadow import shadow
from flows.wordlists import KINDS, LANGUAGES, known, patterns, wordlist

MISSES = {"ru": 0.10, "prs": 0.10}
"""The part of the held-out sentences that is missed, where it is not none. It may fall, never grow."""
FALSE_ALARMS = {"zh": 0.05}
"""The part of the calm held-out sentences at which the list is shown all the same."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_of_distress_and_danger_are_found(language: str) -> None:
    """In every language the list of help is shown for what people say in distress or danger. Proves: P6."""
    assert measured(language, "held_out", "alarm").share <= MISSES.get(language, 0.0)
    assert len(measured(language, "seen", "alarm").wrong) <= 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_calm_sentences_with_the_same_words_are_left_alone(language: str) -> None:
    """Helping farmers, a killed proposal and a door opened to women do not bring up the list of help. Proves: P6."""
    assert measured(language, "held_out", "calm").share <= FALSE_ALARMS.get(language, 0.0)
    assert measured(language, "seen", "calm").wrong == ()
    assert [one for one in corpus(language)["questions"]["good"].splitlines() if distressed(one)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_corpus_is_large_enough_and_said_to_be_a_draft(language: str) -> None:
    """Forty sentences of each kind at least, none twice, in files that say who has not read them yet."""
    tree = corpus(language)
    alarm = [*tree["seen"]["alarm"].splitlines(), *tree["held_out"]["alarm"].splitlines()]
    calm = [*tree["seen"]["calm"].splitlines(), *tree["held_out"]["calm"].splitlines()]

    assert len(set(alarm)) == len(alarm) >= 40
    assert len(set(calm)) == len(calm) >= 40
    assert tree["reviewed"] is False
    assert wordlist(language).reviewed is False


@pytest.mark.parametrize(
    "typed",
    [
        "HELP   ME!!!",
        "h\u200be\u200dl\u200bp me",
        "ｈｅｌｐ ｍｅ",
        "I dont want to live any more",
        "I don’t want to live anymore",
        "i'm going to killll myself",
        "Je veux me suicider",
        "JE N’EN PEUX PLUS",
        "quiero morir",
        "أُرِيدُ أَنْ أَمُوت",
        "ارييييد ان امووووت",
        "الحيـــاة لا معنى لها",
        "مي خواهم بميرم",
        "می‌خواهم بمیرم",
        "دەمەوێت بمرم",
        "دةمةويت بمرم",
        "Я хочу УМЕРЕТЬ",
        "救 救 我",
        "သေ ချင် တယ်",
        "ራሴን አጠፋለሁ",
    ],
)
def test_how_it_is_typed_does_not_matter(typed: str) -> None:
    """Capitals, accents, stretched letters, invisible signs and other keyboards hide nothing. Proves: P6."""
    assert distressed(typed)


def test_only_whole_words_are_found_where_a_script_parts_words() -> None:
    """`dye` is not `die`, and a name that holds the letters of a word is not that word. Proves: P6."""
    assert not distressed("I want to diet before the feast")
    assert not distressed("The helpmeet society meets on Monday")


def test_a_single_call_for_help_is_found_only_when_it_is_all() -> None:
    """`Help` alone calls; `help farmers` proposes. Proves: P6."""
    assert distressed("Help!")
    assert distressed("  HELP ")
    assert not distressed("Help farmers")


@settings(max_examples=60)
@given(st.text(max_size=300), st.text(max_size=300))
def test_a_cry_is_found_wherever_it_stands(before: str, after: str) -> None:
    """Whatever is written around it, a plain cry is found, and nothing typed ever raises. Proves: P6."""
    assert distressed(f"{before}\n they will kill me \n{after}")


@settings(max_examples=60)
@given(st.text(max_size=200))
def test_a_shadow_is_folded_once_for_all(text: str) -> None:
    """The shadow of a shadow is the same, its positions grow, and it shows no word of the text when printed."""
    seen = shadow(text)

    assert shadow(seen.words).words == seen.words
    assert len(seen.places) == len(seen.words)
    assert list(seen.places) == sorted(seen.places)
    assert repr(seen) == "<Shadow>"


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=20)
@given(data=st.data())
def test_phrases_are_found_by_their_words_as_by_trying_all(language: str, data: st.DataObject) -> None:
    """Looking only for phrases whose words are there finds what one phrase after the other finds."""
    lists = wordlist(language).patterns
    words = sorted({word for one in lists.values() for phrase in one.phrases for word in phrase.form.split()})
    seen = shadow(" ".join(data.draw(st.lists(st.sampled_from(words), max_size=12))))
    for one in lists.values():
        folded = seen if one.spaced else seen.solid
        found = [begins for phrase in one.phrases if (begins := phrase.begins(folded)) is not None]
        assert one.holds(seen) == bool(found)
        assert one.first(seen) == (folded.places[min(found)] if found else None)


def test_what_a_line_of_a_list_means() -> None:
    """Either word, an open end, words between, the whole message, and a script without spaces."""
    assert patterns(["kill/hurt me"]).holds(shadow("they hurt me"))
    assert not patterns(["kill/hurt me"]).holds(shadow("they hurt men"))
    assert patterns(["kill* me"]).holds(shadow("killing me"))
    assert patterns(["*door now"]).holds(shadow("the backdoor now"))
    assert patterns(["they … door"]).holds(shadow("they are at the door"))
    assert not patterns(["they … door"]).holds(shadow("they are at the big old door"))
    assert patterns(["=help"]).holds(shadow("help!"))
    assert not patterns(["=help"]).holds(shadow("help them"))
    assert patterns(["救 … 我"], spaced=False).holds(shadow("救一救我"))
    assert not patterns(["救 … 我"], spaced=False).holds(shadow("救一下大家的孩子和我"))
    assert patterns(["me"]).first(shadow("Help, me")) == 6
    assert patterns(["我"], spaced=False).first(shadow("救 一 我")) == 4


@pytest.mark.parametrize(
    ("line", "code"),
    [("", "without-words"), ("…", "without-words"), ("kill/ me", "not-one-word"), ("self-harm", "not-one-word")],
)
def test_a_line_that_cannot_be_read_is_refused(line: str, code: str) -> None:
    """An empty place or two words in one is a slip in a list, and is found when the list is read."""
    with pytest.raises(ValueError, match=code):
        patterns([line])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_list_of_a_language_has_phrases(language: str) -> None:
    """No language lacks a list, and no line stands in one twice."""
    for kind in KINDS:
        phrases = wordlist(language).patterns[kind].phrases
        assert phrases
        assert len({phrase.form for phrase in phrases}) == len(phrases), kind


def test_languages_are_known_by_their_first_part() -> None:
    """Regional tags use the lists of their language; a language without lists has none."""
    assert known("zh-Hant") == "zh"
    assert known("en-GB") == "en"
    assert known("pt-BR") is None
    with pytest.raises(KeyError):
        wordlist("pt")


def test_the_page_is_in_step() -> None:
    """docs/phrases.md tells of the lists as they are."""
    assert PAGE.read_text("utf-8") == page()
