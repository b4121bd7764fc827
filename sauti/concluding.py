"""`sauti round destroyed` and `proof`: that a round is destroyed is said only when others have signed for it (D5).

The server vouches for what it held, custodians and holders for what they had. The state moves with the proof, in one
transaction, and the proof can be judged again by anybody, offline and without this server.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sauti.destroying import bundles
from sauti.office import Office, RoundArgument, now, office
from sauti.speaking import answer, say, told

if TYPE_CHECKING:
    from privacy.destruction import Proof, Remains, Statement
    from storage.envelope.ceremony import Custody
    from storage.rounds import Gone


def destroyed(
    round_: RoundArgument,
    statements: Annotated[list[Path], typer.Argument(help="Files of `sauti keys destroy` and `sauti erase`.")],
    out: Annotated[Path, typer.Option(help="The proof; it names no person and may be published.")],
) -> None:
    """Call a round destroyed, once enough custodians and the holders of all bundles have signed; and prove it.

    Given again, the same proof is written again.
    """
    from sauti.files import refuse_existing, whole_file

    with told():
        refuse_existing(out)
        with office() as work:
            gone = _gone(work, round_)
            proof = gone.proof or _proved(work, gone, statements)
        with whole_file(out) as file:
            file.write(proof + b"\n")
    say("Destroyed. Keep the proof where the custodians and whoever asked for it can find it.")
    answer({"format": "sauti-round", "version": 1, "round": gone.id.hex(), "code": gone.code, "state": "destroyed"})


def proof(
    file: Annotated[Path, typer.Argument(metavar="PROOF", help="A proof of `sauti round destroyed`.")],
    public_key: Annotated[
        list[Path] | None,
        typer.Option(help="The round's round.public.json and notification.public.json, as you have kept them."),
    ] = None,
) -> None:
    """Verify a proof that a round was destroyed: offline, with nothing but the file and the round's public keys."""
    from privacy.destruction import Proof, verify
    from sauti.files import load

    with told():
        given = load(file, Proof)
        verify(given, [_custody(path) for path in public_key or ()])
    if not public_key:
        say("Who the custodians were is believed from the file itself: give --public-key to compare it with theirs.")
    custody = given.remains.custody
    answer({
        "format": "sauti-destruction", "version": 1, "round": given.remains.round, "week": given.week,
        "server_key": given.key, "checksum": given.checksum, "shares": len(given.shares),
        "of": sum(one.shares for one in custody), "bundles": len(given.remains.exported),
    })  # fmt: skip


def _remains(work: Office, gone: "Gone") -> "Remains":
    """What this server still knows of a round. Raises DestructionRefused `no-custodians`."""
    from privacy.destruction import Registered, Remains
    from privacy.errors import DestructionRefused
    from storage.envelope.ceremony import read_custody

    if gone.custody is None:
        raise DestructionRefused("no-custodians")
    exported = tuple(Registered.model_validate(one) for one in bundles(work, gone))
    return Remains(round=gone.id.hex(), week=gone.week, custody=read_custody(gone.custody), exported=exported)


def _gone(work: Office, name: str) -> "Gone":
    """The round, if this server has destroyed it. Raises WrongState where it has not."""
    from rounds.life import Act, WrongState

    gone = work.store.destroyed(name)
    if gone is None:
        row = work.store.get(name)
        raise WrongState(row.state, Act.DESTROYED)
    return gone


def _proved(work: Office, gone: "Gone", paths: list[Path]) -> bytes:
    from flows.model import canonical
    from privacy.destruction import prove
    from rounds import service
    from storage.destroying import looked_through
    from storage.signing import server_key, sign
    from storage.times import iso_week

    said = [_statement(path) for path in paths]
    empty = looked_through(work.store, work.secrets, gone.id)
    seed = work.secrets.bundle_key()
    unsigned = prove(
        _remains(work, gone), empty, said, week=iso_week(now()), server_key=server_key(seed)
    )  # fmt: skip
    signed: Proof = unsigned.with_signature(sign(seed, unsigned.signed))
    proof = canonical(signed.model_dump(mode="json"))
    service.proved(work.store, gone, proof)
    return proof


def _statement(path: Path) -> "Statement":
    from privacy.destroyed import BundleDestroyed, ShareDestroyed
    from sauti.files import load

    if b'"sauti-bundle-destroyed"' in path.read_bytes():
        return load(path, BundleDestroyed)
    return load(path, ShareDestroyed)


def _custody(path: Path) -> "Custody":
    """Who holds the shares, by a public file. Raises DestructionRefused `no-custodians`."""
    from privacy.errors import DestructionRefused
    from sauti.files import load
    from storage.envelope.ceremony import NotificationFile, PublicFile

    notification = b'"sauti-notification-public"' in path.read_bytes()
    half = load(path, NotificationFile if notification else PublicFile)
    if not half.custodians:
        raise DestructionRefused("no-custodians")
    return half.custody()
