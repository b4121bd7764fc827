"""Who is measured: our bot, the same bot without sealing and storing, the null bot, and the peers in bench/."""

import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.simulator.crowd import Act

ROOT = Path(__file__).parents[2]
BENCH = ROOT / "bench"
PEERS_PYTHON = ROOT / ".venv-bench" / "bin" / "python"
CONSULTATION = BENCH / "consultation.yaml"
SECRET = "bench-webhook-secret"  # noqa: S105 - guards a server that lives for seconds on this machine

_TAP, _WORDS = Act(0), Act(words="More people should be asked before anything is decided, and told what came of it.")
ACTS = (
    *(_TAP,) * 4,  # language, safe now, age, about
    *(_TAP, Act(1)),  # the check: Telegram can read this; help does not depend on it
    *(_TAP,) * 5,  # consents
    *(_TAP, _TAP, _WORDS, _TAP, _TAP),  # questions 1 to 5
    *(_TAP, Act(1), Act(4)),  # question 6: two of four ticks, then done
    *(_TAP, _WORDS, _TAP, _TAP, _TAP, _TAP),  # questions 7 to 12
    *(_TAP, _TAP),  # send; the receipt is kept
)
"""One conversation after /start, the same for every contestant (bench/dialogue.py and bench/consultation.yaml)."""


@dataclass(frozen=True, slots=True)
class Seat:
    """Where one measured process sits: address of the simulator, token, folder of its own, webhook port or None."""

    url: str
    token: str
    folder: Path
    port: int | None


@dataclass(frozen=True, slots=True)
class Prepared:
    """An open round of the bench consultation: a folder with database and secrets, to be copied for every run."""

    folder: Path
    code: str


@dataclass(frozen=True, slots=True)
class Contestant:
    """One kind of bot: its name, what it does, and how it is started."""

    name: str
    what: str
    command: Callable[[Seat], tuple[str, ...]]
    settings: Callable[[Seat], Mapping[str, str]]
    acts: tuple[Act, ...] = ACTS
    ours: bool = False
    """Needs an open round in its folder, and the code of that round after /start."""


def _module(name: str) -> Callable[[Seat], tuple[str, ...]]:
    def command(seat: Seat) -> tuple[str, ...]:
        webhook = () if seat.port is None else ("--webhook", f"http://127.0.0.1:{seat.port}/hook")
        return (sys.executable, "-m", *name.split(), *webhook)

    return command


def _sauti_settings(seat: Seat) -> Mapping[str, str]:
    settings = {
        "SAUTI_DATABASE_URL": f"sqlite:///{seat.folder / 'sauti.db'}",
        "SAUTI_SECRETS_DIR": str(seat.folder / "secrets"),
        "SAUTI_BOT_API_URL": seat.url,
        "SAUTI_BOT_TOKEN": seat.token,
        "PYTHONPATH": str(ROOT),
    }
    if seat.port is not None:
        settings |= {"SAUTI_WEBHOOK_SECRET": SECRET, "SAUTI_WEBHOOK_LISTEN": f"127.0.0.1:{seat.port}"}
    return settings


def _script(name: str) -> Callable[[Seat], tuple[str, ...]]:
    return lambda _seat: (str(PEERS_PYTHON), "-m", f"bench.{name}")


def _peer_settings(seat: Seat) -> Mapping[str, str]:
    settings = {
        "BENCH_URL": seat.url,
        "BENCH_TOKEN": seat.token,
        "BENCH_FOLDER": str(seat.folder),
        "BENCH_SECRET": SECRET,
        "PYTHONPATH": str(ROOT),
    }
    return settings if seat.port is None else settings | {"BENCH_PORT": str(seat.port)}


def _peer(name: str, what: str) -> Contestant:
    return Contestant(name, what, _script(name), _peer_settings)


def _null(seat: Seat) -> tuple[str, ...]:
    port = () if seat.port is None else (str(seat.port),)
    return (sys.executable, "-m", "bot.simulator.nullbot", seat.url, seat.token, *port)


NULL = Contestant(
    "null", "nothing, as fast as it can: the yardstick's ceiling", _null, lambda _seat: {"PYTHONPATH": str(ROOT)},
    acts=tuple(act if act.words else _TAP for act in ACTS),
)  # fmt: skip
SAUTI = Contestant("sauti", "sealed and durable", _module("sauti bot"), _sauti_settings, ours=True)
UNSEALED = Contestant(
    "sauti_unsealed", "the same bot, drafts in memory, nothing sealed or stored", _module("sauti.benching.unsealed"),
    _sauti_settings, ours=True,
)  # fmt: skip
PEERS = (
    _peer("aiogram_memory", "bare FSM, keeps no answer"),
    _peer("aiogram_sqlite", "plaintext rows, SQLAlchemy, a commit an answer"),
    _peer("ptb_conversation", "ConversationHandler, a pickle every minute"),
)
ALL = {one.name: one for one in (NULL, SAUTI, UNSEALED, *PEERS)}


def seated(prepared: Prepared, contestant: Contestant, seat: Seat) -> None:
    """Fills a fresh folder with what the contestant needs there."""
    if contestant.ours:
        shutil.copytree(prepared.folder, seat.folder, dirs_exist_ok=True)
