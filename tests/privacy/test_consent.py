"""What somebody allowed is asked before anything of hers is used, and a type says that it was."""

import ast
import copy
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import FrozenInstanceError, replace
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.answers import Chosen, Said
from flows.model import PURPOSES, Consultation, Purpose, Texts
from flows.records import Manifest, consent_hash, encode_manifest
from privacy.consent import Consents, Countable, NotUsable, Paraphrasable, Quotable, words_in
from privacy.counting import Admission, CountableAnswers
from tests.architecture.house import ROOT
from tests.privacy import synthetic

ASKED = synthetic.consultation()
OWN = ASKED.positions["own"]
ID = b"r" * 16
WROTE = "CANARY Send the help before the rains, not after them."
USES = {
    Purpose.COUNT: "countable",
    Purpose.PARAPHRASE: "paraphrasable",
    Purpose.QUOTE: "quotable",
    Purpose.OTHER_PROCESSES: "elsewhere",
}
"""What the desk can do with a response, by the purpose it needs besides counting. Messages are not sent from here."""


def records(*purposes: Purpose, wrote: str = WROTE, repeat: bool = False) -> list[bytes]:
    """A response of somebody who allowed `purposes` and wrote one sentence."""
    return synthetic.Person({"own": Said(wrote)}, purposes=frozenset(purposes), repeat=repeat).records(ASKED)


def asking(process: Texts = ASKED.process) -> Consents:
    """Whoever makes results for `process`."""
    return Consents(ASKED, process=process, rehearsal=True)


ELSEWHERE = Texts({"en": "Security Council", "ar": "مجلس الأمن"})


def usable(said: list[bytes], consents: Consents, elsewhere: Consents) -> Iterator[str]:
    """Names of the uses that are not refused."""
    tried: dict[str, Callable[[], object]] = {
        "countable": lambda: consents.countable(said),
        "paraphrasable": lambda: consents.paraphrasable(ID, said),
        "quotable": lambda: consents.quotable(ID, said, OWN, "before the rains"),
        "elsewhere": lambda: elsewhere.countable(said),
    }
    for name, use in tried.items():
        try:
            use()
        except NotUsable:
            continue
        yield name


@pytest.mark.parametrize("allowed", [set(some) for size in range(6) for some in combinations(PURPOSES, size)])
def test_each_use_needs_its_own_yes(allowed: set[Purpose]) -> None:
    """Of any set of purposes, exactly the uses that were allowed are possible; without counting none.

    Proves: K3, K4
    """
    found = set(usable(records(*allowed), asking(), asking(ELSEWHERE)))

    assert found == ({USES[each] for each in allowed & USES.keys()} if Purpose.COUNT in allowed else set())


@given(st.lists(st.sets(st.sampled_from(PURPOSES)), min_size=2, max_size=6))
def test_one_response_never_widens_another(people: list[set[Purpose]]) -> None:
    """Whatever the same account or anybody else allowed before, a response is used as it says itself.

    Proves: K3, K4
    """
    consents, elsewhere = asking(), asking(ELSEWHERE)

    for number, allowed in enumerate(people):
        said = records(*allowed, repeat=number > 0)
        assert set(usable(said, consents, elsewhere)) == set(usable(said, asking(), asking(ELSEWHERE)))


def test_refusals_name_the_purpose_that_is_missing() -> None:
    """Each missing permission has a code of its own, and no code holds a word of the answer."""
    everything = frozenset(PURPOSES)
    refusals = {}
    uses: dict[Purpose, Callable[[list[bytes]], object]] = {
        Purpose.COUNT: lambda said: asking().countable(said),
        Purpose.PARAPHRASE: lambda said: asking().paraphrasable(ID, said),
        Purpose.QUOTE: lambda said: asking().quotable(ID, said, OWN, WROTE),
        Purpose.OTHER_PROCESSES: lambda said: asking(ELSEWHERE).countable(said),
    }
    for purpose, use in uses.items():
        with pytest.raises(NotUsable) as refused:
            use(records(*everything - {purpose}))
        refusals[purpose] = str(refused.value)

    assert list(refusals.values()) == [
        "no-consent-to-count", "no-consent-to-paraphrase", "no-consent-to-quote", "no-consent-elsewhere"
    ]  # fmt: skip


