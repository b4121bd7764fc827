"""Values put into a YAML file, and every other byte left where it was."""

import difflib
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from flows import plain_yaml
from flows.findings import ConsultationError
from flows.yaml_changes import Change, changed, put_in
from tests.architecture.house import ROOT
from tests.flows.translated import LINES, ODD, words

EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))
LANGUAGES = ("en", "fr", "no", "pt-BR", "zh-Hans", "y")
WRITTEN = words(st.characters(categories=["L", "N", "P", "Zs"]) | st.sampled_from("\n:#-'\"|>{}[],&*!%@"))
"""Texts that a file has held before; PyYAML's writer breaks rarer ones by itself."""
TEXTS = words(st.characters(exclude_categories=["Cs"], exclude_characters="\0") | st.sampled_from(ODD + LINES))


def read(data: bytes) -> Any:  # noqa: ANN401 - YAML's values have no common type
    """The values of a file."""
    return plain_yaml.read(data, "some.yaml").value


def differing(before: bytes, after: bytes) -> tuple[list[str], list[str]]:
    """Lines that are gone and lines that are new."""
    lines = list(difflib.ndiff(before.decode().splitlines(), after.decode().splitlines()))
    return [line[2:] for line in lines if line[:1] == "-"], [line[2:] for line in lines if line[:1] == "+"]


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_what_is_put_in_is_there_and_nothing_else_has_moved(data: st.DataObject) -> None:
    """Whatever the style of a file and whatever signs a text holds, reading it again gives what was wanted."""
    texts = st.dictionaries(st.sampled_from(LANGUAGES), WRITTEN, min_size=1, max_size=3)
    tree = {
        "languages": ["en"],
        "title": data.draw(texts),
        "about": data.draw(st.lists(texts, min_size=1, max_size=3)),
        "items": [
            {"id": "a", "text": data.draw(texts), "choices": [{"text": data.draw(texts)}]},
            {"text": data.draw(texts)},
        ],
    }
    style = data.draw(st.sampled_from((None, False, True)))
    written = yaml.safe_dump(
        tree, default_flow_style=style, allow_unicode=True, width=data.draw(st.sampled_from((40, 400)))
    )
    assume(read(written.encode()) == tree)
    paths = [("title",), ("about", 0), ("items", 0, "text"), ("items", 0, "choices", 0, "text"), ("items", 1, "text")]
    chosen = data.draw(st.lists(st.sampled_from(paths), min_size=1, unique=True))
    changes = [Change((*path, data.draw(st.sampled_from(LANGUAGES))), data.draw(TEXTS)) for path in chosen]
    changes += [Change(("languages", 1), "sw"), Change(("reviews", "sw", "reviewed"), False)]

    made = changed(written.encode(), "some.yaml", changes)

    assert read(made) == put_in(tree, tuple(changes))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_remarks_stay_where_they_are(path: Path) -> None:
    """Of a whole example, only the lines of the new texts differ."""
    before = path.read_bytes()
    if b"sauti-consultation" not in before:
        return
    tree = read(before)
    first = tree["languages"][0]
    changes = [
        Change(("title", first), "New title"),
        Change(("consent", "about", 0, "xx"), "One\n\nTwo: # three"),
        Change(("languages", len(tree["languages"])), "xx"),
        Change(("reviews", "xx"), {"reviewed": False}),
    ]

    after = changed(before, path.name, changes)

    gone, new = differing(before, after)
    assert len(gone) <= 3
    assert len(new) <= 8
    assert not [line for line in gone if line.lstrip().startswith("#")]
    assert "Two: # three" in "".join(new)


def test_remarks_behind_a_value_and_windows_line_ends_stay() -> None:
    """A new line stands below the remark of the line before it, and ends as the others do."""
    before = b"\xef\xbb\xbf# head\r\ntitle:\r\n  en: One  # the first\r\n\r\n  # the second\r\nlast: 1\r\n"

    after = changed(before, "some.yaml", [Change(("title", "sw"), "Moja")])

    assert after == before.replace(b"# the first\r\n", b'# the first\r\n  sw: "Moja"\r\n')


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("title: {en: One, }\n", Change(("title", "sw"), "Moja")),
        ("title: {}\n", Change(("title", "sw"), "Moja")),
        ("title:\n  en: >-\n    One\n\n    two\n\n\n# end\nlast: 1\n", Change(("title", "en"), "Moja")),
        ("list:\n- a\n- b # two\n", Change(("list", 2), "no")),
        ("list: [a]", Change(("list", 1), "c")),
        ("title:\n  en: One", Change(("title", "sw"), "Moja\n\nMbili")),
        ("- text:\n    en: 'It''s'\n", Change((0, "text", "en"), 'She said "yes"')),
        ("a: 1\n", Change(("b", "c", "d"), "deep")),
    ],
)
def test_each_way_of_writing_takes_a_value(text: str, change: Change) -> None:
    """Flow and block, folded and literal, lists and mappings, with and without a last line end."""
    made = changed(text.encode(), "some.yaml", [change])

    assert read(made) == put_in(read(text.encode()), (change,))


def test_what_cannot_be_put_in_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was made is read again before anybody gets it; where it says something else, nothing is given out."""
    monkeypatch.setattr("flows.yaml_changes._quoted", lambda text: text)

    for before in (b"title: {en: One}\n", b"title:\n  en: |+\n    One\n\n\n\nlast: 1\n"):
        with pytest.raises(ConsultationError) as refused:
            changed(before, "some.yaml", [Change(("title", "sw"), "a: {b")])
        assert [one.code for one in refused.value.findings] == ["cannot-write"]
