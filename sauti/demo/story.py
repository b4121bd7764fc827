"""Where the story plays, and its first steps, each the command a coalition would run: make keys, open a round."""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sauti.demo.processes import sauti
from sauti.speaking import say

SHARES, THRESHOLD = 3, 2
TOKEN = "424242:demo-token-of-the-simulator-only"  # noqa: S105 - the simulator accepts any token; Telegram would not


@dataclass(frozen=True, slots=True)
class Round:
    """One synthetic round: its id, the code that starts a chat, and where its custodians' shares lie."""

    id: str
    code: str
    keys: Path

    @property
    def shares(self) -> tuple[Path, ...]:
        """As many share files as the threshold asks for."""
        return tuple(self.keys / f"share-{number}.json" for number in range(1, THRESHOLD + 1))


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the story plays: a temporary folder, the consultation, and the simulator once it runs."""

    folder: Path
    consultation: Path
    api_url: str = ""

    def at(self, api_url: str) -> "Stage":
        """The same stage with the simulator's address."""
        return replace(self, api_url=api_url)

    @property
    def log(self) -> Path:
        """Where all commands' stderr goes."""
        return self.folder / "commands.log"

    def last_words(self) -> str:
        """The end of what the commands said."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-4000:].strip() if self.log.exists() else ""

    @property
    def bot(self) -> dict[str, str]:
        """Settings of the participant bot."""
        return self.desk | {"SAUTI_BOT_TOKEN": TOKEN}

    @property
    def desk(self) -> dict[str, str]:
        """Settings of the round commands."""
        return {
            "SAUTI_DATABASE_URL": f"sqlite:///{self.folder / 'sauti.db'}",
            "SAUTI_SECRETS_DIR": str(self.folder / "secrets"),
            "SAUTI_BOT_API_URL": self.api_url,
        }

    @property
    def custodians(self) -> dict[str, str]:
        """Settings of the commands that use shares."""
        return {"SAUTI_PASSPHRASE_FILE": str(self.folder / "passphrases")}

    async def run(self, *arguments: str | Path, settings: Mapping[str, str]) -> str:
        """Runs one command, telling which, and returns its stdout. Paths are told by their names alone."""
        told = (argument.name if isinstance(argument, Path) else argument for argument in arguments)
        say(f"  $ sauti {' '.join(told)}")
        return await sauti(*arguments, settings=settings, log=self.log)


def set_stage(folder: Path, consultation: Path) -> Stage:
    """A fresh stage in `folder`, with passphrases that nobody has ever used."""
    passphrases = "\n".join(secrets.token_urlsafe(18) for _ in range(SHARES))
    path = folder / "passphrases"
    path.touch(mode=0o600)
    path.write_text(passphrases + "\n", encoding="utf-8")
    return Stage(folder, consultation)


async def open_round(stage: Stage) -> Round:
    """Makes both keys, checks the consultation, drills the custodians and opens a rehearsal."""
    drilled, proof = await drill_round(stage)
    await stage.run("round", "open", drilled.code, "--drill", proof, settings=stage.desk)
    return drilled


async def drill_round(stage: Stage) -> tuple[Round, Path]:
    """A rehearsal that is still shut, and the file by which its custodians prove that they can open it."""
    keys = stage.folder / f"keys-{secrets.token_hex(4)}"
    custody = ("--shares", str(SHARES), "--threshold", str(THRESHOLD))
    for purpose in ("round", "notification"):
        await stage.run("keys", "new", "--out", keys, *custody, "--purpose", purpose, settings=stage.custodians)
    await stage.run("check", stage.consultation, settings={})
    with_ = (
        "--public-key",
        keys / "round.public.json",
        "--notification-key",
        keys / "notification.public.json",
        "--deployment",
        stage.consultation.with_name("deployment.yaml"),
    )
    made = json.loads(await stage.run("round", "new", stage.consultation, *with_, "--rehearsal", settings=stage.desk))
    drafted = Round(made["round"], made["code"], keys)
    challenge, proof = keys / "challenge.json", keys / "proof.json"
    await stage.run("round", "challenge", drafted.code, "--out", challenge, settings=stage.desk)
    drill = ("keys", "drill", challenge, *key_options(drafted.shares), "--out", proof)
    await stage.run(*drill, settings=stage.custodians)
    return drafted, proof


def key_options(shares: Iterable[Path]) -> tuple[str | Path, ...]:
    """The shares as options of a command."""
    return tuple(word for share in shares for word in ("--key", share))


def write_json(path: Path, value: object) -> None:
    """Writes one JSON value, readable by people."""
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