@pytest.mark.parametrize("use", ["countable", "paraphrasable", "quotable"])
def test_who_was_shown_other_words_has_allowed_nothing(use: str) -> None:
    """A response under consent texts that the frozen consultation does not have is refused for every use.

    Proves: K4
    """
    plain = ASKED.model_dump(mode="json")
    plain["consent"]["quote"]["en"] = "May we keep your words?"
    before = Consultation.model_validate(plain)
    said = records(*PURPOSES)
    manifest = Manifest(
        ASKED.fingerprint, consent_hash(before, "en"), frozenset(PURPOSES), "en", rehearsal=True, repeat=False
    )  # fmt: skip
    said[0] = encode_manifest(manifest, ASKED)

    assert use not in set(usable(said, asking(), asking()))
    with pytest.raises(NotUsable, match="other-consent"):
        asking().countable(said)


def test_another_consultation_is_another_consent() -> None:
    """Consent to one consultation admits nobody to the counts of another, though its questions are the same."""
    plain = ASKED.model_dump(mode="json")
    plain["edition"] = ASKED.edition + 1
    other = Consultation.model_validate(plain)
    person = asking().countable(records(Purpose.COUNT))

    with pytest.raises(NotUsable, match="other-consultation"):
        Consents(other, process=other.process, rehearsal=True).countable(records(Purpose.COUNT))
    with pytest.raises(NotUsable, match="other-consultation"):
        Admission(other).countable(person)


@pytest.mark.parametrize("kind", [Countable, CountableAnswers, Paraphrasable, Quotable])
def test_nobody_makes_one_by_hand(kind: type[Countable | CountableAnswers | Paraphrasable | Quotable]) -> None:
    """What stands for somebody's permission has no constructor, with no argument or any. Proves: K4."""
    with pytest.raises(TypeError):
        kind()  # type: ignore[call-arg]  # what the test is about
    with pytest.raises(TypeError):
        kind(records(*PURPOSES))  # type: ignore[arg-type]  # what the test is about


def test_what_was_allowed_is_neither_changed_nor_copied() -> None:
    """A permission cannot be edited into a wider one, replaced, copied, pickled to elsewhere or printed. Proves: K4."""
    quotable = asking().quotable(ID, records(*PURPOSES), OWN, "before the rains")

    with pytest.raises(FrozenInstanceError):
        quotable.words = WROTE  # type: ignore[misc]  # what the test is about
    for leaving in (
        lambda: replace(quotable, words=WROTE),
        lambda: copy.copy(quotable),
        lambda: pickle.dumps(quotable),
    ):
        with pytest.raises(TypeError):
            leaving()
    assert repr(quotable) == "<Quotable>"
    assert {repr(each) for each in asking().paraphrasable(ID, records(*PURPOSES))} == {"<Paraphrasable>"}


def test_her_words_are_what_she_said_in_the_end() -> None:
    """Words come whole, in her language, with the id a withdrawal looks for; what a later answer replaced is gone."""
    said = [*records(*PURPOSES, wrote="a draft"), records(*PURPOSES)[1]]

    (found,) = asking().paraphrasable(ID, said)

    assert (found.response_id, found.position, found.language, found.words) == (ID, OWN, "en", WROTE)
    with pytest.raises(NotUsable, match="not-her-words"):
        asking().quotable(ID, said, OWN, "a draft")


@pytest.mark.parametrize("excerpt", ["Send help before the rains", "", " ", ".", "before the Rains"])
def test_a_quote_is_what_she_wrote_and_nothing_else(excerpt: str) -> None:
    """An excerpt that does not stand in her answer letter by letter, or has no word, is not hers. Proves: K4."""
    with pytest.raises(NotUsable, match="not-her-words") as refused:
        asking().quotable(ID, records(*PURPOSES), OWN, excerpt)
    assert "rains" not in str(refused.value)


def test_a_choice_has_no_words() -> None:
    """Of a question that was answered by a button nothing can be quoted or paraphrased."""
    said = synthetic.Person({"region": Chosen(("north",))}, purposes=frozenset(PURPOSES)).records(ASKED)

    assert asking().paraphrasable(ID, said) == ()
    with pytest.raises(NotUsable, match="not-her-words"):
        asking().quotable(ID, said, ASKED.positions["region"], "north")


