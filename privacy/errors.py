"""Refusals of the desk: around a round's private key, its ledger and its candidates.

Those of sealed bytes are `storage.envelope.errors`.

    PrivacyError
    ├── KeyRefused                   position = which of the given share files shows it, counted from 0, or None
    │   ├── BadCustody       WeakShare   SharesDiffer   SameShareTwice   TooFewShares
    │   ├── WrongPassphrase  ForgedShare
    │   └── OtherKey         NotAChallenge
    ├── LedgerRefused                line = where, counted from 1
    ├── NotACandidate                where = name of the field at fault
    ├── ReleaseRefused               where = tables or line, or nothing
    ├── DestructionRefused           where = statements, keys or bundles
    └── Unsafe                       numbers that could be worked out, named by their cells

None of them carries a passphrase, a share or a holder's name: a share is named by its place among those given.
"""

from collections.abc import Mapping
from typing import ClassVar


class PrivacyError(Exception):
    """Anything the desk refuses, in one sentence that holds no word and no count of anybody's."""


class KeyRefused(PrivacyError):  # noqa: N818 - named for what happened, as its kin are
    """A key that is not made or not unlocked: `code` says why, `position` which share, `remedy` what to do."""

    code: ClassVar[str] = "key-refused"
    remedy: ClassVar[str] = "Stop and ask the round's custodians."

    def __init__(self, position: int | None = None) -> None:
        super().__init__(position)
        self.position = position

    def __str__(self) -> str:
        where = "" if self.position is None else f" (share file {self.position + 1} of those given)"
        return f"{self.code}{where}: {self.remedy}"


class BadCustody(KeyRefused):
    """Numbers of shares, threshold and passphrases that do not fit together."""

    code = "bad-custody"
    remedy = "Give 1 to 16 shares, a threshold not above them, and one non-empty passphrase for each share."


class WeakShare(KeyRefused):
    """A share whose passphrase was stretched less than this program asks for."""

    code = "weak-share"
    remedy = "Treat this share as readable by whoever copied it: make a new key for the round."


class SharesDiffer(KeyRefused):
    """Share files of different keys, or one that was changed."""

    code = "shares-differ"
    remedy = "Give only share files that name the same key id, as `keys new` wrote them."


class SameShareTwice(KeyRefused):
    """The same share number twice."""

    code = "same-share-twice"
    remedy = "Each custodian brings their own share file."


class TooFewShares(KeyRefused):
    """Fewer share files than the key's threshold."""

    code = "too-few-shares"
    remedy = "Ask further custodians for their share files."


class WrongPassphrase(KeyRefused):
    """The passphrase does not open this share file, or the file was changed."""

    code = "wrong-passphrase"
    remedy = "Let its holder type the passphrase again; if it fails still, use another custodian's share."


class ForgedShare(KeyRefused):
    """Every share opened, but together they do not make the key: at least one is not what `keys new` wrote."""

    code = "forged-share"
    remedy = "Try other combinations of shares; the one present whenever it fails is not genuine."


class OtherKey(KeyRefused):
    """Made for another key than the one that was unlocked."""

    code = "other-key"
    remedy = "Unlock the key whose id the file names."


class NotAChallenge(KeyRefused):
    """The box does not open, or does not hold a challenge's nonce."""

    code = "not-a-challenge"
    remedy = "Ask the server for a new challenge with `sauti round challenge`."


class LedgerRefused(PrivacyError):  # noqa: N818 - named for what happened, as its kin are
    """A ledger that cannot be relied on: `code` says why, `line` (counted from 1) where."""

    def __init__(self, code: str, line: int) -> None:
        super().__init__(code, line)
        self.code = code
        self.line = line

    def __str__(self) -> str:
        return f"{self.code} (line {self.line}): stop, and compare this ledger with the copies that others hold."


class NotACandidate(PrivacyError):  # noqa: N818 - named for what happened, as its kin are
    """A file that is not a candidate as `sauti tabulate` writes it."""

    code = "not-a-candidate"

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where

    def __str__(self) -> str:
        if self.where == "version":
            return f"{self.code} (version): another version of this program wrote it; run `sauti tabulate` again."
        return f"{self.code} ({self.where}): give the file that `sauti tabulate` wrote, unchanged."


