from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from flows import plain_yaml
from flows.findings import ConsultationError, Finding, Severity
from flows.loader import findings, load, read
from flows.model import Consultation, Mergeable
from tests.flows.strategies import consultations

SMALLEST = (Path(__file__).parents[2] / "examples" / "smallest.yaml").read_bytes()
PROTECTION = (Path(__file__).parents[2] / "examples" / "protection.yaml").read_bytes()

QUESTION = b"""format: sauti-consultation
version: 1
id: small
title: {en: A}
asked_by: {en: A}
process: {en: A}
languages: [en]
consent:
  about: [{en: A}]
  count: {en: A}
  paraphrase: {en: A}
  quote: {en: A}
  other_processes: {en: A}
  results: {en: A}
sections:
  - id: only
    items:
      - id: q
        kind: single
        text: {en: A}
        choices:
          - {id: a, text: {en: A}}
          - {id: b, text: {en: B}}
"""


def one(data: bytes) -> Finding:
    """The only error in `data`."""
    errors = [finding for finding in findings(data, "here.yaml") if finding.severity is Severity.ERROR]
    assert len(errors) == 1, [str(error) for error in errors]
    return errors[0]


def test_a_sound_file_becomes_a_consultation() -> None:
    """The loader's product is the model, in the order of the file."""
    consultation = load(QUESTION, "here.yaml")

    assert consultation.items[0].id == "q"
    assert consultation.codes == (("a", "b"),)


@settings(max_examples=40)
@given(consultations())
def test_every_sound_consultation_survives_being_written_and_read(consultation: Consultation) -> None:
    """What the model holds can be written as YAML and is read back as the same consultation."""
    data = yaml.safe_dump(consultation.model_dump(mode="json", exclude_none=True), allow_unicode=True).encode()

    assert load(data, "here.yaml").fingerprint == consultation.fingerprint


BROKEN: tuple[tuple[bytes, bytes, str, int, str], ...] = (
    (b"id: q\n", b"id: yes\n", "not-text", 18, '"yes"'),
    (b"{id: a,", b"{id: no,", "not-text", 22, '"no"'),
    (b"text: {en: A}\n        choices", b"text: {en: 12}\n        choices", "not-text", 20, '"12"'),
    (b"title: {en: A}", b"title: {en: A, no: B}", "key-not-text", 4, '"no"'),
    (b"title: {en: A}", b"title: {en: A, en: B}", "duplicate-key", 4, "one"),
    (b"title: {en: A}", b"title: &t {en: A}", "anchor", 4, "Write"),
    (b"title: {en: A}", b"title: *t", "anchor", 4, "Write"),
    (b"title: {en: A}", b"title: !!map {en: A}", "tag", 4, "tag"),
    (b"title: {en: A}", b"title: !!python/object/apply:os.system [ls]", "tag", 4, "tag"),
    (b"title: {en: A}", b"title: {en: ''}", "string-too-short", 4, "Write"),
    (b"title: {en: A}", b"title: A", "dict-type", 4, "language"),
    (b"title: {en: A}", b"title: {english language: A}", "string-pattern-mismatch", 4, "en, pt-BR"),
    (b"title: {en: A}\n", b"", "missing", 1, "title"),
    (b"kind: single", b"kind: essay", "union-tag-invalid", 18, "multiple"),
    (b"        kind: single\n", b"", "union-tag-not-found", 18, "kind"),
    (b"kind: single", b"kind: single\n        hnit: {en: A}", "extra-forbidden", 20, "hint"),
    (b"kind: single", b"kind: single\n        heavy: maybe", "bool-parsing", 20, "true or false"),
    (b"kind: single", b"kind: single\n        risk_factor: 15", "less-than-equal", 20, "14"),
    (b"kind: single", b"kind: single\n        sensitivity: secret", "enum", 20, "opinion"),
    (b"version: 1", b"version: 2", "literal-error", 2, "1"),
    (b"languages: [en]", b"languages: en", "tuple-type", 7, "- "),
    (b"languages: [en]", b"languages: []", "too-short", 7, "1"),
    (b"languages: [en]", b"languages: [en", "not-yaml", 8, "indentation"),
    (b"title: {en: A}", b"title: {en: \xff}", "not-utf-8", 4, "UTF-8"),
    (b"title: {en: A}", b"title: {en: \x07}", "control-character", 0, "UTF-8"),
    (b"title: {en: A}", b"? [a, b]\n: 1\ntitle: {en: A}", "key-not-text", 4, "name"),
    (b"sections:\n", b"---\nsections:\n", "several-documents", 15, "one"),
    (b"kind: single", b"kind: single\n        required: true", "required", 20, "Remove"),
    (b"kind: single", b"kind: single\n        relevant: ${x} = 1", "expression", 20, "earlier"),
)


@pytest.mark.parametrize(("sound", "broken", "code", "line", "remedy"), BROKEN)
def test_each_mistake_is_met_at_its_line_with_a_remedy(
    sound: bytes, broken: bytes, code: str, line: int, remedy: str
) -> None:
    """A finding names the file, the line, the rule and what to do, in plain words. Proves: Q1."""
    assert sound in QUESTION

    finding = one(QUESTION.replace(sound, broken, 1))

    assert (finding.code, finding.line) == (code, line)
    assert remedy in finding.remedy
    assert str(finding).startswith(f"here.yaml:{line}:")


