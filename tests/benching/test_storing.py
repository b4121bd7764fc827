"""The least that storing can take does what it says: rows of the newest tables, one for each turn."""

import sqlite3
from pathlib import Path

from bench.storing import PEOPLE, TOGETHER, Store
from storage.database import connect
from storage.migrations import migrate


def test_what_is_taken_for_the_least_is_on_the_disk(tmp_path: Path) -> None:
    """Every turn leaves a tag and another body, half of them a chunk; who sends, a response instead."""
    file = tmp_path / "sauti.db"
    engine = connect(f"sqlite:///{file}")
    migrate(engine)
    engine.dispose()
    store = Store(file)
    looking = sqlite3.connect(file)
    before = dict(looking.execute("SELECT key, body FROM drafts").fetchall())
    for half in (range(TOGETHER), range(TOGETHER, PEOPLE)) * 2:
        store.batch(half)
    store.batch(range(TOGETHER), sending=True)
    after = dict(looking.execute("SELECT key, body FROM drafts").fetchall())
    tables = "update_tags", "chunks", "responses"
    counts = [looking.execute(f"SELECT count(*) FROM {one}").fetchone()[0] for one in tables]  # noqa: S608 - three names
    looking.close()
    assert (len(before), counts) == (PEOPLE, [2 * PEOPLE + TOGETHER, TOGETHER, TOGETHER])
    assert before.keys() == after.keys()
    assert not set(before.values()) & set(after.values())
