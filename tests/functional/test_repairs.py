"""A candidate that may not be released, at the desk: what is offered, and what becomes of what somebody chooses."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from privacy.candidate import Candidate
from privacy.signing import new_signing_key
from sauti.main import app
from tests.privacy import synthetic

pytestmark = pytest.mark.xdist_group("commands")

ASKED = synthetic.consultation()


class Counting:
    """`sauti tabulate` over a round whose ranking gives one number away by places that the door is made to let by.

    The custodians did their part.
    """

    def __init__(self, folder: Path) -> None:
        people = [person.records(ASKED) for person in synthetic.people(200, seed=1)]
        self.made = synthetic.make_bundle(folder, ASKED, people)
        self.out = folder / "candidate.json"
        (folder / "author.key").write_bytes(new_signing_key().to_json())
        self._words = ["tabulate", self.made.path, "--key", folder / "share", "--ledger", folder / "ledger.jsonl"]
        self._words += ["--as", "who counts", "--signing-key", folder / "author.key"]

    def run(self, *more: str) -> Result:
        """The command with these words behind it."""
        return CliRunner().invoke(app, [*map(str, self._words), "--out", str(self.out), *more])


@pytest.fixture(scope="module")
def counting(tmp_path_factory: pytest.TempPathFactory) -> Counting:
    """A bundle, made once."""
    return Counting(tmp_path_factory.mktemp("repairs"))


@pytest.fixture(autouse=True)
def _unlocked(monkeypatch: pytest.MonkeyPatch, counting: Counting) -> None:
    counting.out.unlink(missing_ok=True)
    monkeypatch.setattr("sauti.desk.unlocked", lambda _shares: counting.made.private_key)
    monkeypatch.setattr("privacy.control.may_be_placed", lambda *_table: True)


def test_a_refusal_offers_what_is_enough(counting: Counting) -> None:
    """Refused with 1: cells by name, then repairs with their price, for people and machines; nothing is written.

    Proves: R3, R2
    """
    told = counting.run()
    read = counting.run("--format", "json")

    assert (told.exit_code, read.exit_code) == (1, 1)
    assert "first" in told.stderr
    assert "run this again with --repair and its name" in told.stderr
    said = json.loads(read.stdout)
    assert (said["format"], said["version"]) == ("sauti-repairs", 1)
    assert [one["kind"] for one in said["repairs"]] == ["withhold", "drop"]
    for one in said["repairs"]:
        assert f"'{one['id']}'" in told.stderr
    assert said["repairs"][-1]["tables_lost"] == 1
    assert not counting.out.exists()


def test_where_the_search_stopped_is_told(counting: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond eight steps nothing is looked for: which kinds that concerns, why, and what to do, is said. Proves: R3."""
    from privacy.repairing import Offers
    from privacy.repairs import Kind

    monkeypatch.setattr("privacy.repairing.offers", lambda *_given: Offers((), (Kind.COLLAPSE, Kind.WITHHOLD)))

    ran = counting.run("--format", "json")

    assert ran.exit_code == 1
    assert json.loads(ran.stdout)["unfinished"] == ["collapse", "withhold"]
    assert "Not looked at to the end: collapse, withhold. A repair of more than 8 steps" in ran.stderr
    assert "--without" in ran.stderr


def test_every_repair_says_what_it_costs(counting: Counting) -> None:
    """Each has a price in words, also one that hides as many figures as before: no line is a bare name. Proves: R3."""
    told = counting.run()
    prices = dict(re.findall(r"^  '(\S+)'  (.*)$", told.stderr, re.MULTILINE))

    assert prices["drop:first"] == "1 table lost"
    assert [price for name, price in prices.items() if name.startswith("withhold:")] == [
        "no more figures hidden than now, but another one"
    ]


def test_what_somebody_chooses_is_done_and_told(counting: Counting) -> None:
    """A chosen repair makes a candidate that passes; its method note says which. Proves: R3."""
    offered = json.loads(counting.run("--format", "json").stdout)["repairs"]

    for one in offered:
        assert counting.run("--repair", one["id"]).exit_code == 0
        made = Candidate.from_json(counting.out.read_bytes())
        assert made.method.repairs == tuple(one["id"].split("+"))
        assert [table.id for table in made.tables if not table.rows] == ["first"] * one["tables_lost"]
    assert counting.run("--without", "first").exit_code == 0
    assert Candidate.from_json(counting.out.read_bytes()).method.repairs == ("drop:first",)


@pytest.mark.parametrize("name", ["drop:nothing", "mend:first", "withhold:first/maybe"])
def test_a_repair_nobody_offered_is_wrong_use(counting: Counting, name: str) -> None:
    """A name that is no repair of these tables ends with 2, is not repeated, and changes nothing."""
    ran = counting.run("--repair", name)

    assert ran.exit_code == 2
    assert "unknown-repair" in ran.stderr
    assert name not in ran.stderr
    assert not counting.out.exists()


def test_a_repair_that_is_not_enough_is_refused(counting: Counting) -> None:
    """Whoever chooses by herself is held to the same audit as everybody, and told what would be enough."""
    ran = counting.run("--repair", "drop:vote")

    assert ran.exit_code == 1
    assert "'drop:first'" in ran.stderr
    assert not counting.out.exists()