@pytest.mark.parametrize("joint", [" ", ",", " – ", "\n", "።"])
def test_a_quote_has_thirty_words_at_most(joint: str) -> None:
    """Thirty words may be quoted and thirty-one may not, whatever stands between them. Proves: K4."""
    words = joint.join(["on"] * 31)
    said = records(*PURPOSES, wrote=words)

    quoted = asking().quotable(ID, said, OWN, words.removeprefix("on" + joint))

    assert words_in(quoted.words) == 30
    with pytest.raises(NotUsable, match="quote-too-long"):
        asking().quotable(ID, said, OWN, words)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 0), ("…", 0), ("peace now", 2), ("l’eau d'ici", 4), ("السَّلَامُ الآنَ", 2), ("ሰላም፡አሁን", 2),
        ("和平", 2), ("ငြိမ်းချမ်း", 4), ("मुझे पानी", 2), ("सुरक्षा", 1),
    ],
)  # fmt: skip
def test_words_are_counted_in_every_script(text: str, number: int) -> None:
    """Marks end no word, Ethiopic's own space does, and in scripts without spaces each letter is counted."""
    assert words_in(text) == number


def test_a_response_that_is_none_is_refused_before_its_words() -> None:
    """Records that do not decode are refused by a code, for words as for counts."""
    for said in ([], [b"CANARY"], [*records(*PURPOSES), b"CANARY"]):
        with pytest.raises(NotUsable) as refused:
            asking().paraphrasable(ID, said)
        assert "CANARY" not in str(refused.value)


WRONG = """
from flows.model import Consultation
from privacy.consent import Consents, Countable, Paraphrasable, Quotable
from privacy.counting import Admission, CountableAnswers
from privacy.opening import OpenedResponse
from privacy.tally import Tallier

def desk(opened: OpenedResponse, asked: Consultation, admission: Admission, tallier: Tallier, own: Paraphrasable,
         allowed: Countable, quote: Quotable) -> None:
    admission.countable(opened)  # arg-type
    admission.countable(opened.records)  # arg-type
    tallier.count(opened)  # arg-type
    tallier.count(opened.records)  # arg-type
    tallier.count(allowed)  # arg-type
    tallier.count(own)  # arg-type
    Countable()  # call-arg
    Countable(opened.records)  # arg-type
    CountableAnswers()  # call-arg
    Paraphrasable(opened.records)  # arg-type
    Quotable(own.words)  # arg-type
    Consents(asked, rehearsal=True)  # call-arg
    quote.words = own.words  # misc
    quoted(own)  # arg-type
    quoted(opened)  # arg-type
    themed(quote)  # arg-type
    tallier.count(admission.countable(Consents(asked, process=asked.process, rehearsal=True).countable(opened.records)))

def quoted(words: Quotable) -> None: ...
def themed(words: Paraphrasable) -> None: ...
class Wider(Quotable): ...  # misc
"""


def test_the_type_checker_sees_who_was_not_asked(tmp_path: Path) -> None:
    """Handing on what was opened, or one permission for another, is a type error in each of these lines. Proves: K4."""
    page = tmp_path / "wrong.py"
    page.write_text(WRONG, "utf-8")

    ran = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--hide-error-context", str(page)],
        cwd=ROOT, check=False, capture_output=True, text=True, timeout=300,
    )  # fmt: skip

    lines = [line.split(":", 2) for line in ran.stdout.splitlines() if ": error:" in line]
    found = {(int(number), said.rsplit("[", 1)[1].rstrip("]")) for _file, number, said in lines}
    expected = {
        (number, line.rsplit("# ", 1)[1]) for number, line in enumerate(WRONG.splitlines(), start=1) if "  # " in line
    }
    assert found == expected, ran.stdout + ran.stderr


def test_the_desk_reads_records_where_it_asks_and_nowhere_else() -> None:
    """At the desk and in reports only the consent check decodes a manifest, and only it and counting an answer.

    Proves: K4
    """
    reading = {
        (path.relative_to(ROOT).as_posix(), name)
        for room in ("privacy", "reports")
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "flows.records"
        for name in (each.name for each in node.names)
        if name.startswith("decode_")
    }

    assert reading == {
        ("privacy/consent.py", "decode_manifest"),
        ("privacy/consent.py", "decode_answer"),
        ("privacy/counting.py", "decode_answer"),
    }
