"""An entry of the list of help was tried by somebody: it still answers, and says so for another month (O2)."""

from dataclasses import replace
from datetime import datetime

from rounds.life import Act, Role, after
from storage.rounds import RoundRow, RoundStore


def confirm(store: RoundStore, row: RoundRow, place: int, *, by: Role, name: str, now: datetime) -> RoundRow:
    """Notes that the entry at `place`, from 0, was tried today by `name`, a label. The rest of the list stays as it is.

    Other than a new list, this can take nothing away from anybody: so it is not held against the rest of the list,
    which may need trying, too.

    Raises:
        NotYours, WrongState: see `rounds.life`.
        StorageRefused: `state-moved-on`.
        IndexError: there is no such entry.
    """
    after(row.state, Act.REFERRALS, by)
    tried = row.referrals[place].model_copy(update={"verified_on": now.date(), "verified_by": name})
    referrals = (*row.referrals[:place], tried, *row.referrals[place + 1 :])
    store.set_referrals(row, referrals)
    return replace(row, referrals=referrals)
