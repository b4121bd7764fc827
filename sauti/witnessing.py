"""`sauti round analysed` and `released`: what happened at the desk, told to a server that has no line to it.

Nobody's word is taken for it. A candidate counts with its author's certificate; a release with that, two votes, and
the ledger that holds it. Both must be of this round and of its key. The server learns nothing by it that is not in
the file, and keeps nothing of it but the state.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sauti.office import Office, RoundArgument, office
from sauti.releasing import LedgerOption, verified_ledger
from sauti.speaking import answer, told

if TYPE_CHECKING:
    from privacy.candidate import Candidate
    from rounds.life import Act
    from storage.rounds import RoundRow


def analysed(
    round_: RoundArgument,
    candidate: Annotated[Path, typer.Argument(help="A candidate of this round, with its author's certificate.")],
) -> None:
    """Record that a closed round has been counted at the desk."""
    from privacy.candidate import Candidate
    from privacy.gate import check_certificate
    from rounds.life import Act

    with told(), office() as work:
        row = work.store.get(round_)
        given = Candidate.from_json(candidate.read_bytes())
        check_certificate(given)
        _record(work, row, given, Act.ANALYSED)


def released(
    round_: RoundArgument,
    release: Annotated[Path, typer.Argument(help="A release of this round.")],
    ledger: LedgerOption,
) -> None:
    """Record that a closed round has been released: three signatures are verified, and that the ledger holds it."""
    from privacy.gate import check_release
    from privacy.ledger import check_holds
    from privacy.release import Release
    from rounds.life import Act
    from sauti.files import load

    with told(), office() as work:
        row = work.store.get(round_)
        given = load(release, Release)
        check_release(given)
        check_holds(verified_ledger(ledger, given.consultation), given)
        _record(work, row, given.candidate, Act.RELEASED)


def _record(work: Office, row: "RoundRow", candidate: "Candidate", act: "Act") -> None:
    """Moves the round on, if this is its candidate. Raises StorageRefused `other-round`."""
    from rounds import service
    from storage.errors import StorageRefused

    known = (row.id.hex(), row.key_id.hex(), row.rehearsal)
    if (candidate.round, candidate.method.key_id, candidate.rehearsal) != known:
        raise StorageRefused("other-round")
    row = service.witnessed(work.store, row, act)
    answer({"format": "sauti-round", "version": 1, "round": row.id.hex(), "code": row.code, "state": row.state})
