"""Makes the files in tests/vectors/destruction anew: `python -m tests.destruction.make_vectors`.

Only when their format changes. They are made of the frozen shares of tests/vectors/keys, and always the same bytes.
"""

import json
from pathlib import Path

from nacl.signing import SigningKey

from flows.model import canonical
from privacy.destroyed import BundleDestroyed, ShareDestroyed, bundle_destroyed, share_destroyed
from privacy.destruction import Proof, Registered, Remains, Statement, prove
from privacy.key_files import ShareFile
from privacy.keys import custodian_seed
from privacy.signing import SigningFile, signing_key
from storage.envelope.bundle import name
from storage.envelope.ceremony import PublicFile
from storage.envelope.fields import read_file

VECTORS = Path(__file__).parents[1] / "vectors"
FOLDER = VECTORS / "destruction"
WEEK = "2026-W48"


def custodians() -> list[tuple[ShareFile, SigningFile]]:
    """The frozen shares, each with the key that its holder signs with."""
    words = json.loads((VECTORS / "keys" / "expected.json").read_bytes())["passphrases"]
    shares = [read_file(ShareFile, (VECTORS / "keys" / f"share-{number}.json").read_bytes()) for number in (1, 2, 3)]
    return [
        (share, signing_key(custodian_seed(share, passphrase))) for share, passphrase in zip(shares, words, strict=True)
    ]


def public(held: list[tuple[ShareFile, SigningFile]]) -> PublicFile:
    """The public file that names them, which the frozen one of version 1 does not."""
    old = read_file(PublicFile, (VECTORS / "keys" / "round.public.json").read_bytes())
    keys = tuple(bytes(SigningKey(signer.seed).verify_key) for _, signer in held)
    return PublicFile(**old.model_dump() | {"version": 2, "custodians": keys})


def statements(held: list[tuple[ShareFile, SigningFile]]) -> list[ShareDestroyed]:
    """What each of them signs."""
    return [share_destroyed(share.key_id, share.number, WEEK, signer) for share, signer in held]


def of_bundle() -> BundleDestroyed:
    """What the holder of the frozen bundle signs."""
    line = (VECTORS / "bundle" / "bundle.sealed").read_bytes().split(b"\n")[0] + b"\n"
    holder = SigningFile.model_validate_json((VECTORS / "release" / "author.signing.json").read_bytes())
    return bundle_destroyed(name(line), WEEK, holder, erased=True)


SERVER = SigningKey(bytes(range(32)))


def proof(held: list[tuple[ShareFile, SigningFile]]) -> Proof:
    """That a round under these keys is destroyed, two of three shares and one bundle."""
    said = of_bundle()
    remains = Remains(
        round="00" * 16, week=WEEK, custody=(public(held).custody(),),
        exported=(Registered(bundle=said.bundle, holder=said.key, week="2026-W47"),),
    )  # fmt: skip
    empty = ("rounds", "responses", "secrets/salts")
    given: list[Statement] = [said, *statements(held)[:2]]
    unsigned = prove(remains, empty, given, week=WEEK, server_key=bytes(SERVER.verify_key))
    signed = unsigned.with_signature(SERVER.sign(unsigned.signed).signature)
    assert isinstance(signed, Proof)
    return signed


def main() -> None:
    """Writes the files."""
    held = custodians()
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "round.public.json").write_bytes(public(held).to_json())
    for said in statements(held):
        text = said.model_dump_json(indent=2) + "\n"
        (FOLDER / f"share-{said.number}.destroyed.json").write_text(text, encoding="utf-8")
    (FOLDER / "bundle.destroyed.json").write_text(of_bundle().model_dump_json(indent=2) + "\n", encoding="utf-8")
    (FOLDER / "proof.json").write_bytes(canonical(proof(held).model_dump(mode="json")) + b"\n")


if __name__ == "__main__":
    main()
