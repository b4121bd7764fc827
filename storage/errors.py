"""Refusals of storage: what could not be kept, and whether trying again helps.

    StorageError
    ├── StorageUnavailable    transient: the database is full, locked, restarting or overloaded; nothing was kept
    └── StorageRefused        final: what was asked is not possible; asking again changes nothing

Both carry a code and nothing else: neither the database's own words, which can quote a row, nor a name or an answer.
"""

_REMEDIES = {
    "unavailable": "Try again in a moment; if it stays, check the database's disk space and whether its server runs.",
    "busy": "More is waiting to be stored than the disk keeps up with. Try again in a moment.",
    "closed": "This process is ending. Send it again to the next one.",
    "bad-url": "Set SAUTI_DATABASE_URL to sqlite:////path/to/file.db or postgresql://user@host/name.",
    "no-such-round": "List the rounds with `sauti round status` and give a code, an id or the beginning of an id.",
    "ambiguous-round": "Several rounds begin like this. Give more of the id.",
    "state-moved-on": "Somebody else changed this round meanwhile. Look at `sauti round status` first.",
    "round-changed": "The stored round is not the one that was made. Restore the database, or make a new round.",
    "no-such-recording": "A recording that the consultation names is not there. Make the round again, from its files.",
    "not-gone": "Something of this round is still here. Run `sauti round destroy` with the server's folder of secrets.",
    "no-secret": "A secret of this round is missing. Point SAUTI_SECRETS_DIR at the folder the round was opened with.",
    "bad-secret": "A file in SAUTI_SECRETS_DIR is damaged. Bring back the folder the round was opened with.",
    "bad-tombstones": "The file of withdrawals in SAUTI_SECRETS_DIR is damaged. Bring back the newest copy of it.",
    "round-destroyed": "This round was destroyed and cannot come back. Make a new round.",
    "not-enough-new": "While a round is open, a bundle needs 50 new responses. Wait, or close the round.",
    "other-round": "This file is of another round, or of another key than this round's. Give the one that is meant.",
    "not-empty": "There are rounds in this database. Restore into an empty one: a new file, or a new database.",
    "no-register": (
        "This folder of secrets was never used, so nobody knows what was withdrawn since. Bring back the server's, or "
        "at least the newest copies of `tombstones`, `destroyed` and `exported` in it."
    ),
    "newer-backup": "This backup was made by a newer version of this program. Restore it with that one.",
    "round-key": "A backup needs a key of its own: `sauti keys new` into a folder of its own.",
    "not-settled": "This round is just being closed. Wait a minute for `sauti bot`, or run `sauti round close` again.",
    "never-opened": "This round has not been opened; there is nothing to bundle.",
    "no-contact-box": "This round has no contact box: it was made without a notification key. /results still answers.",
    "box-destroyed": "This round's contact box is gone, as it has to be after two broadcasts or a year.",
    "no-results": "There is nothing to tell people of. Publish results first: `sauti round results`.",
    "same-key": "The contact box needs a key of its own: `sauti keys new --purpose notification`.",
    "not-migrated": "This database is older than the program. Run `sauti round status` once as the operator.",
    "bad-staff-name": "Take a label of 2 to 24 small letters, digits and hyphens, which is no name of a person.",
    "staff-name-taken": "Somebody is linked or invited under this name. Unlink them first, or take another name.",
    "no-such-staff": "Nobody has this name. See `sauti staff list`.",
    "no-roles-here": "SQLite has no roles. Nothing is to be granted: the process guards itself.",
    "bad-role": "Name a role of the database in small letters, digits and _, which exists and owns nothing.",
    "database-refused": "The database refused a statement. Run the migrations, then report this code.",
}


class StorageError(Exception):
    """Something that storage did not do; `code` says what, `remedy` what to do next."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def remedy(self) -> str:
        """What a person can do about it."""
        return _REMEDIES.get(self.code, "Report this code to the operator.")

    def __str__(self) -> str:
        return f"{self.code}: {self.remedy}"


class StorageUnavailable(StorageError):  # noqa: N818 - named for what it says, as its tree is
    """Nothing was kept, or nobody knows: the same update may be given again and will not count twice."""

    def __init__(self, code: str = "unavailable") -> None:
        super().__init__(code)


class StorageRefused(StorageError):  # noqa: N818 - as above
    """What was asked cannot be done, now or later."""