_RELEASE = {
    "no-certificate": "nobody has signed for its audit: run `sauti tabulate` with --as and --signing-key",
    "bad-signature": "a signature is not that of the key it names: ask its owner for the file as it was written",
    "other-content": "its certificate is about another content: give the file that `sauti tabulate` wrote, unchanged",
    "other-bytes": "this file is spelled otherwise than as it was written: ask for the file as it was written",
    "other-audit": "its certificate was made over other figures than these: run `sauti tabulate` again",
    "other-display": "it displays these otherwise than by the rules that it names: ask its author why, and run `sauti "
    "tabulate` again with this version",
    "moved-on": "a release or a withdrawal came in between: run `sauti tabulate` again beside this ledger",
    "lax-rules": "it was made by weaker rules than these: run `sauti tabulate` again with this version",
    "budget": "a consultation has four releases and no more: publish what there is, and ask a new consultation",
    "few-left": "so few took back what they had said since then that a difference would point at them: what is "
    "published stands; wait until more of them have, or none",
    "few-joined": "so few came since then that a difference would point at them: wait until more have",
    "few-new": "a further snapshot of an open round needs fifty new responses: wait until they are in",
    "earlier-bundle": "figures about these people are out: give the bundles of these releases with --earlier",
    "not-earlier": "this bundle is not the one that any release of its round was counted from: leave it out",
    "gone": "responses of this release are missing and nobody withdrew them: ask whoever keeps the server for a whole "
    "bundle",
    "came-back": "responses of an earlier release were missing in this one and are there again: compare bundles with "
    "the copies that others hold",
    "other-people": "releases of this round contradict each other: compare ledgers with the copies that others hold",
    "other-round": "this release of the round has another form, key, server or thresholds: compare bundle and ledger",
    "other-groups": "opinion groups are found once, and these would be others: leave these out with --without",
    "too-many-tables": "a round shows three crosses in all its releases, by opinion group too, and forty tables of one "
    "question in each: leave some out with --without",
    "rehearsal-and-live": "this ledger holds the other kind: give a rehearsal a ledger of its own",
    "not-audited": "the audit does not read tables of this kind: leave them out with --without",
    "other-scheme": "published in other categories before: leave these tables out with --without",
    "author-votes": "who has counted does not vote: ask two others",
    "clock": "a vote is dated before the answers that it is about: set the clock of that machine, and vote again there",
    "voted-already": "this key has voted, and its vote stands as it was cast: ask somebody else",
    "one-name": "both votes are under one name: vote under a name that is yours alone; if both are in, take the file "
    "of votes away, let who was first lay theirs in again, and ask a third person",
    "both-in": "two votes are in: ask for `sauti release publish`",
    "vote-lost": "the file with this vote is not beside the candidate: its owner runs `sauti release approve` there",
    "vote-dropped": "somebody voted on it whose vote is not here: ask whoever keeps the file of votes for the whole "
    "one, and do not release without knowing why",
    "not-a-book": "it is not the file of your own votes, which `sauti release approve` keeps beside your key",
    "not-voted": "it takes two votes: `sauti release approve`, by two people who have not counted",
    "other-votes": "a vote is about another candidate or certificate: vote on this one",
    "voted-against": "a reviewer is against it: change it, and let `sauti tabulate` make another candidate",
    "not-in-ledger": "this ledger does not hold it: compare ledgers with the copies that others hold",
    "broken-record": "a release in the ledger is not what was signed: compare ledgers with the copies that others hold",
}


class _Placed(PrivacyError):  # noqa: N818 - named for what its kin have in common
    """Something is refused: `code` says why and picks the remedy, `where` names places, never people or words."""

    remedies: ClassVar[Mapping[str, str]]

    def __init__(self, code: str, where: tuple[str, ...] = ()) -> None:
        super().__init__(code, where)
        self.code = code
        self.where = where

    def __str__(self) -> str:
        where = f" ({', '.join(self.where)})" if self.where else ""
        return f"{self.code}{where}: {self.remedies[self.code]}."


class ReleaseRefused(_Placed):
    """A candidate that may not be released: `code` says why, `where` names tables or a line."""

    remedies = _RELEASE


_DESTRUCTION = {
    "bad-signature": "it was changed, or signed by another key than it names: ask for the file as it was written",
    "clock": "it is dated in a week that has not come: set the clocks of both machines, and ask for it again",
    "other-round": "it is about another round's key or bundle: leave it out",
    "not-a-custodian": "the round's keys do not name this key at this number: ask the custodian herself",
    "not-its-holder": "another key than that of whoever took this bundle: ask the holder",
    "too-early": "the same bundle left again since: ask its holder to sign once more",
    "shares-left": "too few custodians have signed that shares are gone, so the key may still open: ask others to "
    "run `sauti keys destroy`. It stays at destruction pending",
    "bundles-left": "bundles are not accounted for: ask their holders to run `sauti erase`. It stays at destruction "
    "pending",
    "no-custodians": "its keys were made before custodians had signing keys, so nobody can prove that their shares are "
    "gone. Destroy them all the same; it stays at destruction pending for ever",
    "other-custodians": "its custodians are not those of this public file: do not believe it",
}


class DestructionRefused(_Placed):
    """A round that may not be called destroyed: `code` says why, `where` names statements, keys or bundles."""

    remedies = _DESTRUCTION


class Unsafe(PrivacyError):  # noqa: N818 - named for what happened, as its kin are
    """Numbers that could be worked out from everything published, named by their cells and never told."""

    def __init__(self, found: tuple[str, ...], remedy: str) -> None:
        super().__init__(found, remedy)
        self.found = found
        self.remedy = remedy

    def __str__(self) -> str:
        return "\n".join(("unsafe: what is hidden could be worked out.", *self.found, self.remedy))
