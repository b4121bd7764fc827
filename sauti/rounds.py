"""`sauti round` and `sauti bundle`: a round's life, and the sealed responses that leave it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sauti import concluding, destroying, witnessing
from sauti.office import RoundArgument, now, office
from sauti.speaking import MISUSED, OnlyJson, answer, say, told

if TYPE_CHECKING:
    from storage.rounds import RoundRow

app = typer.Typer(
    no_args_is_help=True,
    help="The life of a round, from new to destruction; docs/round-states.md shows it as one picture.",
)
app.command()(destroying.destroy)
app.command()(concluding.destroyed)
app.command()(concluding.proof)
app.command()(witnessing.analysed)
app.command()(witnessing.released)


@app.command()
def new(  # noqa: PLR0913 - each is an option of the command
    file: Annotated[Path, typer.Argument(help="The consultation: YAML, or an XLSForm workbook (.xlsx, .xls).")],
    public_key: Annotated[Path, typer.Option(help="round.public.json of `sauti keys new`.")],
    *,
    notification_key: Annotated[
        Path | None,
        typer.Option(
            help="notification.public.json of `sauti keys new --purpose notification`; a live round needs it."
        ),
    ] = None,
    deployment: Annotated[
        Path | None, typer.Option(help="The deployment record; a rehearsal without one takes an invented one.")
    ] = None,
    rehearsal: Annotated[bool, typer.Option("--rehearsal", help="Invented people only, for ever.")] = False,
    hostile: Annotated[
        int | None,
        typer.Option(min=0, max=50, help="Responses that one hostile party may control (s); else as the record says."),
    ] = None,
    drop: Annotated[
        bool,
        typer.Option("--drop-unsupported", help="Leave out of a workbook what cannot be asked."),
    ] = False,
) -> None:
    """Make a round of a consultation under a key and a deployment record. It freezes all; it does not open yet."""
    from flows.prompts import taken
    from rounds import service
    from rounds.deployment import load as load_deployment
    from sauti import consultations
    from sauti.files import beside, load
    from storage.envelope.ceremony import NotificationFile, PublicFile
    from storage.rounds import ControlRow

    fetch = beside(file)
    with told(), office() as work:
        record = None if deployment is None else load_deployment(deployment.read_bytes(), deployment.name)
        excused = {} if record is None else record.set_aside
        consultation = consultations.load(file, exceptions=excused, drop=drop)
        said = ControlRow().s if record is None else record.hostile
        row = service.new(
            work.store, taken(consultation, fetch), load(public_key, PublicFile), rehearsal=rehearsal,
            control=ControlRow(s=said if hostile is None else hostile), deployment=record,
            notification=None if notification_key is None else load(notification_key, NotificationFile),
        )  # fmt: skip
        lacking = service.lacking(row, now())
    if row.custody is None:
        say(_NAMELESS)
    for gap in lacking:
        say(f"before it can open: {gap}")
    answer(_shown(row))


_NAMELESS = (
    "Its keys name no custodians' signing keys: it can be destroyed, and nobody can ever prove it. Make new ones with "
    "`sauti keys new`."
)


@app.command()
def referrals(
    round_: RoundArgument,
    file: Annotated[Path, typer.Argument(help="A `sauti-referrals` file, or a deployment record with the new list.")],
) -> None:
    """Renew where help can be found, also while the round is open."""
    from rounds import moving
    from rounds.deployment import load_referrals

    with told(), office() as work:
        renewed = load_referrals(file.read_bytes(), file.name)
        row = moving.renew_referrals(work.store, work.store.get(round_), renewed, now())
    say(f"{len(row.referrals)} entries, offered from now on.")
    answer(_shown(row))


@app.command()
def challenge(
    round_: RoundArgument, out: Annotated[Path | None, typer.Option(help="Where it goes; stdout without it.")] = None
) -> None:
    """Make a challenge that only the round's custodians can meet."""
    from rounds import service
    from sauti.files import hand_over

    with told(), office() as work:
        made = service.challenge(work.store, work.store.get(round_))
        hand_over(made.model_dump_json(), out)


