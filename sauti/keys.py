"""`sauti keys`: a round's key, split among custodians, and the drill that proves they can still open with it."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sauti.passphrases import passphrases
from sauti.speaking import SureOption, answer, say, sure, told

if TYPE_CHECKING:
    from privacy.keys import RoundPrivateKey

app = typer.Typer(no_args_is_help=True, help="Make a round's key, split among custodians; rehearse opening with it.")


class KeyPurpose(StrEnum):
    """What a key is for; each is made apart, so that whoever opens the one has not opened the other."""

    ROUND = "round"
    NOTIFICATION = "notification"


PUBLIC_FILE = "round.public.json"
_PUBLIC = {KeyPurpose.ROUND: PUBLIC_FILE, KeyPurpose.NOTIFICATION: "notification.public.json"}
_SHARES = {KeyPurpose.ROUND: "share", KeyPurpose.NOTIFICATION: "notification-share"}
_OPENS = {KeyPurpose.ROUND: "the round's answers", KeyPurpose.NOTIFICATION: "the round's contact box"}

KeyOption = Annotated[
    list[Path], typer.Option("--key", help="A custodian's share file; give as many as the threshold asks for.")
]
"""`--key A --key B`, or `--key A B` as shells expand `--key share-*.json`: then the further files arrive among the
command's arguments, behind the first."""


@app.command()
def new(
    out: Annotated[Path, typer.Option(help="Folder for round.public.json and share-1.json … share-N.json.")],
    shares: Annotated[int, typer.Option(min=1, max=16, help="How many custodians hold a share.")] = 3,
    threshold: Annotated[int, typer.Option(min=1, max=16, help="How many of them must come together.")] = 2,
    purpose: Annotated[KeyPurpose, typer.Option(help="What it is for: a round's answers, or its contact box.")] = (
        KeyPurpose.ROUND
    ),
) -> None:
    """Make a new key. Do this offline; give each custodian one share file and let nobody keep two."""
    from privacy.keys import new_keys
    from sauti.files import refuse_existing, write_private
    from storage.envelope.ceremony import NotificationFile

    with told():
        files = [out / f"{_SHARES[purpose]}-{number}.json" for number in range(1, shares + 1)]
        public_file = out / _PUBLIC[purpose]
        refuse_existing(public_file, *files)
        made = new_keys(shares, threshold, passphrases(range(1, shares + 1), new=True))
        out.mkdir(parents=True, exist_ok=True, mode=0o700)
        for path, share in zip(files, made.shares, strict=True):
            write_private(path, share.model_dump_json(indent=2))
        half = made.public if purpose is KeyPurpose.ROUND else NotificationFile.of(made.public)
        write_private(public_file, half.model_dump_json(indent=2))
    say(f"Any {threshold} of {shares} share files open {_OPENS[purpose]} together with their passphrases.")
    say("Fewer open nothing, and nobody can make a lost share again.")
    public = made.public.model_dump(mode="json")
    custody = {"key_id": public["key_id"], "shares": shares, "threshold": threshold}
    answer({"format": "sauti-keys", "version": 1, **custody, "public": str(public_file)})


@app.command()
def signing(out: Annotated[Path, typer.Option(help="The key file; readable by its owner only.")]) -> None:
    """Make a person's signing key: for who counts and for each reviewer their own. It opens nothing."""
    from privacy.signing import new_signing_key
    from sauti.files import write_private

    with told():
        made = new_signing_key()
        write_private(out, made.model_dump_json(indent=2))
    say("Tell the others this key; nobody else may have the file.")
    answer({"format": "sauti-signing", "version": 1, "key": made.key.hex()})


@app.command()
def drill(
    challenge: Annotated[
        list[Path], typer.Argument(metavar="CHALLENGE", help="The challenge file of `sauti round challenge`.")
    ],
    key: KeyOption,
    out: Annotated[Path | None, typer.Option(help="Where the proof goes; stdout without it.")] = None,
) -> None:
    """Open a round's challenge with the custodians' shares: the proof lets `sauti round open` go ahead."""
    from privacy.keys import drill as prove
    from sauti.files import hand_over, load
    from storage.envelope.ceremony import ChallengeFile

    with told():
        asked = load(challenge[0], ChallengeFile)
        proof = prove(asked, unlocked([*key, *challenge[1:]]))
        hand_over(proof.model_dump_json(), out)


@app.command()
def destroy(
    share: Annotated[Path, typer.Argument(help="Your share file; it is overwritten and removed.")],
    out: Annotated[Path, typer.Option(help="Your signed statement that it is gone, for whoever keeps the server.")],
    *,
    yes: SureOption = False,
) -> None:
    """Destroy a custodian's share for good, and sign that it and all its copies are gone.

    Destroy other copies of the file first: with the last one goes the key that signs. The passphrase is asked for,
    because it makes that key. `sauti round destroyed` takes the statement.
    """
    from privacy.destroyed import share_destroyed
    from privacy.key_files import ShareFile
    from privacy.keys import custodian_seed
    from privacy.signing import signing_key
    from sauti.files import exchange, load, refuse_existing
    from sauti.office import now
    from storage.times import iso_week

    with told():
        file = load(share, ShareFile)
        refuse_existing(out)
        sure(f"Nobody can bring share {file.number} back. Destroy it", yes=yes)
        signer = signing_key(custodian_seed(file, *passphrases([file.number])))
        said = share_destroyed(file.key_id, file.number, iso_week(now()), signer)
        exchange(share, said.model_dump_json(indent=2), out)
    say(f"Share {file.number} is gone, and so is the key that signed it. Hand on the statement; it is no secret.")
    answer({"format": "sauti-keys-destroyed", "version": 1, "key_id": said.key_id, "number": said.number})


def unlocked(paths: list[Path]) -> "RoundPrivateKey":
    """The private key that the share files at `paths` hold together."""
    from privacy.key_files import ShareFile
    from privacy.keys import unlock
    from sauti.files import load

    shares = [load(path, ShareFile) for path in paths]
    return unlock(shares, passphrases([share.number for share in shares]))