def test_all_mistakes_are_told_at_once() -> None:
    """Nobody has to mend a file one error at a time."""
    data = QUESTION.replace(b"version: 1", b"version: 2").replace(
        b"kind: single", b"kind: single\n        heavy: maybe"
    )

    with pytest.raises(ConsultationError) as refusal:
        load(data, "here.yaml")

    assert {finding.code for finding in refusal.value.findings} == {"literal-error", "bool-parsing"}
    assert "sections[0].items[0].heavy" in str(refusal.value)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "no-consultation"),
        (b"- a\n- b\n", "no-consultation"),
        (b"just words", "no-consultation"),
        (b"x" * (plain_yaml.MAX_BYTES + 1), "too-large"),
        (b"[" * 5000, "too-deep"),
        (b"{a: " * 5000, "too-deep"),
        (b"? " * 5000, "too-deep"),
        (b"- " * 60_000, "too-deep"),
        (b"[" + b"a," * (plain_yaml.MAX_VALUES + 1) + b"]", "too-deep"),
        (b"a: &a [x]\nb: &b [*a,*a]\nc: [*b,*b]", "anchor"),
        ("a: b".encode("utf-16"), "not-utf-8"),
    ],
)
def test_files_that_are_something_else_are_refused_in_words(data: bytes, code: str) -> None:
    """Too large, too deep, bombs, other encodings: one kind refusal each, and quickly."""
    assert findings(data, "here.yaml")[-1].code == code


def test_what_nothing_is_brought_together_in_keeps_its_hash() -> None:
    """A round that was frozen before categories could be brought together has the same hash as then."""
    consultation = load(PROTECTION, "x")
    plain = consultation.model_dump(mode="json")
    merging = {item.id for item in consultation.items if isinstance(item, Mergeable) and item.collapse}
    saying_so = {item["id"] for section in plain["sections"] for item in section["items"] if "collapse" in item}

    assert saying_so == merging
    assert merging < {item.id for item in consultation.items if isinstance(item, Mergeable)}


def test_a_byte_order_mark_is_no_mistake() -> None:
    """Files from Windows editors are read as they are."""
    assert load(b"\xef\xbb\xbf" + QUESTION, "here.yaml").id == "small"


def test_both_yaml_parsers_read_the_examples_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that loads here loads on a machine whose PyYAML came without libyaml."""
    first = [read(data, "x").consultation.fingerprint for data in (SMALLEST, PROTECTION, QUESTION)]
    monkeypatch.setattr(plain_yaml, "_LOADER", yaml.SafeLoader)

    assert [read(data, "x").consultation.fingerprint for data in (SMALLEST, PROTECTION, QUESTION)] == first


def survives(data: bytes) -> None:
    """Loads, or is refused with findings that say something; nothing else."""
    refused: tuple[Finding, ...] | None = None
    try:
        load(data, "here.yaml")
    except ConsultationError as error:
        refused = error.findings
    assert refused is None or (refused and all(finding.message and finding.remedy for finding in refused))


@settings(max_examples=300)
@given(st.binary(max_size=200) | st.text(alphabet="ab:-?[]{}&*!|>'\"%@`#,\n \t~<=0.", max_size=80).map(str.encode))
def test_noise_is_refused_and_never_more(data: bytes) -> None:
    """Random bytes and YAML's own signs in any order raise nothing but ConsultationError."""
    survives(data)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_damaged_files_are_refused_and_never_more(data: st.DataObject) -> None:
    """Cuts, copies and noise anywhere in a sound file raise nothing but ConsultationError."""
    text = bytearray(QUESTION)
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        stop = min(len(text), start + data.draw(st.integers(0, 12)))
        noise = st.binary(max_size=6) | st.sampled_from(
            (
                b"yes",
                b"null",
                b"[]",
                b"{}",
                b"1e9",
                b"\n",
                b"  ",
                b": ",
                b"- ",
                b"${q}",
                b"relevant: ",
                b"99999999999999999999",
            )
        )
        text[start:stop] = data.draw(noise)
    survives(bytes(text))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(consultations(sections=1, items=3), st.data())
def test_a_wrong_value_anywhere_is_refused_and_never_more(consultation: Consultation, data: st.DataObject) -> None:
    """Any value of the wrong shape, anywhere in the tree, is met with a finding or is sound."""
    tree = consultation.model_dump(mode="json", exclude_none=True)
    here: object = tree
    for _ in range(data.draw(st.integers(0, 6))):
        steps = list(here) if isinstance(here, dict) else list(range(len(here))) if isinstance(here, list) else []
        if not steps:
            break
        step = data.draw(st.sampled_from(steps))
        if data.draw(st.integers(0, 3)) == 0:
            here[step] = data.draw(VALUES)  # type: ignore[index] # a dict or list, as steps shows
            break
        here = here[step]  # type: ignore[index] # as above

    survives(yaml.safe_dump(tree, allow_unicode=True).encode())
