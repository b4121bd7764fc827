"""`python -m locales.compile`: makes the binary catalogues that gettext reads; `make install` calls it."""

from pathlib import Path
from tempfile import NamedTemporaryFile

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from locales.catalog import FOLDER


def compile_all() -> int:
    """Compiles every catalogue and returns how many. Fuzzy entries are left out: the source text shows instead."""
    sources = sorted(FOLDER.glob("*/LC_MESSAGES/*.po"))
    for source in sources:
        with source.open("rb") as file:
            catalog = read_po(file)
        # Whole or not at all: somebody may be reading the catalogue while it is made again.
        with NamedTemporaryFile(dir=source.parent, suffix=".unfinished", delete=False) as made:
            write_mo(made, catalog)
        Path(made.name).chmod(0o644)
        Path(made.name).replace(source.with_suffix(".mo"))
    return len(sources)


if __name__ == "__main__":
    compile_all()
