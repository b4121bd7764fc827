"""`sauti erase`: a bundle goes for good, and whoever held it signs that it is gone."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sauti.passphrases import passphrases
from sauti.speaking import SureOption, answer, sure, told

if TYPE_CHECKING:
    from privacy.signing import SigningFile

_KEY = "Your key file of `sauti keys signing`; a custodian's share file, where the bundle was taken without --holder."


def erase(
    bundle: Annotated[
        str,
        typer.Argument(
            help="The bundle; it is overwritten and removed. If it is gone already, what registers call it."
        ),
    ],
    signing_key: Annotated[Path, typer.Option(help=_KEY)],
    out: Annotated[Path, typer.Option(help="Your signed statement that it is gone, for whoever keeps the server.")],
    *,
    yes: SureOption = False,
) -> None:
    """Destroy a bundle for good, and sign that it, its copies and what was opened from them are gone.

    Destroy the other copies first, and ask whoever had one from you. `sauti round destroyed` takes the statement.
    """
    from privacy.destroyed import bundle_destroyed
    from sauti.files import exchange, refuse_existing, whole_file
    from sauti.office import now
    from storage.times import iso_week

    with told():
        refuse_existing(out)
        called, file = _found(bundle)
        sure("Nobody can bring this bundle back. Sign that it is gone everywhere", yes=yes)
        said = bundle_destroyed(called, iso_week(now()), _signer(signing_key), erased=file is not None)
        text = said.model_dump_json(indent=2)
        if file is not None:
            exchange(file, text, out)
        else:
            with whole_file(out) as statement:
                statement.write(text.encode() + b"\n")
    answer({"format": "sauti-erased", "version": 1, "bundle": said.bundle, "erased": said.erased})


def _found(bundle: str) -> tuple[bytes, Path | None]:
    """What registers call a bundle, and its file, if there is one; nothing but a bundle is ever overwritten."""
    from storage.envelope.bundle import MAX_LINE, name, read_manifest
    from storage.envelope.fields import Hex

    file = Path(bundle)
    if not file.exists():
        with suppress(ValueError):
            return Hex(32).read(bundle), None
    with file.open("rb") as opened:
        line = opened.readline(MAX_LINE)
    read_manifest(line)
    return name(line), file


def _signer(path: Path) -> "SigningFile":
    """The key in a person's key file, or the one that a custodian's passphrase makes."""
    from privacy.key_files import ShareFile
    from privacy.keys import custodian_seed
    from privacy.signing import SigningFile, signing_key
    from sauti.files import HEAD, load

    if b'"sauti-share"' not in path.read_bytes()[:HEAD]:
        return load(path, SigningFile)
    share = load(path, ShareFile)
    return signing_key(custodian_seed(share, *passphrases([share.number])))
