"""Invitations to a round: drawn for a batch of twenty people or more, and handed in once they are on paper (F4).

Behind open links all slips of a batch carry one code, which stops at one and a half times the batch. Where the record
says that links are not open, each slip has a code for one person, and so nobody controls two responses (R1).
"""

from dataclasses import dataclass
from typing import Final

from rounds import deployment
from rounds.life import Act, Role, after
from storage import invitations, work_log
from storage.database import writing
from storage.invitation_codes import new_code
from storage.rounds import RoundRow, RoundStore

LEAST: Final = 20
"""People that a batch is for, at least: few can be told apart."""
MOST: Final = 500
_REMEDIES: Final = {
    "batch-too-small": f"Invite {LEAST} people or more at a time: few can be told apart.",
    "batch-too-large": f"Make sheets for {MOST} people at most.",
}


class BatchRefused(Exception):  # noqa: N818 - named for what it says
    """A batch that is not invited; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        return f"{self.code}: {_REMEDIES[self.code]}"


@dataclass(frozen=True, slots=True, repr=False)
class Batch:
    """What is to be printed for a batch; `repr` is silent."""

    people: int
    codes: tuple[str, ...]
    """One that all slips carry, or one for each person."""

    @property
    def single(self) -> bool:
        """Whether each code is for one person."""
        return len(self.codes) > 1

    @property
    def places(self) -> int:
        """How many each code lets in."""
        return 1 if self.single else self.people * 3 // 2

    def __repr__(self) -> str:
        return "<Batch>"


def draw(row: RoundRow, people: int, *, by: Role) -> Batch:
    """Codes for so many people, which let nobody in before they are handed in.

    Raises:
        NotYours, WrongState: see `rounds.life`.
        BatchRefused: `batch-too-small`, `batch-too-large`.
    """
    after(row.state, Act.INVITE, by)
    if people < LEAST:
        raise BatchRefused("batch-too-small")
    if people > MOST:
        raise BatchRefused("batch-too-large")
    return Batch(people, tuple(new_code(row.code) for _ in range(1 if _open_links(row) else people)))


def hand_in(store: RoundStore, row: RoundRow, batch: Batch, *, by: Role) -> None:
    """Lets people in by these codes from now on. Raises NotYours, or WrongState where the round has ended meanwhile."""
    with writing(store.engine, alone=True) as connection:
        after(store.load(connection, row.id).state, Act.INVITE, by)
        invitations.offer(connection, row.id, batch.codes, batch.places)
        work_log.note(connection, store.hand, Act.INVITE, row.id)


def _open_links(row: RoundRow) -> bool:
    return row.deployment is None or deployment.thawed(row.deployment).open_links