@app.command()
def check(
    round_: RoundArgument,
    drill: Annotated[Path | None, typer.Option(help="The proof of `sauti keys drill`.")] = None,
) -> None:
    """Find whether anything keeps a round shut; when nothing does, it can be opened, or opens by itself at a time."""
    from rounds import service
    from sauti.files import load
    from storage.envelope.ceremony import DrillProofFile

    with told(), office() as work:
        proof = None if drill is None else load(drill, DrillProofFile)
        row = service.check(
            work.store, work.secrets, work.store.get(round_),
            proof=proof, bot_api_url=work.settings.bot_api_url, now=now(),
        )  # fmt: skip
    answer(_shown(row))


@app.command()
def schedule(
    round_: RoundArgument,
    opens: Annotated[
        str | None, typer.Option(help="On the clocks of the round's place, as in 2026-12-01T09:00.")
    ] = None,
    closes: Annotated[str | None, typer.Option(help="The same; without it, it is closed by hand.")] = None,
    *,
    clear: Annotated[bool, typer.Option("--clear", help="Forget what was planned.")] = False,
) -> None:
    """Plan when a checked round opens and closes by itself, or when a running one closes, in full ten minutes.

    `sauti clock`, or the staff bot, does it at its time.
    """
    from rounds import moving
    from rounds.life import Role

    if clear and (opens or closes):
        say("sauti: --clear goes alone")
        raise typer.Exit(MISUSED)
    with told(), office() as work:
        row = work.store.get(round_)
        if clear:
            row = moving.unschedule(work.store, row, by=Role.OPERATOR)
        else:
            row = moving.schedule(work.store, row, opens=opens, closes=closes, by=Role.OPERATOR, now=now())
        seen = moving.status(work.store, row, now())
    answer(_shown(row) | {"opens": seen.opens, "closes": seen.closes})


@app.command(name="open")
def open_(
    round_: RoundArgument,
    drill: Annotated[
        Path | None, typer.Option(help="The proof of `sauti keys drill`; not needed once it was checked.")
    ] = None,
) -> None:
    """Open a round, once nothing is missing."""
    from rounds import service
    from rounds.gate import cautions
    from sauti.files import load
    from storage.envelope.ceremony import DrillProofFile

    with told(), office() as work:
        proof = None if drill is None else load(drill, DrillProofFile)
        row = service.open_(
            work.store, work.secrets, work.store.get(round_),
            proof=proof, bot_api_url=work.settings.bot_api_url, now=now(),
        )  # fmt: skip
    for caution in cautions(row):
        say(f"opened, but {caution}")
    answer(_shown(row))


@app.command()
def pause(round_: RoundArgument) -> None:
    """Let a round rest: nobody can answer until it is opened again."""
    from rounds import moving
    from rounds.life import Role

    with told(), office() as work:
        row = moving.pause(work.store, work.store.get(round_), by=Role.OPERATOR)
    answer(_shown(row))


@app.command()
def close(round_: RoundArgument) -> None:
    """End a round for good: drafts are erased, and the way from a chat to its answers with them."""
    from rounds import service

    with told(), office() as work:
        row = service.close(work.store, work.secrets, work.store.get(round_), now())
    say("Closed. From now on only a receipt reaches an answer.")
    answer(_shown(row))


