"""Writes tests/vectors/backup once: `python -m tests.storage.make_backup_vector`. Never again for version 1."""

import asyncio
import json
import tempfile
from pathlib import Path

from nacl.bindings import crypto_box_keypair

from storage import backing, destroying
from storage.backup_sealing import sealed
from storage.database import connect
from storage.migrations import migrate
from tests.storage.test_backing import VECTORS
from tests.storage.world import World


async def _filled(world: World) -> None:
    row, gone = world.open_round(), world.open_round()
    await world.sent_by(range(11), row)
    await world.sent(7, gone)
    world.close(row)
    world.close(gone)
    destroying.destroy(world.rounds, world.secrets, world.rounds.doomed(gone.code, "2026-W47"))


def main() -> None:
    """One closed round with eleven answers, and the name of a destroyed one."""
    public, secret = crypto_box_keypair()
    with tempfile.TemporaryDirectory() as name:
        url = f"sqlite:///{name}/sauti.db"
        engine = connect(url)
        migrate(engine)
        engine.dispose()
        with World.make(url, Path(name) / "secrets") as world:
            asyncio.run(_filled(world))
            backup = b"".join(sealed(public, backing.lines(world.engine)))
            codes = [row.code for row in world.rounds.all()]
    VECTORS.mkdir(parents=True, exist_ok=True)
    (VECTORS / "backup.sealed").write_bytes(backup)
    held = {"public": public.hex(), "secret": secret.hex(), "rounds": 1, "responses": 11, "codes": codes}
    (VECTORS / "key.json").write_text(json.dumps(held, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
