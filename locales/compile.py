"""`python -m locales.compile`: makes the binary catalogues that gettext reads; `make install` calls it."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from locales.catalog import FOLDER

_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)


def compiled(source: bytes) -> bytes:
    """The binary catalogue of a source file. Fuzzy entries are left out: the source text shows instead."""
    made, catalog = BytesIO(), read_po(BytesIO(source))
    # Babel would write when this was done: the same source makes the same bytes, so that they can be compared.
    catalog.creation_date = catalog.revision_date = _NO_TIME
    write_mo(made, catalog)
    return made.getvalue()


def compile_one(source: Path) -> None:
    """Compiles one catalogue, whole or not at all: somebody may be reading it while it is made again."""
    made = compiled(source.read_bytes())
    with NamedTemporaryFile(dir=source.parent, suffix=".unfinished", delete=False) as file:
        file.write(made)
    Path(file.name).chmod(0o644)
    Path(file.name).replace(source.with_suffix(".mo"))


def compile_all() -> int:
    """Compiles every catalogue and returns how many."""
    sources = sorted(FOLDER.glob("*/LC_MESSAGES/*.po"))
    for source in sources:
        compile_one(source)
    return len(sources)


if __name__ == "__main__":
    compile_all()
