"""A database of one version with data in it, as a readable file: made once per migration, never edited.

    python -m tests.storage.frozen 0002        (after adding that migration)

holds every row, the secrets folder and the round's private key. The data are invented.
"""

import asyncio
import json
import sys
import tempfile
from base64 import b64decode, b64encode
from pathlib import Path

from sqlalchemy import Engine, MetaData, insert, select

from privacy.keys import RoundPrivateKey
from storage.database import connect, reading, writing
from storage.migrations import migrate
from tests.storage.asked import say, words
from tests.storage.world import World

FOLDER = Path(__file__).with_name("versions")


def _packed(value: object) -> object:
    return {"b64": b64encode(value).decode()} if isinstance(value, bytes) else value


def _unpacked(value: object) -> object:
    return b64decode(value["b64"]) if isinstance(value, dict) else value


async def _lived_in(world: World) -> None:
    """Somebody has sent, somebody else is in the middle, a third has withdrawn."""
    from tests.storage.test_withdrawal import FROM_CHAT

    row = world.open_round()
    await world.sent(7, row, "sent before")
    await world.consented(8, row)
    await world.turn(8, say(words("begun before")), messages=(1, 2))
    await world.sent(9, row, "withdrawn before")
    await world.turn(9, FROM_CHAT)


def freeze(revision: str) -> None:
    """Writes `versions/<revision>.json` from a database of today, which must be of that revision."""
    with tempfile.TemporaryDirectory() as folder:
        url, secrets = f"sqlite:///{folder}/frozen.db", Path(folder, "secrets")
        engine = connect(url)
        migrate(engine, revision)
        engine.dispose()
        with World.make(url, secrets) as world:
            asyncio.run(_lived_in(world))
            frozen = {
                "tables": _tables(world.engine),
                "secrets": {
                    path.relative_to(secrets).as_posix(): _packed(path.read_bytes())
                    for path in sorted(secrets.rglob("*"))
                    if path.is_file()
                },
                "keys": [[_packed(one.public_key), _packed(one.secret)] for one in world.keys.values()],
            }
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{revision}.json").write_text(json.dumps(frozen, indent=1) + "\n", "utf-8")


def _tables(engine: Engine) -> dict[str, list[list[object]]]:
    """Rows by table, in an order in which foreign keys hold."""
    found = MetaData()
    found.reflect(engine)
    with reading(engine) as connection:
        return {
            table.name: [[_packed(value) for value in row] for row in connection.execute(select(table)).all()]
            for table in found.sorted_tables
            if table.name != "alembic_version"
        }


def thaw(revision: str, engine: Engine, secrets: Path) -> RoundPrivateKey:
    """Puts the frozen rows into an empty database of that revision and the secrets into a folder; the round's key."""
    frozen = json.loads((FOLDER / f"{revision}.json").read_text("utf-8"))
    migrate(engine, revision)
    found = MetaData()
    found.reflect(engine)
    with writing(engine) as connection:
        for name, rows in frozen["tables"].items():
            table = found.tables[name]
            names = [column.name for column in table.columns]
            if rows:
                connection.execute(
                    insert(table), [dict(zip(names, map(_unpacked, row), strict=True)) for row in rows]
                )  # fmt: skip
    for name, secret in frozen["secrets"].items():
        path = secrets / name
        path.parent.mkdir(parents=True, exist_ok=True)
        content = _unpacked(secret)
        assert isinstance(content, bytes)
        path.write_bytes(content)
    public, secret = map(_unpacked, frozen["keys"][0])
    assert isinstance(public, bytes)
    assert isinstance(secret, bytes)
    return RoundPrivateKey(public, secret)


if __name__ == "__main__":
    freeze(sys.argv[1])
