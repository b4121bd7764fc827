"""`sauti backup` and `sauti restore`: what may be kept of a database, sealed, and put back without what is to go."""

from pathlib import Path
from typing import Annotated

import typer

from sauti.keys import KeyOption, unlocked
from sauti.office import now, office
from sauti.speaking import answer, say, told


def backup(
    public_key: Annotated[
        Path,
        typer.Option(help="round.public.json of a key made for backups alone with `sauti keys new`; no round's key."),
    ],
    out: Annotated[Path, typer.Option(help="The backup; what stands there is replaced when the new one is whole.")],
) -> None:
    """Back up sealed answers and rounds, sealed to a key that this server does not hold.

    Drafts, links, boxes, salts, keys and the mailbag are in no backup; nor is the folder of secrets. Keep copies of its
    `tombstones`, `destroyed` and `exported` elsewhere, too: what must not come back, and which bundles have left.
    """
    from sauti.files import load, whole_file
    from storage import backing
    from storage.backup_sealing import sealed
    from storage.envelope.ceremony import PublicFile
    from storage.errors import StorageRefused
    from storage.work_log import OFFICE, record

    with told(), office() as work:
        key = load(public_key, PublicFile)
        if key.public_key in backing.public_keys(work.store.engine):
            raise StorageRefused("round-key")
        record(work.store.engine, OFFICE, "backup", key.key_id)
        with whole_file(out) as file:
            file.writelines(sealed(key.public_key, backing.lines(work.store.engine)))
            size = file.tell()
    answer({"format": "sauti-backup-summary", "version": 1, "key_id": key.key_id.hex(), "size": size})


def restore(
    backup_: Annotated[list[Path], typer.Argument(metavar="BACKUP", help="A file of `sauti backup`.")],
    key: KeyOption,
) -> None:
    """Put a backup into an empty database, without what was withdrawn or destroyed since.

    SAUTI_SECRETS_DIR must be the folder that the server used, or hold at least the newest copy of its `tombstones`,
    `destroyed` and `exported`. Rounds that were running rest afterwards.
    """
    from privacy.backups import lines
    from rounds.settings import RoundSettings
    from storage.backing import restore as put_back
    from storage.database import connect
    from storage.secrets import Secrets
    from storage.work_log import OFFICE, record

    with told():
        settings = RoundSettings.read()
        private = unlocked([*key, *backup_[1:]])
        engine = connect(settings.database_url.get_secret_value())
        try:
            with backup_[0].open("rb") as file:
                done = put_back(engine, Secrets(settings.secrets_dir), lines(private, file), now())
            record(engine, OFFICE, "restore", private.key_id)
        finally:
            engine.dispose()
    say("Restored. Rounds that were running rest: look at each with `sauti round status`, then open it again.")
    if done.closed:
        say(f"{done.closed} of them are closed: their salts are gone, and nobody's conversation can be found again.")
    answer({
        "format": "sauti-restored", "version": 1, "rounds": done.rounds, "destroyed": done.destroyed,
        "closed": done.closed,
    })  # fmt: skip