@app.command()
def results(
    round_: RoundArgument,
    file: Annotated[Path, typer.Argument(help="A `sauti-results` file: the summary, and what happened with it.")],
) -> None:
    """Publish what `/results` answers, in every language of a closed round; a newer file replaces the older one.

    Write only what stands in a release whose figures are protected: nothing can see from a text where its numbers come
    from, so this is the duty of whoever publishes it. An empty `happened` list is told as "nothing yet".
    """
    from rounds import service
    from rounds.results import load as load_results

    with told(), office() as work:
        row = work.store.get(round_)
        published = load_results(file.read_bytes(), file.name, row.consultation.languages, now().date())
        changes = service.publish(work.store, row, published)
    say("Published." if changes.first else f"Replaced. Another summary in: {', '.join(changes.summary) or 'none'}.")
    say(f"What happened with it: {changes.added} entries are new, {changes.removed} are gone.")
    answer(_shown(row) | {"happened": len(published.happened)})


@app.command()
def status(
    round_: Annotated[str | None, typer.Argument(metavar="[ROUND]", help="Without it, the list of all rounds.")] = None,
    form: Annotated[OnlyJson, typer.Option("--format", help="The only one.")] = OnlyJson.JSON,  # noqa: ARG001 - part of the contract
) -> None:
    """Show a round as anyone who runs it may see it: no live figure, tens only, a day late."""
    from rounds import moving

    with told(), office() as work:
        if round_ is None:
            rows = [*map(_facts, work.store.all()), *map(destroying.facts, work.store.gone())]
            answer({"format": "sauti-rounds", "version": 1, "rounds": rows})
            return
        gone = work.store.destroyed(round_)
        if gone is not None:
            bundles = destroying.bundles(work, gone)
            answer({"format": "sauti-round-status", "version": 1, **destroying.facts(gone), "bundles": bundles})
            return
        seen = moving.status(work.store, work.store.get(round_), now())
    if seen.stale_referrals:
        say(
            f"ALARM: {seen.stale_referrals} referral entries were not tried for 30 days. People are still sent there. "
            "Try them, then `sauti round referrals`."
        )
    shown = {
        "state": seen.state, "rehearsal": seen.rehearsal, "proved": seen.proved, "languages": seen.languages,
        "opened_week": seen.opened_week, "closed_week": seen.closed_week, "participation": seen.participation,
        "stale_referrals": seen.stale_referrals, "opens": seen.opens, "closes": seen.closes,
    }  # fmt: skip
    answer({"format": "sauti-round-status", "version": 1, "round": seen.id.hex(), "code": seen.code, **shown})


def _shown(row: "RoundRow") -> dict[str, object]:
    return {"format": "sauti-round", "version": 1, **_facts(row)}


def _facts(row: "RoundRow") -> dict[str, object]:
    return {"round": row.id.hex(), "code": row.code, "state": row.state, "rehearsal": row.rehearsal}


def bundle(
    round_: RoundArgument,
    out: Annotated[Path, typer.Option(help="The bundle file for the desk.")],
    holder: Annotated[
        str | None,
        typer.Option(help="Signing key of whoever takes it (`sauti keys signing`); else the custodians answer for it."),
    ] = None,
) -> None:
    """Take a round's sealed responses out, signed, for the desk. Nothing in it can be read without the shares.

    The server writes down that it left and who has it: the round is not destroyed before they sign that it is gone.
    """
    from sauti.files import whole_file
    from storage.bundles import write_bundle

    with told(), office() as work:
        row, taker = work.store.get(round_), _signing_key(holder)
        with whole_file(out) as file:
            made = write_bundle(work.store.engine, work.secrets, row.id, file, now=now(), holder=taker)
    counted = {"count": made.count, "tombstones": made.tombstones}
    answer({"format": "sauti-bundle-summary", "version": 1, **counted, "bundle": made.name.hex()})


def _signing_key(said: str | None) -> bytes:
    """A public signing key as people hand it on; nothing where nobody is named. Ends with exit code 2 otherwise."""
    from storage.envelope.fields import Hex

    try:
        return b"" if said is None else Hex(32).read(said)
    except ValueError:
        say("sauti: --holder is a key of 64 hexadecimal digits, as `sauti keys signing` says it")
        raise typer.Exit(MISUSED) from None
