"""`python -m locales.compile`: makes the binary catalogues that gettext reads; `make install` calls it."""

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from locales.catalog import FOLDER


def compile_all() -> int:
    """Compiles every catalogue and returns how many. Fuzzy entries are left out: the source text shows instead."""
    sources = sorted(FOLDER.glob("*/LC_MESSAGES/*.po"))
    for source in sources:
        with source.open("rb") as file:
            catalog = read_po(file)
        with source.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalog)
    return len(sources)


if __name__ == "__main__":
    compile_all()
