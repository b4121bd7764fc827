import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.architecture.house import ROOT, tracked

TEXT = (".py", ".md", ".toml", ".txt", ".in", ".yaml", ".yml", ".json", ".sh", ".html", ".css", ".js", ".po", ".xml")
PLACES = [
    re.compile(pattern)
    for pattern in (
        r"(?<![\w.])/(?:home|root|Users|work)/\w",  # somebody's machine
        r"pypi\.org|pythonhosted|npmjs|crates\.io|://[^\s\"']*/simple\b",  # somebody's registry
        r"--(?:extra-)?index-url\s+\S+://|--find-links",
    )
]
LINK = re.compile(r"(?<!\\)\[[^\]\[]*\]\(([^()\s]+)\)")
HERE = Path(__file__).resolve()


def test_nothing_names_a_machine_or_a_registry() -> None:
    """No file of the repository holds a path of somebody's machine or the address of a package registry."""
    named = {
        f"{path.relative_to(ROOT)}:{number}": line.strip()
        for path in tracked(*TEXT, "Makefile", "run", "debian", "Dockerfile")
        if path != HERE
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if any(place.search(line) for place in PLACES)
    }

    assert named == {}


def test_pinned_packages_are_hashed_and_name_no_host() -> None:
    """Each pinned package has its hashes, and nothing says where it was fetched from."""
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        text = path.read_text("utf-8")
        entries = re.split(r"\n(?=[a-z])", text.strip())

        assert "://" not in text
        assert [entry.partition("==")[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_every_environment_has_the_same_pins() -> None:
    """What runs Sauti and what builds it are pinned the same in the environment of the tests."""
    dev = _pins("dev")

    for smaller in (_pins("runtime"), _pins("build")):
        assert {name: dev.get(name) for name in smaller} == smaller


@pytest.mark.parametrize("page", tracked(".md"), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    """Each relative link of a page leads to a file of the repository, and to a heading if it names one."""
    dead = []
    for target in LINK.findall(_without_code(page.read_text("utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = unquote(target).partition("#")
        file = (page.parent / name).resolve() if name else page
        if not file.exists() or (anchor and anchor not in _anchors(file)):
            dead.append(target)

    assert dead == []


def _pins(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    return dict(re.findall(r"^([a-z0-9][\w.-]*)==(\S+)", text, re.MULTILINE))


def _without_code(text: str) -> str:
    return re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ +(.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}
