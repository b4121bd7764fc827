"""`sauti round destroy`: the kill switch, for the minute in which somebody stands at the door."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from sauti.office import Office, RoundArgument, now, office
from sauti.speaking import MISUSED, answer, say, told

if TYPE_CHECKING:
    from storage.rounds import Gone

_NOW = "The secrets go first, at once; what stands in people's chats stays there."
_HIDE = "Chats are emptied first, for two minutes at most, then the secrets go. Needs SAUTI_BOT_TOKEN."


def destroy(
    round_: RoundArgument,
    *,
    at_once: Annotated[bool, typer.Option("--now", help=_NOW)] = False,
    hide_first: Annotated[bool, typer.Option("--hide-first", help=_HIDE)] = False,
) -> None:
    """Destroy what this server holds of a round. No key is needed, nothing is asked, and nothing brings it back.

    Interrupted half-way, run it again.
    """
    if at_once is hide_first:
        say("sauti: say which: --now, or --hide-first where two minutes are left")
        raise typer.Exit(MISUSED)
    from storage.errors import StorageUnavailable

    with told():
        try:
            with office(catching_up=False) as work:
                gone = _destroy(work, round_, hide_first=hide_first)
        except StorageUnavailable:
            _secrets_alone(round_)
            raise
    needed = gone.shares - gone.threshold + 1
    say(
        "This server holds nothing of the round, which is destroyed everywhere, as its proof says."
        if gone.proof
        else "Destruction pending. This server holds nothing of the round any more. It is destroyed only when "
        f"{needed} of {gone.shares} custodians have destroyed their shares and every bundle that was taken is gone."
    )
    answer({"format": "sauti-round", "version": 1, **facts(gone)})


def facts(gone: "Gone") -> dict[str, object]:
    """What the list of rounds says of one that was destroyed."""
    return {"round": gone.id.hex(), "code": gone.code, "state": gone.state}


def bundles(work: Office, gone: "Gone") -> list[dict[str, str | None]]:
    """What left of it, and who has to sign that it is gone: a signing key, or nothing for the custodians."""
    from storage import register

    return [
        {"bundle": one.bundle.hex(), "holder": one.holder.hex() or None, "week": one.week}
        for one in register.of(work.store.engine, gone.id)
    ]


def _destroy(work: Office, name: str, *, hide_first: bool) -> "Gone":
    from rounds import service

    if not hide_first:
        return service.destroy(work.store, work.secrets, name, now())
    from bot.participant.settings import BotSettings
    from bot.participant.silencing import silence_chats
    from storage.destroying import silence

    settings = BotSettings.read()
    doomed = work.store.doomed(name, "")
    try:
        silence(work.store, work.secrets, doomed.id, now())
        if not asyncio.run(silence_chats(settings, work.store, work.secrets, now)):
            say("Time is over: not every chat could be emptied.")
    finally:
        # Whatever went wrong with the chats, and also where somebody presses Ctrl-C: the secrets go.
        gone = service.destroy(work.store, work.secrets, name, now())
    return gone


def _secrets_alone(name: str) -> None:
    """Where the database does not answer: a round that was named by its whole id loses its secrets all the same."""
    from rounds.settings import RoundSettings
    from storage.envelope.ceremony import ROUND_ID
    from storage.secrets import Secrets

    try:
        round_id = bytes.fromhex(name)
    except ValueError:
        round_id = b""
    if len(round_id) == ROUND_ID:
        Secrets(RoundSettings.read().secrets_dir).destroy_round(round_id)
        say("The secrets of this round are gone. Its rows are not: run this again when the database answers.")
    else:
        say("Nothing was destroyed. With the whole id of the round, its secrets go even without the database.")
