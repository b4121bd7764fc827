"""What the turns of one transaction share: rows that all of them need are read by one statement, and written by one.

Whoever is about to run says ahead what it will ask for; the first that asks brings the rows of everybody. What a turn
changes is kept here, where the next one finds it, also the same person's, and is written when all have run. Nothing in
here outlives its transaction, and nothing of it is told before that has been committed.

A row is opened when its own turn asks for it and not before, so that one that does not open is nobody else's trouble.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from sqlalchemy import BindParameter, Connection, bindparam, insert, select, update

from storage import drafts, mailbag, sweep
from storage.drafts import StoredDraft
from storage.envelope.response import SealedAnswer
from storage.intake_keys import RoundKeys
from storage.mailbag import Sent
from storage.statements import Listed, Put, Statement, Values
from storage.tables import chunks, update_tags
from storage.tables import drafts as draft_rows

T_co = TypeVar("T_co", covariant=True)

_this: BindParameter[bytes] = bindparam("this")
_drafts = Listed(
    lambda keys: select(
        draft_rows.c.key, draft_rows.c.round, draft_rows.c.body, draft_rows.c.expires, draft_rows.c.idle
    ).where(draft_rows.c.key.in_(keys))
)
_tags = Listed(lambda keys: select(update_tags.c.tag).where(update_tags.c.tag.in_(keys)))
_add_tags = Statement(insert(update_tags))
_add_chunks = Statement(insert(chunks))
_rewrite = Statement(update(draft_rows).where(draft_rows.c.key == _this).values(body=bindparam("new_body")))
"""Most turns change the body alone, and then neither index of the table needs to be touched."""
_put = Put(draft_rows)


class Shared(Protocol[T_co]):
    """A work that shares a batch. It may be tried again, in another batch: each try is `ahead`, then `run`."""

    def ahead(self, batch: "Batch") -> None:
        """Says what it will ask for; touches nothing."""

    def run(self, batch: "Batch") -> T_co:
        """Does it. What it raises undoes this try and nothing else."""

    def stored(self) -> None:
        """Its last try has been committed. Must not raise."""


class Batch:
    """Open conversations and update tags, as this transaction has them."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._keys: dict[bytes, RoundKeys] = {}
        """What opens and closes the drafts that anybody asked for."""
        self._unread: list[bytes] = []
        self._rows: dict[bytes, Any] = {}
        """As they lie in the database, not opened yet."""
        self._times: dict[bytes, tuple[int, int]] = {}
        """Of rows that are there: when they expire and rest."""
        self._drafts: dict[bytes, StoredDraft] = {}
        self._changed: set[bytes] = set()
        self._chunks: dict[bytes, list[Values]] = {}
        self._unread_tags: list[bytes] = []
        self._seen_tags: set[bytes] = set()
        self._new_tags: list[Values] = []
        self._sweeps: list[Values] = []
        self._sent: dict[bytes, list[Sent]] = {}
        """By round; a list is empty once its responses lie in the mailbag."""
        self._moves: dict[bytes, Callable[[Connection, Sequence[Sent]], object]] = {}

    def expect(self, keys: RoundKeys, user_id: int) -> tuple[bytes, bytes]:
        """Says that this account's drafts in the round of `keys` will be asked for; where they would lie."""
        names = keys.pseudonyms(user_id)
        for name in names:
            if name not in self._keys:
                self._keys[name] = keys
                self._unread.append(name)
        return names

    def expect_tag(self, tag: bytes) -> None:
        """Says that `fresh` will ask for it."""
        self._unread_tags.append(tag)

    def fresh(self, tag: bytes, expires: int) -> bool:
        """Whether this update has not counted yet; from now on it has."""
        if self._unread_tags:
            self._seen_tags.update(row[0] for row in _tags.rows(self.connection, self._unread_tags))
            self._unread_tags = []
        if tag in self._seen_tags:
            return False
        self._seen_tags.add(tag)
        self._new_tags.append({"tag": tag, "expires": expires})
        return True

    def load(self, names: Sequence[bytes]) -> list[StoredDraft]:
        """What lies at names that `expect` gave, as the works before have left it."""
        if self._unread:
            self._rows.update((row[0], row) for row in _drafts.rows(self.connection, self._unread))
            self._unread = []
        for name in names:
            row = self._rows.pop(name, None)
            if row is not None:
                *sealed, idle = row
                draft = self._drafts[name] = drafts.decode(self._keys[name], *sealed)
                self._times[name] = draft.expires, idle
        return [self._drafts[name] for name in names if name in self._drafts]

    def save(self, draft: StoredDraft, new: Sequence[SealedAnswer] = ()) -> None:
        """Keeps a draft, and the chunks by which its response grew (the last ones of `draft.chunks`)."""
        self._drafts[draft.key] = draft
        self._changed.add(draft.key)
        if new:
            first = draft.chunks - len(new)
            rows = self._chunks.setdefault(draft.key, [])
            rows += [{"draft": draft.key, "number": first + place, "chunk": chunk} for place, chunk in enumerate(new)]

    def chunks_of(self, draft: StoredDraft) -> list[SealedAnswer]:
        """The chunks so far, in order."""
        _add_chunks.run_each(self.connection, self._chunks.pop(draft.key, []))
        return drafts.chunks_of(self.connection, draft)

    def erase(self, key: bytes) -> None:
        """Destroys a draft, what was sealed in it, and what was planned for it."""
        self._changed.discard(key)
        for held in (self._drafts, self._times, self._chunks):
            held.pop(key, None)
        drafts.erase(self.connection, key)

    def sweep(self, rows: Sequence[Values]) -> None:
        """Puts rows of `storage.sweep` into the box when all have run."""
        self._sweeps += rows

    def send(self, round_id: bytes, sent: Sent, move: Callable[[Connection, Sequence[Sent]], object]) -> None:
        """Has a response moved on when all have run, by one `move` for all that were sent in its round."""
        self._sent.setdefault(round_id, []).append(sent)
        self._moves[round_id] = move

    def bag(self) -> None:
        """Puts what was sent where whoever takes a response back looks for it."""
        for round_id, several in self._sent.items():
            mailbag.put(self.connection, round_id, several)
            several.clear()

    def write(self) -> None:
        """Writes all that has changed. Raises as `Statement.run` does, and then the transaction must not be kept."""
        bodies, rows = [], []
        for key in self._changed:
            draft = self._drafts[key]
            body, times = drafts.encode(self._keys[key], draft), (draft.expires, draft.idle)
            if self._times.get(key) == times:
                bodies.append({"this": key, "new_body": body})
            else:
                rows.append({"key": key, "round": draft.round_id, "body": body, "expires": times[0], "idle": times[1]})
        _add_tags.run_each(self.connection, self._new_tags)
        _rewrite.run_each(self.connection, bodies)
        _put.run_each(self.connection, rows)
        _add_chunks.run_each(self.connection, [row for several in self._chunks.values() for row in several])
        sweep.add(self.connection, self._sweeps)
        for round_id, several in self._sent.items():
            # Those who send in one transaction move together: the more they are, the less their order tells.
            self._moves[round_id](self.connection, several)

    def __repr__(self) -> str:
        return "<Batch>"
