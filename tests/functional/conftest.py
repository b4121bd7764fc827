"""A desk in a temporary folder: keys, rounds and files made by the real commands, run in this process for speed."""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from sauti.main import app
from tests.architecture.house import ROOT

EXAMPLE = ROOT / "examples" / "protection.yaml"
LOCAL = "http://127.0.0.1:9"
PASSPHRASES = "one for the first\none for the second\none for the third\n"


@dataclass(frozen=True)
class Desk:
    """A folder with everything a coalition has, and the command line over it."""

    folder: Path
    environment: dict[str, str]

    def run(self, *arguments: str | Path, **settings: str | None) -> Result:
        """One command in this process; `settings` replace those of the desk, None takes one away."""
        environment = self.environment | {f"SAUTI_{name.upper()}": value for name, value in settings.items()}
        result = CliRunner().invoke(app, [str(argument) for argument in arguments], env=environment)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert "Traceback" not in result.output
        return result

    def json(self, *arguments: str | Path, **settings: str | None) -> Any:  # noqa: ANN401 - any JSON
        """The result of a command that has to succeed."""
        result = self.run(*arguments, **settings)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def __truediv__(self, name: str) -> Path:
        return self.folder / name

    def keys(self, number: int = 1, folder: str = "keys") -> Path:
        """A share file."""
        return self.folder / folder / f"share-{number}.json"

    def new_round(self, *options: str, key: str = "keys") -> str:
        """The id of a fresh round of the example."""
        made = self.json("round", "new", EXAMPLE, "--public-key", self / key / "round.public.json", *options)
        return str(made["round"])

    def prove(self, round_id: str) -> Path:
        """The proof that a round's custodians can open it."""
        challenge, proof = self / f"{round_id}.challenge", self / f"{round_id}.proof"
        assert self.run("round", "challenge", round_id, "--out", challenge).exit_code == 0
        drilled = self.run("keys", "drill", challenge, "--key", self.keys(1), "--key", self.keys(2), "--out", proof)
        assert drilled.exit_code == 0, drilled.output
        return proof


@pytest.fixture(scope="session")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """What is expensive, made once: two keys, and of the first one a drafted, an open and a closed rehearsal."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "passphrases").write_text(PASSPHRASES, "utf-8")
    desk = _at(folder)
    for name in ("keys", "other"):
        desk.json("keys", "new", "--out", folder / name, "--shares", "3", "--threshold", "2")
    rounds = {name: desk.new_round("--rehearsal") for name in ("drafted", "open", "closed")}
    for name in ("open", "closed"):
        desk.json("round", "open", rounds[name], "--drill", desk.prove(rounds[name]))
    desk.json("round", "close", rounds["closed"])
    desk.json("bundle", rounds["closed"], "--out", folder / "round.bundle")
    (folder / "rounds.json").write_text(json.dumps(rounds), "utf-8")
    return desk


def _at(folder: Path) -> Desk:
    return Desk(
        folder,
        {
            "SAUTI_DATABASE_URL": f"sqlite:///{folder / 'sauti.db'}",
            "SAUTI_SECRETS_DIR": str(folder / "secrets"),
            "SAUTI_BOT_API_URL": LOCAL,
            "SAUTI_PASSPHRASE_FILE": str(folder / "passphrases"),
            "SAUTI_BOT_TOKEN": "424242:a-token-that-only-the-simulator-takes",
        },
    )


@pytest.fixture
def desk(_made: Desk, tmp_path: Path) -> Desk:
    """A desk of the test's own, copied from the one that was made once."""
    folder = tmp_path / "desk"
    shutil.copytree(_made.folder, folder)
    return _at(folder)


@pytest.fixture
def rounds(desk: Desk) -> dict[str, str]:
    """Ids of the desk's rounds by state: drafted, open, closed."""
    return dict(json.loads((desk / "rounds.json").read_text("utf-8")))


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of whoever runs the tests reaches a command."""
    for name in [name for name in os.environ if name.startswith("SAUTI_")]:
        monkeypatch.delenv(name)
